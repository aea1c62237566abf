#include <utility>

#include "safety/mariadb_words.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context) || !adds_foreign_key(context)) return;
  const plan::LockUse* lock = altering_lock(context);
  if (lock == nullptr || !lock->blocks.writes || foreign_key_checks_off(context)) return;
  Finding finding;
  finding.table = lock->relation;
  finding.message = "the new foreign key of " + display(lock->relation) +
                    " keeps writes to it waiting while the table is written anew";
  finding.why = "it takes ALGORITHM=COPY and " + lock->mode + ": the server checks old rows by copying them";
  Names names = named(context.chain, lock->relation);
  for (const model::AddConstraint* add : context.all<model::AddConstraint>())
    if (const auto* key = std::get_if<model::ForeignKey>(&add->constraint)) {
      names["columns"] = spelled_sql(context.chain, key->columns);
      names["referent"] = spelled(context.chain, key->referent);
      break;
    }
  names.emplace("columns", "...");
  names.emplace("referent", "...");
  sink.add(rule, std::move(finding), names);
}

}  // namespace

const Rule kForeignKeyCopiesTable{
    .id = "foreign-key-copies-table",
    .group = Group::kConstraints,
    .level = Level::kWarning,
    .databases = kMariadb,
    .title = "A foreign key is added while its table is copied",
    .catches = "A FOREIGN KEY or REFERENCES added to a table in use, while foreign_key_checks are on.",
    .why =
        "MariaDB 10.11 checks the rows that are there by copying the table under LOCK=SHARED: writes wait until it is "
        "done. With foreign_key_checks = 0 in the session the key is added without a copy and with LOCK=NONE "
        "(measured), but no old row is looked at: look for orphans first. New rows are checked in any case.",
    .safe_sql =
        "-- 1. orphans, which nothing will find later: no row may come back\n"
        "SELECT {columns} FROM {table} AS c WHERE {columns} IS NOT NULL\n"
        "  AND NOT EXISTS (SELECT 1 FROM {referent} AS p WHERE p.id = c.{columns});\n"
        "-- 2. the index that the key needs, while writes go on\n"
        "ALTER TABLE {table} ADD INDEX ({columns}), ALGORITHM=NOCOPY, LOCK=NONE;\n"
        "-- 3. the key, in a session that does not check old rows\n"
        "SET SESSION foreign_key_checks = 0;\n"
        "ALTER TABLE {table} ADD FOREIGN KEY ({columns}) REFERENCES {referent} (id), ALGORITHM=INPLACE, LOCK=NONE;\n"
        "SET SESSION foreign_key_checks = 1;",
    .bad =
        "CREATE TABLE users (id INT PRIMARY KEY);\n"
        "CREATE TABLE orders (id INT PRIMARY KEY, user_id INT);\n"
        "-- migration: key\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id);\n",
    .good =
        "CREATE TABLE users (id INT PRIMARY KEY);\n"
        "CREATE TABLE orders (id INT PRIMARY KEY, user_id INT, KEY (user_id));\n"
        "-- migration: key\n"
        "SET SESSION foreign_key_checks = 0;\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id), ALGORITHM=INPLACE, "
        "LOCK=NONE;\n"
        "SET SESSION foreign_key_checks = 1;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
