#include "base/text.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr std::size_t kWide = 3;

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* create : context.all<model::CreateIndex>()) {
    if (create->index.unique || create->index.elements.size() <= kWide) continue;
    sink.add(rule, create->table,
             "the index " + create->index.name.text() + " on " + display(create->table) + " has " +
                 counted(create->index.elements.size(), "column"),
             "every write keeps all of them, and a query gains by the later ones only if it fixes all of the earlier",
             named(context.chain, create->table, {{"index", spelled(context.chain, create->index.name)}}));
  }
}

}  // namespace

const Rule kIndexTooWide{
    .id = "index-too-wide",
    .group = Group::kIndexes,
    .level = Level::kOff,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "An index has more than three columns",
    .catches = "A CREATE INDEX that is not UNIQUE with more than three columns.",
    .why =
        "A column of a B-tree helps where the query fixes all columns before it. Wide indexes cost space and every "
        "write, and are rarely used beyond their first columns. Switched off unless asked for: it is a matter of "
        "taste and of the queries.",
    .safe_sql =
        "-- the columns that queries compare with =, the most selective first, and one that they sort or bound by\n"
        "CREATE INDEX {index} ON {table} (...);",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, a int, b int, c int, d int);\n"
        "-- migration: index\n"
        "CREATE INDEX orders_wide ON orders (a, b, c, d);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, a int, b int, c int, d int);\n"
        "-- migration: index\n"
        "CREATE INDEX orders_narrow ON orders (a, b);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
