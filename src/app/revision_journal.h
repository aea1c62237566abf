// What: the journal of a run over several revisions on a database where each is a transaction of its own and none runs
// online (SQLite): the steps written down are the revisions. Format: docs/journal.md.
// Must not know: how revisions run.
// Invariants: a revision's `done` is committed with its history row; when the run has ended well, nothing of the
// journal is left in the database.
#pragma once

#include <string>

#include "db/connection.h"
#include "plan/journal_words.h"
#include "plan/plan.h"

namespace bascule::app {

class RevisionJournal {
 public:
  RevisionJournal(const plan::JournalWords& words, std::string history_table)
      : words_(words), history_table_(std::move(history_table)) {}

  /// Writes the run down, instead of one that was not finished, and lets each revision of the plan say when it is done.
  /// A plan of fewer than two revisions needs none and is left alone.
  db::DbResult<void> write_down(plan::Plan& plan, db::Connection& connection) const;
  /// Leaves nothing of it. Does nothing where there is none.
  db::DbResult<void> remove(db::Connection& connection) const;

 private:
  const plan::JournalWords& words_;
  std::string history_table_;
};

}  // namespace bascule::app
