#include "safety/look.h"
#include "safety/rules/list.h"
#include "safety/statement_words.h"

namespace bascule::safety::rules {

namespace {

/// ALTER DOMAIN name ...: as it is written.
std::string domain_of(const StatementView& statement) {
  const Words words = words_of(statement.sql);
  if (words.size() < 3) return {};
  if (words.size() > 4 && words[3].is('.')) return words[2].text() + "." + words[4].text();
  return words[2].text();
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  if (context.statement.meaning.statement_kind != "alter domain") return;
  const auto locks = hard_locks(context);
  if (locks.empty() || context.statement.impact.scans.empty()) return;
  std::vector<std::string> tables;
  for (const auto* lock : locks) tables.push_back(display(lock->relation));
  const std::string all = enumeration(tables);
  sink.add(rule, locks.front()->relation, "ALTER DOMAIN stops writes to " + all + " while every row is checked",
           "it holds " + locks.front()->mode + " on every table that uses the domain while it reads them",
           named(context.chain, locks.front()->relation, {{"domain", domain_of(context.statement)}}));
}

}  // namespace

const Rule kDomainValidatedAtOnce{
    .id = "domain-validated-at-once",
    .group = Group::kConstraints,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A domain's constraint is checked while writes to all its tables wait",
    .catches =
        "ALTER DOMAIN ... ADD CONSTRAINT without NOT VALID, SET NOT NULL or VALIDATE CONSTRAINT on a domain that "
        "tables "
        "in use have columns of.",
    .why =
        "SHARE is held on every table that uses the domain while each of them is read: writes wait, in all of them "
        "at once. NOT VALID takes no lock on any table; VALIDATE takes SHARE as well, so that the wait is only put off "
        "to a quiet hour. Measured on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- new rows are checked from now on: no table is locked\n"
        "ALTER DOMAIN {domain} ADD CONSTRAINT ... CHECK (...) NOT VALID;\n"
        "-- in a quiet hour: writes to its tables wait while they are read\n"
        "ALTER DOMAIN {domain} VALIDATE CONSTRAINT ...;",
    .bad =
        "CREATE DOMAIN quantity AS integer;\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, items quantity);\n"
        "-- migration: domain\n"
        "ALTER DOMAIN quantity ADD CONSTRAINT positive CHECK (VALUE > 0);\n",
    .good =
        "CREATE DOMAIN quantity AS integer;\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, items quantity);\n"
        "-- migration: domain\n"
        "ALTER DOMAIN quantity ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
