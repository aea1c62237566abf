// How far a long step is: its rate, what is left, and how both are told.
#include <gtest/gtest.h>

#include <chrono>

#include "exec/rate.h"
#include "plan/event.h"
#include "report/events.h"

namespace bascule {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Rate, TellsNothingBeforeItHasSeenTwoMoments) {
  exec::Rate rate;
  EXPECT_EQ(rate.per_second(), 0);
  rate.add(milliseconds(5), 100);
  EXPECT_EQ(rate.per_second(), 0);
  EXPECT_FALSE(rate.left(1000));
}

TEST(Rate, SteadyWorkHasItsRateAndItsTime) {
  exec::Rate rate;
  for (int second = 0; second <= 30; ++second) rate.add(seconds(second), second * 1000);
  EXPECT_EQ(rate.per_second(), 1000);
  ASSERT_TRUE(rate.left(60'000));
  EXPECT_EQ(*rate.left(60'000), seconds(30));
  EXPECT_FALSE(rate.left(30'000)) << "it is done";
}

TEST(Rate, FollowsWhatItHasBecome) {
  exec::Rate rate;
  for (int second = 0; second <= 10; ++second) rate.add(seconds(second), second * 1000);
  for (int second = 11; second <= 60; ++second) rate.add(seconds(second), 10'000 + (second - 10) * 100);
  EXPECT_NEAR(static_cast<double>(rate.per_second()), 100, 10);
}

TEST(Rate, StandingStillLeavesNobodyKnows) {
  exec::Rate rate;
  rate.add(seconds(0), 0);
  rate.add(seconds(1), 10);
  for (int second = 2; second <= 200; ++second) rate.add(seconds(second), 10);
  EXPECT_EQ(rate.per_second(), 0);
  EXPECT_FALSE(rate.left(100));
}

TEST(Rate, ANewBeginningForgets) {
  exec::Rate rate;
  rate.add(seconds(0), 0);
  rate.add(seconds(1), 5000);
  rate.add(seconds(2), 10);
  EXPECT_EQ(rate.per_second(), 0);
  rate.add(seconds(3), 30);
  EXPECT_EQ(rate.per_second(), 20);
}

plan::Event progress(std::int64_t done, std::int64_t total) {
  plan::Event event;
  event.kind = plan::Event::Kind::kProgress;
  event.step = 2;
  event.steps = 3;
  event.text = "backfill";
  event.done = done;
  event.total = total;
  event.unit = "rows";
  return event;
}

TEST(Progress, IsALineWithAllThatIsKnown) {
  plan::Event event = progress(1'250'000, 5'000'000);
  event.about = true;
  event.rate = 250'000;
  event.left = milliseconds(14'200);
  EXPECT_EQ(report::event_text(event, report::Style(false)),
            "    2/3  backfill: 1,250,000 of about 5,000,000 rows (25 %), 250,000/s, 15 s left\n");
  EXPECT_EQ(report::progress_bar(event, report::Style(false)),
            "    2/3  [#####...............] 25 %  1,250,000 rows  250,000/s  15 s left  backfill");
}

TEST(Progress, SaysNoMoreThanIsKnown) {
  EXPECT_EQ(report::event_text(progress(999, 0), report::Style(false)), "    2/3  backfill: 999 rows\n");
  EXPECT_EQ(report::progress_bar(progress(999, 0), report::Style(false)), "    2/3  999 rows  backfill");
}

TEST(Progress, LongTimesAreRough) {
  plan::Event event = progress(1, 100);
  event.left = seconds(3 * 3600 + 5 * 60 + 40);
  EXPECT_NE(report::event_text(event, report::Style(false)).find("3 h 5 min left"), std::string::npos);
  event.left = seconds(250);
  EXPECT_NE(report::event_text(event, report::Style(false)).find("4 min 10 s left"), std::string::npos);
}

}  // namespace
}  // namespace bascule
