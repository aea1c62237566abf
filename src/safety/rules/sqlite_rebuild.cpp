#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const plan::Impact& impact = context.statement.impact;
  const bool rebuild = context.statement.meaning.statement_kind == "rebuild";
  const auto& touches = context.statement.meaning.touches;
  const bool drops = !context.all<model::DropColumn>().empty();
  QualifiedName table;
  if (!impact.rewrites.empty())
    table = impact.rewrites.front().relation;
  else if ((rebuild || drops) && !touches.empty())
    table = touches.front().relation;
  if (table.name.empty() || context.harmless(table)) return;
  sink.add(rule, table,
           "all rows of " + display(table) + " are written anew, and nobody else writes to the file meanwhile",
           rebuild ? "SQLite cannot make this change in place: the table is copied, dropped, and the copy renamed"
                   : deed(context.statement) + " writes every row of the table again",
           named(context.chain, table));
}

}  // namespace

const Rule kSqliteRebuild{
    .id = "sqlite-rebuild",
    .group = Group::kTables,
    .level = Level::kNote,
    .databases = kSqlite,
    .title = "A table is rebuilt on SQLite",
    .catches =
        "A change that SQLite makes by writing the whole table anew: DROP COLUMN, and batch_alter_table where it "
        "rebuilds the table (types, constraints, NOT NULL).",
    .why =
        "SQLite has one writer a file: until the last row is copied and the transaction is committed, every other "
        "writer waits for its busy_timeout and then fails with \"database is locked\". In WAL mode readers go on.",
    .safe_sql = "-- nothing is faster: do it while little is written, with a generous busy_timeout in the application",
    .safe_alembic =
        "# all changes of the table in one batch, so that it is copied once\n"
        "with op.batch_alter_table('{table}') as batch_op:\n"
        "    ...",
    .bad =
        "CREATE TABLE users (id integer PRIMARY KEY, nick text);\n"
        "-- migration: nick\n"
        "ALTER TABLE users DROP COLUMN nick;\n",
    .good =
        "CREATE TABLE users (id integer PRIMARY KEY, nick text);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
