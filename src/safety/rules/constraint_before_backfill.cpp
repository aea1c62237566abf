#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// What a statement demands of a column's rows.
struct Demand {
  const StatementView* by = nullptr;
  std::string words;  ///< "SET NOT NULL"
};

const model::CheckConstraint* check_named(const Chain& chain, std::size_t until, const QualifiedName& table,
                                          const Identifier& name) {
  for (std::size_t i = until; i > 0; --i)
    for (const model::Operation& operation : chain.statements[i - 1].meaning.operations) {
      const auto* add = std::get_if<model::AddConstraint>(&operation);
      const auto* made = add == nullptr ? nullptr : std::get_if<model::CheckConstraint>(&add->constraint);
      if (made != nullptr && made->name == name && model::same_name(add->table, table)) return made;
    }
  return nullptr;
}

/// The check says that the column is not NULL.
bool forbids_null(const model::CheckConstraint& check, const Identifier& column) {
  const auto* text = std::get_if<model::TextExpr>(&check.sql);
  if (text == nullptr) return false;
  const Words words = words_of(text->sql);
  for (std::size_t i = 0; i + 3 < words.size(); ++i)
    if (words[i].is_name() && words[i].text() == column.text() && words[i + 1].is("is") && words[i + 2].is("not") &&
        words[i + 3].is("null"))
      return true;
  return false;
}

/// Whether the column is not older than this.
bool begins(const model::Operation& operation, const QualifiedName& table, const Identifier& column) {
  if (const auto* create = std::get_if<model::CreateTable>(&operation))
    return model::same_name(create->table.name, table) && !create->if_not_exists;
  const auto* add = std::get_if<model::AddColumn>(&operation);
  return add != nullptr && add->column.name == column && model::same_name(add->table, table) && !add->if_not_exists;
}

/// The last statement before `until` that fails, or makes others fail, while the column holds NULL.
Demand demand_before(const Chain& chain, std::size_t until, const QualifiedName& table, const Identifier& column) {
  for (std::size_t i = until; i > 0; --i) {
    const StatementView& statement = chain.statements[i - 1];
    if (!chain.revisions[statement.revision].selected) break;
    if (statement.direction != model::Direction::kUpgrade) continue;
    for (const model::Operation& operation : statement.meaning.operations) {
      if (begins(operation, table, column)) return {};
      if (const auto* alter = std::get_if<model::AlterColumn>(&operation)) {
        if (!alter->nullable || !(alter->column == column) || !model::same_name(alter->table, table)) continue;
        return *alter->nullable ? Demand{} : Demand{&statement, "SET NOT NULL"};
      }
      if (const auto* validate = std::get_if<model::ValidateConstraint>(&operation)) {
        if (!model::same_name(validate->table, table)) continue;
        const auto* check = check_named(chain, i, table, validate->name);
        if (check != nullptr && forbids_null(*check, column)) return {&statement, "VALIDATE CONSTRAINT"};
      }
      if (const auto* add = std::get_if<model::AddConstraint>(&operation)) {
        const auto* check = std::get_if<model::CheckConstraint>(&add->constraint);
        if (check == nullptr || check->not_valid || check->not_enforced || !model::same_name(add->table, table))
          continue;
        if (forbids_null(*check, column)) return {&statement, "ADD CHECK"};
      }
    }
  }
  return {};
}

void check(const ChainContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  for (std::size_t i = 0; i < chain.statements.size(); ++i) {
    const StatementView& statement = chain.statements[i];
    if (!chain.revisions[statement.revision].selected || statement.direction != model::Direction::kUpgrade) continue;
    const auto change = row_change(statement);
    if (!change || change->kind != RowChange::Kind::kUpdate || !change->where) continue;
    for (const auto& [column, value] : change->assignments) {
      const Words& where = *change->where;
      bool fills = false;
      for (std::size_t at = 0; at + 2 < where.size(); ++at)
        fills = fills || (where[at].is_name() && where[at].text() == column.text() && where[at + 1].is("is") &&
                          where[at + 2].is("null"));
      if (!fills) continue;
      const Demand demand = demand_before(chain, i, change->table, column);
      if (demand.by == nullptr) continue;
      sink.add(rule,
               finding_at(chain, *demand.by, change->table,
                          demand.words + " comes before the rows of " + display(change->table) + "." + column.text() +
                              " are filled in: it fails",
                          "the UPDATE that fills in what is NULL comes later, in " +
                              chain.revisions[statement.revision].id + " (" + place_of(statement) + ")"),
               named(chain, change->table, {{"column", spelled(chain, column)}}));
    }
  }
}

}  // namespace

const Rule kConstraintBeforeBackfill{
    .id = "constraint-before-backfill",
    .group = Group::kData,
    .level = Level::kError,
    .databases = kPostgres | kSqlite,
    .title = "A constraint comes before the rows that it needs",
    .catches =
        "SET NOT NULL, VALIDATE CONSTRAINT or ADD CHECK on a column whose NULLs a later statement of the same chain "
        "fills in (UPDATE ... WHERE column IS NULL).",
    .why =
        "The statement checks the rows as they are then: with a single NULL it fails, and the backfill behind it never "
        "runs. On a developer's empty database both orders work.",
    .safe_sql =
        "-- migration 1: fill in, in batches\n"
        "UPDATE {table} SET {column} = ... WHERE id BETWEEN 1 AND 5000 AND {column} IS NULL;\n"
        "-- migration 2: then demand\n"
        "ALTER TABLE {table} ADD CONSTRAINT {column}_not_null CHECK ({column} IS NOT NULL) NOT VALID;\n"
        "-- migration 3\n"
        "ALTER TABLE {table} VALIDATE CONSTRAINT {column}_not_null;\n"
        "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, phone text);\n"
        "-- migration: required\n"
        "ALTER TABLE users ALTER COLUMN phone SET NOT NULL;\n"
        "-- migration: fill\n"
        "UPDATE users SET phone = '' WHERE phone IS NULL;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, phone text);\n"
        "-- migration: fill\n"
        "UPDATE users SET phone = '' WHERE phone IS NULL;\n"
        "-- migration: required\n"
        "ALTER TABLE users ALTER COLUMN phone SET NOT NULL;\n",
    .on_chain = check,
};

}  // namespace bascule::safety::rules
