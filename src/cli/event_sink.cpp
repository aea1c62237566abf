#include "cli/event_sink.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "app/child_process.h"
#include "base/file.h"
#include "base/text.h"
#include "report/events.h"

namespace bascule::cli {

namespace {

/// Lines in a log; a terminal's bar moves with each event.
constexpr std::chrono::seconds kTellProgressEvery{5};

std::string time_text() {
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}Z", text, ms % 1000);
}

}  // namespace

EventSink::~EventSink() {
  if (metrics_path_ == "-") {
    console_.print(metrics_.text());
  } else if (!metrics_path_.empty()) {
    if (auto written = write_file_atomically(metrics_path_, metrics_.text()); !written)
      console_.notice("WARNING", "the metrics were not written: " + written.error().message);
  }
  if (lines_ != nullptr && lines_ != stdout) std::fclose(lines_);
}

Result<void, std::string> EventSink::write_lines(const std::string& path) {
  lines_ = path == "-" ? stdout : std::fopen(path.c_str(), "a");
  if (lines_ == stdout) console_.be_quiet();
  if (lines_ == nullptr) return failure("cannot write events to " + path + ": " + std::strerror(errno));
  return {};
}

Result<void, std::string> EventSink::add_hook(const std::string& words,
                                              const std::map<std::string, std::string>& environment) {
  static constexpr std::array<std::pair<std::string_view, plan::Event::Kind>, 7> kWhen = {{
      {"before-run", plan::Event::Kind::kRunStarted},
      {"after-run", plan::Event::Kind::kRunDone},
      {"before-revision", plan::Event::Kind::kRevisionStarted},
      {"after-revision", plan::Event::Kind::kRevisionDone},
      {"before-step", plan::Event::Kind::kStepStarted},
      {"after-step", plan::Event::Kind::kStepDone},
      {"on-failure", plan::Event::Kind::kFailed},
  }};
  const auto equals = words.find('=');
  const std::string name = words.substr(0, equals);
  const auto when =
      std::find_if(kWhen.begin(), kWhen.end(), [&](const auto& one) { return one.first == std::string_view(name); });
  if (when == kWhen.end() || equals == std::string::npos || equals + 1 == words.size()) {
    return failure("'" + words +
                   "' is no hook: write WHEN=COMMAND, where WHEN is before-run, after-run, before-revision, "
                   "after-revision, before-step, after-step or on-failure");
  }
  hooks_.push_back({when->second, name.starts_with("before"), name, words.substr(equals + 1), environment});
  return {};
}

void EventSink::ask_for_load(std::string command, const std::map<std::string, std::string>& environment) {
  load_ = Hook{plan::Event::Kind::kPaused, false, "load", std::move(command), environment};
}

std::string EventSink::overload() {
  if (!load_) return {};
  app::ChildCommand command;
  command.words = {"/bin/sh", "-c", load_->command};
  command.environment = load_->environment;
  command.capture = true;
  const app::ChildOutcome outcome = app::run_child(command);
  if (outcome.end == app::ChildOutcome::End::kExited && outcome.code == 0) return {};
  const std::string said(trim(outcome.output.substr(0, outcome.output.find('\n'))));
  return "the load hook says so" + (said.empty() ? "" : ": " + said);
}

std::string EventSink::run_hooks(const plan::Event& event, const std::string& line) const {
  std::string stop;
  for (const Hook& hook : hooks_) {
    if (hook.when != event.kind) continue;
    app::ChildCommand command;
    command.words = {"/bin/sh", "-c", hook.command};
    command.environment = hook.environment;
    command.input = line;
    const app::ChildOutcome outcome = app::run_child(command);
    if (outcome.end == app::ChildOutcome::End::kExited && outcome.code == 0) continue;
    const std::string why = outcome.end == app::ChildOutcome::End::kExited ? "exit code " + std::to_string(outcome.code)
                            : outcome.end == app::ChildOutcome::End::kNotStarted ? outcome.reason
                                                                                 : "it was ended";
    const std::string said = "the hook " + hook.name + " (" + hook.command + ") failed: " + why;
    if (hook.may_stop && stop.empty()) stop = said;
    if (!hook.may_stop) console_.notice("WARNING", said);
  }
  return stop;
}

std::string EventSink::event(const plan::Event& event) {
  const std::lock_guard lock(mutex_);
  metrics_.add(event);
  const std::string line = lines_ != nullptr || !hooks_.empty() ? report::event_line(event, time_text()) : "";
  if (lines_ != nullptr) {
    std::fwrite(line.data(), 1, line.size(), lines_);
    std::fflush(lines_);
  }
  show(event);
  return run_hooks(event, line);
}

void EventSink::show(const plan::Event& event) {
  if (event.kind == plan::Event::Kind::kProgress) {
    if (console_.draws()) return console_.bar(report::progress_bar(event, console_.out_style()));
    const auto now = std::chrono::steady_clock::now();
    if (told_ && now - *told_ < kTellProgressEvery) return;
    told_ = now;
  }
  console_.step(report::event_text(event, console_.out_style()));
}

}  // namespace bascule::cli
