#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void say(const StatementContext& context, const Rule& rule, FindingSink& sink, const QualifiedName& table,
         const model::CheckConstraint& constraint, std::string_view what) {
  sink.add(rule, table,
           std::string(what) + " stops " + stopped(context, table, kAccessExclusive) + " while every row is checked",
           holds(context, table, kAccessExclusive) + " while it reads the whole table",
           named(context.chain, table,
                 {{"constraint", name_or(context.chain, constraint.name, table, {}, "check")},
                  {"check", spelled(context.chain, constraint.sql)}}));
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* add : context.all<model::AddConstraint>()) {
    const auto* constraint = std::get_if<model::CheckConstraint>(&add->constraint);
    if (constraint == nullptr || constraint->not_valid || constraint->not_enforced) continue;
    if (context.harmless(add->table) || !reads_whole(context, add->table)) continue;
    say(context, rule, sink, add->table, *constraint, "ADD CHECK");
  }
  for (const auto* add : context.all<model::AddColumn>()) {
    // Where the table is written anew, the check is a part of that, and the column's rules speak of it.
    if (context.harmless(add->table) || !reads_whole(context, add->table) || writes_anew(context, add->table)) continue;
    for (const auto& one : add->constraints)
      if (const auto* constraint = std::get_if<model::CheckConstraint>(&one);
          constraint != nullptr && !constraint->not_valid && !constraint->not_enforced)
        say(context, rule, sink, add->table, *constraint, "ADD COLUMN ... CHECK");
  }
}

}  // namespace

const Rule kCheckValidatedAtOnce{
    .id = "check-validated-at-once",
    .group = Group::kConstraints,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A check is proved while reads and writes wait",
    .catches = "ADD CONSTRAINT ... CHECK without NOT VALID on a table that is in use; a CHECK inside ADD COLUMN.",
    .why =
        "ACCESS EXCLUSIVE is held while every row is read, even if another CHECK implies it, and even for the CHECK of "
        "a new column that is NULL in every row. NOT VALID reads nothing; VALIDATE, in a later transaction, takes "
        "SHARE "
        "UPDATE EXCLUSIVE and lets reads and writes pass. Measured alike on PostgreSQL 11 to 18. Clean the rows up "
        "first: once the NOT VALID check is there, an UPDATE of an old row that breaks it fails, whatever it changes.",
    .safe_sql =
        "-- migration 1: new rows are checked from now on (a new column is added without its CHECK before)\n"
        "ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({check}) NOT VALID;\n"
        "-- migration 2, in a transaction of its own: checks the old rows, nobody waits\n"
        "ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};",
    .safe_alembic =
        "# revision 1: new rows are checked from now on (a new column is added without its CHECK before)\n"
        "op.create_check_constraint('{constraint}', '{table}', \"\"\"{check}\"\"\", postgresql_not_valid=True)\n"
        "# revision 2, in a transaction of its own: checks the old rows, nobody waits\n"
        "op.execute(\"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}\")",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, total int);\n"
        "-- migration: check\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_total CHECK (total >= 0);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, total int);\n"
        "-- migration: check\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_total CHECK (total >= 0) NOT VALID;\n"
        "-- migration: validate\n"
        "ALTER TABLE orders VALIDATE CONSTRAINT orders_total;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
