#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* validate : context.all<model::ValidateConstraint>()) {
    if (context.harmless(validate->table)) continue;
    for (const Held& held : held_locks(context)) {
      const std::string table = display(held.lock->relation);
      sink.add(rule, validate->table,
               "VALIDATE CONSTRAINT " + validate->name.text() + " reads all of " + display(validate->table) +
                   " while " + held.lock->mode + " on " + table + " is still held: " +
                   (held.lock->blocks.reads ? "nobody reads or writes " : "nobody writes ") + "it meanwhile",
               deed(*held.by) + " took it earlier in the same transaction (" + place_of(*held.by) + ")",
               named(context.chain, validate->table, {{"constraint", spelled(context.chain, validate->name)}}));
      return;
    }
  }
}

}  // namespace

const Rule kValidateInSameTransaction{
    .id = "validate-in-same-transaction",
    .group = Group::kConstraints,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A constraint is validated under the lock of its own addition",
    .catches =
        "VALIDATE CONSTRAINT in a transaction in which an earlier statement, as a rule the ADD CONSTRAINT ... NOT "
        "VALID, has taken a lock against reads or writes.",
    .why =
        "VALIDATE alone lets reads and writes pass. After ADD CONSTRAINT ... NOT VALID in the same transaction, the "
        "lock of that statement (ACCESS EXCLUSIVE for a CHECK, SHARE ROW EXCLUSIVE on both tables for a foreign key) "
        "is held for the whole scan: NOT VALID has won nothing.",
    .safe_sql =
        "-- migration 1\n"
        "ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK (...) NOT VALID;\n"
        "-- migration 2, in a transaction of its own\n"
        "ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};",
    .safe_alembic =
        "# revision 1\n"
        "op.create_check_constraint('{constraint}', '{table}', \"...\", postgresql_not_valid=True)\n"
        "# in the same revision, behind it: the block commits what came before\n"
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}\")",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);\n"
        "-- migration: check\n"
        "BEGIN;\n"
        "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;\n"
        "ALTER TABLE orders VALIDATE CONSTRAINT positive;\n"
        "COMMIT;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);\n"
        "-- migration: check\n"
        "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;\n"
        "-- migration: validate\n"
        "ALTER TABLE orders VALIDATE CONSTRAINT positive;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
