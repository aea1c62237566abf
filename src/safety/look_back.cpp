#include "safety/look_back.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/core.h>

#include "base/text.h"
#include "safety/look.h"

namespace bascule::safety {

namespace {

/// Kinds of statements that may set something.
bool may_set(const StatementView& statement) {
  const std::string& kind = statement.meaning.statement_kind;
  return kind.empty() || kind == "set" || kind == "variable set" || kind == "select" || kind == "pragma";
}

}  // namespace

std::vector<NewColumn> new_columns(const StatementContext& context) {
  std::vector<NewColumn> found;
  for (const auto* create : context.all<model::CreateTable>())
    for (const model::Column& column : create->table.columns) found.push_back({&create->table.name, &column});
  for (const auto& [add, table] : changes<model::AddColumn>(context)) found.push_back({table, &add->column});
  return found;
}

std::vector<const StatementView*> earlier_in_revision(const StatementContext& context) {
  const RevisionView& revision = context.chain.revisions[context.statement.revision];
  const bool up = context.statement.direction == model::Direction::kUpgrade;
  std::vector<const StatementView*> earlier;
  const auto& all = context.chain.statements;
  for (std::size_t i = up ? revision.upgrade_begin : revision.downgrade_begin; i < all.size(); ++i) {
    if (&all[i] == &context.statement) break;
    earlier.push_back(&all[i]);
  }
  return earlier;
}

std::vector<Held> held_locks(const StatementContext& context) {
  std::vector<Held> held;
  if (context.statement.transaction == 0) return held;
  for (const StatementView* earlier : earlier_in_revision(context)) {
    if (earlier->transaction != context.statement.transaction) continue;
    for (const plan::LockUse& lock : earlier->impact.locks) {
      const bool table = lock.kind == plan::RelationKind::kTable || lock.kind == plan::RelationKind::kMaterializedView;
      if (table && (lock.blocks.reads || lock.blocks.writes) && !context.harmless(lock.relation))
        held.push_back({earlier, &lock});
    }
    // Nobody waits for a table that is gone.
    for (const model::Operation& operation : earlier->meaning.operations)
      if (const auto* drop = std::get_if<model::DropTable>(&operation))
        std::erase_if(held, [&](const Held& one) { return model::same_name(one.lock->relation, drop->table); });
  }
  return held;
}

std::optional<Held> held_exclusively(const StatementContext& context, const QualifiedName& table) {
  for (const Held& held : held_locks(context))
    if (held.lock->blocks.reads && model::same_name(held.lock->relation, table)) return held;
  return std::nullopt;
}

bool deployed_together(const Chain& chain, const StatementView& one, const StatementView& other) {
  if (one.direction != other.direction) return false;
  if (one.revision == other.revision) return true;
  return chain.one_deploy && chain.revisions[one.revision].selected && chain.revisions[other.revision].selected;
}

bool is_new_column(const StatementContext& context, const QualifiedName& table, const Identifier& column) {
  for (const StatementView& earlier : context.chain.statements) {
    if (&earlier == &context.statement) break;
    if (!deployed_together(context.chain, earlier, context.statement)) continue;
    for (const model::Operation& operation : earlier.meaning.operations) {
      const auto* add = std::get_if<model::AddColumn>(&operation);
      if (add != nullptr && add->column.name == column && model::same_name(add->table, table)) return true;
    }
  }
  return false;
}

bool waited_before(const StatementContext& context) {
  const auto earlier = earlier_in_revision(context);
  return std::any_of(earlier.begin(), earlier.end(), [&](const StatementView* statement) {
    const auto& locks = statement->impact.locks;
    return std::any_of(locks.begin(), locks.end(), [&](const plan::LockUse& lock) {
      return lock.kind == plan::RelationKind::kTable && (lock.blocks.reads || lock.blocks.writes) &&
             !context.harmless(lock.relation);
    });
  });
}

std::optional<SettingChange> setting_in_force(const StatementContext& context, std::string_view name) {
  std::optional<SettingChange> found;
  std::size_t transaction = 0;
  for (const StatementView* earlier : earlier_in_revision(context)) {
    if (!may_set(*earlier)) continue;
    auto change = setting_change(words_of(earlier->sql));
    if (!change || (change->name != name && change->name != "all")) continue;
    // SET LOCAL outside of a transaction has no effect.
    if (change->local && earlier->transaction == 0) continue;
    transaction = earlier->transaction;
    found = std::move(change);
  }
  if (found && found->local && transaction != context.statement.transaction) found.reset();
  if (found && found->value.empty()) found.reset();
  return found;
}

std::optional<TransactionCommand> transaction_command(const StatementView& statement) {
  static constexpr auto kKinds =
      std::to_array<std::string_view>({"transaction", "begin", "start", "commit", "end", "rollback", "abort", ""});
  if (std::find(kKinds.begin(), kKinds.end(), statement.meaning.statement_kind) == kKinds.end()) return std::nullopt;
  return transaction_command(words_of(statement.sql));
}

std::optional<RowChange> row_change(const StatementView& statement) {
  static constexpr auto kKinds =
      std::to_array<std::string_view>({"insert", "update", "delete", "merge", "copy", "with", "replace", "select", ""});
  if (std::find(kKinds.begin(), kKinds.end(), statement.meaning.statement_kind) == kKinds.end()) return std::nullopt;
  if (statement.meaning.operations.size() == 1) {
    // Long lists of values need no reading.
    const auto* insert = std::get_if<model::InsertRows>(&statement.meaning.operations[0]);
    if (insert != nullptr)
      return RowChange{.kind = RowChange::Kind::kInsert,
                       .table = insert->statement.table,
                       .from_query = insert->statement.query.has_value()};
  }
  // Several rules ask about one statement in a row.
  struct Answer {
    std::string sql;
    std::optional<RowChange> change;
  };
  thread_local Answer last;
  if (last.sql != statement.sql) last = {statement.sql, row_change(words_of(statement.sql))};
  return last.change;
}

Names assigned_column(const Chain& chain, const RowChange& change) {
  return {{"column", change.assignments.empty() ? std::string() : spelled(chain, change.assignments[0].first)}};
}

bool picks_by_key(const RowChange& change, const model::Schema& schema) {
  if (!change.where) return false;
  const model::Table* table = model::find_table(schema, change.table);
  if (table == nullptr) return picks_by(*change.where, Identifier("id"));
  for (const model::Constraint& constraint : table->constraints) {
    const bool key = std::holds_alternative<model::PrimaryKey>(constraint) ||
                     std::holds_alternative<model::UniqueConstraint>(constraint);
    const auto columns = model::constraint_columns(constraint);
    if (key && !columns.empty() && picks_by(*change.where, columns[0])) return true;
  }
  return std::any_of(table->indexes.begin(), table->indexes.end(), [&](const model::Index& index) {
    const auto* column =
        index.unique && !index.elements.empty() ? std::get_if<model::ColumnExpr>(&index.elements[0].sql) : nullptr;
    return column != nullptr && picks_by(*change.where, column->column);
  });
}

bool touches_every_row(const StatementContext& context, const RowChange& change) {
  if (change.kind != RowChange::Kind::kUpdate && change.kind != RowChange::Kind::kDelete) return false;
  if (!change.where || always_true(*change.where)) return true;
  const auto column = only_is_null(*change.where);
  if (!column) return false;
  return never_filled(context.chain, context.statement, change.table, *column);
}

bool moves_rows(const StatementContext& context, const RowChange& change) {
  if (change.kind == RowChange::Kind::kInsert) return change.from_query && !change.bounded_query;
  if (change.kind == RowChange::Kind::kCopy || change.kind == RowChange::Kind::kMerge) return true;
  return !context.harmless(change.table) && !picks_by_key(change, context.before);
}

namespace {

/// Whether the words name the column of this table: not another's, as in other_table.column. A qualifier that is no
/// table of the statement is an alias, of whatever table.
bool names_column(const Words& words, const StatementView& statement, const QualifiedName& table,
                  const Identifier& column) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].is_name() || !iequals_ascii(words[i].text(), column.text())) continue;
    if (i < 2 || !words[i - 1].is('.') || iequals_ascii(words[i - 2].text(), table.name.text())) return true;
    const auto& touches = statement.meaning.touches;
    const bool of_another = std::any_of(touches.begin(), touches.end(), [&](const dialects::Touch& touch) {
      return iequals_ascii(touch.relation.name.text(), words[i - 2].text());
    });
    if (!of_another) return true;
  }
  return false;
}

}  // namespace

bool reads_column(const StatementView& statement, const QualifiedName& table, const Identifier& column) {
  // Asked of every earlier statement for every column that goes: most do not hold the name, and need no reading.
  if (strcasestr(statement.sql.c_str(), column.text().c_str()) == nullptr) return false;
  const auto change = row_change(statement);
  if (!change) return false;
  if (change->kind == RowChange::Kind::kUpdate && model::same_name(change->table, table))
    return std::any_of(change->assignments.begin(), change->assignments.end(), [&](const auto& assignment) {
      return !(assignment.first == column) && names_column(assignment.second, statement, table, column);
    });
  if (!change->from_query && change->kind != RowChange::Kind::kUpdate) return false;
  const Words words = words_of(statement.sql);
  return names(words, table.name) && names_column(words, statement, table, column) &&
         !model::same_name(change->table, table);
}

std::string place_of(const StatementView& statement) {
  if (statement.location.span.begin.known()) return fmt::format("line {}", statement.location.span.begin.line);
  return "an earlier statement";
}

std::string type_text(const Chain& chain, const model::Type& type) {
  if (chain.dialect == nullptr) return {};
  const auto text = chain.dialect->type(type);
  return text ? to_lower_ascii(*text) : std::string();
}

}  // namespace bascule::safety
