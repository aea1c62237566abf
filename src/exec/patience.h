// What: a bound on what a connection does that is kept by our own clock. The server's timeouts go by its wall clock:
// when that is set back while it waits for a lock, the wait goes on for as long (measured: PostgreSQL 15), and whoever
// queues behind it waits with it.
// Must not know: what is run.
// Thread rules: a thread of its own from the first `begin` on, which does nothing but cancel; the functions are called
// from one other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "db/connection.h"

namespace bascule::exec {

class Patience {
 public:
  Patience() = default;
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  /// From now on until `end`: cancels what the connection does once `most` is over (a fifth of a second later at most),
  /// again and again. Costs no more than a lock: thousands of short transactions are watched.
  void begin(db::Connection& connection, std::chrono::milliseconds most);
  /// Whether it has cancelled anything since `begin`.
  bool end();

 private:
  using Clock = std::chrono::steady_clock;
  void watch();

  std::mutex mutex_;
  std::condition_variable over_;
  db::Connection* watched_ = nullptr;
  Clock::time_point until_;
  bool cancelled_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace bascule::exec
