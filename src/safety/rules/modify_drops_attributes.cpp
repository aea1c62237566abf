#include <string>
#include <utility>
#include <vector>

#include "dialects/mariadb/column_type.h"
#include "safety/mariadb_words.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

bool same_type(const model::Column& now, const model::AlterColumn& wanted) {
  const auto* before = std::get_if<model::RawType>(&now.type);
  const auto* after = wanted.type ? std::get_if<model::RawType>(&*wanted.type) : nullptr;
  if (before == nullptr || after == nullptr) return false;
  std::string why;
  return dialects::mariadb::compare(dialects::mariadb::read_type(before->sql), dialects::mariadb::read_type(after->sql),
                                    {}, &why) == dialects::mariadb::TypeChange::kNone;
}

/// What the column has and its new definition does not say.
std::vector<std::string> lost(const model::Column& now, const model::AlterColumn& wanted, bool is_key) {
  std::vector<std::string> found;
  if (!now.nullable && wanted.nullable == true && !is_key) found.emplace_back("NOT NULL");
  if (now.server_default && wanted.server_default && std::holds_alternative<model::DropDefault>(*wanted.server_default))
    found.emplace_back("its default");
  if (now.autoincrement && wanted.autoincrement == false) found.emplace_back("AUTO_INCREMENT");
  if (now.comment && !now.comment->empty() && wanted.comment && !wanted.comment->text)
    found.emplace_back("its comment");
  return found;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  for (const model::AlterColumn* alter : context.all<model::AlterColumn>()) {
    // MODIFY and CHANGE say type and nullability; RENAME COLUMN and SET DEFAULT do not.
    if (!alter->type || !alter->nullable) continue;
    const model::Table* table = model::find_table(context.before, alter->table);
    const model::Column* column = table == nullptr ? nullptr : model::find_column(*table, alter->column);
    if (column == nullptr || column->computed) continue;
    const model::PrimaryKey* key = model::primary_key(*table);
    const auto gone = lost(*column, *alter, key != nullptr && model::contains(key->columns, alter->column));
    // Where nothing else changes, the one thing that goes is what the statement is for.
    const bool for_that = same_type(*column, *alter) && !alter->new_name && gone.size() == 1;
    if (gone.empty() || for_that) continue;
    sink.add(rule, alter->table,
             "column " + alter->column.text() + " of " + display(alter->table) + " loses " + enumeration(gone) +
                 ": MODIFY and CHANGE say a column as a whole",
             "what the statement does not say again is gone, without a warning",
             named(context.chain, alter->table, {{"column", spelled(context.chain, alter->column)}}));
  }
}

}  // namespace

const Rule kModifyDropsAttributes{
    .id = "modify-drops-attributes",
    .group = Group::kColumns,
    .level = Level::kWarning,
    .databases = kMariadb,
    .title = "MODIFY drops what it does not say again",
    .catches =
        "MODIFY COLUMN or CHANGE COLUMN that changes a column's type or name, and does not repeat the NOT NULL, "
        "DEFAULT, AUTO_INCREMENT or COMMENT that the column has.",
    .why =
        "The two say a column from scratch. A default that is not repeated is gone, and INSERTs that counted on it "
        "write NULL or fail; a NOT NULL that is not repeated lets NULLs in; without AUTO_INCREMENT the next INSERT "
        "fails with a duplicate key 0.",
    .safe_sql =
        "-- everything that SHOW CREATE TABLE {table} says of {column}, with the one change\n"
        "ALTER TABLE {table} MODIFY {column} ... NOT NULL DEFAULT ... COMMENT '...';\n"
        "-- a name or a default alone needs none of it\n"
        "ALTER TABLE {table} RENAME COLUMN {column} TO ...;\n"
        "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT ...;",
    .bad =
        "CREATE TABLE orders (id INT PRIMARY KEY, state VARCHAR(10) NOT NULL DEFAULT 'new');\n"
        "-- migration: longer\n"
        "ALTER TABLE orders MODIFY state VARCHAR(20);\n",
    .good =
        "CREATE TABLE orders (id INT PRIMARY KEY, state VARCHAR(10) NOT NULL DEFAULT 'new');\n"
        "-- migration: longer\n"
        "ALTER TABLE orders MODIFY state VARCHAR(20) NOT NULL DEFAULT 'new';\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
