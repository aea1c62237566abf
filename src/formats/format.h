// What: what a project format's folder offers: a project that was found, its revisions, their operations, its history.
// Must not know: drivers, dialects' spelling, the run loop.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "graph/revision.h"
#include "history/history_store.h"
#include "model/authored.h"
#include "model/direction.h"

namespace bascule::formats {

class LiveDatabase;

/// Where a revision first needs rows of the database, and for what.
struct RowsNeeded {
  Location location;
  std::string what;  ///< "the result of connection.execute"
};

/// For whom a revision is evaluated.
struct EvaluationTarget {
  std::string dialect;   ///< "postgresql", "sqlite"
  bool offline = false;  ///< --sql: get_context().as_sql is true, existence is not looked up
  /// The database, when the revision is being run as it is evaluated; null: its operations are collected.
  LiveDatabase* live = nullptr;
};

/// What a revision does in one direction; operations are complete only when diagnostics has no errors, and with
/// needs_rows only as far as that place: what follows is known when the revision runs.
struct Evaluation {
  std::vector<model::AuthoredOperation> operations;
  std::optional<RowsNeeded> needs_rows = {};
  bool unwritten = false;  ///< the author wrote nothing for this direction: the reverse may be derived
  Diagnostics diagnostics;
};

/// A new revision file to be written.
struct NewRevision {
  std::string id, message, create_date;
  std::vector<std::string> down_revisions, branch_labels, depends_on;
  std::optional<std::string> version_path;
  std::string parent_path;  ///< the first parent's file; empty: it has none
  bool sql_file = false;    ///< bodies that run <id>.up.sql / .down.sql beside the file
};

/// Settings that the project itself holds, as far as they are literal.
struct ProjectSettings {
  std::optional<std::string> url;         ///< from bascule.toml, else alembic.ini
  std::string url_source;                 ///< the file it came from
  std::optional<std::string> dialect;     ///< which database the project says it is for, besides any URL
  bool transaction_per_migration = true;  ///< false: one transaction for the run
  std::vector<std::string> schemas;       ///< that are the project's own (clean); empty: the default one
  std::optional<bool> clean_allowed;      ///< what the settings say of `clean`; nullopt: nothing
  std::vector<std::string> hand_over;     ///< words that start the project's own tool; empty: none is to be used
  std::chrono::milliseconds hand_over_timeout{600'000};
  std::optional<std::string> timezone;  ///< of the dates in new files; nullopt: local time
};

class Sequence;

/// A project on disk. Reading it runs nothing of it.
class Project {
 public:
  virtual ~Project() = default;
  /// "alembic".
  virtual std::string format() const = 0;
  /// The folder or file that made us believe so, for messages.
  virtual std::string place() const = 0;
  virtual const ProjectSettings& settings() const = 0;
  /// Reads only what the graph needs. Problems of single files are in diagnostics; the others are still there.
  virtual std::vector<graph::Revision> read_revisions(Diagnostics& diagnostics) = 0;
  /// Says for which revisions evaluate() will be called, in that order, so that a project may read ahead. Nobody need
  /// say so, nor keep to it.
  virtual void expect(const std::vector<const graph::Revision*>& /*path*/) {}
  virtual Evaluation evaluate(const graph::Revision& revision, model::Direction direction,
                              const EvaluationTarget& target) = 0;
  /// The table of heads; null for formats that have a sequence().
  virtual std::unique_ptr<history::HistoryStore> history_store() const = 0;
  /// For formats that keep a list of what has run; null for those that keep heads. Owned by the project.
  virtual Sequence* sequence() { return nullptr; }
  /// Writes the file(s) of a new revision; the paths written, main file first.
  virtual Result<std::vector<std::string>, Diagnostic> write_revision(const NewRevision& revision) = 0;
};

}  // namespace bascule::formats
