#include "safety/rules/list.h"

namespace bascule::safety::rules {

// Found by safety/suppressions, which reads comments.
const Rule kUnusedSuppression{
    .id = "unused-suppression",
    .group = Group::kStyle,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A comment suppresses a finding that is not there",
    .catches = "`bascule: ignore RULE` where that rule has nothing to say, or no longer.",
    .why =
        "It stands in nobody's way today and hides a real finding tomorrow. A comment speaks of the statement that it "
        "stands in, behind or directly before.",
    .safe_sql = "-- take the comment out, or move it to the line before the statement",
    .safe_alembic = "# take the comment out, or move it to the line before the call",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "-- bascule: ignore index-not-concurrent -- the table has forty rows\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
};

}  // namespace bascule::safety::rules
