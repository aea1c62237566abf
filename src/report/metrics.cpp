#include "report/metrics.h"

#include <fmt/core.h>

namespace bascule::report {

namespace {

using plan::Event;

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

void family(std::string& out, const char* name, const char* unit, const char* help) {
  out += fmt::format("# TYPE {} counter\n", name);
  if (*unit != '\0') out += fmt::format("# UNIT {} {}\n", name, unit);
  out += fmt::format("# HELP {} {}\n", name, help);
}

}  // namespace

void Metrics::add(const Event& event) {
  switch (event.kind) {
    case Event::Kind::kStepDone:
      ++steps_["done"];
      step_seconds_ += seconds(event.took);
      rows_ += event.done;
      break;
    case Event::Kind::kStepThere:
      ++steps_["there"];
      break;
    case Event::Kind::kStepUndone:
      ++steps_["undone"];
      break;
    case Event::Kind::kRevisionDone:
      ++revisions_;
      break;
    case Event::Kind::kRetry:
      ++retries_;
      pause_seconds_ += seconds(event.pause);
      break;
    case Event::Kind::kUnblocked:
      blocked_seconds_ += seconds(event.took);
      break;
    case Event::Kind::kTerminated:
      terminated_ += event.blockers.size();
      break;
    case Event::Kind::kReconnected:
      ++reconnects_;
      break;
    case Event::Kind::kFailed:
      ++failures_;
      break;
    case Event::Kind::kRunStarted:
    case Event::Kind::kRevisionStarted:
    case Event::Kind::kResumed:
    case Event::Kind::kStepStarted:
    case Event::Kind::kBlocked:
    case Event::Kind::kPaused:
    case Event::Kind::kNote:
    case Event::Kind::kVerified:
    case Event::Kind::kProgress:
    case Event::Kind::kCleanedUp:
    case Event::Kind::kRunDone:
      break;
  }
}

std::string Metrics::text() const {
  std::string out;
  family(out, "bascule_steps", "", "Steps of online runs, by how they ended.");
  for (const char* outcome : {"done", "there", "undone"}) {
    const auto found = steps_.find(outcome);
    out +=
        fmt::format("bascule_steps_total{{outcome=\"{}\"}} {}\n", outcome, found == steps_.end() ? 0 : found->second);
  }
  const auto count = [&](const char* name, const char* help, auto value) {
    family(out, name, "", help);
    out += fmt::format("{}_total {}\n", name, value);
  };
  const auto time = [&](const char* name, const char* help, double value) {
    family(out, name, "seconds", help);
    out += fmt::format("{}_total {:.3f}\n", name, value);
  };
  count("bascule_revisions", "Revisions that are done.", revisions_);
  count("bascule_rows", "Rows that backfills have changed.", rows_);
  count("bascule_lock_retries", "Tries that ended at a lock timeout.", retries_);
  count("bascule_sessions_terminated", "Sessions that were ended because they kept a lock.", terminated_);
  count("bascule_reconnects", "Lost connections that were made anew.", reconnects_);
  count("bascule_failures", "Runs that stopped.", failures_);
  time("bascule_step_seconds", "Time in steps, with their waits.", step_seconds_);
  time("bascule_pause_seconds", "Time between two tries.", pause_seconds_);
  time("bascule_blocked_seconds", "Time in which others were waited for.", blocked_seconds_);
  return out + "# EOF\n";
}

}  // namespace bascule::report
