#include <algorithm>

#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Whether the schema at this point is known for certain: no statement before has changed it unseen.
bool schema_is_certain(const StatementContext& context) {
  const auto& all = context.chain.statements;
  return std::all_of(all.begin(), all.end(), [&](const StatementView& one) {
    const dialects::Understood& meaning = one.meaning;
    if (&one == &context.statement || meaning.changes_nothing || meaning.keeps_schema) return true;
    return meaning.complete && one.impact.assumptions.empty();
  });
}

/// add-column-required tells of these, and knows when the table is empty.
bool adds_required_column(const StatementContext& context) {
  const auto added = changes<model::AddColumn>(context);
  return std::any_of(added.begin(), added.end(), [](const Change<model::AddColumn>& one) {
    const model::Column& column = one.operation->column;
    return !column.nullable && !column.server_default && !column.identity && !column.computed && !column.autoincrement;
  });
}

/// The server's version or the statement itself is the reason: it is refused on any schema.
bool refused_anywhere(const StatementContext& context) {
  if (context.chain.dialect == nullptr || !context.statement.meaning.parsed) return false;
  dialects::Server on_no_schema = context.chain.server;
  on_no_schema.schema_complete = false;
  return !context.chain.dialect->impact(context.statement.sql, model::Schema{}, on_no_schema).refused.empty();
}

/// SQLite: it is done where PRAGMA foreign_keys is off, and no database was asked whether it is.
bool only_with_foreign_keys(const StatementContext& context) {
  const Chain& chain = context.chain;
  if (chain.dialect == nullptr || chain.dialect->name() != "sqlite" || chain.live != nullptr) return false;
  dialects::Server without = chain.server;
  without.foreign_keys = false;
  return context.statement.meaning.statement_kind != "rebuild" &&
         chain.dialect->impact(context.statement.sql, context.before, without).refused.empty();
}

/// invalid-index-left tells of these.
bool finds_invalid_index(const StatementContext& context) {
  const auto creates = context.all<model::CreateIndex>();
  return std::any_of(creates.begin(), creates.end(), [&](const model::CreateIndex* create) {
    const model::Table* table = model::find_table(context.before, create->table);
    const model::Index* index = table == nullptr ? nullptr : model::find_index(*table, create->index.name);
    return index != nullptr && index->postgresql.invalid;
  });
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  const std::string& refused = context.statement.impact.refused;
  if (refused.empty() || adds_required_column(context) || finds_invalid_index(context)) return;
  const bool anywhere = refused_anywhere(context);
  const bool certain = anywhere || schema_is_certain(context);
  // What an unseen statement may have made is not missing; what the migrations made is there, as far as we know.
  if (!certain && !refused.ends_with(" already")) return;
  const bool by_keys = only_with_foreign_keys(context);
  const auto& touches = context.statement.meaning.touches;
  Finding finding;
  if (!certain || by_keys) finding.level = Level::kNote;
  finding.table = touches.empty() ? QualifiedName{} : touches.front().relation;
  finding.message = deed(context.statement) + " fails: " + refused;
  finding.why =
      by_keys ? "that is so where foreign keys are enforced (PRAGMA foreign_keys = ON; SQLite's own default is OFF)"
      : finding.level == Level::kNote
          ? "as far as the schema at this point is known: an earlier statement has changed it unseen"
      : anywhere                      ? "that is so whatever the schema is"
      : context.chain.schema_was_read ? "that is so in the database's schema as it is, and as the migrations leave it"
                                      : "that is so in the schema that the migrations before it make";
  sink.add(rule, std::move(finding), named(context.chain, finding.table));
}

}  // namespace

const Rule kStatementRefused{
    .id = "statement-refused",
    .group = Group::kTransactions,
    .level = Level::kError,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "The database will not do it",
    .catches =
        "A statement that the server refuses, by its version or by the schema that the earlier migrations make: a "
        "column's type while a view reads it, a unique constraint of a partitioned table without its partition key, "
        "NOT VALID on a partitioned table's foreign key before PostgreSQL 18, an ADD COLUMN form that SQLite does not "
        "have.",
    .why =
        "The migration fails in deployment, at a point that an empty development database may not have shown. It is "
        "found by replaying the migrations on a model of the schema, without a database.",
    .safe_sql = "-- see the reason above: what is in the way has to go first, and to come back afterwards",
    .safe_alembic = "# see the reason above: what is in the way has to go first, and to come back afterwards",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, code integer);\n"
        "CREATE VIEW codes AS SELECT code FROM users;\n"
        "-- migration: type\n"
        "ALTER TABLE users ALTER COLUMN code TYPE bigint;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, code integer);\n"
        "CREATE VIEW codes AS SELECT code FROM users;\n"
        "-- migration: type\n"
        "DROP VIEW codes;\n"
        "ALTER TABLE users ALTER COLUMN code TYPE bigint;\n"
        "CREATE VIEW codes AS SELECT code FROM users;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
