// The dialect's face: the renderer behind the Dialect interface; what needs a server, which Bascule does not speak to.
#include <string>
#include <utility>
#include <vector>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/identifiers.h"
#include "dialects/mariadb/alteration.h"
#include "dialects/mariadb/keywords.h"
#include "dialects/mariadb/mariadb.h"
#include "dialects/mariadb/render.h"
#include "dialects/mariadb/statement.h"
#include "model/lookup.h"

namespace bascule::dialects {

static_assert(kCovers<mariadb::MariadbRenderer, model::Operation>);

namespace {

db::DbError not_yet() {
  db::DbError error;
  error.message = "running on MariaDB is not supported yet; lint is";
  error.hint = "bascule lint judges migrations for MariaDB without a connection";
  error.connection_usable = false;
  return error;
}

/// "t_ibfk_1", the first that is free.
Identifier free_name(const model::Table& table, const std::string& stem) {
  for (int number = 1;; ++number) {
    Identifier name(stem + std::to_string(number));
    if (model::find_constraint(table, name) == nullptr) return name;
  }
}

/// InnoDB builds the index that a foreign key needs, where there is none.
void add_key_index(model::Table& table, const model::ForeignKey& key) {
  const model::PrimaryKey* primary = model::primary_key(table);
  if (primary != nullptr && mariadb::leads(primary->columns, key.columns)) return;
  for (const model::Index& index : table.indexes)
    if (mariadb::leads(mariadb::columns_of(index), key.columns)) return;
  model::Index index;
  index.name = key.name;
  for (const Identifier& column : key.columns) index.elements.push_back({model::ColumnExpr{{}, column}, ""});
  table.indexes.push_back(std::move(index));
}

/// The index that InnoDB built for a foreign key goes when another one can do its work.
void drop_key_index(model::Table& table, const model::Index& made) {
  const std::vector<Identifier> columns = mariadb::columns_of(made);
  for (const model::Constraint& constraint : table.constraints) {
    const auto* key = std::get_if<model::ForeignKey>(&constraint);
    if (key == nullptr || made.name == key->name || !mariadb::leads(columns, key->columns)) continue;
    std::erase_if(table.indexes, [&](const model::Index& index) {
      return index.name == key->name && mariadb::columns_of(index) == key->columns;
    });
  }
}

/// Names for what has none, and the indexes of foreign keys.
void settle(model::Table& table) {
  if (mariadb::engine_of(table) != "innodb") return;
  for (std::size_t i = 0; i < table.constraints.size(); ++i) {
    model::Constraint& constraint = table.constraints[i];
    if (auto* check = std::get_if<model::CheckConstraint>(&constraint); check != nullptr && check->name.empty())
      check->name = free_name(table, "CONSTRAINT_");
    auto* key = std::get_if<model::ForeignKey>(&constraint);
    if (key == nullptr) continue;
    if (key->name.empty()) key->name = free_name(table, table.name.name.text() + "_ibfk_");
    const model::ForeignKey settled = *key;
    add_key_index(table, settled);
  }
}

struct Touched {
  model::Schema& schema;
  model::Table* operator()(const model::CreateTable& made) const { return model::find_table(schema, made.table.name); }
  model::Table* operator()(const model::AddColumn& added) const { return model::find_table(schema, added.table); }
  model::Table* operator()(const model::AddConstraint& added) const { return model::find_table(schema, added.table); }
  model::Table* operator()(const model::CreateIndex& made) const { return model::find_table(schema, made.table); }
  model::Table* operator()(const model::SetTableOption& set) const { return model::find_table(schema, set.table); }
  template <class Other>
  model::Table* operator()(const Other&) const {
    return nullptr;
  }
};

}  // namespace

std::string MariadbDialect::quote(const Identifier& name) const {
  std::string quoted = quote_identifier(name, mariadb::reserved_words());
  if (!quoted.starts_with('"')) return quoted;
  return "`" + replace_all(name.text(), "`", "``") + "`";
}

Rendered<std::string> MariadbDialect::type(const model::Type& type) const {
  mariadb::MariadbRenderer renderer(*this);
  return renderer.finish(renderer.type(type));
}

Rendered<std::string> MariadbDialect::expression(const model::Expression& expression) const {
  mariadb::MariadbRenderer renderer(*this);
  return renderer.finish(renderer.expression(expression));
}

Rendered<std::vector<std::string>> MariadbDialect::render(const model::Operation& atomic) const {
  mariadb::MariadbRenderer renderer(*this);
  return renderer.finish(std::visit(renderer, atomic));
}

bool MariadbDialect::outside_transaction(const model::Operation&) const { return false; }

void MariadbDialect::complete(model::Schema& schema, const model::Operation& operation) const {
  model::Table* table = std::visit(Touched{schema}, operation);
  if (table == nullptr) return;
  if (const auto* set = std::get_if<model::SetTableOption>(&operation)) {
    const std::size_t equals = set->option.find('=');
    if (equals == std::string::npos) return;
    const std::string name = set->option.substr(0, equals);
    const std::string value = set->option.substr(equals + 1);
    if (name == "partition_by")
      table->postgresql.partition_by = value;
    else
      mariadb::set_table_option(*table, name, value);
  }
  settle(*table);
  if (const auto* made = std::get_if<model::CreateIndex>(&operation)) drop_key_index(*table, made->index);
}

model::Schema MariadbDialect::canonical(model::Schema schema) const {
  model::sort_lists(schema);
  return schema;
}

db::DbResult<Server> MariadbDialect::server(db::Connection&) const { return failure(not_yet()); }
db::DbResult<plan::LiveFacts> MariadbDialect::live_facts(db::Connection&) const { return failure(not_yet()); }
Result<plan::Expansion, ExpandError> MariadbDialect::expand(const model::BatchAlter&, db::Connection*) const {
  return failure(ExpandError(not_yet()));
}
db::DbResult<std::unique_ptr<db::Connection>> MariadbDialect::connect(const db::Url&, const ConnectOptions&) const {
  return failure(not_yet());
}
db::DbResult<model::Schema> MariadbDialect::introspect(db::Connection&, const IntrospectOptions&) const {
  return failure(not_yet());
}
db::DbResult<bool> MariadbDialect::table_exists(db::Connection&, const QualifiedName&) const {
  return failure(not_yet());
}
db::DbResult<std::vector<std::string>> MariadbDialect::clean_sql(db::Connection&,
                                                                 const std::vector<std::string>&) const {
  return failure(not_yet());
}
db::DbResult<std::optional<std::size_t>> MariadbDialect::text_length(db::Connection&, const QualifiedName&,
                                                                     const Identifier&) const {
  return failure(not_yet());
}

const MariadbDialect& mariadb_dialect() {
  static const MariadbDialect kDialect("mariadb");
  return kDialect;
}

const MariadbDialect& mysql_dialect() {
  static const MariadbDialect kDialect("mysql");
  return kDialect;
}

bool is_mariadb(std::string_view dialect) { return dialect == "mariadb" || dialect == "mysql"; }

}  // namespace bascule::dialects
