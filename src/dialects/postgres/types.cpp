// Types as SQLAlchemy 2.1 compiles them for PostgreSQL (measured, every kind with and without its arguments).
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "base/overload.h"
#include "dialects/postgres/render.h"

namespace bascule::dialects::postgres {

namespace {

using model::ScalarKind;
using model::ScalarType;

/// Names that PostgreSQL (by the list that SQLAlchemy keeps) takes for types of its own, whatever was created.
constexpr auto kBuiltinTypes = std::to_array<std::string_view>({
    "\"char\"",
    "_array",
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "bytea",
    "character",
    "character varying",
    "cidr",
    "citext",
    "date",
    "datemultirange",
    "daterange",
    "double precision",
    "float",
    "hstore",
    "inet",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "integer",
    "interval",
    "json",
    "jsonb",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "real",
    "regclass",
    "regconfig",
    "smallint",
    "text",
    "time",
    "time with time zone",
    "time without time zone",
    "timestamp",
    "timestamp with time zone",
    "timestamp without time zone",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "uuid",
});

std::string timed(std::string_view name, const ScalarType& type) {
  const std::string precision = type.precision ? fmt::format("({})", *type.precision) : std::string();
  return fmt::format("{}{} {} TIME ZONE", name, precision, type.timezone ? "WITH" : "WITHOUT");
}

std::string interval(const ScalarType& type) {
  if (!type.native) return "TIMESTAMP WITHOUT TIME ZONE";
  return type.precision ? fmt::format("INTERVAL ({})", *type.precision) : "INTERVAL";
}

struct TypeSpeller {
  PostgresRenderer& renderer;

  std::string operator()(const ScalarType& type) const { return renderer.collated(scalar(type), type.collation); }

  std::string scalar(const ScalarType& type) const {
    switch (type.kind) {
      case ScalarKind::kBoolean:
      case ScalarKind::kSqlBoolean:
        return "BOOLEAN";
      case ScalarKind::kSmallInteger:
      case ScalarKind::kSqlSmallint:
        return "SMALLINT";
      case ScalarKind::kInteger:
      case ScalarKind::kSqlInteger:
        return "INTEGER";
      case ScalarKind::kBigInteger:
      case ScalarKind::kSqlBigint:
        return "BIGINT";
      case ScalarKind::kNumeric:
      case ScalarKind::kSqlNumeric:
        return exact("NUMERIC", type);
      case ScalarKind::kSqlDecimal:
        return exact("DECIMAL", type);
      case ScalarKind::kFloat:
      case ScalarKind::kSqlFloat:
        return sized("FLOAT", type.precision);
      case ScalarKind::kSqlReal:
        return "REAL";
      case ScalarKind::kDouble:
      case ScalarKind::kSqlDoublePrecision:
        return "DOUBLE PRECISION";
      case ScalarKind::kSqlDouble:
        return "DOUBLE";
      case ScalarKind::kString:
      case ScalarKind::kUnicode:
      case ScalarKind::kSqlVarchar:
        return sized("VARCHAR", type.length);
      case ScalarKind::kText:
      case ScalarKind::kUnicodeText:
      case ScalarKind::kSqlText:
        return sized("TEXT", type.length);
      case ScalarKind::kSqlChar:
        return sized("CHAR", type.length);
      case ScalarKind::kSqlNchar:
        return sized("NCHAR", type.length);
      case ScalarKind::kSqlNvarchar:
        return sized("NVARCHAR", type.length);
      case ScalarKind::kSqlClob:
        return "CLOB";
      case ScalarKind::kSqlBlob:
        return "BLOB";
      case ScalarKind::kSqlBinary:
        return sized("BINARY", type.length);
      case ScalarKind::kSqlVarbinary:
        return sized("VARBINARY", type.length);
      case ScalarKind::kLargeBinary:
        return "BYTEA";
      case ScalarKind::kDate:
      case ScalarKind::kSqlDate:
        return "DATE";
      case ScalarKind::kTime:
      case ScalarKind::kSqlTime:
        return timed("TIME", type);
      case ScalarKind::kDateTime:
      case ScalarKind::kSqlTimestamp:
        return timed("TIMESTAMP", type);
      case ScalarKind::kSqlDatetime:
        return "DATETIME";
      case ScalarKind::kInterval:
        return interval(type);
      case ScalarKind::kJson:
      case ScalarKind::kSqlJson:
        return "JSON";
      case ScalarKind::kUuid:
        return type.native ? "UUID" : "CHAR(32)";
      case ScalarKind::kSqlUuid:
        return "UUID";
      case ScalarKind::kNull:
        break;
    }
    return renderer.no_type();
  }

  std::string operator()(const model::NativeType& type) const {
    if (type.dialect != "postgresql")
      return renderer.unsupported(
          fmt::format("the type {} belongs to {}; PostgreSQL has no such type", type.sql, type.dialect),
          "use a type of PostgreSQL, or .with_variant(..., \"postgresql\")");
    return renderer.collated(type.sql, type.collation);
  }
  std::string operator()(const model::EnumType& type) const {
    if (!type.only_dialect.empty() && type.only_dialect != "postgresql")
      return renderer.unsupported(fmt::format("the enum '{}' belongs to {}", display(type.name), type.only_dialect),
                                  "use sa.Enum or postgresql.ENUM");
    if (!type.native) return renderer.collated(sized("VARCHAR", enum_length(type)), type.collation);
    return renderer.type_name(type.name, "Enum");
  }
  std::string operator()(const model::DomainType& type) const { return renderer.type_name(type.name, "DOMAIN"); }
  std::string operator()(const model::RawType& type) const { return type.sql; }
  std::string operator()(const Box<model::ArrayType>& type) const {
    std::string sql = renderer.type(type->item);
    std::string brackets;
    for (std::int64_t i = 0; i < std::max<std::int64_t>(type->dimensions, 1); ++i) brackets += "[]";
    const auto collate = sql.find(" COLLATE ");
    return sql.insert(collate == std::string::npos ? sql.size() : collate, brackets);
  }
  std::string operator()(const Box<model::VariantType>& type) const { return renderer.type(type->base); }
};
static_assert(kCovers<TypeSpeller, model::Type>);

}  // namespace

std::string PostgresRenderer::type(const model::Type& type) {
  return std::visit(TypeSpeller{*this}, model::resolve_variant(type, "postgresql"));
}

std::string PostgresRenderer::type_name(const QualifiedName& qualified, std::string_view kind) {
  if (qualified.name.empty())
    return unsupported(fmt::format("PostgreSQL needs a name for the {} type", kind),
                       fmt::format("write {}(..., name=\"...\")", kind));
  if (qualified.schema.empty() &&
      std::find(kBuiltinTypes.begin(), kBuiltinTypes.end(), qualified.name.text()) != kBuiltinTypes.end())
    return unsupported(fmt::format("the {} type's name '{}' is a built-in type's", kind, qualified.name.text()),
                       "choose another name, or give the type a schema");
  return name(qualified);
}

}  // namespace bascule::dialects::postgres
