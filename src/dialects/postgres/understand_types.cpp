// Types: PostgreSQL's own in the model's words, the others by their name.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/postgres/postgres.h"
#include "dialects/postgres/understand.h"

namespace bascule::dialects::postgres {

namespace {

using model::ScalarKind;
using model::ScalarType;

/// What the numbers in a type's parentheses are.
enum class Numbers { kNone, kLength, kPrecisionAndScale, kPrecision };

struct KnownType {
  std::string_view name;  ///< pg_type.typname
  ScalarKind kind;
  Numbers numbers = Numbers::kNone;
  bool timezone = false;
};

constexpr auto kKnownTypes = std::to_array<KnownType>({
    {"bool", ScalarKind::kSqlBoolean},
    {"int2", ScalarKind::kSqlSmallint},
    {"int4", ScalarKind::kSqlInteger},
    {"int8", ScalarKind::kSqlBigint},
    {"float4", ScalarKind::kSqlReal},
    {"float8", ScalarKind::kSqlDoublePrecision},
    {"numeric", ScalarKind::kSqlNumeric, Numbers::kPrecisionAndScale},
    {"varchar", ScalarKind::kSqlVarchar, Numbers::kLength},
    {"text", ScalarKind::kSqlText},
    {"bytea", ScalarKind::kLargeBinary},
    {"date", ScalarKind::kSqlDate},
    {"time", ScalarKind::kSqlTime, Numbers::kPrecision, false},
    {"timetz", ScalarKind::kSqlTime, Numbers::kPrecision, true},
    {"timestamp", ScalarKind::kSqlTimestamp, Numbers::kPrecision, false},
    {"timestamptz", ScalarKind::kSqlTimestamp, Numbers::kPrecision, true},
    {"json", ScalarKind::kSqlJson},
    {"uuid", ScalarKind::kSqlUuid},
});

/// Names that mean something else where they stand without quotes.
constexpr auto kTypeWords = std::to_array<std::string_view>({
    "bigint",   "bit",      "boolean", "char",    "character", "dec",   "decimal",  "float", "int",       "integer",
    "interval", "national", "nchar",   "numeric", "real",      "setof", "smallint", "time",  "timestamp", "varchar",
});

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& words, std::string_view wanted) {
  return std::find(words.begin(), words.end(), wanted) != words.end();
}

/// The fields of an interval, by the bits of its first modifier (utils/timestamp.h, INTERVAL_MASK).
std::string_view interval_fields(std::int64_t mask) {
  constexpr std::int64_t kMonth = 1 << 1, kYear = 1 << 2, kDay = 1 << 3, kHour = 1 << 10, kMinute = 1 << 11,
                         kSecond = 1 << 12;
  switch (mask) {
    case kYear:
      return "year";
    case kMonth:
      return "month";
    case kDay:
      return "day";
    case kHour:
      return "hour";
    case kMinute:
      return "minute";
    case kSecond:
      return "second";
    case kYear | kMonth:
      return "year to month";
    case kDay | kHour:
      return "day to hour";
    case kDay | kHour | kMinute:
      return "day to minute";
    case kDay | kHour | kMinute | kSecond:
      return "day to second";
    case kHour | kMinute:
      return "hour to minute";
    case kHour | kMinute | kSecond:
      return "hour to second";
    case kMinute | kSecond:
      return "minute to second";
  }
  return {};
}

model::NativeType native(std::string sql) { return {"postgresql", std::move(sql), ""}; }

struct Collate {
  const std::string& collation;
  bool operator()(ScalarType& type) const { return type.collation = collation, true; }
  bool operator()(model::NativeType& type) const { return type.collation = collation, true; }
  bool operator()(Box<model::ArrayType>& type) const { return std::visit(*this, type->item); }
  bool operator()(model::EnumType&) const { return false; }
  bool operator()(model::DomainType&) const { return false; }
  bool operator()(model::RawType&) const { return false; }
  bool operator()(Box<model::VariantType>&) const { return false; }
};

}  // namespace

std::string Understanding::collation(Node collate) {
  const Node names = collate["collname"] ? collate["collname"] : collate;
  const bool system = names.size() == 2 && names.item(0)["String"]["sval"].is("pg_catalog");
  if (names.size() != 1 && !system) unsay();
  return std::string(names.item(names.size() - 1)["String"]["sval"].text());
}

