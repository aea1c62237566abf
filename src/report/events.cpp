#include "report/events.h"

#include <algorithm>

#include <fmt/core.h>

#include "report/layout.h"

namespace bascule::report {

namespace {

using plan::Event;

std::string seconds(std::chrono::milliseconds time) {
  if (time.count() < 1000) return fmt::format("{} ms", time.count());
  return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1000);
}

/// The statement in a line, cut where a terminal ends.
std::string short_sql(const std::string& sql) { return cut(one_line(sql), 100); }

std::string blocker_line(const plan::Blocker& blocker) {
  const std::string who = blocker.application.empty() ? blocker.user : blocker.application + ", " + blocker.user;
  std::string out =
      fmt::format("session {} ({}), {} for {}", blocker.session, who, blocker.state, seconds(blocker.open_for));
  if (!blocker.query.empty()) out += ": " + short_sql(blocker.query);
  return out;
}

std::string blockers_text(const Event& event) {
  std::string out;
  for (const plan::Blocker& blocker : event.blockers) out += "        " + blocker_line(blocker) + "\n";
  return out;
}

Json blockers_json(const Event& event) {
  Json list = Json::array();
  for (const plan::Blocker& blocker : event.blockers) {
    list.push(Json::object()
                  .set("session", blocker.session)
                  .set("application", blocker.application)
                  .set("user", blocker.user)
                  .set("state", blocker.state)
                  .set("query", blocker.query)
                  .set("open_ms", blocker.open_for.count())
                  .set("mode", blocker.mode));
  }
  return list;
}

/// 1234567 as "1,234,567".
std::string grouped(std::int64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

/// "12 s", "4 min 10 s", "3 h 5 min": as exact as a guess is.
std::string about_time(std::chrono::milliseconds time) {
  const std::int64_t seconds = (time.count() + 999) / 1000;
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::int64_t percent_of(const Event& event) { return event.done * 100 / event.total; }

/// "1,200,000 of about 5,000,000 rows (24 %), 263,000/s, 15 s left".
std::string progress_text(const Event& event) {
  std::string out = grouped(event.done);
  if (event.total > 0) out += (event.about ? " of about " : " of ") + grouped(event.total);
  out += " " + event.unit;
  if (event.total > 0) out += fmt::format(" ({} %)", percent_of(event));
  if (event.rate > 0) out += ", " + grouped(event.rate) + "/s";
  if (event.left) out += ", " + about_time(*event.left) + " left";
  return out;
}

}  // namespace

std::string progress_bar(const Event& event, const Style& style) {
  constexpr std::int64_t kWidth = 20;
  std::string out = event.step == 0 ? "    " : fmt::format("    {}/{}  ", event.step, event.steps);
  if (event.total > 0) {
    const auto full = static_cast<std::size_t>(std::clamp<std::int64_t>(event.done * kWidth / event.total, 0, kWidth));
    out += "[" + style.green(std::string(full, '#')) + std::string(kWidth - full, '.') + "] " +
           fmt::format("{:>2} %  ", percent_of(event));
  }
  out += grouped(event.done) + " " + event.unit;
  if (event.rate > 0) out += "  " + grouped(event.rate) + "/s";
  if (event.left) out += "  " + about_time(*event.left) + " left";
  return out + "  " + style.dim(event.text);
}

std::string event_text(const Event& event, const Style& style) {
  const std::string place = event.step == 0 ? "    " : fmt::format("    {}/{}  ", event.step, event.steps);
  switch (event.kind) {
    case Event::Kind::kStepStarted:
      return style.dim(place + short_sql(event.text)) + "\n";
    case Event::Kind::kStepDone: {
      std::string out = place + style.green("done") + " in " + seconds(event.took);
      if (event.done > 0) out += fmt::format(", {} rows", event.done);
      if (event.tries > 1) out += fmt::format(", at try {}", event.tries);
      return out + "\n";
    }
    case Event::Kind::kStepThere:
      return place + "is there already" + (event.text.empty() ? "" : ", " + event.text) + "\n";
    case Event::Kind::kStepUndone:
      return place + "taken back\n";
    case Event::Kind::kResumed:
      return place + "goes on\n";
    case Event::Kind::kBlocked:
      return place + style.yellow("waits") + " for others to finish, for " + seconds(event.took) + " now:\n" +
             blockers_text(event);
    case Event::Kind::kUnblocked:
      return place + "the way is free after " + seconds(event.took) + "\n";
    case Event::Kind::kTerminated:
      return place + style.yellow("ended") + ", as --terminate-blockers-after says:\n" + blockers_text(event);
    case Event::Kind::kRetry:
      return place +
             fmt::format("try {}: {}; again in {}\n", std::max(event.tries, 1), event.text, seconds(event.pause));
    case Event::Kind::kPaused:
      return place + style.yellow("paused") + ": " + event.text + "\n";
    case Event::Kind::kNote:
      return place + "note: " + event.text + "\n";
    case Event::Kind::kVerified:
      if (event.done == 0) return "";
      return place + fmt::format("{} rows are not as they shall be: they were written meanwhile\n", event.done);
    case Event::Kind::kProgress:
      return place + event.text + ": " + progress_text(event) + "\n";
    case Event::Kind::kCleanedUp:
      return place + "removed what was left half done: " + short_sql(event.text) + "\n";
    case Event::Kind::kReconnected:
      return place + "the connection was lost (" + event.text + ") and is there again after " + seconds(event.took) +
             "\n";
    case Event::Kind::kRunStarted:
    case Event::Kind::kRevisionStarted:
    case Event::Kind::kRevisionDone:
    case Event::Kind::kRunDone:
    case Event::Kind::kFailed:
      return "";
  }
  return "";
}

Json event_json(const Event& event, const std::string& at) {
  Json out = Json::object();
  out.set("at", at).set("event", plan::event_name(event.kind));
  if (!event.revision.empty()) out.set("revision", event.revision);
  if (event.step > 0) out.set("step", event.step).set("steps", event.steps);
  if (!event.text.empty()) out.set("text", event.text);
  if (event.took.count() > 0) out.set("took_ms", event.took.count());
  if (event.pause.count() > 0) out.set("pause_ms", event.pause.count());
  if (event.tries > 0) out.set("tries", event.tries);
  if (event.done > 0 || event.total > 0) out.set("done", event.done);
  if (event.total > 0) out.set("total", event.total);
  if (!event.unit.empty()) out.set("unit", event.unit);
  if (event.about) out.set("about", true);
  if (event.rate > 0) out.set("rate", event.rate);
  if (event.left) out.set("left_ms", event.left->count());
  if (!event.blockers.empty()) out.set("blockers", blockers_json(event));
  return out;
}

std::string event_line(const Event& event, const std::string& at) { return event_json(event, at).line() + "\n"; }

}  // namespace bascule::report
