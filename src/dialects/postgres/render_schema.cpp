// Columns, constraints and the options of tables, sequences and identities.
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/postgres/auto_names.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/render.h"

namespace bascule::dialects::postgres {

std::string PostgresRenderer::column_definition(const model::Column& column) {
  std::string sql = name(column.name) + " ";
  if (is_serial(column)) {
    const std::string spelled = canonical_type(type(column.type)).sql;
    sql += spelled == "bigint" ? "BIGSERIAL" : spelled == "smallint" ? "SMALLSERIAL" : "SERIAL";
  } else {
    sql += type(column.type);
    if (column.server_default) sql += " DEFAULT " + default_expression(*column.server_default);
  }
  if (column.computed) {
    // Unset means STORED: what every version before 18 does (18 would take VIRTUAL).
    const bool is_virtual = column.computed->persisted.has_value() && !*column.computed->persisted;
    sql += " GENERATED ALWAYS AS (" + expression(column.computed->sql) + (is_virtual ? ") VIRTUAL" : ") STORED");
  }
  if (column.identity) sql += " " + identity(*column.identity);
  if (!column.nullable && !column.identity) sql += " NOT NULL";
  if (column.nullable && column.identity) sql += " NULL";
  return sql;
}

struct ConstraintSpeller {
  PostgresRenderer& r;

  std::string using_index(const Identifier& index) const { return " USING INDEX " + r.name(index); }

