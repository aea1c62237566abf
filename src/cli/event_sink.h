// What: where the events of an online run go: lines for a person, JSON lines for a program.
// Must not know: what leads to them.
// Thread rules: events come from several threads, one at a time is written.
#pragma once

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "cli/console.h"
#include "exec/online.h"

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
  void event(const plan::Event& event) override;

 private:
  Console& console_;
  std::mutex mutex_;
  std::FILE* lines_ = nullptr;
};

}  // namespace bascule::cli
