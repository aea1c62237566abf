// Rows that would make a step fail, found before it takes any lock: the first few, and how many there are.
#include <algorithm>

#include <fmt/core.h>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/postgres/online.h"
#include "dialects/postgres/postgres.h"
#include "model/lookup.h"

namespace bascule::dialects::postgres {

namespace {

constexpr int kShown = 5;

std::string quoted(const Identifier& name) { return postgres_dialect().quote(name); }

std::string listed(const std::vector<std::string>& parts, std::string_view between = ", ") {
  return join(parts, between);
}

class Against {
 public:
  Against(const model::Schema& before, plan::Guard& guard) : before_(before), guard_(guard) {}

  void operator()(const model::AddConstraint& o) {
    std::visit([&](const auto& one) { constraint(o.table, one); }, o.constraint);
  }
  void operator()(const model::ValidateConstraint& o) {
    const model::Table* table = model::find_table(before_, o.table);
    const model::Constraint* found = table == nullptr ? nullptr : model::find_constraint(*table, o.name);
    if (found != nullptr) return std::visit([&](const auto& one) { constraint(o.table, one); }, *found);
    if (table == nullptr) return;
    for (const model::Column& column : table->columns)
      if (column.not_null && column.not_null->name == o.name) not_null(o.table, column.name);
  }
  void operator()(const model::AlterColumn& o) {
    if (o.nullable && !*o.nullable && !o.type && !o.new_name) not_null(o.table, o.column);
  }
  /// ADD COLUMN ... NOT NULL that gives rows no value.
  void operator()(const model::AddColumn& o) {
    const model::Column& column = o.column;
    if (column.nullable || column.server_default || column.identity || column.computed || column.autoincrement) return;
    const auto type = postgres_dialect().type(column.type);
    const auto is_it = [&](const model::Domain& domain) { return postgres_dialect().quote(domain.name) == *type; };
    // A domain may have a default.
    if (!type || std::any_of(before_.domains.begin(), before_.domains.end(), is_it)) return;
    const model::Table* known = model::find_table(before_, o.table);
    if (known == nullptr || (o.if_not_exists && model::find_column(*known, column.name) != nullptr)) return;
    const model::PrimaryKey* key = model::primary_key(*known);
    guard_.rows_against =
        fmt::format("SELECT {} FROM {} LIMIT 1", key == nullptr ? "ctid" : listed(names(key->columns)),
                    postgres_dialect().quote(o.table));
    guard_.rows_against_text =
        fmt::format("{} has rows, for which {} would be NULL: give it a default, or add it as NULL and fill it",
                    display(o.table), column.name.text());
  }
  void operator()(const model::CreateIndex& o) {
    if (!o.index.unique || o.index.postgresql.only_here) return;
    std::vector<std::string> keys;
    for (const model::IndexElement& element : o.index.elements) {
      const model::Expression* held = &element.sql;
      while (const auto* unary = std::get_if<Box<model::UnaryExpr>>(held)) {
        if (!(*unary)->postfix) break;
        held = &(*unary)->operand;
      }
      const auto spelled = postgres_dialect().expression(*held);
      if (!spelled) return;
      keys.push_back(*spelled);
    }
    std::string where;
    if (o.index.postgresql.where) {
      const auto spelled = postgres_dialect().expression(*o.index.postgresql.where);
      if (!spelled) return;
      where = *spelled;
    }
    duplicates(o.table, keys, where, o.index.postgresql.nulls_not_distinct.value_or(false));
  }
  template <class Other>
  void operator()(const Other&) {}

 private:
  void constraint(const QualifiedName& table, const model::PrimaryKey& key) {
    if (key.postgresql_using_index.empty()) duplicates(table, names(key.columns), {}, false);
  }
  void constraint(const QualifiedName& table, const model::UniqueConstraint& key) {
    if (key.postgresql_using_index.empty()) duplicates(table, names(key.columns), {}, key.nulls_not_distinct);
  }
  void constraint(const QualifiedName& table, const model::CheckConstraint& check) {
    const auto spelled = postgres_dialect().expression(check.sql);
    if (!spelled || check.not_enforced) return;
    const std::string condition = fmt::format("NOT ({})", *spelled);
    // A check that set_not_null helps itself with: its name says nothing to anybody.
    if (constexpr std::string_view kNotNull = " IS NOT NULL";
        check.name.text().starts_with("bascule_not_null_") && spelled->ends_with(kNotNull))
      return rows(table, condition,
                  fmt::format("there are rows of {} where {} is NULL", display(table),
                              spelled->substr(0, spelled->size() - kNotNull.size())));
    rows(table, condition, fmt::format("these rows of {} break {}", display(table), of_name("the check", check.name)));
  }
  void constraint(const QualifiedName& table, const model::ForeignKey& key) {
    std::vector<Identifier> referred = key.referent_columns;
    if (referred.empty()) {
      const model::Table* referent = model::find_table(before_, key.referent);
      if (const auto* primary = referent == nullptr ? nullptr : model::primary_key(*referent))
        referred = primary->columns;
    }
    if (referred.size() != key.columns.size() || key.not_enforced) return;
    std::vector<std::string> filled;
    std::vector<std::string> same;
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < referred.size(); ++i) {
      shown.push_back("c." + quoted(key.columns[i]));
      filled.push_back(shown.back() + " IS NOT NULL");
      same.push_back(fmt::format("p.{} = {}{}", quoted(referred[i]), shown.back(),
                                 collated(key.referent, referred[i], table, key.columns[i])));
    }
    guard_.rows_against = fmt::format(
        "SELECT {}, pg_catalog.count(*) AS rows FROM {} AS c WHERE {} AND NOT EXISTS (SELECT FROM {} AS p WHERE {}) "
        "GROUP BY {} ORDER BY pg_catalog.count(*) DESC LIMIT {}",
        listed(shown), postgres_dialect().quote(table), listed(filled, " AND "), postgres_dialect().quote(key.referent),
        listed(same, " AND "), listed(shown), kShown);
    guard_.rows_against_text =
        fmt::format("these values of {} refer to nothing in {}", of_columns(table, key.columns), display(key.referent));
  }
  void constraint(const QualifiedName&, const model::ExcludeConstraint&) {}

