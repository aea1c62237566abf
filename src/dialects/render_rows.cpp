// Queries, and the statements that change rows.
#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "dialects/render_common.h"

namespace bascule::dialects {

namespace {

/// Rows in one INSERT: enough to save round trips, few enough to keep a statement readable and its parse tree small.
constexpr std::size_t kRowsPerInsert = 500;

bool holds(const std::vector<model::TableRef>& names, const model::TableRef& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The names by which a FROM item's columns go.
void add_names(const model::FromItem& item, std::vector<model::TableRef>& names) {
  for (const model::FromItem& side : item.joined) add_names(side, names);
  if (item.joined.empty()) names.push_back(model::ref_of(item));
}

/// A name of a table as what it stands for.
model::FromItem resolve(const model::TableRef& name, const std::vector<model::FromItem>& aliases) {
  for (const model::FromItem& alias : aliases) {
    if (model::ref_of(alias) == name) return alias;
  }
  model::FromItem table;
  table.table = name.name;
  return table;
}

/// What a query reads: what it says, then what its expressions name besides, without what the statement around it reads
/// already. As SQLAlchemy does, a query that reads one table only keeps it.
std::vector<model::FromItem> items_read(const model::SelectExpr& query, const std::vector<model::TableRef>& enclosing) {
  std::vector<model::FromItem> items = query.froms;
  std::vector<model::TableRef> known;
  for (const model::FromItem& item : items) add_names(item, known);
  const auto add = [&](const model::Expression& expression) {
    for (const model::TableRef& name : model::tables_of(expression)) {
      if (holds(known, name)) continue;
      known.push_back(name);
      items.push_back(resolve(name, query.aliases));
    }
  };
  for (const model::SelectColumn& column : query.columns) add(column.expression);
  if (query.where) add(*query.where);
  std::erase_if(items, [&](const model::FromItem& item) {
    return item.joined.empty() && holds(query.correlated, model::ref_of(item));
  });
  if (items.size() > 1) {
    std::erase_if(items, [&](const model::FromItem& item) {
      return item.joined.empty() && holds(enclosing, model::ref_of(item));
    });
  }
  return items;
}

void add_common(const model::FromItem& item, std::vector<model::FromItem>& found) {
  for (const model::FromItem& side : item.joined) add_common(side, found);
  if (!item.common) return;
  const auto same = [&](const model::FromItem& other) { return other.alias == item.alias; };
  if (std::none_of(found.begin(), found.end(), same)) found.push_back(item);
}

}  // namespace

std::string Renderer::columns_of(const std::vector<model::SelectColumn>& columns) {
  std::vector<std::string> parts;
  for (const model::SelectColumn& column : columns) {
    std::string sql = expression(column.expression);
    const auto* plain = std::get_if<model::ColumnExpr>(&column.expression);
    if (!column.label.empty() && (plain == nullptr || plain->column != column.label))
      sql += " AS " + name(column.label);
    parts.push_back(std::move(sql));
  }
  return join(parts, ", ");
}

std::string Renderer::from_item(const model::FromItem& item) {
  if (!item.joined.empty()) {
    // SQLAlchemy puts a join on the right of a join into parentheses.
    const model::FromItem& right = item.joined.back();
    const std::string second = right.joined.empty() ? from_item(right) : "(" + from_item(right) + ")";
    return from_item(item.joined.front()) + " " + item.join + " " + second +
           (item.on ? " ON " + expression(*item.on) : "");
  }
  if (item.common) return name(item.alias);
  std::string sql;
  if (item.query) {
    // A query in FROM sees nothing of what stands beside it.
    const auto outer = std::exchange(enclosing_, {});
    sql = expression(*item.query);
    enclosing_ = outer;
  } else {
    sql = name(item.table);
  }
  return item.alias.empty() ? sql : sql + " AS " + name(item.alias);
}

std::string Renderer::from_list(const std::vector<model::FromItem>& items) {
  std::vector<std::string> parts;
  for (const model::FromItem& item : items) parts.push_back(from_item(item));
  return join(parts, ", ");
}

std::string Renderer::limits(const model::SelectExpr& query) {
  std::string sql;
  if (query.limit) sql += " LIMIT " + expression(*query.limit);
  // SQLite has no OFFSET without a LIMIT.
  if (query.offset && !query.limit && dialect().name() == "sqlite") sql += " LIMIT -1";
  if (query.offset) sql += " OFFSET " + expression(*query.offset);
  return sql;
}

std::string Renderer::common_tables(const model::SelectExpr& query, const std::vector<model::FromItem>& items) {
  std::vector<model::FromItem> common;
  for (const model::FromItem& item : items) add_common(item, common);
  for (const model::FromItem& item : query.aliases) add_common(item, common);
  std::vector<std::string> parts;
  for (const model::FromItem& item : common) {
    const auto outer = std::exchange(enclosing_, {});
    parts.push_back(name(item.alias) + " AS " + expression(*item.query));
    enclosing_ = outer;
  }
  return parts.empty() ? "" : "WITH " + join(parts, ", ") + " ";
}

std::string Renderer::select(const model::SelectExpr& query) {
  const ColumnTables outer_tables = tables_;
  const std::vector<model::TableRef> outer = enclosing_;
  const std::vector<model::FromItem> items = items_read(query, enclosing_);
  for (const model::FromItem& item : items) add_names(item, enclosing_);
  set_column_tables(ColumnTables::kKeep);

  std::string sql = common_tables(query, items);
  if (!query.parts.empty()) {
    std::vector<std::string> parts;
    for (const model::SelectExpr& part : query.parts) {
      const bool nested = !part.order_by.empty() || part.limit || part.offset || !part.parts.empty();
      parts.push_back(nested ? "(" + select(part) + ")" : select(part));
    }
    sql += join(parts, " " + query.set_operator + " ");
  } else {
    sql += "SELECT ";
    if (!query.distinct_on.empty() && dialect().name() == "postgresql") {
      std::vector<std::string> on;
      for (const auto& one : query.distinct_on) on.push_back(expression(one));
      sql += "DISTINCT ON (" + join(on, ", ") + ") ";
    } else if (query.distinct) {
      sql += "DISTINCT ";
    }
    sql += columns_of(query.columns);
    if (!items.empty()) sql += " FROM " + from_list(items);
  }
  if (query.where) sql += " WHERE " + expression(*query.where);
  const auto list = [&](const char* words, const std::vector<model::Expression>& expressions) {
    std::vector<std::string> parts;
    for (const auto& one : expressions) parts.push_back(expression(one));
    if (!parts.empty()) sql += words + join(parts, ", ");
  };
  list(" GROUP BY ", query.group_by);
  if (query.having) sql += " HAVING " + expression(*query.having);
  list(" ORDER BY ", query.order_by);
  sql += limits(query);
  if (!query.lock.empty() && dialect().name() != "sqlite") sql += " " + keyword_phrase(query.lock, "a row lock");

  enclosing_ = outer;
  set_column_tables(outer_tables);
  return sql;
}

std::string Renderer::window(const model::WindowExpr& window) {
  std::string sql = expression(window.function);
  if (window.filter) sql += " FILTER (WHERE " + expression(*window.filter) + ")";
  if (!window.over) return sql;
  std::vector<std::string> clauses;
  const auto list = [&](const std::string& words, const std::vector<model::Expression>& expressions) {
    std::vector<std::string> parts;
    for (const auto& one : expressions) parts.push_back(expression(one));
    if (!parts.empty()) clauses.push_back(words + join(parts, ", "));
  };
  list("PARTITION BY ", window.partition_by);
  list("ORDER BY ", window.order_by);
  return sql + " OVER (" + join(clauses, " ") + ")";
}

std::vector<model::FromItem> Renderer::others(const QualifiedName& target, const std::vector<model::FromItem>& aliases,
                                              const std::vector<const model::Expression*>& expressions) const {
  std::vector<model::FromItem> items;
  std::vector<model::TableRef> known = {model::TableRef{target}};
  for (const model::Expression* expression : expressions) {
    for (const model::TableRef& table : model::tables_of(*expression)) {
      if (holds(known, table)) continue;
      known.push_back(table);
      items.push_back(resolve(table, aliases));
    }
  }
  return items;
}

std::string Renderer::returning_clause(const std::vector<model::SelectColumn>& columns) {
  if (columns.empty()) return {};
  set_column_tables(ColumnTables::kKeep);
  return " RETURNING " + columns_of(columns);
}

std::string Renderer::conflict_clause(const model::OnConflict& conflict) {
  std::string sql = " ON CONFLICT";
  if (!conflict.constraint.empty()) {
    sql += " ON CONSTRAINT " + name(conflict.constraint);
  } else if (!conflict.columns.empty()) {
    std::vector<std::string> columns;
    for (const auto& column : conflict.columns) columns.push_back(expression(column));
    sql += " (" + join(columns, ", ") + ")";
    if (conflict.index_where) sql += " WHERE " + expression(*conflict.index_where);
  }
  if (conflict.assignments.empty()) return sql + " DO NOTHING";
  set_column_tables(ColumnTables::kKeep);
  std::vector<std::string> assignments;
  for (const auto& [column, value] : conflict.assignments)
    assignments.push_back(name(column) + " = " + expression(value));
  sql += " DO UPDATE SET " + join(assignments, ", ");
  if (conflict.where) sql += " WHERE " + expression(*conflict.where);
  set_column_tables(ColumnTables::kOmit);
  return sql;
}

std::vector<std::string> Renderer::insert(const model::InsertStatement& statement) {
  const std::string into = "INSERT INTO " + name(statement.table);
  std::vector<std::string> statements;
  std::string tail;
  if (statement.on_conflict) tail += conflict_clause(*statement.on_conflict);
  tail += returning_clause(statement.returning);
  set_column_tables(ColumnTables::kOmit);
  if (statement.query) {
    // SQLite cannot tell ON CONFLICT from a join's ON unless a WHERE stands between.
    const auto* query = std::get_if<Box<model::SelectExpr>>(&*statement.query);
    BASCULE_CHECK(query != nullptr, "an INSERT takes the rows of a query");
    model::SelectExpr rows = **query;
    if (statement.on_conflict && !rows.where && rows.parts.empty() && dialect().name() == "sqlite")
      rows.where = model::TextExpr{"true"};
    return {into + " (" + names(statement.columns) + ") " + select(rows) + tail};
  }
  if (statement.columns.empty()) {
    for (std::size_t row = 0; row < statement.rows.size(); ++row) statements.push_back(into + " DEFAULT VALUES" + tail);
    return statements;
  }
  const std::string head = into + " (" + names(statement.columns) + ") VALUES ";
  std::string sql;
  for (std::size_t row = 0; row < statement.rows.size(); ++row) {
    BASCULE_CHECK(statement.rows[row].size() == statement.columns.size(), "a row has other columns than its statement");
    if (row % kRowsPerInsert == 0) {
      if (!sql.empty()) statements.push_back(std::move(sql) + tail);
      sql = head;
    } else {
      sql += ", ";
    }
    std::vector<std::string> cells;
    cells.reserve(statement.columns.size());
    for (const auto& cell : statement.rows[row]) cells.push_back(expression(cell));
    sql += "(" + join(cells, ", ") + ")";
  }
  if (!sql.empty()) statements.push_back(std::move(sql) + tail);
  return statements;
}

std::string Renderer::update(const model::UpdateStatement& statement) {
  std::vector<const model::Expression*> expressions;
  for (const auto& [column, value] : statement.assignments) expressions.push_back(&value);
  if (statement.where) expressions.push_back(&*statement.where);
  const std::vector<model::FromItem> read = others(statement.table, statement.aliases, expressions);
  enclosing_ = {model::TableRef{statement.table}};
  for (const model::FromItem& item : read) add_names(item, enclosing_);
  // One table's columns need no table in SET.
  if (!read.empty()) set_column_tables(ColumnTables::kKeep);
  std::vector<std::string> assignments;
  for (const auto& [column, value] : statement.assignments)
    assignments.push_back(name(column) + "=" + expression(value));
  set_column_tables(ColumnTables::kKeep);
  std::string sql = "UPDATE " + name(statement.table) + " SET " + join(assignments, ", ");
  if (!read.empty()) sql += " FROM " + from_list(read);
  if (statement.where) sql += " WHERE " + expression(*statement.where);
  return sql + returning_clause(statement.returning);
}

std::string Renderer::delete_rows(const model::DeleteStatement& statement) {
  std::vector<model::FromItem> read;
  if (statement.where) read = others(statement.table, statement.aliases, {&*statement.where});
  enclosing_ = {model::TableRef{statement.table}};
  for (const model::FromItem& item : read) add_names(item, enclosing_);
  set_column_tables(ColumnTables::kKeep);
  std::string sql = "DELETE FROM " + name(statement.table);
  if (!read.empty()) {
    if (dialect().name() == "sqlite")
      return unsupported("SQLite cannot delete rows of one table by another's columns",
                         "use a subquery: .where(table.c.id.in_(sa.select(other.c.id)))");
    sql += " USING " + from_list(read);
  }
  if (statement.where) sql += " WHERE " + expression(*statement.where);
  return sql + returning_clause(statement.returning);
}

}  // namespace bascule::dialects
