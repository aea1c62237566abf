// UPDATE that fills a column which the same revision makes NOT NULL afterwards.
// Needs: every row is filled (no condition, or that the column is NULL), the column has no default, and its value can
// be worked out by whoever inserts (OnlineDialect::fillers decides it). Does: while the old rows are filled, a trigger
// of ours gives new rows their value too: the release that runs does not know the column, and what it inserts would be
// NULL. When the column is NOT NULL, the trigger goes. The same end: the same values; trigger and function are gone. As
// written, nobody could have inserted meanwhile.
#include "planner/rewrites/fill_then_not_null.h"
#include "model/lookup.h"
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

struct Wanted {
  dialects::OnlineDialect::Filler filler;
  std::size_t until = 0;  ///< the piece after which the column is NOT NULL
};

/// The columns that an UPDATE fills and that are NOT NULL later on; none where it is no such statement. The model
/// cannot say all of them (one with an alias): the dialect reads the statement.
std::vector<Wanted> wanted_fillers(const model::Operation& operation, const Sight& sight) {
  std::vector<Wanted> found;
  const bool raw =
      std::holds_alternative<model::RawSql>(operation) && sight.pieces[sight.piece].statement_kind == "update";
  if (!raw && !std::holds_alternative<model::UpdateRows>(operation)) return found;
  for (dialects::OnlineDialect::Filler& filler : sight.online.fillers(sight.sql, sight.before, sight.server)) {
    const model::Table* table = sight.old_table(filler.table);
    const model::Column* column = table == nullptr ? nullptr : model::find_column(*table, filler.column);
    if (column == nullptr || !column->nullable || column->server_default || column->identity) continue;
    if (const auto until = not_null_at(filler.table, filler.column, sight))
      found.push_back({std::move(filler), *until});
  }
  return found;
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  Drafts make;
  Drafts drop;
  for (const auto& [filler, until] : wanted_fillers(operation, sight)) {
    if (!filler.why_not.empty()) continue;
    // It is there already: this is the update itself, looked at again.
    for (const model::SchemaObject& object : sight.before.objects)
      if (object.name.name == filler.trigger && model::same_name(object.on_table, filler.table)) return std::nullopt;
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
      drop[i].until = until;
    }
  }
  if (make.empty()) return std::nullopt;
  make.push_back({.operation = operation, .sql = sight.sql});
  for (Draft& one : drop) make.push_back(std::move(one));
  return make;
}

}  // namespace

std::string not_filled(const model::Operation& operation, const Sight& sight) {
  for (const auto& [filler, until] : wanted_fillers(operation, sight))
    if (!filler.why_not.empty())
      return "rows that come meanwhile have to bring " + filler.column.text() + " themselves: " + filler.why_not;
  return {};
}

const Rewrite fill_then_not_null = {
    .id = "fill_then_not_null",
    .naive = "`UPDATE` of every row that fills a column, and the column `NOT NULL` after it",
    .online =
        "the same, and a trigger gives rows that come meanwhile their value; it is dropped when the column is `NOT "
        "NULL`",
    .needs =
        "a column without a default, and a value of the row's own columns and the server's own functions: the trigger "
        "runs with the rights and the search path of whoever inserts",
    .same = "the same values; trigger and function are gone",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
