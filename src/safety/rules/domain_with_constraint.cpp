#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* create : context.all<model::CreateDomain>()) {
    if (!create->check && create->not_null != true) continue;
    sink.add(rule, {},
             "every change of the rules of domain " + display(create->name) + " will read all tables that use it",
             "its constraint is a part of the type: adding a column of it writes a table anew, even with a constant "
             "default",
             {{"domain", spelled(context.chain, create->name)}});
  }
}

}  // namespace

const Rule kDomainWithConstraint{
    .id = "domain-with-constraint",
    .group = Group::kConstraints,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "A domain carries a constraint",
    .catches = "CREATE DOMAIN with CHECK or NOT NULL.",
    .why =
        "Creating it locks nothing. Later, ADD COLUMN of this domain rewrites its table, which it does not for a plain "
        "type, and a constraint that is added to the domain is checked in all tables that use it under SHARE: writes "
        "to all of them wait. Measured on PostgreSQL 11 to 18. A CHECK on the table can be added NOT VALID, one table "
        "at a time.",
    .safe_sql =
        "-- columns of the plain type, and what {domain} demands where it applies\n"
        "ALTER TABLE ... ADD CONSTRAINT ... CHECK (...) NOT VALID;\n"
        "-- in a later migration\n"
        "ALTER TABLE ... VALIDATE CONSTRAINT ...;",
    .bad =
        "-- migration: domain\n"
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0);\n",
    .good =
        "-- migration: domain\n"
        "CREATE DOMAIN quantity AS integer;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
