// What: where a command's words go: results to stdout, trouble to stderr, progress while it runs.
// Must not know: commands.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "app/migrate.h"
#include "base/json.h"
#include "cli/command_line.h"
#include "report/style.h"

namespace bascule::cli {

/// Thread rules: notices and steps come from several threads; each word is written whole.
class Console final : public exec::Progress, public db::NoticeSink {
 public:
  explicit Console(const CommandLine& line);

  const report::Style& out_style() const { return out_style_; }
  bool json() const { return json_; }
  bool verbose() const { return verbose_; }
  /// What was asked for; printed also with -q.
  void print(std::string_view text);
  void print_json(const Json& json) { print(json.dump()); }
  /// What is nice to know; not with -q or --json.
  void say(std::string_view text);
  /// Prints a failure (as JSON on stdout with --json) and returns its exit code.
  int fail(const app::Failure& failure);
  void warn(const Diagnostics& diagnostics);

  /// From now on as with -q: standard output belongs to somebody else.
  void be_quiet();
  /// A terminal's screen, for what is printed anew; nothing elsewhere.
  void clear();
  /// Lines about a step of a run that shows its steps.
  void step(std::string_view lines);
  /// Whether progress is drawn in place (bar) rather than told in lines.
  bool draws() const { return live_; }
  /// How far a step is: one line that the next one replaces. REQUIRES: draws().
  void bar(std::string_view line);
  void revision_started(const plan::RevisionPlan& revision, std::size_t number, std::size_t total) override;
  void revision_done(const plan::RevisionPlan& revision, std::chrono::microseconds took) override;
  void notice(std::string_view severity, std::string_view message) override;

 private:
  bool json_;
  bool quiet_;
  bool verbose_;
  bool live_;  ///< stdout is a terminal: the running revision's line is redrawn
  void end_line();
  mutable std::recursive_mutex mutex_;
  bool line_open_ = false;
  bool bar_open_ = false;  ///< the open line is a bar, of which nothing is kept
  report::Style out_style_;
  report::Style error_style_;
};

/// "3 ms", "1.24 s", "2 min 5 s".
std::string duration_text(std::chrono::microseconds took);

}  // namespace bascule::cli
