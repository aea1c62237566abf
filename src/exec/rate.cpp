#include "exec/rate.h"

#include <cmath>

namespace bascule::exec {

namespace {

/// What was ten seconds ago counts for a third of what is now.
constexpr double kMemorySeconds = 10;

}  // namespace

void Rate::add(std::chrono::milliseconds now, std::int64_t done) {
  if (!at_ || done < done_) {
    per_second_ = 0;
  } else if (const double seconds = static_cast<double>((now - *at_).count()) / 1000; seconds > 0) {
    const double latest = static_cast<double>(done - done_) / seconds;
    const double kept = per_second_ > 0 ? std::exp(-seconds / kMemorySeconds) : 0;
    per_second_ = per_second_ * kept + latest * (1 - kept);
  } else {
    return;
  }
  at_ = now;
  done_ = done;
}

std::optional<std::chrono::milliseconds> Rate::left(std::int64_t total) const {
  if (per_second_ < 1 || total <= done_) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(total - done_) / per_second_ * 1000));
}

}  // namespace bascule::exec
