#include <algorithm>

#include "model/lookup.h"
#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// The statement is about one partition: the others are not what it speaks of.
bool is_about_a_partition(const StatementContext& context) {
  for (const auto* create : context.all<model::CreateTable>())
    if (!create->table.postgresql.partition_of.name.empty()) return true;
  return !context.all<model::AttachPartition>().empty() || !context.all<model::DetachPartition>().empty();
}

/// Whether the statement names the relation, or a table that it is a part of.
bool names_it(const StatementContext& context, const QualifiedName& relation) {
  const auto& touches = context.statement.meaning.touches;
  const bool exactly = is_about_a_partition(context);
  for (const auto* attach : context.all<model::AttachPartition>())
    if (is_part_of(context.before, relation, attach->partition)) return true;  // what is attached may be a tree
  return std::any_of(touches.begin(), touches.end(), [&](const dialects::Touch& touch) {
    return exactly ? model::same_name(relation, touch.relation) : is_part_of(context.before, relation, touch.relation);
  });
}

/// What other rules tell with all the tables that it is about.
bool told_elsewhere(const StatementContext& context) {
  const std::string& kind = context.statement.meaning.statement_kind;
  if (kind == "alter domain" || kind == "reindex" || kind == "cluster" || kind == "vacuum") return true;
  if (!context.all<model::DropIndex>().empty()) return true;
  for (const auto* truncate : context.all<model::TruncateTables>())
    if (truncate->cascade) return true;
  // A change of type that writes the table anew is the greater evil.
  for (const auto* alter : context.all<model::AlterColumn>())
    if (alter->type && writes_anew(context, alter->table)) return true;
  return false;
}

/// The default partition beside a new one, where it is read: default-partition-scan tells of it.
bool is_read_default(const StatementContext& context, const QualifiedName& relation) {
  const auto told = [&](const QualifiedName& whole) {
    const model::Table* rest = default_partition(context.before, whole);
    return rest != nullptr && is_part_of(context.before, relation, rest->name) && scans_part_of(context, rest->name);
  };
  for (const auto* create : context.all<model::CreateTable>())
    if (told(create->table.postgresql.partition_of)) return true;
  for (const auto* attach : context.all<model::AttachPartition>())
    if (told(attach->table)) return true;
  return false;
}

/// An earlier statement of the transaction has taken as much.
bool is_held(const StatementContext& context, const plan::LockUse& lock) {
  const auto held = held_locks(context);
  return std::any_of(held.begin(), held.end(), [&](const Held& one) {
    return one.lock->strength >= lock.strength && model::same_name(one.lock->relation, lock.relation);
  });
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context) || told_elsewhere(context)) return;
  std::vector<const plan::LockUse*> others;
  for (const auto* lock : hard_locks(context))
    if (!lock->why.empty() && !names_it(context, lock->relation) && !is_held(context, *lock) &&
        !is_read_default(context, lock->relation))
      others.push_back(lock);
  if (others.empty()) return;
  const bool reads = std::any_of(others.begin(), others.end(), [](const auto* lock) { return lock->blocks.reads; });
  std::vector<std::string> tables;
  std::string scanned;
  for (const auto* lock : others) {
    tables.push_back(display(lock->relation));
    if (plan::scans(context.statement.impact, lock->relation)) scanned = display(lock->relation);
  }
  const plan::LockUse& first = *others.front();
  Finding finding;
  // A short lock is as bad as the wait for it; one that is held while rows are read is worse.
  if (scanned.empty()) finding.level = Level::kNote;
  finding.table = first.relation;
  finding.message = deed(context.statement) + " stops " + (reads ? "reads of and writes to " : "writes to ") +
                    enumeration(tables) + " as well" + (scanned.empty() ? "" : ", while " + scanned + " is read whole");
  finding.why = "it takes " + first.mode + " on " + display(first.relation) + ": " + first.why;
  sink.add(rule, std::move(finding), named(context.chain, first.relation));
}

}  // namespace

const Rule kOtherTableLocked{
    .id = "other-table-locked",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A table is locked that the statement does not name",
    .catches =
        "Statements that stop reads of or writes to another table in use: the other side of a foreign key that goes "
        "(DROP TABLE, DROP COLUMN, DROP CONSTRAINT), the parent of a partition that is dropped, the default partition "
        "when another one is made, attached or detached, tables that a CASCADE reaches.",
    .why =
        "A foreign key has triggers on both tables, so that dropping it takes ACCESS EXCLUSIVE on both; the default "
        "partition has to be read to prove that none of its rows belongs to a new partition. The statement waits for "
        "whoever uses that other table, often the busiest one, and everybody else then waits behind it. Measured on "
        "PostgreSQL 11 to 18.",
    .safe_sql =
        "-- alone in its transaction, with a bound on the wait; try again when it fails\n"
        "SET LOCAL lock_timeout = '2s';\n"
        "-- a foreign key is dropped by a statement of its own, before its table or column:\n"
        "ALTER TABLE ... DROP CONSTRAINT ...;\n"
        "-- a default partition gets a valid CHECK that excludes the new bound: then it is not read",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\n"
        "-- migration: drop\n"
        "ALTER TABLE orders DROP COLUMN user_id;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: drop\n"
        "ALTER TABLE orders DROP COLUMN user_id;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
