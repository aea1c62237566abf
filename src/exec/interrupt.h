// What: Ctrl-C and SIGTERM while a run is on: the statement in flight is cancelled, the run stops at the next safe
// place. Thread rules: one scope at a time in a process.
#pragma once

#include "db/connection.h"

namespace bascule::exec {

/// While it lives, SIGINT and SIGTERM cancel what `connection` is doing and set interrupted(). A second signal, two
/// seconds later or more, ends the process at once (the server rolls back by itself). Once a signal has come, they stay
/// caught when the scope has ended.
class InterruptScope {
 public:
  explicit InterruptScope(db::Connection& connection);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
  /// From now on this connection is cancelled instead; null: none is.
  void watch(db::Connection* connection);
};

/// Whether a signal has come since the process started.
bool interrupted();

}  // namespace bascule::exec
