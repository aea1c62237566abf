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
  /// Why to pause now; an empty text: go on. kind: the same for as long as it is one wait, whatever the text counts.
  struct Reason {
    std::string kind = {};
    std::string text = {};
  };
  db::DbResult<Reason> reason();
  db::DbResult<Reason> slow_replica();
  void note(std::string text);

  OnlineSession& session_;
  std::int64_t run_;
  std::size_t step_;
  std::string table_sql_;
  std::chrono::milliseconds looked_{0};
  std::chrono::milliseconds told_{0};
  Reason said_;
  std::string slow_replica_;  ///< the one that is waited for
  bool told_of_unseen_ = false;
  std::atomic<bool> paused_ = false;
  std::atomic<int> percent_ = 100;  ///< of the time that it works
};

}  // namespace bascule::exec
