// Statements that change rows: those that the model's plain INSERT, UPDATE and DELETE can say.
#include "dialects/postgres/understand.h"

namespace bascule::dialects::postgres {

/// A table by its name alone: no alias, no ONLY.
bool Understanding::plain_target(Node node) { return node["inh"].flag() && !node["alias"]; }

void Understanding::insert(Node node) {
  const Node columns = node["cols"];
  const Node query = node["selectStmt"]["SelectStmt"];
  const Node rows = query["valuesLists"];
  const bool plain = plain_target(node["relation"]) && columns && rows && !node["onConflictClause"] &&
                     !node["returningList"] && !node["withClause"] && node["override"].is("OVERRIDING_NOT_SET") &&
                     !query["sortClause"] && !query["limitCount"] && !query["limitOffset"] && !query["withClause"];
  if (!plain) return unsay();
  model::InsertRows made;
  made.statement.table = relation(node["relation"]);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Node column = columns.item(i)["ResTarget"];
    if (column["indirection"]) return unsay();
    made.statement.columns.push_back(identifier(column["name"]));
  }
  const std::size_t last_column = token_at(columns.item(columns.size() - 1)["ResTarget"]);
  std::size_t at = text_.find_symbol({last_column, text_.count()}, ')') + 1;
  if (!text_.word(at++, "VALUES")) return unsay();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<model::Expression> row;
    for (const Range value : text_.split(text_.inside(at))) row.emplace_back(model::TextExpr{text_.slice(value)});
    if (row.size() != made.statement.columns.size()) return unsay();
    made.statement.rows.push_back(std::move(row));
    at = text_.after(at) + 1;  // the comma
  }
  say(std::move(made));
}

void Understanding::update(Node node) {
  const Node targets = node["targetList"];
  if (!plain_target(node["relation"]) || node["fromClause"] || node["returningList"] || node["withClause"] ||
      node["whereClause"].tag() == "CurrentOfExpr")
    return unsay();
  model::UpdateRows made;
  made.statement.table = relation(node["relation"]);
  std::size_t set = after_name(node["relation"]);
  if (!text_.word(set++, "SET")) return unsay();
  const std::size_t where = node["whereClause"] ? text_.find_word({set, text_.count()}, "WHERE") : text_.count();
  const auto written = text_.split({set, where});
  if (written.size() != targets.size()) return unsay();
  for (std::size_t i = 0; i < written.size(); ++i) {
    const Node target = targets.item(i)["ResTarget"];
    // column = expression; (a, b) = (...) and column.field = ... are more than the model says.
    if (target["indirection"] || target["val"].tag() == "MultiAssignRef" || !text_.symbol(written[i].begin + 1, '='))
      return unsay();
    made.statement.assignments.emplace_back(identifier(target["name"]),
                                            model::TextExpr{text_.slice({written[i].begin + 2, written[i].end})});
  }
  if (where < text_.count()) made.statement.where = model::TextExpr{text_.slice({where + 1, text_.count()})};
  say(std::move(made));
}

void Understanding::remove(Node node) {
  if (!plain_target(node["relation"]) || node["usingClause"] || node["returningList"] || node["withClause"] ||
      node["whereClause"].tag() == "CurrentOfExpr")
    return unsay();
  model::DeleteRows made;
  made.statement.table = relation(node["relation"]);
  if (node["whereClause"]) {
    const std::size_t where = text_.find_word(whole(), "WHERE");
    made.statement.where = model::TextExpr{text_.slice({where + 1, text_.count()})};
  }
  say(std::move(made));
}

void Understanding::truncate(Node node) {
  model::TruncateTables made;
  const Node tables = node["relations"];
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (!plain_target(tables.item(i)["RangeVar"])) return unsay();
    made.tables.push_back(relation(tables.item(i)["RangeVar"]));
  }
  made.restart_identity = node["restart_seqs"].flag();
  made.cascade = node["behavior"].is("DROP_CASCADE");
  say(std::move(made));
}

}  // namespace bascule::dialects::postgres
