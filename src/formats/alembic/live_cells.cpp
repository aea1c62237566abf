#include "formats/alembic/live_cells.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <fmt/core.h>

#include "base/overload.h"
#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/native_values.h"
#include "evaluate/natives.h"
#include "evaluate/temporal_objects.h"
#include "formats/alembic/sa_exceptions.h"
#include "formats/alembic/sa_types.h"

namespace bascule::formats::alembic {
namespace {

using db::CellKind;
using evaluate::ObjectPtr;
using evaluate::TemporalKind;
using model::ScalarKind;

std::optional<std::int64_t> to_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

double to_real(const std::string& text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::strtod(text.c_str(), nullptr);
}

Value decimal(std::string digits) {
  return Value(ObjectPtr(std::make_shared<evaluate::DecimalObject>(std::move(digits))));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 0;
}

/// "\x0102", PostgreSQL's bytea in its hexadecimal form.
std::string from_hex(std::string_view text) {
  if (!text.starts_with("\\x")) return std::string(text);
  std::string out;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2)
    out += static_cast<char>(hex_digit(text[i]) * 16 + hex_digit(text[i + 1]));
  return out;
}

/// The offset of "12:30:00+02" as "+02:00", which datetime's own reader wants.
std::string with_minutes(std::string text) {
  const auto sign = text.find_last_of("+-");
  if (sign != std::string::npos && sign > 7 && text.size() - sign == 3) text += ":00";
  return text;
}

/// "1 year 2 mons 3 days -04:05:06.7": a year counts 365 days, a month 30, as psycopg2 counts them.
std::int64_t microseconds_of(std::string_view text) {
  std::int64_t total = 0;
  const auto parts = split(text, ' ');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    if (part.find(':') == std::string_view::npos) {
      const std::int64_t count = to_integer(part.starts_with('+') ? part.substr(1) : part).value_or(0);
      const std::string_view unit = i + 1 < parts.size() ? parts[i + 1] : std::string_view();
      ++i;
      if (unit.starts_with("year")) total += count * 365 * evaluate::kDay;
      if (unit.starts_with("mon")) total += count * 30 * evaluate::kDay;
      if (unit.starts_with("day")) total += count * evaluate::kDay;
      continue;
    }
    const bool negative = part.starts_with('-');
    const auto fields = split(negative || part.starts_with('+') ? part.substr(1) : part, ':');
    double seconds = 0;
    for (const std::string_view field : fields)
      seconds = seconds * 60 + std::strtod(std::string(field).c_str(), nullptr);
    total += (negative ? -1 : 1) * std::llround(seconds * 1e6);
  }
  return total;
}

Value json_value(Interpreter& interpreter, const std::string& text) { return evaluate::from_json(interpreter, text); }

/// Dates before year 1 and after 9999, and infinity, are no dates to Python.
Value temporal(TemporalKind kind, const std::string& text) { return evaluate::parse_iso(kind, with_minutes(text)); }

Value array_value(Interpreter& interpreter, std::string_view text, std::size_t& at, CellKind kind) {
  std::vector<Value> items;
  ++at;  // the opening brace
  while (at < text.size() && text[at] != '}') {
    if (text[at] == ',') {
      ++at;
    } else if (text[at] == '{') {
      items.push_back(array_value(interpreter, text, at, kind));
    } else {
      std::string item;
      const bool quoted = text[at] == '"';
      if (quoted) ++at;
      while (at < text.size() && (quoted ? text[at] != '"' : text[at] != ',' && text[at] != '}')) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        item += text[at++];
      }
      if (quoted) ++at;
      const db::Cell cell = !quoted && item == "NULL" ? db::Cell() : db::Cell(item);
      items.push_back(driver_value(interpreter, cell, {kind, false}));
    }
  }
  ++at;
  return evaluate::make_list(std::move(items));
}

/// A number as Decimal with `scale` digits, as SQLAlchemy makes them of SQLite's floats.
Value scaled(const Value& value, std::int64_t scale) {
  const double number = value.as_int() ? static_cast<double>(*value.as_int()) : *value.as_float();
  return decimal(fmt::format("{:.{}f}", number, scale));
}

