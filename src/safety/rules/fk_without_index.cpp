#include <algorithm>
#include <utility>
#include <variant>

#include "base/text.h"
#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

struct MadeKey {
  QualifiedName table;
  model::ForeignKey key;
};

void take_keys(const QualifiedName& table, const std::vector<model::Constraint>& constraints,
               std::vector<MadeKey>& found) {
  for (const auto& constraint : constraints)
    if (const auto* key = std::get_if<model::ForeignKey>(&constraint)) found.push_back({table, *key});
}

struct TakeKeys {
  std::vector<MadeKey>& found;
  void operator()(const model::CreateTable& create) const {
    take_keys(create.table.name, create.table.constraints, found);
  }
  void operator()(const model::AddColumn& add) const { take_keys(add.table, add.constraints, found); }
  void operator()(const model::AddConstraint& add) const { take_keys(add.table, {add.constraint}, found); }
  void operator()(const model::BatchAlter& batch) const {
    for (const auto& item : batch.items) std::visit(*this, item);
  }
  template <class Other>
  void operator()(const Other&) const {}  // makes no foreign key
};

/// Whether the index's leading columns are these, in any order.
bool leads(const std::vector<Identifier>& index, const std::vector<Identifier>& key) {
  return index.size() >= key.size() &&
         std::all_of(index.begin(), index.begin() + static_cast<std::ptrdiff_t>(key.size()),
                     [&](const Identifier& column) { return model::contains(key, column); });
}

/// WHERE column IS NOT NULL: all rows that a foreign key looks for.
bool leaves_out_nulls_only(const model::Index& index, const std::vector<Identifier>& key) {
  const auto& where = index.postgresql.where ? index.postgresql.where : index.sqlite.where;
  const auto* text = where ? std::get_if<model::TextExpr>(&*where) : nullptr;
  if (text == nullptr || key.size() != 1) return false;
  const std::string plain = replace_all(replace_all(replace_all(text->sql, "(", ""), ")", ""), "\"", "");
  return iequals_ascii(trim(plain), key.front().text() + " IS NOT NULL");
}

bool is_indexed(const model::Table& table, const std::vector<Identifier>& key) {
  const bool by_constraint =
      std::any_of(table.constraints.begin(), table.constraints.end(), [&](const model::Constraint& one) {
        return !std::holds_alternative<model::ForeignKey>(one) && leads(model::constraint_columns(one), key);
      });
  return by_constraint || std::any_of(table.indexes.begin(), table.indexes.end(), [&](const model::Index& index) {
           if (index.postgresql.invalid || (is_partial(index) && !leaves_out_nulls_only(index, key))) return false;
           if (!is_btree(index) && !iequals_ascii(index.postgresql.using_method, "hash")) return false;
           const auto columns = plain_columns(index);
           return columns && leads(*columns, key);
         });
}

bool still_there(const model::Table& table, const model::ForeignKey& key) {
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const model::Constraint& one) {
    const auto* other = std::get_if<model::ForeignKey>(&one);
    return other != nullptr && other->columns == key.columns && model::same_name(other->referent, key.referent);
  });
}

void check(const ChainContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  if (!chain.server.foreign_keys) return;
  std::vector<std::string> seen;
  for (const StatementView& statement : chain.statements) {
    if (statement.direction == model::Direction::kDowngrade || !chain.revisions[statement.revision].selected) continue;
    std::vector<MadeKey> made;
    for (const auto& operation : statement.meaning.operations) std::visit(TakeKeys{made}, operation);
    for (const auto& [name, key] : made) {
      const model::Table* table = model::find_table(chain.schema_end, name);
      if (table == nullptr || key.columns.empty() || key.not_enforced || is_small(chain, name)) continue;
      if (!still_there(*table, key) || is_indexed(*table, key.columns)) continue;
      std::vector<std::string> columns;
      for (const auto& column : key.columns) columns.push_back(column.text());
      const std::string list = join(columns, ", ");
      const std::string key_text = model::name_key(name) + "(" + list + ")";
      if (std::find(seen.begin(), seen.end(), key_text) != seen.end()) continue;
      seen.push_back(key_text);
      const Names names = named(chain, name,
                                {{"index", name_or(chain, {}, name, key.columns, "idx")},
                                 {"columns", spelled(chain, key.columns)},
                                 {"referent", spelled(chain, key.referent)}});
      Finding finding = finding_at(
          chain, statement, name,
          "no index leads with " + display(name) + " (" + list + "), which refers to " + display(key.referent),
          "every DELETE from " + display(key.referent) + ", and every UPDATE of its key, reads all of " +
              display(name) + " to look for rows that refer to it");
      if (chain.dialect != nullptr && chain.dialect->name() == "sqlite")
        finding.help = other_way(chain, rule, names, "CREATE INDEX {index} ON {table} ({columns});",
                                 "op.create_index('{index}', '{table}', [{columns}])");
      sink.add(rule, std::move(finding), names);
    }
  }
}

}  // namespace

const Rule kFkWithoutIndex{
    .id = "fk-without-index",
    .group = Group::kIndexes,
    .level = Level::kNote,
    .databases = kPostgres | kSqlite,
    .title = "A foreign key's columns have no index",
    .catches =
        "A foreign key whose columns are not the leading columns of an index, a primary key or a unique constraint at "
        "the end of the migrations that are looked at. Partial indexes do not count, except WHERE column IS NOT NULL.",
    .why =
        "PostgreSQL and SQLite index what a foreign key refers to, not the column that refers. A DELETE of one row of "
        "the referenced table then reads the referring table whole, and a lock on that row is held meanwhile (1,998 "
        "rows read for one DELETE, measured); joins along the key read it whole too.",
    .safe_sql =
        "-- outside of a transaction, before the foreign key\n"
        "CREATE INDEX CONCURRENTLY {index} ON {table} ({columns});",
    .safe_alembic =
        "with op.get_context().autocommit_block():\n"
        "    op.create_index('{index}', '{table}', [{columns}], postgresql_concurrently=True)",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: orders\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id));\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: orders\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id));\n"
        "-- migration: index\n"
        "CREATE INDEX orders_user_id_idx ON orders (user_id);\n",
    .on_chain = check,
};

}  // namespace bascule::safety::rules