std::optional<std::int64_t> Understanding::constant(Node node) {
  const Node held = node["A_Const"];
  if (const auto value = held["ival"]["ival"].number()) return value;
  // The tree leaves zeros and negative numbers out.
  if (!held["ival"]) return std::nullopt;
  return text_.integer(token_at(held));
}

model::Type Understanding::type(Node node, Node collate) {
  const Node names = node["names"];
  const std::string_view last = names.item(names.size() - 1)["String"]["sval"].text();
  const bool system = names.size() == 1 || (names.size() == 2 && names.item(0)["String"]["sval"].is("pg_catalog"));
  if (node["setof"].flag() || node["pct_type"].flag() || names.size() == 0 || names.size() > 2) unsay();

  std::vector<std::int64_t> numbers;
  const Node modifiers = node["typmods"];
  for (std::size_t i = 0; i < modifiers.size(); ++i) {
    const auto number = constant(modifiers.item(i));
    if (!number && system) unsay();
    numbers.push_back(number.value_or(0));
  }
  const auto number_at = [&](std::size_t index) {
    return index < numbers.size() ? std::optional(numbers[index]) : std::nullopt;
  };

  model::Type made;
  const auto* known = std::find_if(kKnownTypes.begin(), kKnownTypes.end(),
                                   [&](const KnownType& candidate) { return system && candidate.name == last; });
  if (known != kKnownTypes.end()) {
    ScalarType scalar{.kind = known->kind};
    if (known->numbers == Numbers::kLength) scalar.length = number_at(0);
    if (known->numbers == Numbers::kPrecision || known->numbers == Numbers::kPrecisionAndScale)
      scalar.precision = number_at(0);
    if (known->numbers == Numbers::kPrecisionAndScale) scalar.scale = number_at(1);
    scalar.timezone = known->timezone;
    made = scalar;
  } else if (system && last == "bpchar" && !numbers.empty()) {
    made = ScalarType{.kind = ScalarKind::kSqlChar, .length = numbers[0]};
  } else if (system && last == "interval") {
    constexpr std::int64_t kAllFields = 0x7FFF;
    const bool fields = !numbers.empty() && numbers[0] != kAllFields;
    const auto precision = number_at(1);
    if (fields)
      made = native(fmt::format("interval {}{}", interval_fields(numbers[0]),
                                precision ? fmt::format("({})", *precision) : std::string()));
    else
      made = ScalarType{.kind = ScalarKind::kInterval, .precision = precision};
  } else {
    made = native(type_text(node));
  }
  if (const std::size_t dimensions = node["arrayBounds"].size(); dimensions > 0)
    made = Box<model::ArrayType>({made, static_cast<std::int64_t>(dimensions)});
  if (collate) {
    const std::string wanted = collation(collate);
    if (!std::visit(Collate{wanted}, made)) unsay();
  }
  return made;
}

/// A type by its name, as format_type() would write it.
std::string Understanding::type_text(Node node) {
  const Node names = node["names"];
  std::string sql;
  const bool system = names.size() == 2 && names.item(0)["String"]["sval"].is("pg_catalog");
  const auto name_at = [&](std::size_t index) { return names.item(index)["String"]["sval"].text(); };
  if (system && name_at(1) == "varbit") {
    sql = "bit varying";
  } else if (system) {
    sql = std::string(name_at(1));
  } else {
    const QualifiedName name = name_of(names);
    const bool quote = name.schema.empty() && any_of(kTypeWords, name.name.text());
    sql =
        quote ? postgres_dialect().quote(Identifier(name.name.text(), true)) : postgres_dialect().Dialect::quote(name);
  }
  // Modifiers of a type that we do not know may be anything: they are copied.
  const Node modifiers = node["typmods"];
  if (modifiers.size() == 0) return sql;
  if (modifiers.item(0)["A_Const"]["location"].number() == -1) return sql;  // char and bit: the grammar's own 1
  std::size_t bracket = token_at(node);
  const std::size_t first = token_at(modifiers.item(0).inside());
  while (bracket < first && !text_.symbol(bracket, '(')) ++bracket;
  return sql + "(" + text_.slice(text_.inside(bracket)) + ")";
}

}  // namespace bascule::dialects::postgres
