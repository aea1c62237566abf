// What: questions that several rules ask of a statement, and words that several rules use.
// Must not know: single rules.
// Invariants: where the impact is not known, the answer is the one that a careful reader would assume.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "safety/rule.h"
#include "safety/scene.h"

namespace bascule::safety {

/// Locks as they usually are, for statements whose impact is not known.
struct UsualLock {
  std::string_view mode;
  bool reads = false;  ///< it keeps out reads as well as writes
};
inline constexpr UsualLock kAccessExclusive{"ACCESS EXCLUSIVE", true};
inline constexpr UsualLock kShareRowExclusive{"SHARE ROW EXCLUSIVE", false};
inline constexpr UsualLock kShare{"SHARE", false};

/// Whether the statement reads the whole table (or one of its partitions): a scan or an index that is built.
bool reads_whole(const StatementContext& context, const QualifiedName& table);
/// Whether the table (or one of its partitions) is read whole, be it for an index or not.
bool scans_part_of(const StatementContext& context, const QualifiedName& table);
/// Whether the statement writes the table (or one of its partitions) anew.
bool writes_anew(const StatementContext& context, const QualifiedName& table);
/// Whether the statement's lock on the table keeps out reads or writes.
bool keeps_out(const StatementContext& context, const QualifiedName& table);
/// "reads of and writes to orders", "writes to orders".
std::string stopped(const StatementContext& context, const QualifiedName& table, UsualLock usual);
/// "it holds ACCESS EXCLUSIVE on orders".
std::string holds(const StatementContext& context, const QualifiedName& table, UsualLock usual);
/// Locks on tables and materialized views in use that keep out reads or writes.
std::vector<const plan::LockUse*> hard_locks(const StatementContext& context);
/// Whether `table` is `ancestor`, or a partition or child of it, at any depth.
bool is_part_of(const model::Schema& schema, const QualifiedName& table, const QualifiedName& ancestor);
/// The statement that is looked at runs on the way down.
inline bool on_way_down(const StatementContext& context) {
  return context.statement.direction == model::Direction::kDowngrade;
}
/// Known to be small, by live facts.
bool is_small(const Chain& chain, const QualifiedName& table);

/// The first column of the table that is of this type (an enum, a domain), or of an array of it; null: it has none.
const Identifier* column_of(const model::Table& table, const QualifiedName& type);
/// Tables in use that have a column of this type (an enum, a domain), or of an array of it.
std::vector<const model::Table*> users_of_type(const StatementContext& context, const QualifiedName& type);
/// A partition of the table, for an example; "each_partition" where none is known.
std::string a_partition(const Chain& chain, const model::Schema& schema, const QualifiedName& whole);
/// The default partition of the table; null: it has none.
const model::Table* default_partition(const model::Schema& schema, const QualifiedName& whole);
/// The table that an index is on; null: not known.
const model::Table* table_of_index(const model::Schema& schema, const QualifiedName& index);
/// The columns, where an index has nothing but columns in any order; nullopt: it has expressions.
std::optional<std::vector<Identifier>> plain_columns(const model::Index& index);
/// The index holds some rows only.
bool is_partial(const model::Index& index);
/// A B-tree, which every other index is compared with.
bool is_btree(const model::Index& index);
/// Whether the column is one that the statement's own migration adds without a value, and that nothing wrote to so far.
bool never_filled(const Chain& chain, const StatementView& until, const QualifiedName& table, const Identifier& column);

/// "a, b and c".
std::string enumeration(const std::vector<std::string>& words);
/// As SQL, or as Alembic, spells names in the project's files: quoted where SQL needs it.
std::string spelled(const Chain& chain, const Identifier& name);
std::string spelled(const Chain& chain, const QualifiedName& name);
/// "user_id, kind" in SQL; "'user_id', 'kind'" for a list in Python, in a project of Alembic's.
std::string spelled(const Chain& chain, const std::vector<Identifier>& names);
/// "user_id, kind", quoted where SQL needs it, in any project.
std::string spelled_sql(const Chain& chain, const std::vector<Identifier>& names);
/// An expression in SQL; "..." where it cannot be spelled.
std::string spelled(const Chain& chain, const model::Expression& expression);
/// What a rule's safe way calls {table}, and other names besides it; those that are not known stand as "...".
Names named(const Chain& chain, const QualifiedName& table, Names others = {});
/// The name, or what PostgreSQL would call it: "orders_user_id_fkey".
std::string name_or(const Chain& chain, const Identifier& name, const QualifiedName& table,
                    const std::vector<Identifier>& columns, std::string_view suffix);
/// "DROP COLUMN", "DROP TABLE", "ATTACH PARTITION": what the statement does, in SQL's words.
std::string deed(const StatementView& statement);
/// The help of a finding, where another way than the rule's own is the safe one.
/// @param alembic empty: sql in op.execute.
std::string other_way(const Chain& chain, const Rule& rule, const Names& names, std::string_view sql,
                      std::string_view alembic = {});

/// A finding of a rule that looks at whole revisions or at the chain, at one of its statements.
Finding finding_at(const Chain& chain, const StatementView& statement, const QualifiedName& table, std::string message,
                   std::string why);

}  // namespace bascule::safety
