// Types as SQLAlchemy 2.1 compiles them for MariaDB (measured).
#include <array>
#include <string>
#include <string_view>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/mariadb/mariadb.h"
#include "dialects/mariadb/render.h"

namespace bascule::dialects::mariadb {

namespace {

using model::ScalarKind;
using model::ScalarType;

struct TypeSpeller {
  MariadbRenderer& renderer;

  std::string operator()(const ScalarType& type) const { return renderer.collated(scalar(type), type.collation); }

  std::string scalar(const ScalarType& type) const {
    switch (type.kind) {
      case ScalarKind::kBoolean:
      case ScalarKind::kSqlBoolean:
        return "BOOL";
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
        return exact("FLOAT", type);
      case ScalarKind::kSqlReal:
        return exact("REAL", type);
      case ScalarKind::kDouble:
      case ScalarKind::kSqlDouble:
        return exact("DOUBLE", type);
      case ScalarKind::kSqlDoublePrecision:
        return "DOUBLE PRECISION";
      case ScalarKind::kString:
      case ScalarKind::kUnicode:
      case ScalarKind::kSqlVarchar:
        if (!type.length)
          return renderer.unsupported("VARCHAR needs a length on MariaDB",
                                      "give it one: sa.String(255), or use sa.Text()");
        return sized("VARCHAR", type.length);
      case ScalarKind::kText:
      case ScalarKind::kUnicodeText:
      case ScalarKind::kSqlText:
        return sized("TEXT", type.length);
      case ScalarKind::kSqlChar:
        return sized("CHAR", type.length);
      case ScalarKind::kSqlNchar:
        return sized("NATIONAL CHAR", type.length);
      case ScalarKind::kSqlNvarchar:
        return sized("NATIONAL VARCHAR", type.length);
      case ScalarKind::kSqlClob:
        return "CLOB";
      case ScalarKind::kSqlBlob:
      case ScalarKind::kLargeBinary:
        return sized("BLOB", type.length);
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
        return "TIMESTAMP NULL";  // without the word it would be NOT NULL, and set to now by every UPDATE
      case ScalarKind::kJson:
      case ScalarKind::kSqlJson:
        return "JSON";
      case ScalarKind::kUuid:
        return type.native && renderer.is_mariadb() ? "UUID" : "CHAR(32)";
      case ScalarKind::kSqlUuid:
        return "UUID";
      case ScalarKind::kNull:
        break;
    }
    return renderer.no_type();
  }

  std::string operator()(const model::NativeType& type) const {
    if (is_mariadb(type.dialect)) return renderer.collated(type.sql, type.collation);
    return renderer.foreign_type(type.sql, type.dialect, "MariaDB");
  }
  std::string operator()(const model::EnumType& type) const {
    if (!type.native) return renderer.collated(sized("VARCHAR", enum_length(type)), type.collation);
    std::vector<std::string> values;
    for (const std::string& value : type.values) values.push_back(renderer.text(value));
    return renderer.collated("ENUM(" + join(values, ",") + ")", type.collation);
  }
  std::string operator()(const model::DomainType& type) const {
    return renderer.foreign_type(display(type.name), "postgresql", "MariaDB");
  }
  std::string operator()(const model::RawType& type) const { return type.sql; }
  std::string operator()(const Box<model::ArrayType>&) const {
    return renderer.foreign_type("ARRAY", "postgresql", "MariaDB");
  }
  std::string operator()(const Box<model::VariantType>& type) const { return renderer.type(type->base); }
};
static_assert(kCovers<TypeSpeller, model::Type>);

}  // namespace

std::string MariadbRenderer::type(const model::Type& type) {
  return std::visit(TypeSpeller{*this}, model::resolve_variant(type, std::string(dialect().name())));
}

}  // namespace bascule::dialects::mariadb
