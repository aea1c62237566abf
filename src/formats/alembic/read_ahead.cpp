#include "formats/alembic/read_ahead.h"

#include <csignal>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/check.h"

namespace bascule::formats::alembic {
namespace {

/// Threads beside the owner's, which parses too when it would have to wait.
std::size_t helpers() {
  constexpr unsigned kMost = 2;
  const unsigned processors = std::thread::hardware_concurrency();
  return processors < 2 ? 0 : std::min(processors - 1, kMost);
}

/// No signal is taken by threads that are started while this lives: they interrupt the owner's.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

ReadAhead::~ReadAhead() { stop(); }

void ReadAhead::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

void ReadAhead::expect(std::vector<SourceFilePtr> files) {
  stop();
  slots_.clear();
  positions_.clear();
  next_ = 0;
  const std::size_t threads = files.size() < kFewest ? 0 : helpers();
  if (threads == 0) return;
  slots_.reserve(files.size());
  for (SourceFilePtr& file : files) {
    positions_.emplace(file.get(), slots_.size());
    slots_.push_back(Slot{std::move(file), State::kWaiting, std::nullopt, nullptr});
  }
  const SignalsBlocked blocked;
  try {
    for (std::size_t i = 0; i < threads; ++i)
      threads_.emplace_back([this](const std::stop_token& stopped) { work(stopped); });
  } catch (const std::system_error&) {
    // No more threads are to be had: the owner's parses what they do not.
  }
}

const ParsedModule& ReadAhead::module_of(const SourceFilePtr& file) {
  if (current_ && current_file_ == file) return *current_;
  current_.reset();
  current_file_ = file;
  const auto position = positions_.find(file.get());
  const bool ahead = position != positions_.end() && position->second >= next_;
  current_.emplace(ahead ? take(position->second) : syntax::python::parse(file));
  return *current_;
}

ReadAhead::Slot* ReadAhead::next_waiting() {
  const std::size_t end = std::min(next_ + kWindow, slots_.size());
  for (std::size_t i = next_; i < end; ++i)
    if (slots_[i].state == State::kWaiting) return &slots_[i];
  return nullptr;
}

void ReadAhead::parse_slot(Slot& slot, std::unique_lock<std::mutex>& lock) {
  slot.state = State::kInWork;
  lock.unlock();
  std::optional<ParsedModule> parsed;
  std::exception_ptr failed;
  try {
    parsed.emplace(syntax::python::parse(slot.file));
  } catch (...) {
    failed = std::current_exception();
  }
  lock.lock();
  // Nobody asks any more for what was passed over meanwhile.
  if (static_cast<std::size_t>(&slot - slots_.data()) >= next_) slot.parsed = std::move(parsed);
  slot.failed = std::move(failed);
  slot.state = State::kDone;
  changed_.notify_all();
}

void ReadAhead::work(const std::stop_token& stopped) {
  std::unique_lock lock(mutex_);
  while (!stopped.stop_requested() && next_ < slots_.size()) {
    if (Slot* slot = next_waiting())
      parse_slot(*slot, lock);
    else
      changed_.wait(lock, stopped, [this] { return next_ == slots_.size() || next_waiting() != nullptr; });
  }
}

ParsedModule ReadAhead::take(std::size_t position) {
  std::unique_lock lock(mutex_);
  // What was passed over will not be asked for any more.
  for (; next_ < position; ++next_) slots_[next_].parsed.reset();
  Slot& slot = slots_[position];
  while (slot.state != State::kDone) {
    if (slot.state == State::kWaiting)
      parse_slot(slot, lock);
    else if (Slot* other = next_waiting())
      parse_slot(*other, lock);
    else
      changed_.wait(lock, [&slot] { return slot.state == State::kDone; });
  }
  ++next_;
  changed_.notify_all();
  if (slot.failed) std::rethrow_exception(slot.failed);
  BASCULE_CHECK(slot.parsed, "a parsed file has no module");
  ParsedModule out = std::move(*slot.parsed);
  slot.parsed.reset();
  return out;
}

}  // namespace bascule::formats::alembic
