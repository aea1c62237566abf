// Types as SQLAlchemy 2.1 compiles them for SQLite (measured, every kind with and without its arguments).
#include <array>
#include <string>
#include <string_view>

#include "base/overload.h"
#include "dialects/sqlite/render.h"

namespace bascule::dialects::sqlite {

namespace {

using model::ScalarKind;
using model::ScalarType;

struct TypeSpeller {
  SqliteRenderer& renderer;

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
        return "FLOAT";
      case ScalarKind::kSqlReal:
        return "REAL";
      case ScalarKind::kDouble:
      case ScalarKind::kSqlDouble:
        return "DOUBLE";
      case ScalarKind::kSqlDoublePrecision:
        return "DOUBLE PRECISION";
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
      case ScalarKind::kLargeBinary:
        return "BLOB";
      case ScalarKind::kSqlBinary:
        return sized("BINARY", type.length);
      case ScalarKind::kSqlVarbinary:
        return sized("VARBINARY", type.length);
      case ScalarKind::kDate:
      case ScalarKind::kSqlDate:
        return "DATE";
      case ScalarKind::kTime:
      case ScalarKind::kSqlTime:
        return "TIME";
      case ScalarKind::kDateTime:
      case ScalarKind::kSqlDatetime:
      case ScalarKind::kInterval:
        return "DATETIME";
      case ScalarKind::kSqlTimestamp:
        return "TIMESTAMP";
      case ScalarKind::kJson:
      case ScalarKind::kSqlJson:
        return "JSON";
      case ScalarKind::kUuid:
        return "CHAR(32)";
      case ScalarKind::kSqlUuid:
        return "UUID";
      case ScalarKind::kNull:
        break;
    }
    return renderer.no_type();
  }

  std::string operator()(const model::NativeType& type) const {
    if (type.dialect == "sqlite") return renderer.collated(type.sql, type.collation);
    // The only types of PostgreSQL that SQLAlchemy spells on SQLite too, without their arguments.
    constexpr auto kShared =
        std::to_array<std::string_view>({"JSONB", "JSON", "TIMESTAMP", "TIME", "FLOAT", "DOUBLE PRECISION"});
    if (type.dialect == "postgresql")
      for (const auto shared : kShared)
        if (type.sql == shared || type.sql.starts_with(std::string(shared) + "(") ||
            ((shared == "TIMESTAMP" || shared == "TIME") && type.sql.starts_with(std::string(shared) + " ")))
          return std::string(shared);
    return renderer.foreign_type(type.sql, type.dialect, "SQLite");
  }
  std::string operator()(const model::EnumType& type) const {
    return renderer.collated(sized("VARCHAR", enum_length(type)), type.collation);
  }
  std::string operator()(const model::DomainType& type) const {
    return renderer.foreign_type(display(type.name), "postgresql", "SQLite");
  }
  std::string operator()(const model::RawType& type) const { return type.sql; }
  std::string operator()(const Box<model::ArrayType>&) const {
    return renderer.foreign_type("ARRAY", "postgresql", "SQLite");
  }
  std::string operator()(const Box<model::VariantType>& type) const { return renderer.type(type->base); }
};
static_assert(kCovers<TypeSpeller, model::Type>);

}  // namespace

std::string SqliteRenderer::type(const model::Type& type) {
  return std::visit(TypeSpeller{*this}, model::resolve_variant(type, "sqlite"));
}

}  // namespace bascule::dialects::sqlite
