// What: what happens in an online run, as values, in the order in which it happens. Data only.
// Must not know: how it is shown, written or handed to hooks.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bascule::plan {

/// A session that holds, or waits for, a lock which a step has to wait for.
struct Blocker {
  std::int64_t session = 0;  ///< PostgreSQL: the backend's process id
  std::string application;
  std::string user;
  std::string state;  ///< "active", "idle in transaction"
  std::string query;
  std::chrono::milliseconds open_for{0};  ///< how long its transaction has been open
  bool waits = false;                     ///< it is in the queue itself
  bool protected_from_us = false;         ///< the server's own work, which must not be ended
  std::string mode;                       ///< of its lock
};

/// step and steps count from 1; step 0: the event is about the revision or the run.
struct Event {
  enum class Kind : std::uint8_t {
    kRunStarted,
    kRevisionStarted,
    kResumed,      ///< an unfinished revision goes on at `step`
    kStepStarted,  ///< text: its statement
    kStepThere,    ///< its effect is in the database already
    kBlocked,      ///< `blockers` are in the way; took: for how long we have waited
    kUnblocked,    ///< they are gone; took: for how long we have waited
    kTerminated,   ///< `blockers` were ended, as the user told us
    kRetry,        ///< try number `tries` failed (text: why); pause: until the next
    kPaused,       ///< a backfill waits (text: why); kResumed when it goes on
    kNote,         ///< text: what whoever watches should know
    kVerified,     ///< after a backfill: so many rows (done) are not as they shall be, written meanwhile
    kProgress,     ///< done of total units, in phase `text`; of a backfill: rows walked over, changed or right already
    kCleanedUp,    ///< what an earlier try had left is gone (text: the statement)
    kReconnected,  ///< the connection was lost (text: why) and is there again
    kStepDone,     ///< took, rows
    kStepUndone,
    kRevisionDone,
    kRunDone,
    kFailed,  ///< text: why
  };
  Kind kind = Kind::kRunStarted;
  std::string revision = {};
  std::size_t step = 0;
  std::size_t steps = 0;
  std::string text = {};
  std::chrono::milliseconds took{0};
  std::chrono::milliseconds pause{0};
  int tries = 0;
  std::int64_t done = 0;
  std::int64_t total = 0;                              ///< 0: not known
  bool about = false;                                  ///< total is an estimate
  std::int64_t rate = 0;                               ///< of units a second, of late; 0: not known
  std::optional<std::chrono::milliseconds> left = {};  ///< until total is done at this rate
  std::string unit = {};                               ///< "blocks", "rows"
  std::vector<Blocker> blockers = {};
};

/// "step-done": stable, for JSON.
std::string_view event_name(Event::Kind kind);

}  // namespace bascule::plan
