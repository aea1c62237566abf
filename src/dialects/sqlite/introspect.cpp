#include "dialects/sqlite/introspect.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects::sqlite {

namespace {

using model::ScalarKind;
using model::ScalarType;

/// How many of a type's arguments SQLAlchemy carries over.
enum class Arguments { kNone, kLength, kPrecision };

struct KnownType {
  std::string_view name;
  ScalarKind kind;
  Arguments arguments;
};

constexpr auto kKnownTypes = std::to_array<KnownType>({
    {"BIGINT", ScalarKind::kSqlBigint, Arguments::kNone},
    {"BLOB", ScalarKind::kSqlBlob, Arguments::kNone},
    {"BOOL", ScalarKind::kSqlBoolean, Arguments::kNone},
    {"BOOLEAN", ScalarKind::kSqlBoolean, Arguments::kNone},
    {"CHAR", ScalarKind::kSqlChar, Arguments::kLength},
    {"DATE", ScalarKind::kSqlDate, Arguments::kNone},
    {"DATE_CHAR", ScalarKind::kSqlDate, Arguments::kNone},
    {"DATETIME", ScalarKind::kSqlDatetime, Arguments::kNone},
    {"DATETIME_CHAR", ScalarKind::kSqlDatetime, Arguments::kNone},
    {"DECIMAL", ScalarKind::kSqlDecimal, Arguments::kPrecision},
    {"DOUBLE", ScalarKind::kSqlDouble, Arguments::kNone},
    {"FLOAT", ScalarKind::kSqlFloat, Arguments::kNone},
    {"INT", ScalarKind::kSqlInteger, Arguments::kNone},
    {"INTEGER", ScalarKind::kSqlInteger, Arguments::kNone},
    {"JSON", ScalarKind::kSqlJson, Arguments::kNone},
    {"NCHAR", ScalarKind::kSqlNchar, Arguments::kLength},
    {"NUMERIC", ScalarKind::kSqlNumeric, Arguments::kPrecision},
    {"NVARCHAR", ScalarKind::kSqlNvarchar, Arguments::kLength},
    {"REAL", ScalarKind::kSqlReal, Arguments::kNone},
    {"SMALLINT", ScalarKind::kSqlSmallint, Arguments::kNone},
    {"TEXT", ScalarKind::kSqlText, Arguments::kLength},
    {"TIME", ScalarKind::kSqlTime, Arguments::kNone},
    {"TIME_CHAR", ScalarKind::kSqlTime, Arguments::kNone},
    {"TIMESTAMP", ScalarKind::kSqlTimestamp, Arguments::kNone},
    {"VARCHAR", ScalarKind::kSqlVarchar, Arguments::kLength},
});

std::vector<std::int64_t> numbers_in(std::string_view text) {
  std::vector<std::int64_t> found;
  for (std::size_t at = 0; at < text.size();) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (problem == std::errc() && text[at] != '-') {
      found.push_back(number);
      at = static_cast<std::size_t>(end - text.data());
    } else {
      ++at;
    }
  }
  return found;
}

std::optional<KnownType> find_type(std::string_view name) {
  const auto* known =
      std::find_if(kKnownTypes.begin(), kKnownTypes.end(), [&](const KnownType& type) { return type.name == name; });
  if (known != kKnownTypes.end()) return *known;
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  if (has("INT")) return KnownType{name, ScalarKind::kSqlInteger, Arguments::kNone};
  if (has("CHAR") || has("CLOB") || has("TEXT")) return KnownType{name, ScalarKind::kSqlText, Arguments::kLength};
  if (has("BLOB") || name.empty()) return std::nullopt;
  if (has("REAL") || has("FLOA") || has("DOUB")) return KnownType{name, ScalarKind::kSqlReal, Arguments::kNone};
  return KnownType{name, ScalarKind::kSqlNumeric, Arguments::kPrecision};
}

std::string with_collation(const std::string& sql, const std::string& collation) {
  return collation.empty() ? sql : sql + " COLLATE " + sqlite_dialect().quote(Identifier(collation));
}

std::string schema_prefix(const QualifiedName& table) {
  return table.schema.empty() ? "main." : sqlite_dialect().quote(table.schema) + ".";
}
std::string schema_argument(const QualifiedName& table) { return table.schema.empty() ? "main" : table.schema.text(); }

std::string text_of(const db::Cell& cell) { return cell.value_or(""); }

