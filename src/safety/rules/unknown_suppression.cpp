#include "safety/rules/list.h"

namespace bascule::safety::rules {

// Found by safety/suppressions, which reads comments.
const Rule kUnknownSuppression{
    .id = "unknown-suppression",
    .group = Group::kStyle,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A comment suppresses a rule that there is not",
    .catches = "`bascule: ignore` with a name that is no rule's, with no name, or misspelt.",
    .why = "It suppresses nothing: whoever wrote it believes that a finding was answered for.",
    .safe_sql = "-- bascule: ignore index-not-concurrent -- the table has forty rows",
    .safe_alembic = "# bascule: ignore index-not-concurrent -- the table has forty rows",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "-- bascule: ignore index-not-concurent -- the table has forty rows\n"
        "CREATE INDEX orders_user ON orders (user_id);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "-- bascule: ignore index-not-concurrent -- the table has forty rows\n"
        "CREATE INDEX orders_user ON orders (user_id);\n",
};

}  // namespace bascule::safety::rules
