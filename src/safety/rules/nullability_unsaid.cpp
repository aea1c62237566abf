#include <algorithm>
#include <array>
#include <string_view>

#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Words that say whether a column may hold NULL, in SQL and in a call of sa.Column.
constexpr auto kSay = std::to_array<std::string_view>(
    {"null", "nullable", "primary", "primary_key", "identity", "serial", "bigserial", "smallserial", "generated"});

/// The call in Python that makes the statement; empty where there is none at hand.
std::string_view call_of(const StatementView& statement) {
  const Span& span = statement.location.span;
  if (statement.authored_sql || !statement.location.file || span.end.offset <= span.begin.offset) return {};
  const std::string_view text = statement.location.file->text();
  return span.end.offset <= text.size() ? text.substr(span.begin.offset, span.end.offset - span.begin.offset)
                                        : std::string_view();
}

/// Whether the definition that begins with the column's name says it; one that is not found is taken to. In SQL it ends
/// with a comma, in a call with the bracket that closes sa.Column(.
bool says(const Words& words, const Identifier& column, bool in_call) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if ((!words[i].is_name() && !words[i].is_string()) || words[i].text() != column.text()) continue;
    for (std::size_t at = i + 1; at < words.size() && words[at].depth >= words[i].depth; ++at) {
      if (words[at].depth == words[i].depth && words[at].is(in_call ? ')' : ',')) break;
      if (std::find(kSay.begin(), kSay.end(), words[at].text()) != kSay.end()) return true;
    }
    return false;
  }
  return true;
}

bool may_be_null(const model::Column& column) { return column.nullable && !column.computed; }

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const auto columns = new_columns(context);
  if (std::none_of(columns.begin(), columns.end(), [](const NewColumn& one) { return may_be_null(*one.column); }))
    return;
  const std::string_view call = call_of(context.statement);
  const Words words = words_of(call.empty() ? std::string_view(context.statement.sql) : call);
  for (const auto& [table, column] : columns) {
    if (!may_be_null(*column) || says(words, column->name, !call.empty())) continue;
    sink.add(rule, *table,
             "whether column " + column->name.text() + " of " + display(*table) + " may be NULL is not said",
             "it may be, since nothing else is said: on purpose?",
             named(context.chain, *table, {{"column", spelled(context.chain, column->name)}}));
  }
}

}  // namespace

const Rule kNullabilityUnsaid{
    .id = "nullability-unsaid",
    .group = Group::kStyle,
    .level = Level::kOff,
    .databases = kPostgres | kSqlite,
    .title = "Whether a column may be NULL is not said",
    .catches = "A new column with neither NULL nor NOT NULL (nullable= in Alembic).",
    .why =
        "A column that may hold NULL because nobody thought of it costs more than one that says so: to take NULL "
        "away later has to read every row. Off unless asked for.",
    .safe_sql =
        "ALTER TABLE {table} ADD COLUMN {column} text NULL;\n"
        "-- or\n"
        "ALTER TABLE {table} ADD COLUMN {column} text NOT NULL DEFAULT '';",
    .safe_alembic =
        "op.add_column('{table}', sa.Column('{column}', ..., nullable=True))\n"
        "# or\n"
        "op.add_column('{table}', sa.Column('{column}', ..., nullable=False, server_default=...))",
    .bad =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n",
    .good =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