/// What of a type decides how its cells are read.
struct ReaderOf {
  Interpreter& interpreter;
  const Value& value;
  const TypeObject* type;
  const std::string& dialect;

  const std::string* text() const { return value.as_str(); }

  Value operator()(const model::ScalarType& scalar) const {
    switch (scalar.kind) {
      case ScalarKind::kBoolean:
      case ScalarKind::kSqlBoolean:
        return value.as_int() ? Value(*value.as_int() != 0) : value;
      case ScalarKind::kNumeric:
      case ScalarKind::kSqlNumeric:
      case ScalarKind::kSqlDecimal:
        if (value.as_int() || value.as_float()) return scaled(value, scalar.scale.value_or(10));
        return value;
      case ScalarKind::kFloat:
      case ScalarKind::kDouble:
      case ScalarKind::kSqlFloat:
      case ScalarKind::kSqlReal:
      case ScalarKind::kSqlDouble:
      case ScalarKind::kSqlDoublePrecision:
        if (const auto digits = evaluate::as_decimal(value)) return Value(to_real(*digits));
        return value;
      case ScalarKind::kDate:
      case ScalarKind::kSqlDate:
        return text() ? evaluate::parse_iso(TemporalKind::kDate, *text()) : value;
      case ScalarKind::kTime:
      case ScalarKind::kSqlTime:
        return text() ? evaluate::parse_iso(TemporalKind::kTime, *text()) : value;
      case ScalarKind::kDateTime:
      case ScalarKind::kSqlDatetime:
      case ScalarKind::kSqlTimestamp:
        return text() ? evaluate::parse_iso(TemporalKind::kDateTime, *text()) : value;
      case ScalarKind::kInterval: {
        // SQLite keeps intervals as moments after 1970-01-01.
        if (text() == nullptr) return value;
        const Value moment = evaluate::parse_iso(TemporalKind::kDateTime, *text());
        return evaluate::make_timedelta(moment.as<evaluate::TemporalObject>()->absolute());
      }
      case ScalarKind::kJson:
      case ScalarKind::kSqlJson:
        return text() && dialect == "sqlite" ? json_value(interpreter, *text()) : value;
      case ScalarKind::kUuid:
      case ScalarKind::kSqlUuid: {
        if (text() == nullptr) return value;
        std::string digits = replace_all(*text(), "-", "");
        if (digits.size() != 32) return value;
        std::string grouped;
        for (std::size_t i = 0; i < digits.size(); ++i) {
          if (i == 8 || i == 12 || i == 16 || i == 20) grouped += '-';
          grouped += digits[i];
        }
        return Value(ObjectPtr(std::make_shared<evaluate::UuidObject>(std::move(grouped))));
      }
      case ScalarKind::kSmallInteger:
      case ScalarKind::kInteger:
      case ScalarKind::kBigInteger:
      case ScalarKind::kString:
      case ScalarKind::kText:
      case ScalarKind::kUnicode:
      case ScalarKind::kUnicodeText:
      case ScalarKind::kLargeBinary:
      case ScalarKind::kSqlSmallint:
      case ScalarKind::kSqlInteger:
      case ScalarKind::kSqlBigint:
      case ScalarKind::kSqlChar:
      case ScalarKind::kSqlVarchar:
      case ScalarKind::kSqlNchar:
      case ScalarKind::kSqlNvarchar:
      case ScalarKind::kSqlText:
      case ScalarKind::kSqlClob:
      case ScalarKind::kSqlBlob:
      case ScalarKind::kSqlBinary:
      case ScalarKind::kSqlVarbinary:
      case ScalarKind::kNull:
        return value;
    }
    return value;
  }
  Value operator()(const model::NativeType& native) const {
    const bool json = native.sql == "JSON" || native.sql == "JSONB";
    return json && text() && dialect == "sqlite" ? json_value(interpreter, *text()) : value;
  }
  Value operator()(const model::EnumType&) const {
    if (text() == nullptr || type == nullptr || !type->enum_class) return value;
    for (const auto& [member, label] : type->enum_labels) {
      if (label == *text()) return interpreter.attribute(*type->enum_class, member);
    }
    raise_sqlalchemy("StatementError", "'" + *text() + "' is not among the defined enum values");
  }
  Value operator()(const model::DomainType&) const { return value; }
  Value operator()(const model::RawType&) const { return value; }
  Value operator()(const Box<model::ArrayType>&) const { return value; }
  Value operator()(const Box<model::VariantType>& variant) const {
    const model::Type whole = variant;
    return std::visit(*this, model::resolve_variant(whole, dialect));
  }
};

}  // namespace

