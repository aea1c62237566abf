#include "formats/alembic/op_context.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "evaluate/error.h"

namespace bascule::formats::alembic {
namespace {

std::string argument_of(const evaluate::Binder& bind, std::string_view name) {
  return "the argument '" + std::string(name) + "' of " + bind.function();
}

/// SQLAlchemy's own dialects, and those that people install: the word before the first underscore of their options.
bool is_dialect(std::string_view name) {
  static constexpr std::array<std::string_view, 38> kDialects = {
      "access",    "awsathena", "bigquery",  "clickhouse", "clickhousedb", "cockroachdb", "crate",    "databricks",
      "db2",       "dm",        "doris",     "drill",      "duckdb",       "exa",         "firebird", "hana",
      "hive",      "ibm",       "impala",    "informix",   "kingbase",     "mariadb",     "monetdb",  "mssql",
      "mysql",     "oceanbase", "opengauss", "oracle",     "postgresql",   "presto",      "redshift", "risingwave",
      "snowflake", "spanner",   "sqlite",    "starrocks",  "trino",        "vertica"};
  return std::binary_search(kDialects.begin(), kDialects.end(), name);
}

}  // namespace

Value needs_database(const std::string& what, Location origin) {
  return make_opaque(what, kRowsCause, std::move(origin), true);
}

void refuse_needs_database(const std::string& what, const Location& where) {
  Diagnostic diagnostic;
  diagnostic.code = kNeedsDatabase;
  diagnostic.message = what + " needs the database while the migration is read";
  diagnostic.location = where;
  diagnostic.cause = kRowsCause;
  diagnostic.help = "run it on the database with `bascule upgrade`; a script for --sql has to be written without it";
  throw evaluate::Refusal(std::move(diagnostic));
}

void refuse_schema(std::string message, std::string help, Location where) {
  throw evaluate::Refusal("invalid-schema", std::move(message), std::move(help), std::move(where));
}

std::string to_text(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (const std::string* text = value.as_str()) return *text;
  if (const auto final = value.as<FinalName>()) return final->text();
  if (const auto expression = value.as<ExpressionObject>())
    if (const auto* text = std::get_if<model::TextExpr>(&expression->expression())) return text->sql;
  if (value.as<evaluate::Object>()) return to_identifier(interpreter, value, needed_for).text();
  evaluate::raise_type_error(needed_for + " must be a str, not " + evaluate::type_name(value));
}

std::optional<std::string> text_argument(Interpreter& interpreter, const evaluate::Binder& bind,
                                         std::string_view name) {
  const auto value = bind.present(name);
  if (!value) return std::nullopt;
  return to_text(interpreter, *value, argument_of(bind, name));
}

std::optional<bool> flag_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name) {
  const auto value = bind.present(name);
  if (!value) return std::nullopt;
  if (value->is_opaque()) interpreter.refuse_opaque(*value, argument_of(bind, name));
  return interpreter.truth(*value);
}

bool flag_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name, bool otherwise) {
  return flag_argument(interpreter, bind, name).value_or(otherwise);
}

Identifier identifier_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name) {
  return to_identifier(interpreter, bind.required(name), argument_of(bind, name));
}

Identifier optional_identifier(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name) {
  const auto value = bind.present(name);
  return value ? to_identifier(interpreter, *value, argument_of(bind, name)) : Identifier();
}

model::GivenName to_given_name(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (value.is_none()) return {};
  if (const auto final = value.as<FinalName>()) return {Identifier(final->text()), true};
  return {to_identifier(interpreter, value, needed_for), false};
}

model::GivenName name_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name) {
  const auto value = bind.present(name);
  return value ? to_given_name(interpreter, *value, argument_of(bind, name)) : model::GivenName{};
}

std::vector<Value> items_of(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (value.is_none()) return {};
  if (const auto* items = value.as_sequence()) return *items;
  return interpreter.iterate(value);
}

std::vector<Identifier> identifier_list(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  std::vector<Identifier> out;
  for (const Value& item : items_of(interpreter, value, needed_for))
    out.push_back(to_identifier(interpreter, item, needed_for));
  return out;
}

std::vector<std::pair<std::string, Value>> entries_of(Interpreter& interpreter, const Value& value,
                                                      const std::string& needed_for) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (value.is_none()) return {};
  const evaluate::Dict* dict = value.as_dict();
  if (dict == nullptr) evaluate::raise_type_error(needed_for + " must be a dict, not " + evaluate::type_name(value));
  std::vector<std::pair<std::string, Value>> out;
  for (const auto& [key, held] : dict->entries()) out.emplace_back(to_text(interpreter, key, needed_for), held);
  return out;
}

Identifier settle_name(const Context& context, const model::NamingConvention& naming,
                       const model::NamingSubject& subject, const model::GivenName& given, const Location& where) {
  auto name = model::final_name(naming, subject, given, context.name_limit());
  if (name) return std::move(*name);
  using Kind = model::NamingError::Kind;
  Diagnostic diagnostic;
  diagnostic.message = name.error().message;
  diagnostic.location = where;
  switch (name.error().kind) {
    case Kind::kNameRequired:
      diagnostic.code = "name-required";
      diagnostic.help = "give the constraint a name";
      break;
    case Kind::kUnknownToken:
      diagnostic.code = "invalid-naming-convention";
      diagnostic.help = "see [alembic.naming] in docs/configuration.md for the tokens";
      break;
    case Kind::kTooLong:
      diagnostic.code = "identifier-too-long";
      diagnostic.cause = "PostgreSQL cuts names after 63 bytes, which would make two names of one";
      diagnostic.help = "choose a shorter name";
      break;
  }
  throw evaluate::Refusal(std::move(diagnostic));
}

DialectOption to_dialect_option(const evaluate::Binder& bind, const std::string& keyword, const Value& value,
                                std::initializer_list<std::string_view> also_known) {
  const std::size_t dash = keyword.find('_');
  if (dash != std::string::npos && dash + 1 < keyword.size() && is_dialect(std::string_view(keyword).substr(0, dash)))
    return {keyword.substr(0, dash), keyword.substr(dash + 1), value};
  std::vector<std::string> known = bind.parameters();
  for (const std::string_view name : also_known) {
    if (!name.starts_with('_')) known.emplace_back(name);
  }
  std::string help =
      "check its spelling, or take it out; options of one database begin with its name, as in postgresql_...";
  if (const auto near = did_you_mean(keyword, known)) help = "did you mean '" + *near + "'?";
  throw evaluate::Refusal("unknown-option", bind.function() + " has no option '" + keyword + "'", std::move(help),
                          bind.where());
}

std::vector<DialectOption> dialect_options(const evaluate::Binder& bind,
                                           std::initializer_list<std::string_view> ignored) {
  std::vector<DialectOption> out;
  for (const auto& [key, value] : bind.extra()) {
    if (std::find(ignored.begin(), ignored.end(), key) != ignored.end()) continue;
    out.push_back(to_dialect_option(bind, key, value, ignored));
  }
  return out;
}

void refuse_option(const evaluate::Binder& bind, const DialectOption& option) {
  throw evaluate::Refusal("unknown-option",
                          bind.function() + " has no option '" + option.dialect + "_" + option.name + "'",
                          "check its spelling, or take it out", bind.where());
}

}  // namespace bascule::formats::alembic
