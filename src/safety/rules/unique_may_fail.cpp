#include <algorithm>
#include <utility>
#include <variant>

#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"
#include "safety/statement_words.h"

namespace bascule::safety::rules {

namespace {

struct MadeUnique {
  QualifiedName table;
  std::vector<Identifier> columns;
  bool concurrently = false;
};

struct TakeUnique {
  std::vector<MadeUnique>& found;
  void operator()(const model::CreateIndex& create) const {
    const auto columns = plain_columns(create.index);
    if (create.index.unique && columns && !is_partial(create.index))
      found.push_back({create.table, *columns, create.index.postgresql.concurrently});
  }
  void operator()(const model::AddConstraint& add) const {
    const auto* unique = std::get_if<model::UniqueConstraint>(&add.constraint);
    const auto* primary = std::get_if<model::PrimaryKey>(&add.constraint);
    if (unique != nullptr && unique->postgresql_using_index.empty()) found.push_back({add.table, unique->columns});
    if (primary != nullptr && primary->postgresql_using_index.empty()) found.push_back({add.table, primary->columns});
  }
  void operator()(const model::BatchAlter& batch) const {
    for (const auto& item : batch.items) std::visit(*this, item);
  }
  template <class Other>
  void operator()(const Other&) const {}  // makes nothing unique of what is there
};

/// Some of these columns are unique already: all of them together then are.
bool unique_already(const model::Table& table, const std::vector<Identifier>& columns) {
  const auto within = [&](const std::vector<Identifier>& some) {
    return !some.empty() && std::all_of(some.begin(), some.end(),
                                        [&](const Identifier& column) { return model::contains(columns, column); });
  };
  for (const auto& constraint : table.constraints)
    if (!std::holds_alternative<model::ForeignKey>(constraint) && within(model::constraint_columns(constraint)))
      return true;
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const model::Index& index) {
    const auto plain = plain_columns(index);
    return index.unique && !is_partial(index) && !index.postgresql.invalid && plain && within(*plain);
  });
}

bool changes_rows(const StatementView& statement, const QualifiedName& table) {
  const auto change = row_change(words_of(statement.sql));
  return change && change->kind != RowChange::Kind::kInsert && model::same_name(change->table, table);
}

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    const StatementView& statement = chain.statements[i];
    std::vector<MadeUnique> made;
    for (const auto& operation : statement.meaning.operations) std::visit(TakeUnique{made}, operation);
    for (const MadeUnique& one : made) {
      if (context.new_tables.contains(model::name_key(one.table)) || is_small(chain, one.table)) continue;
      const model::Table* table = model::find_table(context.before(), one.table);
      if (table == nullptr) continue;
      const bool all_there = std::all_of(one.columns.begin(), one.columns.end(), [&](const Identifier& column) {
        return model::find_column(*table, column) != nullptr;
      });
      if (!all_there || one.columns.empty() || unique_already(*table, one.columns)) continue;
      bool cleaned = false;
      for (std::size_t j = context.revision.upgrade_begin; j < i; ++j)
        cleaned = cleaned || changes_rows(chain.statements[j], one.table);
      if (cleaned) continue;
      std::vector<std::string> columns;
      for (const auto& column : one.columns) columns.push_back(column.text());
      sink.add(rule,
               finding_at(chain, statement, one.table,
                          "it fails if two rows of " + display(one.table) + " have the same " + enumeration(columns),
                          one.concurrently ? "the concurrent build then ends with an error and leaves an invalid index"
                                           : "the whole migration then is rolled back"),
               named(chain, one.table, {{"columns", spelled_sql(chain, one.columns)}}));
    }
  }
}

}  // namespace

const Rule kUniqueMayFail{
    .id = "unique-may-fail",
    .group = Group::kIndexes,
    .level = Level::kNote,
    .databases = kPostgres | kSqlite,
    .title = "Rows that are there may not be unique",
    .catches =
        "A unique index, unique constraint or primary key over columns that were there before this migration and that "
        "nothing kept unique so far. Migrations that change rows of the table first are taken to have cleaned up.",
    .why =
        "Whether it works depends on the rows of each database: it may pass on a test database and fail in "
        "production. A concurrent build that fails leaves an invalid index behind, which has to be dropped.",
    .safe_sql =
        "-- look first; then remove or merge what it shows, in a migration of its own\n"
        "SELECT {columns}, count(*) FROM {table} GROUP BY {columns} HAVING count(*) > 1;",
    .safe_alembic =
        "# look first, with a query like this one; then remove or merge what it shows, in a migration of its own:\n"
        "#   SELECT {columns}, count(*) FROM {table} GROUP BY {columns} HAVING count(*) > 1",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
        "-- migration: unique\n"
        "CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text, CONSTRAINT users_email UNIQUE (email));\n"
        "-- migration: wider\n"
        "CREATE UNIQUE INDEX CONCURRENTLY users_email_id ON users (email, id);\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
