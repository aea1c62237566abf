// What: what rules look at: the statements of a chain of migrations as they will run, each with its meaning, its impact
// and the schema that it finds.
// Must not know: single rules, formats' files beyond places in them, connections.
// Invariants: statements are in the order in which they run. A rule sees the schema before "its" statement; what lies
// behind it in the chain is seen by on_revision and on_chain rules only.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "dialects/dialect.h"
#include "dialects/server.h"
#include "dialects/understood.h"
#include "model/direction.h"
#include "model/operation.h"
#include "model/schema.h"
#include "plan/impact.h"
#include "plan/live_facts.h"
#include "safety/finding.h"

namespace bascule::safety {

/// How examples are spelled: as the project's own files are.
enum class Spelling : std::uint8_t { kSql, kAlembic };

/// One statement as it will run.
struct StatementView {
  std::string sql;
  Location location;             ///< of the statement, or of the call that makes it
  std::string_view operation;    ///< operation_name() of what the author wrote: "add_column", "raw_sql"
  bool authored_sql = false;     ///< the author wrote the SQL, not a call
  dialects::Understood meaning;  ///< operations: what it does, in the model's words
  plan::Impact impact;
  std::size_t revision = 0;     ///< index into Chain::revisions
  std::size_t transaction = 0;  ///< statements with the same number run in one; 0: it runs alone
  model::Direction direction = model::Direction::kUpgrade;
};

/// One migration. upgrade, downgrade: [begin, end) in Chain::statements; downgrade's are there for selected ones only.
struct RevisionView {
  std::string id, message, path, description;  ///< description: docstring or comment at the top, without the message
  Location location;
  bool selected = false;           ///< it is to be looked at; the others were replayed for their schema
  bool has_upgrade = true;         ///< there is a way up, and it does something
  bool downgrade_written = false;  ///< its author wrote a way down (empty or not)
  bool downgrade_possible = true;  ///< the format has ways down
  bool downgrade_known = true;     ///< evaluated without rows of a database, and without problems
  std::size_t upgrade_begin = 0, upgrade_end = 0;
  std::size_t downgrade_begin = 0, downgrade_end = 0;
  /// Way up, then way down: what the schema lacks or has too much afterwards ("column users.nick"). nullopt: not known.
  std::optional<std::vector<std::string>> left_over;
  std::set<std::string> python_defaults;  ///< "table.column": Column(default=...) that DDL ignores
};

/// The whole of what was read. schema_end: after the last way up.
struct Chain {
  const dialects::Dialect* dialect = nullptr;
  dialects::Server server;
  Spelling spelling = Spelling::kSql;
  std::vector<RevisionView> revisions;
  std::vector<StatementView> statements;
  model::Schema schema_end;
  /// Rows of the database that it will run on; null: there is none to ask.
  const plan::LiveFacts* live = nullptr;
  /// A table smaller than this is nobody's problem, when live facts say so.
  std::int64_t small_table_bytes = 10 * 1024 * 1024;
  bool schema_was_read = false;   ///< the chain begins with the schema of a database
  bool one_deploy = false;        ///< the selected revisions run together; else each is judged as if it ran alone
  bool lock_timeout_set = false;  ///< whoever runs this bounds waits for locks by itself
};

/// A statement on the way up (or down) of a selected revision, with what it finds.
struct StatementContext {
  const Chain& chain;  ///< statements up to and including this one
  const RevisionView& revision;
  const StatementView& statement;
  const model::Schema& before;
  /// Tables (name_key) made by a revision of the same run, or in the same file: nobody uses them yet.
  const std::set<std::string>& new_tables;

  bool is_new(const QualifiedName& table) const;
  /// Known to be small, by live facts.
  bool is_small(const QualifiedName& table) const;
  /// is_new or is_small: no reason to bother anybody.
  bool harmless(const QualifiedName& table) const { return is_new(table) || is_small(table); }
  /// Earlier statements of the same transaction, in order.
  std::vector<const StatementView*> earlier_in_transaction() const;
  /// The operations of this kind in the statement.
  template <class T>
  std::vector<const T*> all() const {
    std::vector<const T*> found;
    for (const model::Operation& one : statement.meaning.operations)
      if (const auto* it = std::get_if<T>(&one)) found.push_back(it);
    return found;
  }
};
/// A selected revision, when both of its ways were read. before: the schema that its way up finds; asking for it the
/// first time costs something.
struct RevisionContext {
  const Chain& chain;
  const RevisionView& revision;
  std::function<const model::Schema&()> before;
  const model::Schema& after;
  const std::set<std::string>& new_tables;
};
/// The end of the chain.
struct ChainContext {
  const Chain& chain;
};

}  // namespace bascule::safety
