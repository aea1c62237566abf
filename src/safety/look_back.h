// What: questions about what came before a statement: locks that its transaction still holds, settings in force, rows
// that were moved.
// Must not know: single rules.
// Invariants: only statements of the same revision and direction count: what lies before it has been deployed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/lookup.h"
#include "safety/rule.h"
#include "safety/scene.h"
#include "safety/statement_words.h"

namespace bascule::safety {

/// A change inside the statement, with its table: what stands in a rebuild (BatchAlter) is found too.
template <class T>
struct Change {
  const T* operation;
  const QualifiedName* table;
};
template <class T>
std::vector<Change<T>> changes(const StatementContext& context) {
  std::vector<Change<T>> found;
  for (const model::Operation& one : context.statement.meaning.operations) {
    if (const auto* it = std::get_if<T>(&one)) {
      found.push_back({it, &it->table});
      continue;
    }
    const auto* batch = std::get_if<model::BatchAlter>(&one);
    if (batch == nullptr) continue;
    for (const model::BatchItem& item : batch->items)
      if (const auto* it = std::get_if<T>(&item)) found.push_back({it, &batch->table});
  }
  return found;
}

/// A column that the statement makes.
struct NewColumn {
  const QualifiedName* table;
  const model::Column* column;
};
std::vector<NewColumn> new_columns(const StatementContext& context);

/// The statements of the same revision that run before this one, in order.
std::vector<const StatementView*> earlier_in_revision(const StatementContext& context);

/// A lock on a table in use that an earlier statement took and that is still held.
struct Held {
  const StatementView* by;
  const plan::LockUse* lock;
};
/// Those that keep reads or writes waiting, in the order in which they were taken; of tables that are still there.
std::vector<Held> held_locks(const StatementContext& context);
/// The one that keeps out readers of this table; nullopt: readers are let through so far.
std::optional<Held> held_exclusively(const StatementContext& context, const QualifiedName& table);

/// Whether two statements of one direction are deployed together: in one revision, or in one run of several.
bool deployed_together(const Chain& chain, const StatementView& one, const StatementView& other);
/// Whether an earlier statement of the same deployment adds the column: the release that is running does not know it.
bool is_new_column(const StatementContext& context, const QualifiedName& table, const Identifier& column);

/// Whether an earlier statement of the revision takes a lock on a table in use that keeps reads or writes waiting.
bool waited_before(const StatementContext& context);

/// What an earlier statement has set; nullopt: nothing that still holds.
std::optional<SettingChange> setting_in_force(const StatementContext& context, std::string_view name);

/// BEGIN, COMMIT or ROLLBACK. nullopt: it is none of them.
std::optional<TransactionCommand> transaction_command(const StatementView& statement);
/// The change of rows that the statement is. nullopt: it is none.
std::optional<RowChange> row_change(const StatementView& statement);
/// {column} of a rule's safe way: the first one that an UPDATE writes.
Names assigned_column(const Chain& chain, const RowChange& change);
/// Whether the WHERE of an UPDATE or DELETE picks rows by a key of the table: a few, or a batch.
bool picks_by_key(const RowChange& change, const model::Schema& schema);
/// Whether an UPDATE or DELETE surely touches every row: no WHERE, one that is always true, or "column IS NULL" for a
/// column that this migration has added without a value and that nothing has filled since.
bool touches_every_row(const StatementContext& context, const RowChange& change);
/// Whether the statement may touch many rows of a table in use.
bool moves_rows(const StatementContext& context, const RowChange& change);

/// Whether the statement puts the column's values elsewhere: UPDATE ... SET other = f(column), INSERT ... SELECT
/// column.
bool reads_column(const StatementView& statement, const QualifiedName& table, const Identifier& column);

/// "line 12", or what the statement does where it has no line: to point at another statement.
std::string place_of(const StatementView& statement);
/// The type as the database writes it, in lower case; empty where it cannot be told.
std::string type_text(const Chain& chain, const model::Type& type);

}  // namespace bascule::safety
