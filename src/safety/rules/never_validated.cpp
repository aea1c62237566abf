#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

bool waits_for_validation(const model::Constraint& constraint) {
  if (const auto* check = std::get_if<model::CheckConstraint>(&constraint))
    return check->not_valid && !check->not_enforced;
  if (const auto* key = std::get_if<model::ForeignKey>(&constraint)) return key->not_valid && !key->not_enforced;
  return false;
}

void check(const ChainContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  for (const StatementView& statement : chain.statements) {
    if (!chain.revisions[statement.revision].selected || statement.direction != model::Direction::kUpgrade) continue;
    for (const model::Operation& operation : statement.meaning.operations) {
      const auto* add = std::get_if<model::AddConstraint>(&operation);
      if (add == nullptr || !waits_for_validation(add->constraint)) continue;
      const Identifier& name = model::constraint_name(add->constraint);
      const model::Table* table = model::find_table(chain.schema_end, add->table);
      const model::Constraint* left = table == nullptr || name.empty() ? nullptr : model::find_constraint(*table, name);
      if (left == nullptr || !waits_for_validation(*left)) continue;
      sink.add(rule,
               finding_at(chain, statement, add->table,
                          "constraint " + name.text() + " of " + display(add->table) +
                              " is NOT VALID, and no migration validates it",
                          "rows that were there before it have never been checked, and the planner does not rely on "
                          "it"),
               named(chain, add->table, {{"constraint", spelled(chain, name)}}));
    }
  }
}

}  // namespace

const Rule kNeverValidated{
    .id = "never-validated",
    .group = Group::kConstraints,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "A constraint that nobody validates",
    .catches = "A constraint that is added NOT VALID and is still so at the end of the chain.",
    .why =
        "It holds for new and changed rows only. Old rows may break it: a restore of a dump fails on them, SET NOT "
        "NULL "
        "and ATTACH PARTITION scan the table as if it were not there, and with a CHECK every UPDATE of such a row "
        "fails, of whatever column (measured on PostgreSQL 11 to 18).",
    .safe_sql =
        "-- a later migration, in a transaction of its own: reads and writes go on\n"
        "ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};",
    .safe_alembic =
        "# a later revision: reads and writes go on\n"
        "op.execute(\"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}\")",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);\n"
        "-- migration: check\n"
        "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);\n"
        "-- migration: check\n"
        "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;\n"
        "-- migration: validate\n"
        "ALTER TABLE orders VALIDATE CONSTRAINT positive;\n",
    .on_chain = check,
};

}  // namespace bascule::safety::rules
