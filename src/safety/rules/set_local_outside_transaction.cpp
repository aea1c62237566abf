#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  const StatementView& statement = context.statement;
  const std::string& kind = statement.meaning.statement_kind;
  if (statement.transaction != 0 || (kind != "set" && kind != "variable set")) return;
  const auto setting = setting_change(words_of(statement.sql));
  if (!setting || !setting->local) return;
  sink.add(rule, {}, "SET LOCAL " + setting->name + " has no effect here: there is no transaction",
           "it holds to the end of the transaction, and outside of one that is the end of the statement itself",
           {{"setting", setting->name}, {"value", setting->value}});
}

}  // namespace

const Rule kSetLocalOutsideTransaction{
    .id = "set-local-outside-transaction",
    .group = Group::kTransactions,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "SET LOCAL without a transaction",
    .catches = "SET LOCAL in a migration that runs outside of a transaction.",
    .why =
        "The server answers with a warning (\"SET LOCAL can only be used in transaction blocks\") that most tools do "
        "not show, and sets nothing: what was to be bounded by a timeout is not.",
    .safe_sql = "SET {setting} = '{value}';",
    .safe_alembic = "op.execute(\"SET {setting} = '{value}'\")",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "SET LOCAL maintenance_work_mem = '1GB';\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "SET maintenance_work_mem = '1GB';\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
