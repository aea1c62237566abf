#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "base/text.h"
#include "safety/collect.h"
#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// What ALTER TABLE does to every row in one pass, however many of them stand in it. A foreign key is checked by a
/// query of its own, and each index is built by itself.
struct InOnePass {
  bool operator()(const model::AlterColumn&) const { return true; }
  bool operator()(const model::AddColumn& add) const { return add.constraints.empty(); }
  bool operator()(const model::AddConstraint& add) const {
    return std::holds_alternative<model::CheckConstraint>(add.constraint);
  }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

/// The table that an ALTER TABLE goes through once; null: it does not, or not only once.
const QualifiedName* worked_on(const StatementView& statement) {
  const dialects::Understood& meaning = statement.meaning;
  if (meaning.statement_kind != "alter table" || !statement.impact.refused.empty() || meaning.operations.empty())
    return nullptr;
  const bool one_pass = std::all_of(meaning.operations.begin(), meaning.operations.end(),
                                    [](const model::Operation& one) { return std::visit(InOnePass{}, one); });
  if (!one_pass) return nullptr;
  for (const auto* work : {&statement.impact.rewrites, &statement.impact.scans})
    for (const plan::Work& one : *work)
      if (one.kind == plan::RelationKind::kTable) return &one.relation;
  return nullptr;
}

/// What an ALTER TABLE does, without the words and the name that it begins with: "ALTER COLUMN a SET NOT NULL".
std::string action_of(const StatementView& statement) {
  std::string_view text = trim(statement.sql);
  const auto word = [&] {
    std::size_t end = 0;
    bool quoted = false;
    while (end < text.size() && (quoted || std::isspace(static_cast<unsigned char>(text[end])) == 0)) {
      if (text[end] == '"') quoted = !quoted;
      ++end;
    }
    const std::string_view found = text.substr(0, end);
    text = trim(text.substr(end));
    return found;
  };
  word();
  word();
  std::string_view name = word();
  if (iequals_ascii(name, "if")) {
    word();
    name = word();
  }
  if (iequals_ascii(name, "only")) word();
  if (text.ends_with(';')) text.remove_suffix(1);
  return on_one_line(text);
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const QualifiedName* table = worked_on(context.statement);
  if (table == nullptr || context.harmless(*table)) return;
  const StatementView* first = nullptr;
  for (const StatementView* earlier : context.earlier_in_transaction()) {
    const QualifiedName* other = worked_on(*earlier);
    if (other == nullptr || !model::same_name(*table, *other)) continue;
    if (first != nullptr) return;  // the second one was told
    first = earlier;
  }
  if (first == nullptr) return;
  sink.add(rule, *table, display(*table) + " is gone through from end to end once more: one ALTER TABLE can do both",
           "each ALTER TABLE goes through the table by itself (" + place_of(*first) +
               " did already); the actions of one go through it together",
           named(context.chain, *table, {{"first", action_of(*first)}, {"second", action_of(context.statement)}}));
}

}  // namespace

const Rule kSplitAlterTable{
    .id = "split-alter-table",
    .group = Group::kTransactions,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "Two passes over a table where one would do",
    .catches =
        "A second ALTER TABLE in a transaction that goes through all rows of the same table (types, SET NOT NULL, "
        "CHECK, "
        "new columns): what one statement with several actions does in one pass.",
    .why =
        "One ALTER TABLE with several actions goes through the table once. Measured: two SET NOT NULL of 5,000 rows "
        "read 10,000 rows in two statements and 5,000 in one. The lock is held for the sum.",
    .safe_sql =
        "ALTER TABLE {table}\n"
        "  {first},\n"
        "  {second};",
    .safe_alembic =
        "op.execute(\"\"\"\n"
        "    ALTER TABLE {table}\n"
        "      {first},\n"
        "      {second}\n"
        "\"\"\")",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, a text, b text);\n"
        "-- migration: required\n"
        "BEGIN;\n"
        "ALTER TABLE users ALTER COLUMN a SET NOT NULL;\n"
        "ALTER TABLE users ALTER COLUMN b SET NOT NULL;\n"
        "COMMIT;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, a text, b text);\n"
        "-- migration: required\n"
        "ALTER TABLE users ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET NOT NULL;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
