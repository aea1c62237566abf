#include "cli/event_sink.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>

#include <fmt/core.h>

#include "report/events.h"

namespace bascule::cli {

namespace {

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
  if (lines_ != nullptr && lines_ != stdout) std::fclose(lines_);
}

Result<void, std::string> EventSink::write_lines(const std::string& path) {
  lines_ = path == "-" ? stdout : std::fopen(path.c_str(), "a");
  if (lines_ == nullptr) return failure("cannot write events to " + path + ": " + std::strerror(errno));
  return {};
}

void EventSink::event(const plan::Event& event) {
  const std::lock_guard lock(mutex_);
  if (lines_ != nullptr) {
    const std::string line = report::event_line(event, time_text());
    std::fwrite(line.data(), 1, line.size(), lines_);
    std::fflush(lines_);
  }
  if (lines_ != stdout) console_.step(report::event_text(event, console_.out_style()));
}

}  // namespace bascule::cli
