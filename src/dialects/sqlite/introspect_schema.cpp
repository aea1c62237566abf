// A whole SQLite database as a Schema: from the texts that it keeps of its tables, indexes, views and triggers.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "dialects/sqlite/ddl_reader.h"
#include "dialects/sqlite/sqlite.h"
#include "model/lookup.h"

namespace bascule::dialects::sqlite {

namespace {

/// A declared type as it is written, one blank between its words: SQLite keeps any text.
std::string declared_type(std::string_view text) {
  std::string type;
  std::size_t end = 0;
  for (const Token& token : tokenize(text)) {
    if (!type.empty() && token.begin > end) type += ' ';
    type += text.substr(token.begin, token.end - token.begin);
    end = token.end;
  }
  return type;
}

/// What the model has no place for goes along with a key's column: UNIQUE (a COLLATE NOCASE).
void add_suffixes(std::vector<Identifier>& columns, const std::vector<std::string>& suffixes) {
  for (std::size_t i = 0; i < columns.size() && i < suffixes.size(); ++i)
    if (!suffixes[i].empty()) columns[i] = Identifier(sqlite_dialect().quote(columns[i]) + " " + suffixes[i], false);
}

model::Table table_of(const QualifiedName& name, StoredTable stored) {
  model::Table table;
  table.name = name;
  table.sqlite = stored.options;
  for (StoredColumn& column : stored.columns) {
    const auto* raw = std::get_if<model::RawType>(&column.column.type);
    column.column.type = model::NativeType{"sqlite", raw == nullptr ? "" : declared_type(raw->sql), column.collation};
    table.columns.push_back(std::move(column.column));
  }
  for (StoredConstraint& constraint : stored.constraints) {
    if (auto* key = std::get_if<model::PrimaryKey>(&constraint.value)) add_suffixes(key->columns, constraint.suffixes);
    if (auto* unique = std::get_if<model::UniqueConstraint>(&constraint.value))
      add_suffixes(unique->columns, constraint.suffixes);
    table.constraints.push_back(std::move(constraint.value));
  }
  return table;
}

/// CREATE [UNIQUE] INDEX name ON table (elements) [WHERE condition].
model::Index index_of(const std::string& name, const std::string& sql) {
  model::Index index;
  index.name = Identifier(name);
  const std::vector<Token> tokens = tokenize(sql);
  const auto slice = [&](std::size_t first, std::size_t last) {
    return first < last ? sql.substr(tokens[first].begin, tokens[last - 1].end - tokens[first].begin) : std::string();
  };
  index.unique = tokens.size() > 1 && tokens[1].is_word("UNIQUE");
  std::size_t at = 0;
  while (at < tokens.size() && !tokens[at].is('(')) ++at;
  std::size_t first = ++at;
  for (int depth = 1; at < tokens.size() && depth > 0; ++at) {
    if (tokens[at].is('(')) ++depth;
    if (tokens[at].is(')')) --depth;
    if ((depth == 1 && tokens[at].is(',')) || depth == 0) {
      const bool plain = at == first + 1 && tokens[first].is_name();
      if (plain)
        index.elements.push_back(model::IndexElement{model::ColumnExpr{{}, Identifier(tokens[first].text)}, ""});
      else
        index.elements.push_back(model::IndexElement{model::TextExpr{slice(first, at)}, ""});
      first = at + 1;
    }
  }
  if (at < tokens.size() && tokens[at].is_word("WHERE"))
    index.sqlite.where = model::TextExpr{slice(at + 1, tokens.size())};
  return index;
}

/// A key that names no columns refers to the other table's primary key.
void settle_references(model::Schema& schema) {
  for (model::Table& table : schema.tables) {
    for (model::Constraint& item : table.constraints) {
      auto* key = std::get_if<model::ForeignKey>(&item);
      if (key == nullptr || !key->referent_columns.empty()) continue;
      const model::Table* referent = model::find_table(std::as_const(schema), key->referent);
      const model::PrimaryKey* primary = referent == nullptr ? nullptr : model::primary_key(*referent);
      if (primary != nullptr && primary->columns.size() == key->columns.size())
        key->referent_columns = primary->columns;
    }
  }
}

model::Expression text_of(const model::Expression& expression) {
  auto sql = sqlite_dialect().expression(expression);
  return sql ? model::Expression(model::TextExpr{std::move(*sql)}) : expression;
}

}  // namespace

}  // namespace bascule::dialects::sqlite

namespace bascule::dialects {

db::DbResult<model::Schema> SqliteDialect::introspect(db::Connection& connection,
                                                      const IntrospectOptions& options) const {
  model::Schema schema;
  BASCULE_TRY_ASSIGN(const db::ResultSet got,
                     connection.query("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND "
                                      "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
                                      {}));
  const auto left_out = [&](const std::string& table) {
    return std::any_of(options.leave_out.begin(), options.leave_out.end(),
                       [&](const QualifiedName& name) { return iequals_ascii(name.name.text(), table); });
  };
  for (const auto& row : got.rows) {
    const std::string type = row[0].value_or("");
    const std::string name = row[1].value_or("");
    const std::string table = row[2].value_or("");
    const std::string sql = row[3].value_or("");
    if (left_out(table)) continue;
    if (type == "table") {
      auto stored = sqlite::read_create_table(sql);
      if (stored) {
        schema.tables.push_back(sqlite::table_of(QualifiedName{{}, Identifier(name)}, std::move(*stored)));
        continue;
      }
    }
    if (type == "index") {
      for (model::Table& owner : schema.tables)
        if (iequals_ascii(owner.name.name.text(), table)) owner.indexes.push_back(sqlite::index_of(name, sql));
      continue;
    }
    model::SchemaObject object;
    object.kind = type == "view"      ? model::ObjectKind::kView
                  : type == "trigger" ? model::ObjectKind::kTrigger
                                      : model::ObjectKind::kOther;
    object.name.name = Identifier(name);
    if (object.kind == model::ObjectKind::kTrigger) object.on_table.name = Identifier(table);
    object.definition = sql;
    schema.objects.push_back(std::move(object));
  }
  sqlite::settle_references(schema);
  return schema;
}

/// SQLite names nothing by itself.
void SqliteDialect::complete(model::Schema&, const model::Operation&) const {}

/// What SQLite keeps is text already: only what a model says in other ways is spelled out.
model::Schema SqliteDialect::canonical(model::Schema schema) const {
  for (model::Table& table : schema.tables) {
    for (model::Column& column : table.columns) {
      if (!std::holds_alternative<model::NativeType>(column.type))
        if (auto spelled = type(column.type)) column.type = model::NativeType{"sqlite", std::move(*spelled), ""};
      if (column.server_default) column.server_default = sqlite::text_of(*column.server_default);
      if (column.computed) column.computed->sql = sqlite::text_of(column.computed->sql);
      column.comment.reset();
    }
    for (model::Constraint& item : table.constraints)
      if (auto* check = std::get_if<model::CheckConstraint>(&item)) check->sql = sqlite::text_of(check->sql);
    for (model::Index& index : table.indexes) {
      index.postgresql = {};
      if (index.sqlite.where) index.sqlite.where = sqlite::text_of(*index.sqlite.where);
      for (model::IndexElement& element : index.elements) {
        element.opclass.clear();
        if (!std::holds_alternative<model::ColumnExpr>(element.sql)) element.sql = sqlite::text_of(element.sql);
      }
    }
    table.comment.reset();
    table.postgresql = {};
  }
  schema.enums.clear();
  schema.domains.clear();
  schema.sequences.clear();
  model::sort_lists(schema);
  return schema;
}

}  // namespace bascule::dialects