Value driver_value(Interpreter& interpreter, const db::Cell& cell, db::CellType type) {
  if (!cell) return Value();
  const std::string& text = *cell;
  if (type.array) {
    // "[0:1]={1,2}": bounds of its own stand before it.
    std::size_t at = text.find('{');
    if (at == std::string::npos) return Value(text);
    return array_value(interpreter, text, at, type.kind);
  }
  switch (type.kind) {
    case CellKind::kText:
      return Value(text);
    case CellKind::kBoolean:
      return Value(text == "t");
    case CellKind::kInteger:
      if (const auto number = to_integer(text)) return Value(*number);
      return Value(text);
    case CellKind::kReal:
      return Value(to_real(text));
    case CellKind::kNumeric:
      return decimal(text);
    case CellKind::kBytes:
      return Value(evaluate::Bytes{from_hex(text)});
    case CellKind::kDate:
      return temporal(TemporalKind::kDate, text);
    case CellKind::kTime:
      return temporal(TemporalKind::kTime, text);
    case CellKind::kTimestamp:
    case CellKind::kZonedTimestamp:
      return temporal(TemporalKind::kDateTime, text);
    case CellKind::kInterval:
      return evaluate::make_timedelta(microseconds_of(text));
    case CellKind::kUuid:
      return Value(ObjectPtr(std::make_shared<evaluate::UuidObject>(text)));
    case CellKind::kJson:
      return json_value(interpreter, text);
  }
  return Value(text);
}

Value typed_value(Interpreter& interpreter, Value value, const ResultColumn& column, const std::string& dialect) {
  const TypeObject* type = column.type.get();
  if (type != nullptr && type->decorator) {
    const ResultColumn plain{column.key, nullptr, type->type()};
    value = typed_value(interpreter, std::move(value), plain, dialect);
    return decorated_result(interpreter, value, *type);
  }
  if (value.is_none()) return value;
  const model::Type* model_type = type != nullptr ? &type->type() : column.model_type ? &*column.model_type : nullptr;
  if (model_type == nullptr) return value;
  return std::visit(ReaderOf{interpreter, value, type, dialect}, *model_type);
}

std::vector<std::vector<Value>> to_values(Interpreter& interpreter, const db::ResultSet& rows,
                                          const std::vector<ResultColumn>& columns, const std::string& dialect) {
  std::vector<std::vector<Value>> out;
  out.reserve(rows.rows.size());
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    std::vector<Value>& row = out.emplace_back();
    row.reserve(rows.columns.size());
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
      db::CellType type;
      if (c < rows.column_types.size()) type = rows.column_types[c];
      if (r < rows.cell_kinds.size()) type.kind = rows.cell_kinds[r][c];
      const db::Cell& cell = rows.rows[r][c];
      // SQLite's bytes are bytes already; PostgreSQL's come in hexadecimal digits.
      Value value = cell && type.kind == db::CellKind::kBytes && dialect == "sqlite"
                        ? Value(evaluate::Bytes{*cell})
                        : driver_value(interpreter, cell, type);
      if (c < columns.size()) value = typed_value(interpreter, std::move(value), columns[c], dialect);
      row.push_back(std::move(value));
    }
  }
  return out;
}

}  // namespace bascule::formats::alembic
