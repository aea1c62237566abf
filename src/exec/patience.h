// What: a bound on what a connection does that is kept by our own clock. The server's timeouts go by its wall clock:
// when that is set back while it waits for a lock, the wait goes on for as long (measured: PostgreSQL 15), and whoever
// queues behind it waits with it.
// Must not know: what is run.
// Thread rules: a thread of its own between constructor and destructor, which does nothing but cancel.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "db/connection.h"

namespace bascule::exec {

/// Cancels what the connection does once `most` is over, again and again until it is destroyed. The connection outlives
/// it.
class Patience {
 public:
  Patience(db::Connection& connection, std::chrono::milliseconds most);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

 private:
  void watch(std::chrono::milliseconds most);

  db::Connection& connection_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace bascule::exec
