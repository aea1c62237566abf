#include "planner/rewrites/rewrite.h"

#include "base/text.h"
#include "model/apply.h"
#include "model/lookup.h"
#include "planner/rewrites/list.h"

namespace bascule::planner {

model::AlterColumn alter(const QualifiedName& table, const Identifier& column) {
  model::AlterColumn made;
  made.table = table;
  made.column = column;
  return made;
}

std::string sql_text(std::string_view text) { return "'" + replace_all(text, "'", "''") + "'"; }

const model::Table* Sight::old_table(const QualifiedName& name) const {
  return fresh.has(name) ? nullptr : model::find_table(before, name);
}

model::Schema Sight::after(const model::Operation& operation) const {
  model::Schema schema = before;
  advance(schema, {operation}, dialect);
  return schema;
}

Identifier Sight::name_given(const model::AddConstraint& added) const {
  if (const Identifier& name = model::constraint_name(added.constraint); !name.empty()) return name;
  const model::Schema schema = after(added);
  const model::Table* table = model::find_table(schema, added.table);
  return table == nullptr || table->constraints.empty() ? Identifier()
                                                        : model::constraint_name(table->constraints.back());
}

Identifier Sight::name_given(const model::CreateIndex& made) const {
  if (!made.index.name.empty()) return made.index.name;
  const model::Schema schema = after(made);
  const model::Table* table = model::find_table(schema, made.table);
  return table == nullptr || table->indexes.empty() ? Identifier() : table->indexes.back().name;
}

std::optional<std::size_t> filled_later(const model::AddColumn& added, const std::vector<Piece>& pieces,
                                        std::size_t piece) {
  std::optional<std::size_t> last;
  for (std::size_t i = piece + 1; i < pieces.size(); ++i)
    for (const model::Operation& operation : pieces[i].operations) {
      const auto* update = std::get_if<model::UpdateRows>(&operation);
      if (update == nullptr || !model::same_name(update->statement.table, added.table)) continue;
      for (const auto& [column, value] : update->statement.assignments)
        if (column == added.column.name) last = i;
    }
  return last;
}

const std::vector<const Rewrite*>& all_rewrites() {
#define BASCULE_REWRITE(name) &rewrites::name,
  static const std::vector<const Rewrite*> kAll = {BASCULE_REWRITES(BASCULE_REWRITE)};
#undef BASCULE_REWRITE
  return kAll;
}

}  // namespace bascule::planner
