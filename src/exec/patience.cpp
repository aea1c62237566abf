#include "exec/patience.h"

namespace bascule::exec {

namespace {

constexpr std::chrono::milliseconds kLook{200};
constexpr std::chrono::milliseconds kAgain{1'000};

}  // namespace

Patience::~Patience() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  over_.notify_all();
  thread_.join();
}

void Patience::begin(db::Connection& connection, std::chrono::milliseconds most) {
  {
    const std::lock_guard lock(mutex_);
    watched_ = &connection;
    cancelled_ = false;
    until_ = Clock::now() + most;
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { watch(); });
}

bool Patience::end() {
  const std::lock_guard lock(mutex_);
  watched_ = nullptr;
  return cancelled_;
}

void Patience::watch() {
  std::unique_lock lock(mutex_);
  // wait_for goes by the steady clock.
  while (!over_.wait_for(lock, kLook, [this] { return stop_; })) {
    if (watched_ == nullptr || Clock::now() < until_) continue;
    watched_->cancel();
    cancelled_ = true;
    until_ = Clock::now() + kAgain;
  }
}

}  // namespace bascule::exec
