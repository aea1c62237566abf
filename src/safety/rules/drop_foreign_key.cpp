#include <algorithm>
#include <variant>

#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// The foreign key that was dropped from before to after, if its columns and both tables stay, and no other foreign key
/// took its place.
const model::ForeignKey* lost_key(const RevisionContext& context, const model::DropConstraint& drop) {
  const model::Table* old = model::find_table(context.before(), drop.table);
  const model::Table* now = model::find_table(context.after, drop.table);
  if (old == nullptr || now == nullptr) return nullptr;
  const model::Constraint* constraint = model::find_constraint(*old, drop.name);
  const auto* key = constraint == nullptr ? nullptr : std::get_if<model::ForeignKey>(constraint);
  if (key == nullptr || key->columns.empty() || model::find_table(context.after, key->referent) == nullptr)
    return nullptr;
  for (const auto& column : key->columns)
    if (model::find_column(*now, column) == nullptr) return nullptr;
  const bool replaced = std::any_of(now->constraints.begin(), now->constraints.end(), [&](const auto& one) {
    const auto* other = std::get_if<model::ForeignKey>(&one);
    return other != nullptr && std::all_of(key->columns.begin(), key->columns.end(), [&](const Identifier& column) {
             return model::contains(other->columns, column);
           });
  });
  return replaced ? nullptr : key;
}

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    const StatementView& statement = context.chain.statements[i];
    for (const auto& operation : statement.meaning.operations) {
      const auto* drop = std::get_if<model::DropConstraint>(&operation);
      const model::ForeignKey* key = drop == nullptr ? nullptr : lost_key(context, *drop);
      if (key == nullptr) continue;
      std::vector<std::string> columns;
      for (const auto& column : key->columns) columns.push_back(column.text());
      sink.add(rule,
               finding_at(context.chain, statement, drop->table,
                          "nothing keeps " + display(drop->table) + "." + enumeration(columns) +
                              " pointing at rows of " + display(key->referent) + " any more",
                          "the foreign key " + drop->name.text() + " goes, and its columns stay"),
               named(context.chain, drop->table,
                     {{"constraint", spelled(context.chain, drop->name)},
                      {"columns", spelled(context.chain, key->columns)},
                      {"referent", spelled(context.chain, key->referent)}}));
    }
  }
}

}  // namespace

const Rule kDropForeignKey{
    .id = "drop-foreign-key",
    .group = Group::kConstraints,
    .level = Level::kNote,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A foreign key is dropped while its columns stay",
    .catches =
        "A foreign key that a migration drops without dropping its columns or tables, and without giving the columns "
        "another one. Dropping it to add it with another ON DELETE is not reported.",
    .why =
        "Rows may point at nothing from now on, and getting the key back later means finding them first. ON DELETE "
        "CASCADE and SET NULL that it did stop happening as well.",
    .safe_sql =
        "-- meant so? say it in a comment. To change what it does, put the new one in its place:\n"
        "ALTER TABLE {table} DROP CONSTRAINT {constraint};\n"
        "ALTER TABLE {table} ADD CONSTRAINT {constraint}\n"
        "  FOREIGN KEY ({columns}) REFERENCES {referent} ON DELETE ... NOT VALID;",
    .safe_alembic =
        "# meant so? say it in a comment. To change what it does, put the new one in its place:\n"
        "op.drop_constraint('{constraint}', '{table}', type_='foreignkey')\n"
        "op.create_foreign_key('{constraint}', '{table}', '{referent}', [{columns}], [...],\n"
        "                      ondelete=..., postgresql_not_valid=True)",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint,\n"
        "  CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id));\n"
        "-- migration: drop\n"
        "ALTER TABLE orders DROP CONSTRAINT orders_user;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint,\n"
        "  CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id));\n"
        "-- migration: cascade\n"
        "ALTER TABLE orders DROP CONSTRAINT orders_user;\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_user\n"
        "  FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE NOT VALID;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
