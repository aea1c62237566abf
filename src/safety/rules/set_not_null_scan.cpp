#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr int kFirstCheckProves = 12;
constexpr int kFirstNotNullNotValid = 18;

constexpr std::string_view kSql11 =
    "-- PostgreSQL 11 always reads the table for SET NOT NULL: let a CHECK say it instead\n"
    "-- migration 1\n"
    "ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({column} IS NOT NULL) NOT VALID;\n"
    "-- migration 2, in a transaction of its own: nobody waits\n"
    "ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};";
constexpr std::string_view kSql18 =
    "-- migration 1: new rows are checked from now on\n"
    "ALTER TABLE {table} ADD CONSTRAINT {constraint} NOT NULL {column} NOT VALID;\n"
    "-- migration 2, in a transaction of its own: checks the old rows, nobody waits\n"
    "ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};";

/// Columns that the statement makes NOT NULL and that may hold NULL so far.
std::vector<Identifier> new_not_nulls(const StatementContext& context, const QualifiedName& name) {
  const model::Table* table = model::find_table(context.before, name);
  std::vector<Identifier> found;
  for (const auto* alter : context.all<model::AlterColumn>()) {
    if (!(alter->table == name) || alter->nullable != false) continue;
    const model::Column* column = table == nullptr ? nullptr : model::find_column(*table, alter->column);
    if (column == nullptr || column->nullable || (column->not_null && column->not_null->not_valid))
      found.push_back(alter->column);
  }
  return found;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* alter : context.all<model::AlterColumn>()) {
    if (alter->nullable != false || context.harmless(alter->table)) continue;
    const QualifiedName& table = alter->table;
    if (!reads_whole(context, table) || writes_anew(context, table)) continue;
    const auto columns = new_not_nulls(context, table);
    if (columns.empty() || !(columns.front() == alter->column)) continue;  // one finding a statement
    if (never_filled(context.chain, context.statement, table, alter->column))
      continue;  // it will fail: set-not-null-data says so
    std::vector<std::string> texts;
    for (const auto& column : columns) texts.push_back(column.text());
    Finding finding;
    finding.table = table;
    finding.message = "SET NOT NULL on " + enumeration(texts) + " stops " + stopped(context, table, kAccessExclusive) +
                      " while every row is checked";
    const int major = context.chain.server.major;
    finding.why = (major < kFirstCheckProves ? "PostgreSQL " + std::to_string(major) + " asks no CHECK: "
                                             : std::string("no valid CHECK proves it: ")) +
                  holds(context, table, kAccessExclusive) +
                  " while it reads the whole table, and fails at the first NULL";
    const Names names = named(context.chain, table,
                              {{"column", spelled(context.chain, alter->column)},
                               {"constraint", name_or(context.chain, {}, table, {alter->column}, "not_null")}});
    if (major < kFirstCheckProves) finding.help = other_way(context.chain, rule, names, kSql11);
    if (major >= kFirstNotNullNotValid) finding.help = other_way(context.chain, rule, names, kSql18);
    sink.add(rule, std::move(finding), names);
  }
}

}  // namespace

const Rule kSetNotNullScan{
    .id = "set-not-null-scan",
    .group = Group::kConstraints,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "Every row is checked for NULL while reads and writes wait",
    .catches =
        "SET NOT NULL on a column of a table in use that may be NULL, where no valid CHECK proves that it is not. A "
        "column that is NOT NULL already, or a CHECK (column IS NOT NULL) that was validated, also in an earlier "
        "migration, is seen, and nothing is said.",
    .why =
        "The table is read whole under ACCESS EXCLUSIVE: SELECT waits. PostgreSQL 12 and later skip the reading if a "
        "valid CHECK implies it; 11 always reads. PostgreSQL 18 can add NOT NULL itself as NOT VALID and validate it "
        "later under SHARE UPDATE EXCLUSIVE. A CHECK that is NOT VALID, or validated by the same ALTER TABLE, does not "
        "help. Measured on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- migration 1: new rows are checked from now on\n"
        "ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({column} IS NOT NULL) NOT VALID;\n"
        "-- migration 2, in a transaction of its own: checks the old rows, nobody waits\n"
        "ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};\n"
        "-- migration 3: reads nothing any more\n"
        "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;\n"
        "ALTER TABLE {table} DROP CONSTRAINT {constraint};",
    .safe_alembic =
        "# revision 1: new rows are checked from now on\n"
        "op.create_check_constraint('{constraint}', '{table}', '{column} IS NOT NULL', postgresql_not_valid=True)\n"
        "# revision 2, in a transaction of its own: checks the old rows, nobody waits\n"
        "op.execute(\"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}\")\n"
        "# revision 3: reads nothing any more\n"
        "op.alter_column('{table}', '{column}', nullable=False)\n"
        "op.drop_constraint('{constraint}', '{table}')",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
        "-- migration: required\n"
        "ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
        "-- migration: check\n"
        "ALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT VALID;\n"
        "-- migration: validate\n"
        "ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;\n"
        "-- migration: required\n"
        "ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n"
        "ALTER TABLE users DROP CONSTRAINT users_email_not_null;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
