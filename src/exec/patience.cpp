#include "exec/patience.h"

namespace bascule::exec {

namespace {

constexpr std::chrono::milliseconds kAgain{1'000};

}  // namespace

Patience::Patience(db::Connection& connection, std::chrono::milliseconds most)
    : connection_(connection), thread_([this, most] { watch(most); }) {}

Patience::~Patience() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void Patience::watch(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  // wait_for goes by the steady clock.
  for (std::chrono::milliseconds left = most; !ended_.wait_for(lock, left, [this] { return end_; }); left = kAgain)
    connection_.cancel();
}

}  // namespace bascule::exec
