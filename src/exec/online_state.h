// What: what the parts of an online run share: the connection with its bounds, the failures' shapes, tries. Internal to
// exec/online*.
// Must not know: what a group of steps is.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exec/online.h"

namespace bascule::exec {

inline constexpr std::chrono::milliseconds kNoBound{0};
/// What a step that is brief may take once it has its lock, at most.
inline constexpr std::chrono::milliseconds kBriefMost{10'000};
/// How much longer than the server's own timeouts a brief step may take before we cancel it ourselves.
inline constexpr std::chrono::milliseconds kBeyondServer{2'000};

/// How long a step may queue for a lock. What is concurrent has no bound, which would leave an invalid index behind;
/// but for what takes a strong lock on a table in the end (DETACH), and is finished by a later try.
inline std::chrono::milliseconds lock_bound(const plan::Conduct& conduct, const OnlineSettings& settings) {
  return conduct.pace == plan::Pace::kConcurrent && conduct.lock_tables.empty() ? kNoBound : settings.lock_timeout;
}

/// REQUIRES: an online plan, which has no rebuilds.
const std::string& sql_of(const plan::Step& step);

/// One attempt's end. again: nothing was done, and trying later may help.
struct Attempt {
  enum class Kind { kDone, kAgain, kLost, kFailed };
  Kind kind = Kind::kDone;
  RunFailure why = {};
};

/// The session of an online run.
class OnlineSession {
 public:
  OnlineSession(OnlineTools& tools, const plan::RevisionPlan& revision) : tools_(tools), revision_(revision) {}

  db::Connection& connection() { return *tools_.connection; }
  OnlineTools& tools() { return tools_; }

  /// Bounds what runs next; zero: no bound. Sent only when it changes.
  db::DbResult<void> bound(std::chrono::milliseconds lock, std::chrono::milliseconds statement);
  /// The session's id, as the server knows it.
  db::DbResult<std::string> id();
  /// Connects again, for as long as the deadline allows, and takes the run lock, which the lost session keeps until the
  /// server has noticed: what it was doing has ended then.
  Result<void, RunFailure> reconnect(const db::DbError& lost, std::size_t step);

  /// Waits until nobody with an old transaction is in the way of these tables. Fails at the deadline (kLocked).
  Result<void, RunFailure> wait_for_blockers(const std::vector<std::string>& tables, std::size_t step,
                                             std::chrono::milliseconds deadline);
  /// Runs the statements of a transaction, of which the last one commits. They are cancelled when they take longer than
  /// `most` by our own clock (zero: never), the commit not: it may wait for a replica, and a cancelled one is done all
  /// the same.
  Result<void, db::BatchError> transact(std::span<const std::string> statements, std::chrono::milliseconds most);
  /// Asks a yes-or-no question of a Guard; an empty one says no.
  db::DbResult<bool> ask(const std::string& query);

  /// Gives what the listener gives.
  std::string tell(plan::Event event, std::optional<std::size_t> step = std::nullopt);
  RunFailure failed(RunFailure::Kind kind, std::optional<std::size_t> step = std::nullopt) const;
  RunFailure failed(db::DbError error, std::optional<std::size_t> step, std::string statement) const;
  /// What a try's error means for the next one.
  Attempt judge(db::DbError error, std::optional<std::size_t> step, std::string statement) const;

 private:
  OnlineTools& tools_;
  const plan::RevisionPlan& revision_;
};

/// "4711 (psql, alice), idle in transaction for 12 s: SELECT ...".
std::string blocker_text(const plan::Blocker& blocker);

}  // namespace bascule::exec
