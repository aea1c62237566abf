#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Whether a statement before this one may have carried the table's rows elsewhere: it names the table, and is neither
/// DDL of it nor the statement that drops it.
bool rows_saved(const RevisionContext& context, std::size_t drop, const QualifiedName& table) {
  for (std::size_t i = context.revision.upgrade_begin; i < drop; ++i) {
    const StatementView& statement = context.chain.statements[i];
    if (statement.sql.find(table.name.text()) == std::string::npos) continue;
    const std::string& kind = statement.meaning.statement_kind;
    if (kind.rfind("alter ", 0) == 0) {
      for (const auto& operation : statement.meaning.operations)
        if (std::holds_alternative<model::RenameTable>(operation)) return true;
      continue;
    }
    const bool only_ddl = kind.rfind("drop ", 0) == 0 || kind == "create index" || kind == "comment";
    if (!only_ddl) return true;
  }
  return false;
}

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    const StatementView& statement = context.chain.statements[i];
    for (const auto& operation : statement.meaning.operations) {
      const auto* drop = std::get_if<model::DropTable>(&operation);
      if (drop == nullptr || model::find_table(context.before(), drop->table) == nullptr) continue;
      if (model::find_table(context.after, drop->table) == nullptr || rows_saved(context, i, drop->table)) continue;
      const std::string table = display(drop->table);
      sink.add(rule,
               finding_at(context.chain, statement, drop->table,
                          "table " + table + " is dropped and made again: its rows are lost",
                          "nothing in this migration reads " + table + " before it is dropped"),
               named(context.chain, drop->table));
    }
  }
}

}  // namespace

const Rule kTableRecreated{
    .id = "table-recreated",
    .group = Group::kTables,
    .level = Level::kError,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A table is dropped and made again without its rows",
    .catches =
        "DROP TABLE (also IF EXISTS) of a table that was there before and that the same migration makes again, without "
        "a statement before it that copies the rows.",
    .why =
        "It reads like a change of the table and empties it. On a developer's machine nobody notices; in production "
        "the rows are gone.",
    .safe_sql =
        "-- change the table in place, or copy it\n"
        "CREATE TABLE {table}_new (...);\n"
        "INSERT INTO {table}_new SELECT ... FROM {table};\n"
        "DROP TABLE {table};\n"
        "ALTER TABLE {table}_new RENAME TO {table};",
    .safe_alembic =
        "# change the table in place; batch mode copies the rows where the database cannot alter it\n"
        "with op.batch_alter_table('{table}') as batch:\n"
        "    batch.alter_column(...)",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: again\n"
        "DROP TABLE IF EXISTS orders;\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, total int);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: again\n"
        "CREATE TABLE orders_new (id bigint PRIMARY KEY, total int);\n"
        "INSERT INTO orders_new SELECT id, 0 FROM orders;\n"
        "DROP TABLE orders;\n"
        "ALTER TABLE orders_new RENAME TO orders;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
