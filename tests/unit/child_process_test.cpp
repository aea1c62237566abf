// Programs that are started without a shell.
#include <gtest/gtest.h>

#include <chrono>

#include "app/child_process.h"

namespace bascule::app {
namespace {

ChildCommand command(std::vector<std::string> words) {
  ChildCommand out;
  out.words = std::move(words);
  out.capture = true;
  out.timeout = std::chrono::seconds(30);
  out.environment = {{"PATH", "/usr/bin:/bin"}, {"NAME", "a b"}};
  return out;
}

using End = ChildOutcome::End;

TEST(ChildProcess, KeepsTheOutputAndTheCode) {
  const ChildOutcome outcome = run_child(command({"sh", "-c", "echo \"$NAME\"; cat; exit 3"}));
  EXPECT_EQ(outcome.end, End::kExited);
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.output, "a b\n");
}

TEST(ChildProcess, WordsAreNotForAShell) {
  EXPECT_EQ(run_child(command({"echo", "$NAME; `x` *"})).output, "$NAME; `x` *\n");
}

TEST(ChildProcess, LongOutputDoesNotBlock) {
  const ChildOutcome outcome =
      run_child(command({"sh", "-c", "i=0; while [ $i -lt 40000 ]; do echo 0123456789; i=$((i+1)); done"}));
  EXPECT_EQ(outcome.end, End::kExited);
  EXPECT_EQ(outcome.output.size(), 440'000U);
}

TEST(ChildProcess, WhatIsNotThere) {
  const ChildOutcome outcome = run_child(command({"no-such-program-here"}));
  EXPECT_EQ(outcome.end, End::kNotStarted);
  EXPECT_EQ(outcome.reason, "No such file or directory");
  EXPECT_EQ(run_child(command({})).end, End::kNotStarted);
  ChildCommand nowhere = command({"true"});
  nowhere.directory = "/no/such/folder";
  EXPECT_EQ(run_child(nowhere).end, End::kNotStarted);
}

TEST(ChildProcess, TheWholeGroupIsStoppedWhenTheTimeIsOver) {
  ChildCommand slow = command({"sh", "-c", "sleep 60 & sleep 60"});
  slow.timeout = std::chrono::milliseconds(200);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(run_child(slow).end, End::kTimedOut);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST(ChildProcess, ASignalIsSaid) {
  const ChildOutcome outcome = run_child(command({"sh", "-c", "kill -9 $$"}));
  EXPECT_EQ(outcome.end, End::kSignalled);
  EXPECT_EQ(outcome.code, 9);
}

}  // namespace
}  // namespace bascule::app