  void not_null(const QualifiedName& table, const Identifier& column) {
    const model::Table* known = model::find_table(before_, table);
    const model::Column* its = known == nullptr ? nullptr : model::find_column(*known, column);
    const bool unchecked = its != nullptr && its->not_null && its->not_null->not_valid;
    if (its != nullptr && !its->nullable && !unchecked) return;
    rows(table, fmt::format("{} IS NULL", quoted(column)),
         fmt::format("there are rows of {} where {} is NULL", display(table), column.text()));
  }

  /// A few rows by their key, and the number of all.
  void rows(const QualifiedName& table, const std::string& where, std::string text) {
    const model::Table* known = model::find_table(before_, table);
    const model::PrimaryKey* key = known == nullptr ? nullptr : model::primary_key(*known);
    const std::string shown = key == nullptr ? "ctid" : listed(names(key->columns));
    guard_.rows_against = fmt::format("SELECT {}, pg_catalog.count(*) OVER () AS {} FROM {} WHERE {} LIMIT {}", shown,
                                      plan::kRowsOfAll, postgres_dialect().quote(table), where, kShown);
    guard_.rows_against_text = std::move(text);
  }

  void duplicates(const QualifiedName& table, const std::vector<std::string>& keys, const std::string& where,
                  bool nulls_count) {
    if (keys.empty()) return;
    std::vector<std::string> conditions;
    if (!where.empty()) conditions.push_back("(" + where + ")");
    if (!nulls_count)
      for (const std::string& key : keys) conditions.push_back("(" + key + ") IS NOT NULL");
    std::vector<std::string> numbers;
    for (std::size_t i = 0; i < keys.size(); ++i) numbers.push_back(std::to_string(i + 1));
    guard_.rows_against = fmt::format(
        "SELECT {}, pg_catalog.count(*) AS rows FROM {}{} GROUP BY {} HAVING pg_catalog.count(*) > 1 ORDER BY "
        "pg_catalog.count(*) DESC LIMIT {}",
        listed(keys), postgres_dialect().quote(table),
        conditions.empty() ? std::string() : " WHERE " + listed(conditions, " AND "), listed(numbers), kShown);
    guard_.rows_against_text =
        fmt::format("these values of {} are there more than once in {}", listed(keys), display(table));
  }

  /// The server compares by the collation of the column that is referred to.
  std::string collated(const QualifiedName& referent, const Identifier& referred, const QualifiedName& table,
                       const Identifier& column) const {
    const std::string wanted = collation(referent, referred);
    if (wanted == collation(table, column)) return {};
    return " COLLATE " + (wanted.empty() ? std::string("pg_catalog.\"default\"") : wanted);
  }

  /// Quoted; empty: the type's own.
  std::string collation(const QualifiedName& table, const Identifier& name) const {
    constexpr std::string_view kCollate = " COLLATE ";
    const model::Table* known = model::find_table(before_, table);
    const model::Column* column = known == nullptr ? nullptr : model::find_column(*known, name);
    if (column == nullptr) return {};
    const auto type = postgres_dialect().type(column->type);
    const std::size_t at = type ? type->find(kCollate) : std::string::npos;
    return at == std::string::npos ? std::string() : type->substr(at + kCollate.size());
  }

  static std::vector<std::string> names(const std::vector<Identifier>& columns) {
    std::vector<std::string> found;
    for (const Identifier& column : columns) found.push_back(quoted(column));
    return found;
  }
  static std::string of_name(std::string_view what, const Identifier& name) {
    return name.empty() ? std::string(what) : fmt::format("{} {}", what, name.text());
  }
  static std::string of_columns(const QualifiedName& table, const std::vector<Identifier>& columns) {
    std::vector<std::string> found;
    for (const Identifier& column : columns) found.push_back(column.text());
    return fmt::format("{}.{}", display(table), join(found, ", "));
  }

  const model::Schema& before_;
  plan::Guard& guard_;
};
static_assert(kCovers<Against, model::Operation>);

}  // namespace

void find_rows_against(const model::Operation& atomic, const model::Schema& before, plan::Guard& guard) {
  std::visit(Against(before, guard), atomic);
}

}  // namespace bascule::dialects::postgres
