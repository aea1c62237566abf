// What: what one statement does to a live database while it runs: whom it locks out, what it reads and writes whole.
// Data only; every rule, report, plan and timeout reads it, and only a dialect's locks/ makes it.
// Must not know: how it was found out, what is bad about it.
// Invariants: one LockUse a relation, the strongest one. Relations that the statement itself makes are in `creates`
// only: nobody else can wait for them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.h"

namespace bascule::plan {

enum class RelationKind : std::uint8_t { kTable, kIndex, kSequence, kView, kMaterializedView, kDatabase };

/// "table", "materialized view".
std::string_view noun(RelationKind kind);

/// Whom a lock keeps out, once it is held.
struct Blocks {
  bool reads = false;          ///< SELECT
  bool locking_reads = false;  ///< SELECT ... FOR UPDATE
  bool writes = false;         ///< INSERT, UPDATE, DELETE
  bool maintenance = false;    ///< vacuum, analyze, other schema changes of its kind
  bool operator==(const Blocks&) const = default;
};

struct LockUse {
  QualifiedName relation;
  RelationKind kind = RelationKind::kTable;
  std::string mode;  ///< the database's own name: "ACCESS EXCLUSIVE", "SHARE"; SQLite: "RESERVED", "EXCLUSIVE"
  int strength = 0;  ///< orders the modes of one database
  Blocks blocks;
  QualifiedName of_table;  ///< of an index or an owned sequence; empty: not known, or the relation is a table
  std::string why;         ///< "the table that the foreign key refers to"; empty: it is what the statement is about
  bool operator==(const LockUse&) const = default;
};

/// A relation that is read or written whole.
struct Work {
  QualifiedName relation;
  RelationKind kind = RelationKind::kTable;
  std::string why;  ///< "to check that no row breaks it"
  bool operator==(const Work&) const = default;
};

/// Whether a statement may run inside a transaction.
enum class TransactionNeed : std::uint8_t { kAny, kForbidden };

struct Impact {
  /// False: the statement could not be read, or what it does is hidden (DO, CALL); what is said is then the least.
  bool known = true;
  std::vector<LockUse> locks;          ///< the order in which they are taken, as far as it is known
  std::vector<Work> rewrites;          ///< tables and indexes whose files are written anew
  std::vector<Work> scans;             ///< tables that are read whole
  std::vector<Work> index_builds;      ///< indexes built over rows that are there
  std::vector<QualifiedName> creates;  ///< relations that did not exist before
  TransactionNeed transaction = TransactionNeed::kAny;
  /// It waits for every transaction that is older than itself (CREATE INDEX CONCURRENTLY and its like), without
  /// keeping anybody out meanwhile.
  bool waits_for_transactions = false;
  bool concurrent = false;               ///< it runs in several transactions of its own and lets writes pass
  std::string algorithm = {};            ///< MariaDB: "INSTANT", "NOCOPY", "INPLACE" or "COPY"; empty: it has none
  std::vector<std::string> causes;       ///< in words: "the default is volatile: every row gets a value of its own"
  std::vector<std::string> assumptions;  ///< what was not known and how it was taken: "column total: taken as nullable"
  std::string refused;                   ///< why the server will not do it; empty: it will, as far as we can tell
  bool operator==(const Impact&) const = default;
};

/// The lock on this relation; null if there is none.
const LockUse* find_lock(const Impact& impact, const QualifiedName& relation);
/// The strongest lock on a table, view or materialized view; null if there is none.
const LockUse* strongest_lock(const Impact& impact);
bool rewrites(const Impact& impact, const QualifiedName& relation);
bool scans(const Impact& impact, const QualifiedName& relation);

}  // namespace bascule::plan
