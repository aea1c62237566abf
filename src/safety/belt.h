// What: carries work from the thread that reads migrations to one that judges them, in order.
// Must not know: what is carried.
// Invariants: pieces are taken in the order in which they were put, by one thread. What taking throws (a fault of ours)
// is thrown again by put() or finish(), in the owner's thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace bascule::safety {

template <class Piece>
class Belt {
 public:
  /// The first few are taken at once, in the owner's thread: a thread would cost more than it saves.
  static constexpr std::size_t kAtOnce = 8;
  /// Handed over together: waking a thread costs more than taking a piece.
  static constexpr std::size_t kTogether = 16;
  /// More hand-overs than these are not kept waiting: put() waits then.
  static constexpr std::size_t kLongest = 8;

  explicit Belt(std::function<void(Piece)> take) : take_(std::move(take)) {}
  ~Belt() { end(); }
  Belt(const Belt&) = delete;
  Belt& operator=(const Belt&) = delete;

  void put(Piece piece) {
    if (count_++ < kAtOnce || processors_ < 2) {
      take_(std::move(piece));
      return;
    }
    gathered_.push_back(std::move(piece));
    if (gathered_.size() == kTogether) hand_over();
  }

  /// Whether the other thread has nothing left to take: whoever puts may leave work on a piece to it.
  bool is_starved() {
    if (count_ < kAtOnce || processors_ < 2) return false;
    const std::lock_guard lock(mutex_);
    return pieces_.empty();
  }

  /// Waits until all are taken.
  void finish() {
    if (!gathered_.empty()) hand_over();
    end();
    if (failed_) std::rethrow_exception(failed_);
  }

 private:
  void hand_over() {
    std::unique_lock lock(mutex_);
    if (!thread_.joinable()) thread_ = std::jthread([this] { run(); });
    changed_.wait(lock, [&] { return pieces_.size() < kLongest || failed_; });
    if (failed_) std::rethrow_exception(failed_);
    pieces_.push_back(std::exchange(gathered_, {}));
    changed_.notify_all();
  }

  void end() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
      changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return !pieces_.empty() || ended_; });
      if (pieces_.empty()) return;
      std::vector<Piece> together = std::move(pieces_.front());
      pieces_.pop_front();
      changed_.notify_all();
      lock.unlock();
      try {
        for (Piece& piece : together) take_(std::move(piece));
      } catch (...) {
        lock.lock();
        failed_ = std::current_exception();
        pieces_.clear();
        changed_.notify_all();
        return;
      }
      lock.lock();
    }
  }

  std::function<void(Piece)> take_;
  std::size_t count_ = 0;
  const unsigned processors_ = std::thread::hardware_concurrency();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Piece> gathered_;
  std::deque<std::vector<Piece>> pieces_;  ///< guarded by mutex_
  bool ended_ = false;                     ///< guarded by mutex_
  std::exception_ptr failed_;              ///< guarded by mutex_ while the thread runs
  std::jthread thread_;                    ///< last: ends before what it uses goes
};

}  // namespace bascule::safety
