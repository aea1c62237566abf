#include <utility>

#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr std::string_view kOtherSql =
    "-- 1. deploy a release that does not use {table} any more\n"
    "-- 2. in a migration of a later deployment, with a copy of its rows\n"
    "DROP TABLE {table};";
constexpr std::string_view kOtherAlembic =
    "# 1. deploy a release that does not use {table} any more\n"
    "# 2. in a revision of a later deployment, with a copy of its rows\n"
    "op.drop_table('{table}')";

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    for (const auto& operation : chain.statements[i].meaning.operations) {
      const auto* drop = std::get_if<model::DropTable>(&operation);
      if (drop == nullptr || context.new_tables.contains(model::name_key(drop->table))) continue;
      // Made by this migration, dropped before it as far as we can tell, or put back: no table goes.
      const bool known = model::find_table(context.before(), drop->table) != nullptr;
      if (!known && (drop->if_exists || !context.before().tables.empty())) continue;
      if (model::find_table(context.after, drop->table) != nullptr) continue;
      const std::string table = display(drop->table);
      Finding finding =
          finding_at(chain, chain.statements[i], drop->table, "table " + table + " goes, with all of its rows",
                     "the release that is running fails at the first query of " + table +
                         ", and going back brings the table back empty");
      const Names names = named(chain, drop->table);
      if (chain.dialect != nullptr && chain.dialect->name() != "postgresql")
        finding.help = other_way(chain, rule, names, kOtherSql, kOtherAlembic);
      sink.add(rule, std::move(finding), names);
    }
  }
}

}  // namespace

const Rule kDropTable{
    .id = "drop-table",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A table is dropped with its rows",
    .catches =
        "DROP TABLE of a table that was there before. A table that the same migration makes, or replaces by one of the "
        "same name, is not reported.",
    .why =
        "The rows are gone for good: a downgrade makes an empty table. A release that still queries it, and an object "
        "mapper that still knows it, fail at once. On PostgreSQL it takes ACCESS EXCLUSIVE on both sides of every "
        "foreign key of the table, and on the parent of a partition; on SQLite with foreign keys on, every row is "
        "deleted one by one first.",
    .safe_sql =
        "-- 1. deploy a release that does not use {table} any more\n"
        "-- 2. look, a day apart: nobody reads or writes it\n"
        "SELECT seq_scan, idx_scan, n_tup_ins, n_tup_upd FROM pg_stat_user_tables WHERE relname = '{table}';\n"
        "-- 3. in a migration of a later deployment, with a backup that holds its rows\n"
        "DROP TABLE {table};",
    .safe_alembic =
        "# 1. deploy a release that does not use {table} any more\n"
        "# 2. look, a day apart: nobody reads or writes it (pg_stat_user_tables)\n"
        "# 3. in a revision of a later deployment, with a backup that holds its rows\n"
        "op.drop_table('{table}')",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: drop\n"
        "DROP TABLE orders;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: scratch\n"
        "CREATE TABLE scratch (id bigint PRIMARY KEY);\n"
        "INSERT INTO orders (id) SELECT id FROM scratch;\n"
        "DROP TABLE scratch;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
