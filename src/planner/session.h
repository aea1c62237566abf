// What: statements that are about their session or transaction and not about the database: what an online run, whose
// steps have transactions of their own and may go on in another session, makes of them.
// Must not know: one dialect's grammar: the first words tell.
#pragma once

#include <cstdint>

#include "planner/piece.h"

namespace bascule::planner {

enum class SessionWord : std::uint8_t {
  kNone,  ///< it is about the database
  kBegin,
  kCommit,
  kRollback,              ///< ROLLBACK, SAVEPOINT and what belongs to it
  kTimeout,               ///< SET lock_timeout and its like
  kHarmless,              ///< a setting that changes what is said and not what is done
  kLocalSetting,          ///< SET LOCAL, SET CONSTRAINTS: until the transaction ends
  kSetting,               ///< any other setting of the session, and what else ends with it (PREPARE)
  kLock,                  ///< LOCK TABLE
  kTemporary,             ///< a temporary table, view or function is made: it ends with the session
  kTemporaryUntilCommit,  ///< ... or with the transaction
};

SessionWord session_word(const Piece& piece);

}  // namespace bascule::planner
