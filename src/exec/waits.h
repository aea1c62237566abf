// What: how long to wait between two tries, and the clock that waits.
// Must not know: what is tried.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>

namespace bascule::exec {

/// Time that only goes forward, whatever is done to the wall clock.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::milliseconds now() const = 0;
  /// Returns early, with false, when the user's signal comes.
  virtual bool sleep(std::chrono::milliseconds time) = 0;
};
std::unique_ptr<Clock> steady_clock();

/// Pauses between tries for a lock. A try that waits keeps the application waiting behind it: the pause is never
/// shorter than ten lock timeouts, so that others are kept waiting for a tenth of the time at most (measured: at once
/// again and again is as bad as no timeout).
class Backoff {
 public:
  Backoff(std::chrono::milliseconds lock_timeout, std::uint64_t seed);
  /// The next pause: growing by half each time up to thirty seconds (or the least, where that is longer), with up to a
  /// quarter of it added at random, so that two runs do not meet again and again.
  std::chrono::milliseconds next();

 private:
  std::chrono::milliseconds pause_;
  std::chrono::milliseconds cap_;
  std::mt19937_64 random_;
};

}  // namespace bascule::exec
