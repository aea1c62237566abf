// What: one rule as data: what it catches, why, the safe way, examples, and the function that finds it. Its page in
// docs/rules/ and its test come from this record.
// Must not know: where findings go, suppressions, configuration.
// To add one: rules/<id with underscores>.cpp with one `const Rule kId{...}`, its line in rules/list.h, `make docs`.
// Invariants: everything in a Rule is a constant: a program that lints nothing pays nothing for the rules.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "safety/finding.h"
#include "safety/scene.h"

namespace bascule::safety {

struct Rule;

/// What the rule's texts call {table}, {column} ..., and what stands for them in a finding's help.
using Names = std::map<std::string, std::string>;

/// What rules put their findings into.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  /// A finding's place, revision, statement, level, help, estimate and assumptions are filled in unless they are set;
  /// {table} is known from Finding::table.
  virtual void add(const Rule& rule, Finding finding, const Names& names) = 0;
  /// @param message one sentence without a full stop. @param why the cause, from the impact where it has one.
  void add(const Rule& rule, const QualifiedName& table, std::string message, std::string why,
           const Names& names = {}) {
    Finding finding;
    finding.table = table;
    finding.message = std::move(message);
    finding.why = std::move(why);
    add(rule, std::move(finding), names);
  }
};

/// Migrations in plain SQL, in the order in which they run: each begins with a line "-- migration: NAME"; an optional
/// "-- downgrade" line divides its ways up and down. What stands before the first of these lines is the schema that is
/// there already, and is not looked at. Run on PostgreSQL 15 unless it begins with a line "-- server: 18"; where the
/// rule does not speak of PostgreSQL, on SQLite, else on MariaDB 10.11.
using Example = std::string_view;

/// The databases that a rule speaks of; added together.
inline constexpr unsigned kPostgres = 1;
inline constexpr unsigned kSqlite = 2;
inline constexpr unsigned kMariadb = 4;

enum class Group : std::uint8_t { kIndexes, kConstraints, kColumns, kTables, kTransactions, kData, kDowngrade, kStyle };

struct Rule {
  std::string_view id;  ///< "index-not-concurrent"
  Group group = Group::kTables;
  Level level = Level::kWarning;
  unsigned databases = kPostgres;
  std::string_view title;     ///< "An index is built while writes wait"
  std::string_view catches;   ///< one or two sentences
  std::string_view why;       ///< what happens, measured; versions where it matters
  std::string_view safe_sql;  ///< the safe way; {table}, {column}, {index}, {constraint}, {columns} are replaced
  std::string_view safe_alembic = {};  ///< the same in an Alembic file; empty: safe_sql in op.execute
  Example bad, good;
  void (*on_statement)(const StatementContext&, const Rule&, FindingSink&) = nullptr;
  void (*on_revision)(const RevisionContext&, const Rule&, FindingSink&) = nullptr;
  void (*on_chain)(const ChainContext&, const Rule&, FindingSink&) = nullptr;
};

/// All rules, by id.
const std::vector<const Rule*>& all_rules();
/// null: there is no such rule.
const Rule* find_rule(std::string_view id);

}  // namespace bascule::safety
