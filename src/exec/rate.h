// What: how fast something goes on, and how long it will take, from what is done now and then.
// Must not know: what is done.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace bascule::exec {

class Rate {
 public:
  /// done: since the beginning; less than before means a new beginning.
  void add(std::chrono::milliseconds now, std::int64_t done);
  /// Of late; 0: not known yet, or it stands still.
  std::int64_t per_second() const { return static_cast<std::int64_t>(per_second_); }
  /// Until `total` is done at this rate; nullopt: nobody knows.
  std::optional<std::chrono::milliseconds> left(std::int64_t total) const;

 private:
  std::optional<std::chrono::milliseconds> at_;
  std::int64_t done_ = 0;
  double per_second_ = 0;
};

}  // namespace bascule::exec
