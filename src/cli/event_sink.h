// What: where the events of an online run go: lines for a person, JSON lines for a program, the user's hooks.
// Must not know: what leads to them.
// Thread rules: events come from several threads, one at a time is written.
#pragma once

#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/online_request.h"
#include "base/result.h"
#include "cli/console.h"
#include "report/metrics.h"

namespace bascule::cli {

class EventSink final : public exec::Listener {
 public:
  explicit EventSink(Console& console) : console_(console) {}
  ~EventSink() override;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  /// JSON lines are added to this file, too; "-": standard output, and nothing else goes there. Fails with why it
  /// cannot be opened.
  Result<void, std::string> write_lines(const std::string& path);
  /// When the run is over, what it came to is written there as OpenMetrics.
  void keep_metrics(std::string path) { metrics_path_ = std::move(path); }
  /// "before-step=notify.sh": runs a command of the user's at each such event, the event on its stdin as JSON. A
  /// "before" that fails stops the run. Fails with what is wrong with the words.
  Result<void, std::string> add_hook(const std::string& words, const std::map<std::string, std::string>& environment);
  /// A backfill waits while this command of the user's fails.
  void ask_for_load(std::string command, const std::map<std::string, std::string>& environment);
  std::string event(const plan::Event& event) override;
  std::string overload() override;

 private:
  struct Hook {
    plan::Event::Kind when;
    bool may_stop = false;
    std::string name, command;
    std::map<std::string, std::string> environment;
  };
  std::string run_hooks(const plan::Event& event, const std::string& line) const;

  void show(const plan::Event& event);

  Console& console_;
  std::optional<std::chrono::steady_clock::time_point> told_;  ///< the last line of progress
  std::vector<Hook> hooks_;
  std::optional<Hook> load_;
  std::mutex mutex_;
  std::FILE* lines_ = nullptr;
  std::string metrics_path_;
  report::Metrics metrics_;
};

}  // namespace bascule::cli
