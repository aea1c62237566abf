// What: whether a backfill may go on at full speed: what somebody asks of it from elsewhere, and how the server is.
// Must not know: batches.
// Thread rules: look() by one thread; the answers may be read by all.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "exec/online_state.h"

namespace bascule::exec {

class Pressure {
 public:
  Pressure(OnlineSession& session, std::int64_t run, std::size_t step, std::string table_sql);
  /// Asks, on the run's own connection, if it is time to. What it finds out is told as an event when it changes.
  db::DbResult<void> look();
  /// Nobody works now.
  bool paused() const { return paused_; }
  /// How long to rest after a batch that took so long.
  std::chrono::milliseconds rest(std::chrono::milliseconds worked) const;

 private:
  /// Why to pause now; empty: go on.
  db::DbResult<std::string> reason();

  OnlineSession& session_;
  std::int64_t run_;
  std::size_t step_;
  std::string table_sql_;
  std::chrono::milliseconds looked_{0};
  std::string said_;
  std::atomic<bool> paused_ = false;
  std::atomic<int> percent_ = 100;  ///< of the time that it works
};

}  // namespace bascule::exec
