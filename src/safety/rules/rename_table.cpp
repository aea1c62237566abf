#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/mariadb_words.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// No transaction holds a rename and a view together there: the new name comes first, as a view.
constexpr std::string_view kMariadbSql =
    "-- migration 1: the new name as a view that can be written to\n"
    "CREATE VIEW {new_table} AS SELECT * FROM {table};\n"
    "-- deploy a release that uses {new_table} only; migration 2, in a later deployment, both renames at once:\n"
    "RENAME TABLE {new_table} TO {new_table}_view, {table} TO {new_table};\n"
    "DROP VIEW {new_table}_view;";

/// A table or view that goes by the old name when the migration is done.
bool name_is_kept(const Chain& chain, std::size_t revision, std::size_t after, const QualifiedName& name) {
  for (std::size_t i = after + 1; i < chain.statements.size(); ++i) {
    const StatementView& later = chain.statements[i];
    if (later.revision != revision || later.direction != model::Direction::kUpgrade) break;
    for (const model::Operation& operation : later.meaning.operations) {
      const auto* object = std::get_if<model::CreateObject>(&operation);
      if (object != nullptr && model::same_name(object->object.name, name)) return true;
      const auto* table = std::get_if<model::CreateTable>(&operation);
      if (table != nullptr && model::same_name(table->table.name, name)) return true;
      const auto* renamed = std::get_if<model::RenameTable>(&operation);
      if (renamed != nullptr && model::same_name({renamed->table.schema, renamed->new_name}, name)) return true;
    }
  }
  return false;
}

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    for (const model::Operation& operation : chain.statements[i].meaning.operations) {
      const auto* rename = std::get_if<model::RenameTable>(&operation);
      if (rename == nullptr || context.new_tables.contains(model::name_key(rename->table))) continue;
      // A table that the same migration made, or one whose name something else has taken on.
      if (model::find_table(context.before(), rename->table) == nullptr && !context.before().tables.empty()) continue;
      if (name_is_kept(chain, chain.statements[i].revision, i, rename->table)) continue;
      const std::string table = display(rename->table);
      const Names names = named(chain, rename->table, {{"new_table", spelled(chain, rename->new_name)}});
      Finding finding =
          finding_at(chain, chain.statements[i], rename->table,
                     "table " + table + " is renamed while the release that is running still calls it " + table,
                     "its queries fail from the moment of the rename until it is replaced, and the new "
                     "release's fail before");
      if (on_mariadb(chain)) finding.help = other_way(chain, rule, names, kMariadbSql);
      sink.add(rule, std::move(finding), names);
    }
  }
}

}  // namespace

const Rule kRenameTable{
    .id = "rename-table",
    .group = Group::kTables,
    .level = Level::kError,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A table is renamed under the application",
    .catches =
        "ALTER TABLE ... RENAME TO on a table that was there before, unless the same migration puts a view or another "
        "table in the old name's place.",
    .why =
        "There is no moment at which both releases work: the old one does not know the new name, the new one not the "
        "old name. PostgreSQL can bridge it: a view over one table takes INSERT, UPDATE and DELETE, so that the old "
        "name goes on working if the view is made in the transaction of the rename.",
    .safe_sql =
        "-- migration 1, in one transaction: the old name stays as a view that can be written to\n"
        "ALTER TABLE {table} RENAME TO {new_table};\n"
        "CREATE VIEW {table} AS SELECT * FROM {new_table};\n"
        "-- deploy a release that uses {new_table} only; migration 2, in a later deployment:\n"
        "DROP VIEW {table};",
    .safe_alembic =
        "# revision 1, in one transaction: the old name stays as a view that can be written to\n"
        "op.rename_table('{table}', '{new_table}')\n"
        "op.execute(\"CREATE VIEW {table} AS SELECT * FROM {new_table}\")\n"
        "# deploy a release that uses {new_table} only; revision 2, in a later deployment:\n"
        "op.execute(\"DROP VIEW {table}\")",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: rename\n"
        "ALTER TABLE users RENAME TO accounts;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: rename\n"
        "ALTER TABLE users RENAME TO accounts;\n"
        "CREATE VIEW users AS SELECT * FROM accounts;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
