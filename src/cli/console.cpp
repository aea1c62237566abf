#include "cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

#include "report/diagnostics.h"

namespace bascule::cli {

namespace {

bool wants_colour(const CommandLine& line, int descriptor) {
  if (line.colour == "always") return true;
  if (line.colour == "never" || line.json) return false;
  const char* no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* terminal = std::getenv("TERM");
  return isatty(descriptor) == 1 && (terminal == nullptr || std::string_view(terminal) != "dumb");
}

/// As much of a line as fits into the terminal: one that wraps cannot be drawn anew. Colours take no room.
std::string fitting(std::string_view line) {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::string(line);
  std::string out;
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      const std::size_t end = line.find('m', i);
      out += line.substr(i, end == std::string_view::npos ? end : end - i + 1);
      i = end == std::string_view::npos ? line.size() : end;
    } else if (++width < size.ws_col) {
      out += line[i];
    }
  }
  return out;
}

void write_to(std::FILE* stream, std::string_view text) { std::fwrite(text.data(), 1, text.size(), stream); }

}  // namespace

std::string duration_text(std::chrono::microseconds took) {
  const double ms = static_cast<double>(took.count()) / 1000.0;
  if (ms < 10) return fmt::format("{:.1f} ms", ms);
  if (ms < 1000) return fmt::format("{:.0f} ms", ms);
  if (ms < 60'000) return fmt::format("{:.2f} s", ms / 1000);
  const auto seconds = static_cast<long long>(ms / 1000);
  return fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

Console::Console(const CommandLine& line)
    : json_(line.json),
      quiet_(line.quiet),
      verbose_(line.verbose > 0),
      live_(isatty(STDOUT_FILENO) == 1 && !line.json && !line.quiet),
      out_style_(wants_colour(line, STDOUT_FILENO)),
      error_style_(wants_colour(line, STDERR_FILENO)) {}

void Console::print(std::string_view text) {
  const std::lock_guard lock(mutex_);
  write_to(stdout, text);
}

void Console::say(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (!quiet_ && !json_) write_to(stdout, text);
}

int Console::fail(const app::Failure& failure) {
  const std::lock_guard lock(mutex_);
  end_line();
  const int code = static_cast<int>(failure.code);
  if (json_) {
    print_json(Json::object().set("exit_code", code).set("diagnostics", report::to_json(failure.diagnostics)));
  } else {
    std::fflush(stdout);
    write_to(stderr, report::to_text(failure.diagnostics, error_style_));
  }
  return code;
}

void Console::warn(const Diagnostics& diagnostics) {
  const std::lock_guard lock(mutex_);
  if (json_ || diagnostics.empty() || (quiet_ && !diagnostics.has_errors())) return;
  std::fflush(stdout);
  write_to(stderr, report::to_text(diagnostics, error_style_));
}

void Console::be_quiet() {
  quiet_ = true;
  live_ = false;
}

void Console::clear() {
  if (live_) write_to(stdout, "\x1b[H\x1b[2J");
}

void Console::end_line() {
  if (line_open_) write_to(stdout, bar_open_ ? "\r\x1b[K" : "\n");
  line_open_ = bar_open_ = false;
}

void Console::bar(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (!bar_open_) end_line();
  write_to(stdout, "\r\x1b[K");
  write_to(stdout, fitting(line));
  std::fflush(stdout);
  line_open_ = bar_open_ = true;
}

void Console::step(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  if (lines.empty() || json_ || quiet_) return;
  end_line();
  write_to(stdout, lines);
  std::fflush(stdout);
}

void Console::revision_started(const plan::RevisionPlan& revision, std::size_t, std::size_t) {
  const std::lock_guard lock(mutex_);
  if (!live_ || revision.auxiliary) return;
  write_to(stdout, "  " + revision.revision + "  " + revision.message + " ...");
  std::fflush(stdout);
  line_open_ = true;
}

void Console::revision_done(const plan::RevisionPlan& revision, std::chrono::microseconds took) {
  const std::lock_guard lock(mutex_);
  if (revision.auxiliary && !verbose_) return;
  if (live_) write_to(stdout, "\r\x1b[K");
  line_open_ = bar_open_ = false;
  const std::string arrow = revision.direction == model::Direction::kUpgrade ? "+" : "-";
  const std::string name = revision.revision + (revision.message.empty() ? "" : "  " + revision.message);
  say("  " + out_style_.green(arrow) + " " + name + "  " + out_style_.dim(duration_text(took)) + "\n");
}

void Console::notice(std::string_view severity, std::string_view message) {
  const std::lock_guard lock(mutex_);
  if (json_ || quiet_ || (severity != "WARNING" && !verbose_)) return;
  end_line();
  std::fflush(stdout);
  write_to(stderr, "  server " + std::string(severity) + ": " + std::string(message) + "\n");
}

}  // namespace bascule::cli
