// What: what a format offers that keeps a list of what has run (Flyway, Prisma, dbmate, goose, golang-migrate) rather
// than Alembic's heads: its list beside the files, what is wrong between the two, and the course to a goal.
// Must not know: drivers, dialects' spelling, the run loop.
// Invariants: nothing here changes a database; what is to be changed is handed out as SQL.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "db/connection.h"
#include "formats/format.h"
#include "graph/revision.h"
#include "history/entry.h"
#include "model/authored.h"
#include "model/direction.h"
#include "plan/plan.h"

namespace bascule::formats {

using history::Entry;
using history::EntryState;

/// Where a run is to end. target: "head", "base", a version or name as the format writes them, "+2", "-1".
struct Goal {
  model::Direction direction = model::Direction::kUpgrade;
  std::string target = "head";
  bool allow_data_loss = false;  ///< derived ways down may destroy data
  /// Upwards: this migration and no other, whatever else is pending (it has just been taken back).
  std::optional<std::string> only = {};
};

/// What is in the way, by where it is to be put right.
struct Refusal {
  Diagnostics project;   ///< files or settings are unsound
  Diagnostics goal;      ///< what was asked for is not there, or makes no sense
  Diagnostics database;  ///< what the database says of its past

  bool has_errors() const { return project.has_errors() || goal.has_errors() || database.has_errors(); }
  Diagnostics all() const;
  void append(Refusal other);

  static Refusal of_project(Diagnostic why);
  static Refusal of_project(Diagnostics why);
  static Refusal of_goal(Diagnostic why);
  static Refusal of_database(Diagnostic why);
};

/// One thing to run, in order.
struct Move {
  std::string id;  ///< version or name, for progress and messages
  std::string description;
  std::string path;
  model::Direction direction = model::Direction::kUpgrade;
  std::vector<model::AuthoredOperation> operations;
  /// There is no file for the way down: the reverse of the operations of revision `id` is to be derived.
  bool derive_reverse = false;
  bool auxiliary = false;                 ///< no migration: the history table being made, a callback
  std::string state_before, state_after;  ///< what history_state() says before and after, when nobody else runs
  std::vector<std::string> history, history_before, history_after;  ///< see plan::RevisionPlan
  std::vector<plan::FailureNote> on_failure;
};

/// preparation: statements that make the history table (and what it needs), in a transaction before the first move.
struct Course {
  std::vector<std::string> preparation;
  std::vector<Move> moves;
};

/// A change of the history table alone, in the format's word: "baseline", "repair", "resolve", "stamp", "force".
struct Amendment {
  std::string what;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> options;
};
/// sql runs in one transaction. done: one line for each thing that was put right, for the user.
struct AmendmentPlan {
  std::vector<std::string> sql;
  std::vector<std::string> done;
};

/// A name as the graph takes it: there, some signs have a meaning in targets ("ae10+2").
std::string graph_id(std::string name);
/// A revision behind the last one, in a project whose order is a list. file: null where it cannot be read.
void append_to_chain(std::vector<graph::Revision>& chain, std::string id, std::string message, const std::string& path,
                     const SourceFilePtr& file);

/// A project's list, beside a database's. Made by Project::sequence(); read() comes first.
class Sequence {
 public:
  virtual ~Sequence() = default;
  /// Reads the history table (null: as if it were not there). May be called again, to look anew.
  virtual db::DbResult<void> read(db::Connection* connection) = 0;
  /// What the history table says in a few characters: two equal texts, nobody has run anything in between.
  virtual db::DbResult<std::string> history_state(db::Connection& connection) const = 0;
  virtual bool table_exists() const = 0;
  virtual std::string table_name() const = 0;
  /// Where the database stands, for messages: a version or a name; empty: nothing has run.
  virtual std::string standing() const = 0;
  /// The list, in the order in which the format shows it.
  virtual std::vector<Entry> entries() const = 0;
  /// What keeps a run from starting: a changed file, a failed migration, one that is missing ... (the format's
  /// `validate`).
  virtual Refusal problems() const = 0;
  /// What the user has to do about a migration that was left half done before anything runs again; empty: there is
  /// none.
  virtual std::string to_settle() const = 0;
  /// What to run to get there. Fails with problems() where the format would refuse, or with what is wrong with the
  /// goal.
  virtual Result<Course, Refusal> chart(const Goal& goal, const EvaluationTarget& target) = 0;
  /// Errors: no-such-command for a word that the format does not have; what stands in the way.
  virtual Result<AmendmentPlan, Refusal> amend(const Amendment& amendment, const EvaluationTarget& target) = 0;
};

}  // namespace bascule::formats