  std::string operator()(const model::PrimaryKey& key) const {
    if (!key.postgresql_using_index.empty())
      return r.constraint_preamble(key.name) + "PRIMARY KEY" + using_index(key.postgresql_using_index) +
             r.deferral(key.deferral);
    return r.constraint_preamble(key.name) + "PRIMARY KEY (" + r.names(key.columns) + ")" +
           r.include(key.postgresql_include) + r.deferral(key.deferral);
  }
  std::string operator()(const model::UniqueConstraint& unique) const {
    if (!unique.postgresql_using_index.empty())
      return r.constraint_preamble(unique.name) + "UNIQUE" + using_index(unique.postgresql_using_index) +
             r.deferral(unique.deferral);
    return r.constraint_preamble(unique.name) + "UNIQUE " + (unique.nulls_not_distinct ? "NULLS NOT DISTINCT (" : "(") +
           r.names(unique.columns) + ")" + r.include(unique.postgresql_include) + r.deferral(unique.deferral);
  }
  std::string operator()(const model::ForeignKey& key) const {
    std::string sql = r.constraint_preamble(key.name) + "FOREIGN KEY (" + r.names(key.columns) + ") REFERENCES " +
                      r.name(key.referent);
    if (!key.referent_columns.empty()) sql += " (" + r.names(key.referent_columns) + ")";
    return sql + r.foreign_key_options(key) + (key.not_valid ? " NOT VALID" : "");
  }
  std::string operator()(const model::CheckConstraint& check) const {
    return r.constraint_preamble(check.name) + r.check_body(check) + (check.no_inherit ? " NO INHERIT" : "") +
           r.deferral(check.deferral) + (check.not_valid ? " NOT VALID" : "");
  }
  std::string operator()(const model::ExcludeConstraint& exclude) const {
    std::vector<std::string> elements;
    for (const auto& element : exclude.elements)
      elements.push_back(r.indexed_expression(element.sql) + (element.opclass.empty() ? "" : " " + element.opclass) +
                         " WITH " + element.op);
    std::string sql = r.constraint_preamble(exclude.name) + "EXCLUDE USING " +
                      to_lower_ascii(r.keyword_phrase(exclude.using_method, "using")) + " (" + join(elements, ", ") +
                      ")";
    if (exclude.where) sql += " WHERE (" + r.expression(*exclude.where) + ")";
    return sql + r.deferral(exclude.deferral);
  }
};
static_assert(kCovers<ConstraintSpeller, model::Constraint>);

std::string PostgresRenderer::constraint(const model::Constraint& constraint) {
  return std::visit(ConstraintSpeller{*this}, constraint);
}

std::string PostgresRenderer::include(const std::vector<Identifier>& columns) {
  return columns.empty() ? std::string() : " INCLUDE (" + names(columns) + ")";
}

std::string PostgresRenderer::with_options(const std::vector<std::pair<std::string, std::string>>& options) {
  if (options.empty()) return {};
  std::vector<std::string> parts;
  for (const auto& [key, value] : options) parts.push_back(value.empty() ? key : key + " = " + value);
  return " WITH (" + join(parts, ", ") + ")";
}

std::string PostgresRenderer::table_options(const model::Table::Postgres& options) {
  std::string sql;
  if (!options.inherits.empty()) {
    std::vector<std::string> parents;
    for (const auto& parent : options.inherits) parents.push_back(name(parent));
    sql += " INHERITS (" + join(parents, ", ") + ")";
  }
  if (!options.partition_by.empty()) sql += " PARTITION BY " + options.partition_by;
  if (!options.using_method.empty()) sql += " USING " + options.using_method;
  sql += with_options(options.with);
  if (!options.on_commit.empty()) {
    std::string action = replace_all(options.on_commit, "_", " ");
    for (char& c : action)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    sql += " ON COMMIT " + action;
  }
  if (!options.tablespace.empty()) sql += " TABLESPACE " + name(options.tablespace);
  return sql;
}

std::string PostgresRenderer::sequence_options(const model::SequenceOptions& options) {
  std::vector<std::string> parts;
  if (options.increment) parts.push_back(fmt::format("INCREMENT BY {}", *options.increment));
  if (options.start) parts.push_back(fmt::format("START WITH {}", *options.start));
  if (options.minimum) parts.push_back(fmt::format("MINVALUE {}", *options.minimum));
  if (options.maximum) parts.push_back(fmt::format("MAXVALUE {}", *options.maximum));
  if (options.no_minimum) parts.emplace_back("NO MINVALUE");
  if (options.no_maximum) parts.emplace_back("NO MAXVALUE");
  if (options.cache) parts.push_back(fmt::format("CACHE {}", *options.cache));
  if (options.cycle) parts.emplace_back("CYCLE");
  return join(parts, " ");
}

std::string PostgresRenderer::identity(const model::Identity& identity) {
  std::string sql = identity.always ? "GENERATED ALWAYS AS IDENTITY" : "GENERATED BY DEFAULT AS IDENTITY";
  if (const std::string options = sequence_options(identity.options); !options.empty()) sql += " (" + options + ")";
  return sql;
}

std::string PostgresRenderer::identity_changes(const model::Identity& wanted, const model::Identity& existing) {
  const auto& now = existing.options;
  const auto& to = wanted.options;
  std::vector<std::string> parts;
  if (wanted.always != existing.always)
    parts.emplace_back(wanted.always ? "SET GENERATED ALWAYS" : "SET GENERATED BY DEFAULT");
  const auto number = [&](const char* words, const std::optional<std::int64_t>& before,
                          const std::optional<std::int64_t>& after) {
    if (after && after != before) parts.push_back(fmt::format("SET {} {}", words, *after));
  };
  // What is not said stays as it is, as in Alembic.
  number("CACHE", now.cache, to.cache);
  if (to.cycle && !now.cycle) parts.emplace_back("SET CYCLE");
  number("INCREMENT BY", now.increment, to.increment);
  number("MAXVALUE", now.maximum, to.maximum);
  number("MINVALUE", now.minimum, to.minimum);
  if (to.no_maximum && !now.no_maximum) parts.emplace_back("SET NO MAXVALUE");
  if (to.no_minimum && !now.no_minimum) parts.emplace_back("SET NO MINVALUE");
  number("START WITH", now.start, to.start);
  return join(parts, " ");
}

}  // namespace bascule::dialects::postgres
