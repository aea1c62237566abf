// Every kind of type on both databases, as SQLAlchemy 2.1.9 compiles it in CREATE TABLE (measured).
#include <gtest/gtest.h>

#include "render_support.h"

namespace bascule {
namespace {

using namespace render_test;  // NOLINT: test helpers
using enum model::ScalarKind;

struct TypeCase {
  model::Type type;
  std::string postgres;
  std::string sqlite;
};

model::ScalarType exact(model::ScalarKind kind, std::int64_t precision, std::optional<std::int64_t> scale) {
  model::ScalarType type = scalar(kind);
  type.precision = precision;
  type.scale = scale;
  return type;
}

model::ScalarType zoned(model::ScalarKind kind) {
  model::ScalarType type = scalar(kind);
  type.timezone = true;
  return type;
}

model::ScalarType emulated(model::ScalarKind kind) {
  model::ScalarType type = scalar(kind);
  type.native = false;
  return type;
}

model::ScalarType collated(model::ScalarType type, std::string collation) {
  type.collation = std::move(collation);
  return type;
}

model::EnumType letters(std::string name) {
  model::EnumType type;
  type.name = named(std::move(name));
  type.values = {"a", "bb"};
  return type;
}

std::vector<TypeCase> scalar_cases() {
  return {
      {scalar(kBoolean), "BOOLEAN", "BOOLEAN"},
      {scalar(kSmallInteger), "SMALLINT", "SMALLINT"},
      {scalar(kInteger), "INTEGER", "INTEGER"},
      {scalar(kBigInteger), "BIGINT", "BIGINT"},
      {scalar(kNumeric), "NUMERIC", "NUMERIC"},
      {exact(kNumeric, 10, std::nullopt), "NUMERIC(10)", "NUMERIC(10)"},
      {exact(kNumeric, 10, 2), "NUMERIC(10, 2)", "NUMERIC(10, 2)"},
      {exact(kNumeric, 10, 0), "NUMERIC(10, 0)", "NUMERIC(10, 0)"},
      {scalar(kFloat), "FLOAT", "FLOAT"},
      {exact(kFloat, 24, std::nullopt), "FLOAT(24)", "FLOAT"},
      {exact(kFloat, 0, std::nullopt), "FLOAT", "FLOAT"},
      {scalar(kDouble), "DOUBLE PRECISION", "DOUBLE"},
      {scalar(kString), "VARCHAR", "VARCHAR"},
      {text_of(kString, 10), "VARCHAR(10)", "VARCHAR(10)"},
      {text_of(kString, 0), "VARCHAR", "VARCHAR"},
      {collated(text_of(kString, 5), "C"), "VARCHAR(5) COLLATE \"C\"", "VARCHAR(5) COLLATE \"C\""},
      {scalar(kText), "TEXT", "TEXT"},
      {text_of(kText, 7), "TEXT(7)", "TEXT(7)"},
      {collated(scalar(kText), "de-x-icu"), "TEXT COLLATE \"de-x-icu\"", "TEXT COLLATE \"de-x-icu\""},
      {text_of(kUnicode, 3), "VARCHAR(3)", "VARCHAR(3)"},
      {scalar(kUnicodeText), "TEXT", "TEXT"},
      {scalar(kDate), "DATE", "DATE"},
      {scalar(kTime), "TIME WITHOUT TIME ZONE", "TIME"},
      {zoned(kTime), "TIME WITH TIME ZONE", "TIME"},
      {scalar(kDateTime), "TIMESTAMP WITHOUT TIME ZONE", "DATETIME"},
      {zoned(kDateTime), "TIMESTAMP WITH TIME ZONE", "DATETIME"},
      {scalar(kInterval), "INTERVAL", "DATETIME"},
      {emulated(kInterval), "TIMESTAMP WITHOUT TIME ZONE", "DATETIME"},
      {exact(kInterval, 3, std::nullopt), "INTERVAL (3)", "DATETIME"},
      {text_of(kLargeBinary, 10), "BYTEA", "BLOB"},
      {scalar(kJson), "JSON", "JSON"},
      {scalar(kUuid), "UUID", "CHAR(32)"},
      {emulated(kUuid), "CHAR(32)", "CHAR(32)"},
      {scalar(kSqlBoolean), "BOOLEAN", "BOOLEAN"},
      {scalar(kSqlSmallint), "SMALLINT", "SMALLINT"},
      {scalar(kSqlInteger), "INTEGER", "INTEGER"},
      {scalar(kSqlBigint), "BIGINT", "BIGINT"},
      {exact(kSqlNumeric, 5, 1), "NUMERIC(5, 1)", "NUMERIC(5, 1)"},
      {exact(kSqlDecimal, 5, 1), "DECIMAL(5, 1)", "DECIMAL(5, 1)"},
      {exact(kSqlFloat, 10, std::nullopt), "FLOAT(10)", "FLOAT"},
      {exact(kSqlReal, 3, std::nullopt), "REAL", "REAL"},
      {scalar(kSqlDouble), "DOUBLE", "DOUBLE"},
      {scalar(kSqlDoublePrecision), "DOUBLE PRECISION", "DOUBLE PRECISION"},
      {text_of(kSqlChar, 3), "CHAR(3)", "CHAR(3)"},
      {text_of(kSqlVarchar, 4), "VARCHAR(4)", "VARCHAR(4)"},
      {text_of(kSqlNchar, 3), "NCHAR(3)", "NCHAR(3)"},
      {text_of(kSqlNvarchar, 3), "NVARCHAR(3)", "NVARCHAR(3)"},
      {text_of(kSqlText, 9), "TEXT(9)", "TEXT(9)"},
      {text_of(kSqlClob, 4), "CLOB", "CLOB"},
      {text_of(kSqlBlob, 3), "BLOB", "BLOB"},
      {text_of(kSqlBinary, 3), "BINARY(3)", "BINARY(3)"},
      {scalar(kSqlVarbinary), "VARBINARY", "VARBINARY"},
      {scalar(kSqlDate), "DATE", "DATE"},
      {zoned(kSqlTime), "TIME WITH TIME ZONE", "TIME"},
      {zoned(kSqlDatetime), "DATETIME", "DATETIME"},
      {zoned(kSqlTimestamp), "TIMESTAMP WITH TIME ZONE", "TIMESTAMP"},
      {exact(kSqlTimestamp, 3, std::nullopt), "TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP"},
      {scalar(kSqlJson), "JSON", "JSON"},
      {scalar(kSqlUuid), "UUID", "UUID"},
      {scalar(kNull), "!! it has no type", "!! it has no type"},
  };
}

std::vector<TypeCase> other_cases() {
  model::EnumType plain = letters("e");
  model::EnumType not_native = letters("e");
  not_native.native = false;
  model::EnumType quoted = letters("E x");
  quoted.name.schema = id("S");
  model::EnumType long_one = not_native;
  long_one.length = 20;
  model::EnumType postgres_only = letters("pe");
  postgres_only.only_dialect = "postgresql";
  const auto array = [](model::Type item, std::int64_t dimensions) {
    return Box<model::ArrayType>({std::move(item), dimensions});
  };
  const model::Type jsonb = model::NativeType{"postgresql", "JSONB", ""};
  const std::string no_array = "!! the type ARRAY belongs to PostgreSQL; SQLite has no such type";
  return {
      {plain, "e", "VARCHAR(2)"},
      {not_native, "VARCHAR(2)", "VARCHAR(2)"},
      {quoted, "\"S\".\"E x\"", "VARCHAR(2)"},
      {long_one, "VARCHAR(20)", "VARCHAR(20)"},
      {postgres_only, "pe", "VARCHAR(2)"},
      {letters(""), "!! PostgreSQL needs a name for the Enum type", "VARCHAR(2)"},
      {letters("text"), "!! the Enum type's name 'text' is a built-in type's", "VARCHAR(2)"},
      {array(integer(), 1), "INTEGER[]", no_array},
      {array(collated(text_of(kString, 5), "C"), 1), "VARCHAR(5)[] COLLATE \"C\"", no_array},
      {array(scalar(kText), 2), "TEXT[][]", no_array},
      {array(plain, 1), "e[]", no_array},
      {jsonb, "JSONB", "JSONB"},
      {model::NativeType{"postgresql", "TIMESTAMP(3) WITH TIME ZONE", ""}, "TIMESTAMP(3) WITH TIME ZONE", "TIMESTAMP"},
      {model::NativeType{"postgresql", "TSVECTOR", ""}, "TSVECTOR",
       "!! the type TSVECTOR belongs to PostgreSQL; SQLite has no such type"},
      {model::NativeType{"mysql", "TINYINT", ""}, "!! the type TINYINT belongs to mysql; PostgreSQL has no such type",
       "!! the type TINYINT belongs to mysql; SQLite has no such type"},
      {model::DomainType{named("email")}, "email", "!! the type email belongs to PostgreSQL; SQLite has no such type"},
      {model::RawType{"GEOMETRY(POINT)"}, "GEOMETRY(POINT)", "GEOMETRY(POINT)"},
      {Box<model::VariantType>({scalar(kBigInteger), {{"sqlite", integer()}}}), "BIGINT", "INTEGER"},
  };
}

TEST(RenderTypes, AreSqlAlchemys) {
  auto cases = scalar_cases();
  for (auto& item : other_cases()) cases.push_back(std::move(item));
  for (const auto& item : cases) {
    EXPECT_EQ(shown(dialects::postgres_dialect().type(item.type)), item.postgres);
    EXPECT_EQ(shown(dialects::sqlite_dialect().type(item.type)), item.sqlite);
  }
}

TEST(RenderTypes, RefusalNamesTheColumn) {
  model::CreateTable create;
  create.table.name = named("docs");
  create.table.columns = {column("id", integer()), column("search", model::NativeType{"postgresql", "TSVECTOR", ""})};
  EXPECT_EQ(on_sqlite(create), "!! column 'search': the type TSVECTOR belongs to PostgreSQL; SQLite has no such type");
}

}  // namespace
}  // namespace bascule
