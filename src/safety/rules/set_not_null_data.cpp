#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// A later statement of the migration fills it in: constraint-before-backfill tells of that.
bool filled_later(const RevisionContext& context, std::size_t from, const QualifiedName& table,
                  const Identifier& column) {
  for (std::size_t i = from + 1; i < context.revision.upgrade_end; ++i) {
    const auto change = row_change(context.chain.statements[i]);
    if (!change || !model::same_name(change->table, table)) continue;
    for (const auto& [assigned, value] : change->assignments)
      if (assigned == column && change->where) return true;
  }
  return false;
}

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    const StatementView& statement = chain.statements[i];
    for (const auto& operation : statement.meaning.operations) {
      const auto* alter = std::get_if<model::AlterColumn>(&operation);
      // A value for every row may come along with it: USING.
      if (alter == nullptr || alter->nullable != false || alter->postgresql_using) continue;
      const QualifiedName& table = alter->table;
      if (context.new_tables.contains(model::name_key(table))) continue;
      if (!never_filled(chain, statement, table, alter->column) || filled_later(context, i, table, alter->column))
        continue;
      sink.add(
          rule,
          finding_at(chain, statement, table,
                     "SET NOT NULL on " + alter->column.text() + " fails as soon as " + display(table) + " has a row",
                     "this migration adds " + alter->column.text() + " without a default, and nothing fills it"),
          named(chain, table, {{"column", spelled(chain, alter->column)}}));
    }
  }
}

}  // namespace

const Rule kSetNotNullData{
    .id = "set-not-null-data",
    .group = Group::kConstraints,
    .level = Level::kError,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A column becomes NOT NULL before anything filled it",
    .catches =
        "SET NOT NULL on a column that the same migration added to a table in use, without a default, when no "
        "statement between wrote to it.",
    .why =
        "Every row that was there holds NULL in it, so that the statement fails on every database that has rows, after "
        "having passed on an empty one. A default that is set after the column was added fills new rows only.",
    .safe_sql =
        "-- between the two: fill it, in batches, each a transaction of its own\n"
        "UPDATE {table} SET {column} = ... WHERE {column} IS NULL AND id BETWEEN 1 AND 5000;\n"
        "-- or, where one value is right for all rows, add it with a default: no row is written\n"
        "ALTER TABLE {table} ADD COLUMN {column} ... NOT NULL DEFAULT ...;",
    .safe_alembic =
        "# between the two: fill it, in batches, each a transaction of its own\n"
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"UPDATE {table} SET {column} = ... WHERE {column} IS NULL AND id BETWEEN 1 AND 5000\")\n"
        "# or, where one value is right for all rows, add it with a default: no row is written\n"
        "op.add_column('{table}', sa.Column('{column}', ..., server_default=..., nullable=False))",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "ALTER TABLE users ALTER COLUMN phone SET NOT NULL;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "-- migration: fill\n"
        "UPDATE users SET phone = '' WHERE phone IS NULL;\n"
        "-- migration: required\n"
        "ALTER TABLE users ALTER COLUMN phone SET NOT NULL;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
