#include "safety/rules/list.h"

namespace bascule::safety::rules {

// Found by safety/suppressions, which reads comments.
const Rule kSuppressionWithoutReason{
    .id = "suppression-without-reason",
    .group = Group::kStyle,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A suppression does not say why",
    .catches = "`bascule: ignore RULE` without ` -- ` and a reason behind it. It is not obeyed.",
    .why = "The next reader has to know whether what made it safe still holds.",
    .safe_sql = "-- bascule: ignore index-not-concurrent -- the table has forty rows",
    .safe_alembic = "# bascule: ignore index-not-concurrent -- the table has forty rows",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "-- bascule: ignore index-not-concurrent\n"
        "CREATE INDEX orders_user ON orders (user_id);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "-- bascule: ignore index-not-concurrent -- the table has forty rows\n"
        "CREATE INDEX orders_user ON orders (user_id);\n",
};

}  // namespace bascule::safety::rules
