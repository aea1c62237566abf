#include "exec/interrupt.h"

#include <csignal>
#include <ctime>

#include <atomic>
#include <cstring>

namespace bascule::exec {

namespace {

std::atomic<db::Connection*> watched{nullptr};
volatile std::sig_atomic_t signalled = 0;
volatile std::sig_atomic_t signalled_at = 0;  // seconds of the monotonic clock

std::sig_atomic_t now_seconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);  // async-signal-safe
  return static_cast<std::sig_atomic_t>(now.tv_sec);
}
struct sigaction previous_interrupt;
struct sigaction previous_terminate;

void handle(int signal_number) {
  if (signalled != 0) {
    // timeout(1), and a terminal with several programs, signal the process and its group: the same wish, said twice.
    if (now_seconds() - signalled_at < 2) return;
    std::signal(signal_number, SIG_DFL);
    std::raise(signal_number);
    return;
  }
  signalled_at = now_seconds();
  signalled = 1;
  if (db::Connection* connection = watched.load()) connection->cancel();
}

}  // namespace

InterruptScope::InterruptScope(db::Connection& connection) {
  watched.store(&connection);
  struct sigaction action;
  std::memset(&action, 0, sizeof action);
  action.sa_handler = handle;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &previous_interrupt);
  sigaction(SIGTERM, &action, &previous_terminate);
}

InterruptScope::~InterruptScope() {
  watched.store(nullptr);
  // The group's copy of the signal may still be on its way: it must not end a process that is about to say why.
  if (signalled != 0) return;
  sigaction(SIGINT, &previous_interrupt, nullptr);
  sigaction(SIGTERM, &previous_terminate, nullptr);
}

void InterruptScope::watch(db::Connection* connection) {
  watched.store(connection);
  // The signal may have come while there was nothing to cancel.
  if (connection != nullptr && signalled != 0) connection->cancel();
}

bool interrupted() { return signalled != 0; }

}  // namespace bascule::exec
