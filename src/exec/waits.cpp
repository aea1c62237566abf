#include "exec/waits.h"

#include <algorithm>
#include <thread>

#include "exec/interrupt.h"

namespace bascule::exec {

namespace {

using std::chrono::milliseconds;

class SteadyClock final : public Clock {
 public:
  milliseconds now() const override {
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }
  bool sleep(milliseconds time) override {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!interrupted()) {
      const auto left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
      if (left <= milliseconds(0)) return true;
      std::this_thread::sleep_for(std::min(left, milliseconds(50)));
    }
    return false;
  }
};

constexpr int kTimeoutsBetween = 10;
constexpr milliseconds kLeast{100};
constexpr milliseconds kMost{30'000};

}  // namespace

std::unique_ptr<Clock> steady_clock() { return std::make_unique<SteadyClock>(); }

Backoff::Backoff(milliseconds lock_timeout, std::uint64_t seed)
    : pause_(std::max(lock_timeout * kTimeoutsBetween, kLeast)), cap_(std::max(pause_, kMost)), random_(seed) {}

milliseconds Backoff::next() {
  const milliseconds pause = pause_;
  pause_ = std::min(cap_, pause_ * 3 / 2);
  std::uniform_int_distribution<milliseconds::rep> jitter(0, pause.count() / 4);
  return pause + milliseconds(jitter(random_));
}

}  // namespace bascule::exec
