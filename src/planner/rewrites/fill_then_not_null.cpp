// UPDATE that fills a column which the same revision makes NOT NULL afterwards.
// Needs: every row is filled (no condition, or that the column is NULL), the column has no default.
// Does: while the old rows are filled, a trigger of ours gives new rows their value too: the release that runs does not
// know the column, and what it inserts would be NULL. When the column is NOT NULL, the trigger goes.
// The same end: the same values; trigger and function are gone. As written, nobody could have inserted meanwhile.
#include "model/lookup.h"
#include "model/sql_words.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

bool not_null_of(const model::Operation& operation, const QualifiedName& table, const Identifier& column) {
  const auto* altered = std::get_if<model::AlterColumn>(&operation);
  return altered != nullptr && altered->nullable && !*altered->nullable && altered->column == column &&
         model::same_name(altered->table, table);
}

bool fills(const model::Operation& operation, const QualifiedName& table, const Identifier& column) {
  const auto* update = std::get_if<model::UpdateRows>(&operation);
  if (update == nullptr || !model::same_name(update->statement.table, table)) return false;
  for (const auto& [assigned, value] : update->statement.assignments)
    if (assigned == column) return true;
  return false;
}

/// The piece after which the column is NOT NULL. nullopt: it does not become so.
std::optional<std::size_t> not_null_at(const QualifiedName& table, const Identifier& column, const Sight& sight) {
  for (std::size_t i = sight.piece + 1; i < sight.pieces.size(); ++i)
    for (const model::Operation& operation : sight.pieces[i].operations)
      if (not_null_of(operation, table, column)) return i;
  // Or it was added as NOT NULL, which waits for the last of what fills it (add_column).
  for (std::size_t i = 0; i < sight.piece; ++i)
    for (const model::Operation& operation : sight.pieces[i].operations) {
      const auto* added = std::get_if<model::AddColumn>(&operation);
      if (added == nullptr || added->column.nullable || added->column.name != column) continue;
      if (!model::same_name(added->table, table)) continue;
      std::size_t last = sight.piece;
      for (std::size_t k = sight.piece; k < sight.pieces.size(); ++k)
        for (const model::Operation& later : sight.pieces[k].operations)
          if (fills(later, table, column)) last = k;
      return last;
    }
  return std::nullopt;
}

bool of_every_row(const model::UpdateStatement& update, const Identifier& column) {
  if (!update.where) return true;
  const auto* text = std::get_if<model::TextExpr>(&*update.where);
  if (text == nullptr) return false;
  const auto words = model::sql_words(text->sql);
  return words.size() == 3 && words[0].text == column.text() && words[1].is_word("is") && words[2].is_word("null");
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* update = std::get_if<model::UpdateRows>(&operation);
  if (update == nullptr) return std::nullopt;
  const QualifiedName& name = update->statement.table;
  const model::Table* table = sight.old_table(name);
  if (table == nullptr) return std::nullopt;
  Drafts make;
  Drafts drop;
  for (const auto& [assigned, value] : update->statement.assignments) {
    const model::Column* column = model::find_column(*table, assigned);
    if (column == nullptr || !column->nullable || column->server_default || column->identity) continue;
    const auto until = not_null_at(name, assigned, sight);
    const auto spelled = sight.dialect.expression(value);
    if (!until || !spelled || !of_every_row(update->statement, assigned)) continue;
    const dialects::OnlineDialect::Filler filler = sight.online.filler(*table, assigned, *spelled, sight.server);
    // It is there already: this is the update itself, looked at again.
    for (const model::SchemaObject& object : sight.before.objects)
      if (object.name.name == filler.trigger && model::same_name(object.on_table, name)) return std::nullopt;
    const auto add = [&](const std::vector<std::string>& statements, Drafts& drafts, const char* reason) {
      for (const std::string& sql : statements) {
        const dialects::Understood understood = sight.dialect.understand(sql);
        if (understood.operations.size() != 1) continue;
        drafts.push_back({.operation = understood.operations.front(), .sql = sql, .reason = reason, .settled = true});
      }
    };
    add(filler.make, make, "new rows get their value too, as long as the old release inserts them without");
    const std::size_t first = drop.size();
    add(filler.drop, drop, "the column is NOT NULL: who inserts has to give it a value now");
    for (std::size_t i = first; i < drop.size(); ++i) {
      drop[i].last = true;
      drop[i].until = *until;
    }
  }
  if (make.empty()) return std::nullopt;
  make.push_back({.operation = operation, .sql = sight.sql});
  for (Draft& one : drop) make.push_back(std::move(one));
  return make;
}

}  // namespace

const Rewrite fill_then_not_null = {
    .id = "fill_then_not_null",
    .naive = "`UPDATE` of every row that fills a column, and the column `NOT NULL` after it",
    .online =
        "the same, and a trigger gives rows that come meanwhile their value; it is dropped when the column is `NOT "
        "NULL`",
    .needs = "a column without a default",
    .same = "the same values; trigger and function are gone",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