Unsupported not_found(const QualifiedName& table, const db::ResultSet& others) {
  std::vector<std::string> names;
  for (const auto& row : others.rows) names.push_back(text_of(row[0]));
  Unsupported problem{fmt::format("there is no table '{}' in this database, so it cannot be rebuilt", display(table)),
                      ""};
  if (const auto near = did_you_mean(table.name.text(), names)) {
    problem.help = fmt::format("did you mean '{}'?", *near);
  } else {
    problem.help = "create it in an earlier revision (op.create_table), or correct its name";
  }
  return problem;
}

/// The columns of a table's primary key, in the key's order.
db::DbResult<std::vector<Identifier>> primary_key_of(db::Connection& connection, const QualifiedName& table,
                                                     const std::string& name) {
  const std::vector<db::Cell> parameters = {name, schema_argument(table)};
  BASCULE_TRY_ASSIGN(
      const db::ResultSet got,
      connection.query("SELECT name FROM pragma_table_info(?1, ?2) WHERE pk > 0 ORDER BY pk", parameters));
  std::vector<Identifier> columns;
  for (const auto& row : got.rows) columns.emplace_back(text_of(row[0]));
  return columns;
}

/// Whether SQLite sees the same columns that were read from the text.
db::DbResult<bool> same_columns(db::Connection& connection, const QualifiedName& table, const StoredTable& read) {
  const std::vector<db::Cell> parameters = {table.name.text(), schema_argument(table)};
  BASCULE_TRY_ASSIGN(const db::ResultSet got,
                     connection.query("SELECT name FROM pragma_table_xinfo(?1, ?2) ORDER BY cid", parameters));
  return std::equal(
      got.rows.begin(), got.rows.end(), read.columns.begin(), read.columns.end(),
      [](const auto& row, const StoredColumn& column) { return text_of(row[0]) == column.column.name.text(); });
}

}  // namespace

