#include <algorithm>
#include <array>

#include "base/text.h"
#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Statements whose literals are not read as values of a column when they run.
constexpr auto kReadsNoValue = std::to_array<std::string_view>(
    {"alter type", "comment", "create function", "create procedure", "do", "create type"});

bool uses_type(const StatementContext& context, const QualifiedName& type) {
  if (to_lower_ascii(context.statement.sql).find(to_lower_ascii(type.name.text())) != std::string::npos) return true;
  for (const model::Table& table : context.before.tables) {
    const bool touched = std::any_of(context.statement.meaning.touches.begin(), context.statement.meaning.touches.end(),
                                     [&](const auto& touch) { return model::same_name(touch.relation, table.name); });
    if (touched && column_of(table, type) != nullptr) return true;
  }
  return false;
}

bool made_in(const std::vector<const StatementView*>& statements, const QualifiedName& type) {
  for (const StatementView* statement : statements)
    for (const auto& operation : statement->meaning.operations)
      if (const auto* made = std::get_if<model::CreateEnum>(&operation);
          made != nullptr && model::same_name(made->type.name, type))
        return true;
  return false;
}

/// PostgreSQL 11 and 17 and later let a type's new values be used by the transaction that made the type.
bool may_be_used(const StatementContext& context, const std::vector<const StatementView*>& earlier,
                 const QualifiedName& type) {
  const int major = context.chain.server.major;
  return (major <= 11 || major >= 17) && made_in(earlier, type);
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  const std::string& kind = context.statement.meaning.statement_kind;
  if (std::find(kReadsNoValue.begin(), kReadsNoValue.end(), kind) != kReadsNoValue.end()) return;
  if (context.statement.sql.find('\'') == std::string::npos) return;
  const auto earlier = context.earlier_in_transaction();
  for (const StatementView* statement : earlier) {
    for (const auto& operation : statement->meaning.operations) {
      const auto* add = std::get_if<model::AddEnumValue>(&operation);
      if (add == nullptr || context.statement.sql.find("'" + add->value + "'") == std::string::npos) continue;
      if (!uses_type(context, add->type) || may_be_used(context, earlier, add->type)) continue;
      sink.add(rule, {}, "'" + add->value + "' is used in the transaction that adds it to " + display(add->type),
               "the server answers \"unsafe use of new value\": it can be used once the transaction is committed",
               {{"type", spelled(context.chain, add->type)}, {"value", add->value}});
      return;
    }
  }
}

}  // namespace

const Rule kEnumValueUsedInTransaction{
    .id = "enum-value-used-in-transaction",
    .group = Group::kTables,
    .level = Level::kError,
    .databases = kPostgres,
    .title = "A new value of an enum is used before it is committed",
    .catches =
        "A statement that uses a value which ALTER TYPE ... ADD VALUE added earlier in the same transaction: UPDATE, "
        "INSERT, a column's DEFAULT, a CHECK, the WHERE of an index.",
    .why =
        "PostgreSQL refuses it with \"unsafe use of new value\", and the migration fails: on every version from 12 to "
        "18, except, on 17 and 18, for a type that the same transaction made. (11 does not take ADD VALUE in a "
        "transaction at all.) Measured.",
    .safe_sql =
        "-- migration 1\n"
        "ALTER TYPE {type} ADD VALUE '{value}';\n"
        "-- migration 2, after the first is committed: what uses it",
    .safe_alembic =
        "with op.get_context().autocommit_block():  # commits what came before, and this\n"
        "    op.execute(\"ALTER TYPE {type} ADD VALUE '{value}'\")\n"
        "# what uses it",
    .bad =
        "CREATE TYPE state AS ENUM ('new', 'done');\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, state state);\n"
        "-- migration: add\n"
        "BEGIN;\n"
        "ALTER TYPE state ADD VALUE 'paid' AFTER 'new';\n"
        "UPDATE orders SET state = 'paid' WHERE id = 1;\n"
        "COMMIT;\n",
    .good =
        "CREATE TYPE state AS ENUM ('new', 'done');\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, state state);\n"
        "-- migration: add\n"
        "ALTER TYPE state ADD VALUE 'paid' AFTER 'new';\n"
        "-- migration: use\n"
        "UPDATE orders SET state = 'paid' WHERE id = 1;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
