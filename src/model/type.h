// What: column types as their author named them, independent of any database.
// Must not know: SQL spelling (dialects render), Python (readers build these).
// Invariants: a NativeType belongs to one dialect and is an error on any other.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/box.h"
#include "base/identifier.h"

namespace bascule::model {

/// The types that SQLAlchemy offers on every database. First the generic ones (each database picks its best spelling),
/// then the SQL-standard ones (upper case in SQLAlchemy: rendered as named, where the database has them).
enum class ScalarKind {
  kBoolean,
  kSmallInteger,
  kInteger,
  kBigInteger,
  kNumeric,
  kFloat,
  kDouble,
  kString,
  kText,
  kUnicode,
  kUnicodeText,
  kDate,
  kTime,
  kDateTime,
  kInterval,
  kLargeBinary,
  kJson,
  kUuid,
  kSqlBoolean,
  kSqlSmallint,
  kSqlInteger,
  kSqlBigint,
  kSqlNumeric,
  kSqlDecimal,
  kSqlFloat,
  kSqlReal,
  kSqlDouble,
  kSqlDoublePrecision,
  kSqlChar,
  kSqlVarchar,
  kSqlNchar,
  kSqlNvarchar,
  kSqlText,
  kSqlClob,
  kSqlBlob,
  kSqlBinary,
  kSqlVarbinary,
  kSqlDate,
  kSqlTime,
  kSqlDatetime,
  kSqlTimestamp,
  kSqlJson,
  kSqlUuid,
  kNull,  ///< no type given: SQLAlchemy's NullType; an error where DDL needs a type
};

struct ScalarType {
  ScalarKind kind = ScalarKind::kNull;
  std::optional<std::int64_t> length;
  std::optional<std::int64_t> precision;
  std::optional<std::int64_t> scale;
  bool timezone = false;
  std::string collation;
  bool native = true;              ///< Uuid(native_uuid=False), Interval(native=False), Boolean
  bool create_constraint = false;  ///< Boolean(create_constraint=True): a CHECK where not native
  Identifier constraint_name;      ///< Boolean(name=...)
  bool operator==(const ScalarType&) const = default;
};

/// A type that only one database has, spelled out for it: {"postgresql", "BIT VARYING(5)"}.
struct NativeType {
  std::string dialect;
  std::string sql;
  std::string collation;
  bool operator==(const NativeType&) const = default;
};

struct EnumType {
  QualifiedName name;  ///< name may be empty: then native databases refuse it
  std::vector<std::string> values;
  bool native = true;              ///< native_enum=False: VARCHAR(length) everywhere
  bool create_constraint = false;  ///< CHECK where not native
  std::optional<std::int64_t> length;
  std::string only_dialect;  ///< "postgresql" for postgresql.ENUM; empty: portable
  std::string collation;
  bool operator==(const EnumType&) const = default;
};

struct ArrayType;
struct VariantType;

/// CREATE DOMAIN types (postgresql.DOMAIN): used by name; the definition travels in CreateDomain.
struct DomainType {
  QualifiedName name;
  bool operator==(const DomainType&) const = default;
};

/// A type whose SQL the author wrote (UserDefinedType.get_col_spec, a mapping in bascule.toml).
struct RawType {
  std::string sql;
  bool operator==(const RawType&) const = default;
};

using Type = std::variant<ScalarType, NativeType, EnumType, DomainType, RawType, Box<ArrayType>, Box<VariantType>>;

/// dimensions: 1 for postgresql.ARRAY(X) unless said.
struct ArrayType {
  Type item;
  std::int64_t dimensions = 1;
  bool operator==(const ArrayType&) const = default;
};

/// type.with_variant(other, "sqlite"): base, except on the named dialects.
struct VariantType {
  Type base;
  std::map<std::string, Type> by_dialect;
  bool operator==(const VariantType&) const = default;
};

/// The type as the named dialect sees it: variants resolved, at every depth.
const Type& resolve_variant(const Type& type, const std::string& dialect);

}  // namespace bascule::model