model::Type reflected_type(std::string_view declared, const std::string& collation) {
  std::string name;
  for (const char c : declared) name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  std::size_t end = 0;
  const auto in_name = [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ' ' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  while (end < name.size() && in_name(name[end])) ++end;
  const std::string arguments =
      end < name.size() && name[end] == '(' ? name.substr(end, name.find(')', end) - end) : "";
  name.resize(end);
  if (name == "JSONB") return model::NativeType{"sqlite", "JSONB", collation};
  const auto known = find_type(name);
  if (!known) return model::RawType{with_collation(std::string(declared), collation)};
  ScalarType type{.kind = known->kind};
  type.collation = collation;
  const auto numbers = numbers_in(arguments);
  switch (known->arguments) {
    case Arguments::kNone:
      break;
    case Arguments::kLength:
      if (!numbers.empty()) type.length = numbers[0];
      break;
    case Arguments::kPrecision:
      if (!numbers.empty()) type.precision = numbers[0];
      if (numbers.size() > 1) type.scale = numbers[1];
      break;
  }
  return type;
}

Result<StoredTable, ExpandError> read_table(db::Connection& connection, const QualifiedName& table) {
  const std::string master = schema_prefix(table) + "sqlite_master";
  const std::vector<db::Cell> parameters = {table.name.text()};
  auto got = connection.query(
      "SELECT sql, type FROM " + master + " WHERE type IN ('table', 'view') AND lower(name) = lower(?1)", parameters);
  if (!got) return failure(ExpandError(std::move(got.error())));
  if (got->rows.empty()) {
    auto others = connection.query("SELECT name FROM " + master + " WHERE type = 'table'", {});
    if (!others) return failure(ExpandError(std::move(others.error())));
    return failure(ExpandError(not_found(table, *others)));
  }
  auto read = read_create_table(text_of(got->rows[0][0]));
  const auto refuse = [&](const std::string& why) {
    return failure(
        ExpandError(Unsupported{fmt::format("the table '{}' cannot be rebuilt: {}", display(table), why),
                                "say what the table looks like: batch_alter_table(..., copy_from=sa.Table(...))"}));
  };
  if (!read) return refuse(read.error());
  auto same = same_columns(connection, table, *read);
  if (!same) return failure(ExpandError(std::move(same.error())));
  if (!*same) return refuse("its stored text and its columns disagree");
  for (StoredColumn& stored : read->columns) {
    auto& type = std::get<model::RawType>(stored.column.type);
    if (read->options.strict) {  // only six types are allowed there; SQLAlchemy's spelling would not be
      stored.column.type = iequals_ascii(type.sql, "INTEGER")
                               ? reflected_type(type.sql, stored.collation)
                               : model::RawType{with_collation(type.sql, stored.collation)};
    } else {
      stored.column.type = reflected_type(type.sql, stored.collation);
    }
  }
  for (StoredConstraint& stored : read->constraints) {
    if (const auto* primary = std::get_if<model::PrimaryKey>(&stored.value); primary && !read->options.with_rowid) {
      for (StoredColumn& column : read->columns)  // SQLite makes them so there
        if (std::find(primary->columns.begin(), primary->columns.end(), column.column.name) != primary->columns.end())
          column.column.nullable = false;
    }
    auto* key = std::get_if<model::ForeignKey>(&stored.value);
    if (key == nullptr) continue;
    key->referent.schema = table.schema;
    if (!key->referent_columns.empty()) continue;
    auto columns = primary_key_of(connection, table, key->referent.name.text());
    if (!columns) return failure(ExpandError(std::move(columns.error())));
    if (columns->size() == key->columns.size()) key->referent_columns = std::move(*columns);
  }
  return std::move(*read);
}

db::DbResult<std::vector<StoredObject>> read_indexes(db::Connection& connection, const QualifiedName& table) {
  const std::vector<db::Cell> parameters = {table.name.text()};
  BASCULE_TRY_ASSIGN(
      const db::ResultSet got,
      connection.query("SELECT name, sql FROM " + schema_prefix(table) +
                           "sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND lower(tbl_name) = "
                           "lower(?1) ORDER BY name",
                       parameters));
  std::vector<StoredObject> indexes;
  for (const auto& row : got.rows) indexes.push_back(StoredObject{text_of(row[0]), text_of(row[1])});
  return indexes;
}

db::DbResult<Surroundings> read_surroundings(db::Connection& connection, const QualifiedName& table,
                                             const std::string& temporary_name) {
  Surroundings found;
  const std::string prefix = schema_prefix(table);
  const std::vector<db::Cell> name = {table.name.text()};
  BASCULE_TRY_ASSIGN(const db::ResultSet objects,
                     connection.query("SELECT name, sql, type = 'trigger' AND lower(tbl_name) = lower(?1) FROM " +
                                          prefix + "sqlite_master WHERE type IN ('trigger', 'view') ORDER BY rowid",
                                      name));
  for (const auto& row : objects.rows) {
    (row[2] == "1" ? found.triggers : found.elsewhere).push_back(StoredObject{text_of(row[0]), text_of(row[1])});
  }
  BASCULE_TRY_ASSIGN(
      const db::ResultSet temporaries,
      connection.query("SELECT name, sql FROM temp.sqlite_master WHERE type IN ('trigger', 'view')", {}));
  for (const auto& row : temporaries.rows) found.elsewhere.push_back(StoredObject{text_of(row[0]), text_of(row[1])});

  const std::vector<db::Cell> with_schema = {table.name.text(), schema_argument(table)};
  BASCULE_TRY_ASSIGN(const db::ResultSet references,
                     connection.query("SELECT m.name, k.\"to\" FROM " + prefix +
                                          "sqlite_master AS m, pragma_foreign_key_list(m.name, ?2) AS k "
                                          "WHERE m.type = 'table' AND lower(k.\"table\") = lower(?1) "
                                          "AND lower(m.name) <> lower(?1) ORDER BY m.name",
                                      with_schema));
  std::vector<std::string> tables = {table.name.text()};
  for (const auto& row : references.rows) {
    found.references.push_back(Reference{text_of(row[0]), text_of(row[1])});
    if (tables.back() != found.references.back().table) tables.push_back(found.references.back().table);
  }
  for (const std::string& checked : tables) {
    // A key that refers to no unique column is an error here: then it was broken before us, too.
    const auto violations = connection.query(
        "PRAGMA " + prefix + "foreign_key_check(" + sqlite_dialect().quote(Identifier(checked, true)) + ")", {});
    if (violations && violations->rows.empty()) found.keys_in_order.push_back(checked);
  }
  const std::vector<db::Cell> temporary = {temporary_name};
  BASCULE_TRY_ASSIGN(
      const db::ResultSet left_over,
      connection.query("SELECT 1 FROM " + prefix + "sqlite_master WHERE lower(name) = lower(?1)", temporary));
  found.temporary_table_exists = !left_over.rows.empty();
  BASCULE_TRY_ASSIGN(const db::ResultSet legacy, connection.query("PRAGMA legacy_alter_table", {}));
  found.legacy_rename = !legacy.rows.empty() && legacy.rows[0][0] == "1";
  return found;
}

}  // namespace bascule::dialects::sqlite
