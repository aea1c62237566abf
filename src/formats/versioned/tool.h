// What: what tells the tools that keep versions in a table apart: their files, their history table, their rules.
// Must not know: drivers, the run loop; how a course is found (versioned/sequence.h does that).
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "db/connection.h"
#include "formats/format.h"
#include "formats/sequence.h"
#include "formats/versioned/ledger.h"
#include "formats/versioned/migration.h"

namespace bascule::formats::versioned {

/// before: committed first when a part of the migration has to run outside a transaction.
struct HistorySql {
  std::vector<std::string> after, before;
};

/// The migrations beside the table. previous: of a way down, the one that the database then stands at; may be null.
struct Step {
  const Migration& migration;
  const Migration* previous = nullptr;
  model::Direction direction = model::Direction::kUpgrade;
};

class Tool {
 public:
  virtual ~Tool() = default;
  virtual std::string format() const = 0;
  virtual std::string place() const = 0;
  virtual const ProjectSettings& settings() const = 0;

  /// In the tool's order, versions that are twice there once. Diagnostics: duplicate-version, unreadable-file ...
  virtual std::vector<Migration> list(Diagnostics& diagnostics) const = 0;
  /// One direction of a migration. unwritten: there is no way down in the files.
  virtual Evaluation read_body(const Migration& migration, model::Direction direction,
                               const std::string& dialect) const = 0;
  /// The text that a version is given by on the command line, as the history table has it.
  virtual std::string normalised(const std::string& version) const { return version; }

  virtual TableName table() const = 0;
  /// The rows of the table, which exists.
  virtual db::DbResult<Ledger> read_rows(db::Connection& connection) const = 0;
  /// What the table says in a few characters, now or when a step is done.
  virtual std::string state(const Ledger& ledger) const;
  virtual bool is_applied(const Migration& migration, const Ledger& ledger) const {
    return ledger.holds(migration.version);
  }
  /// The ledger as it is after a step.
  virtual void record(const Step& step, Ledger& ledger) const;

  virtual std::vector<std::string> create_sql(const std::string& dialect) const = 0;
  /// Rows that create_sql() puts in.
  virtual std::size_t rows_at_first() const { return 0; }
  virtual HistorySql history_sql(const Step& step, const std::string& dialect) const = 0;
  /// Whether one row stands for all versions up to it.
  virtual bool keeps_one_row() const { return false; }

  /// Whether a target below where the database stands makes an upgrade go down.
  virtual bool goes_both_ways() const { return false; }

  /// What keeps a run from starting that this tool would not start either, and what it is well to know.
  virtual Refusal obstacles(const std::vector<Migration>& migrations, const Ledger& ledger,
                            model::Direction direction) const = 0;
  /// A word of Sequence::amend that only this tool has. Error code: no-such-command.
  virtual Result<AmendmentPlan, Refusal> amend(const Amendment& amendment, const Ledger& ledger,
                                               const std::string& dialect) const;
  /// The history table's words for a line of the list.
  virtual std::string pending_word() const { return "Pending"; }
  virtual std::string applied_word() const { return "Applied"; }

  /// Writes the file(s) of a new migration. migrations: all there are.
  virtual Result<std::vector<std::string>, Diagnostic> write(const std::string& name,
                                                             const std::vector<Migration>& migrations) const = 0;
};

/// Migrations that have not run though later ones have.
std::vector<const Migration*> out_of_order(const Tool& tool, const std::vector<Migration>& migrations,
                                           const Ledger& ledger);

}  // namespace bascule::formats::versioned
