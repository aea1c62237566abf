#include "dialects/postgres/online_catalog.h"

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/postgres/postgres.h"
#include "dialects/render_common.h"

namespace bascule::dialects::postgres {

std::string literal(std::string_view text) { return quoted_text(text); }

std::string name_literal(const QualifiedName& name) { return literal(postgres_dialect().quote(name)); }

std::string oid_of(const QualifiedName& relation) {
  return fmt::format("pg_catalog.to_regclass({})", name_literal(relation));
}

std::string negated(const std::string& condition) { return "NOT " + condition; }

std::string relation_exists(const QualifiedName& relation) { return fmt::format("({} IS NOT NULL)", oid_of(relation)); }

namespace {

std::string and_also(std::string_view also) { return also.empty() ? std::string() : fmt::format(" AND {}", also); }

}  // namespace

std::string column_exists(const QualifiedName& table, const Identifier& column, std::string_view also) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = {} AND a.attname = {} AND NOT "
      "a.attisdropped{})",
      oid_of(table), literal(column.text()), and_also(also));
}

std::string constraint_exists(const QualifiedName& table, const Identifier& constraint, std::string_view also) {
  return fmt::format("EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = {} AND k.conname = {}{})",
                     oid_of(table), literal(constraint.text()), and_also(also));
}

std::string index_exists(const QualifiedName& table, const Identifier& index, std::string_view also) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid JOIN "
      "pg_catalog.pg_am m ON m.oid = c.relam WHERE x.indrelid = {} AND c.relname = {}{})",
      oid_of(table), literal(index.text()), and_also(also));
}

std::string other_relation(const QualifiedName& table, const Identifier& name, std::string_view same) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_class r JOIN pg_catalog.pg_class t ON t.relnamespace = r.relnamespace WHERE "
      "t.oid = {} AND r.relname = {} AND NOT EXISTS (SELECT FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON "
      "c.oid = x.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam WHERE x.indexrelid = r.oid AND x.indrelid = "
      "t.oid{}))",
      oid_of(table), literal(name.text()), and_also(same));
}

namespace {

/// The column that the n-th element of an index (from 1) stands for.
std::string nth_column(std::size_t number, const QualifiedName& table, const Identifier& column) {
  return fmt::format(
      "x.indkey[{}] = (SELECT a.attnum FROM pg_catalog.pg_attribute a WHERE a.attrelid = {} AND a.attname = {} AND NOT "
      "a.attisdropped)",
      number, oid_of(table), literal(column.text()));
}

struct Element {
  const Identifier* column = nullptr;
  bool descends = false;
  std::optional<bool> nulls_first;
};

Element element_of(const model::IndexElement& element) {
  Element found;
  const model::Expression* held = &element.sql;
  while (true) {
    if (const auto* unary = std::get_if<Box<model::UnaryExpr>>(held)) {
      const std::string& op = (*unary)->op;
      if (iequals_ascii(op, "DESC")) found.descends = true;
      if (iequals_ascii(op, "NULLS FIRST")) found.nulls_first = true;
      if (iequals_ascii(op, "NULLS LAST")) found.nulls_first = false;
      held = &(*unary)->operand;
    } else if (const auto* collate = std::get_if<Box<model::CollateExpr>>(held)) {
      held = &(*collate)->operand;
    } else {
      break;
    }
  }
  if (const auto* column = std::get_if<model::ColumnExpr>(held)) found.column = &column->column;
  return found;
}

}  // namespace

std::string index_shape(const model::Index& index, const QualifiedName& table) {
  const model::Index::Postgres& options = index.postgresql;
  std::vector<std::string> parts;
  parts.push_back(index.unique ? "x.indisunique" : "NOT x.indisunique");
  parts.push_back(fmt::format("x.indnkeyatts = {}", index.elements.size()));
  parts.push_back(fmt::format("x.indnatts = {}", index.elements.size() + options.include.size()));
  parts.emplace_back(options.where ? "x.indpred IS NOT NULL" : "x.indpred IS NULL");
  const std::string method = options.using_method.empty() ? "btree" : to_lower_ascii(options.using_method);
  parts.push_back(fmt::format("m.amname = {}", literal(method)));
  for (std::size_t i = 0; i < index.elements.size(); ++i) {
    const Element element = element_of(index.elements[i]);
    // Text may be a column's bare name too: what the server made of it is not compared then.
    const bool text = std::holds_alternative<model::TextExpr>(index.elements[i].sql);
    if (element.column != nullptr) parts.push_back(nth_column(i, table, *element.column));
    if (element.column == nullptr && !text) parts.push_back(fmt::format("x.indkey[{}] = 0", i));
    if (text || method != "btree") continue;
    const bool nulls_first = element.nulls_first.value_or(element.descends);
    parts.push_back(fmt::format("x.indoption[{}] = {}", i, (element.descends ? 1 : 0) + (nulls_first ? 2 : 0)));
  }
  for (std::size_t i = 0; i < options.include.size(); ++i)
    parts.push_back(nth_column(index.elements.size() + i, table, options.include[i]));
  return join(parts, " AND ");
}

std::string key_shape(const std::vector<Identifier>& columns, const QualifiedName& table) {
  std::vector<std::string> parts = {fmt::format("pg_catalog.cardinality(k.conkey) = {}", columns.size())};
  for (std::size_t i = 0; i < columns.size(); ++i)
    parts.push_back(
        fmt::format("k.conkey[{}] = (SELECT a.attnum FROM pg_catalog.pg_attribute a WHERE a.attrelid = {} AND "
                    "a.attname = {} AND NOT a.attisdropped)",
                    i + 1, oid_of(table), literal(columns[i].text())));
  return join(parts, " AND ");
}

std::string type_exists(const QualifiedName& type, std::string_view also) {
  return fmt::format("EXISTS (SELECT FROM pg_catalog.pg_type y WHERE y.oid = pg_catalog.to_regtype({}){})",
                     name_literal(type), and_also(also));
}

}  // namespace bascule::dialects::postgres
