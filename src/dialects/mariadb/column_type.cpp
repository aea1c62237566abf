#include "dialects/mariadb/column_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "dialects/mariadb/tokens.h"

namespace bascule::dialects::mariadb {

namespace {

using Synonym = std::pair<std::string_view, std::string_view>;
constexpr auto kSynonyms =
    std::to_array<Synonym>({{"integer", "int"},          {"int4", "int"},         {"int1", "tinyint"},
                            {"int2", "smallint"},        {"int3", "mediumint"},   {"middleint", "mediumint"},
                            {"int8", "bigint"},          {"numeric", "decimal"},  {"dec", "decimal"},
                            {"fixed", "decimal"},        {"number", "decimal"},   {"real", "double"},
                            {"float4", "float"},         {"float8", "double"},    {"character", "char"},
                            {"nchar", "char"},           {"nvarchar", "varchar"}, {"varchar2", "varchar"},
                            {"varcharacter", "varchar"}, {"clob", "longtext"},    {"raw", "varbinary"}});
constexpr auto kTexts =
    std::to_array<std::string_view>({"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"});
constexpr auto kNumbers = std::to_array<std::string_view>(
    {"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"});

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string word(Cursor& cursor) {
  std::string text = to_lower_ascii(cursor.peek().text);
  cursor.step();
  return text;
}

void read_base(Cursor& cursor, ColumnType& type) {
  const bool national = cursor.take("national");
  type.base = word(cursor);
  if (type.base == "double" || type.base == "character" || type.base == "char" || type.base == "nchar") {
    cursor.take("precision");
    if (cursor.take_any({"varying"})) type.base = "varchar";
  } else if (type.base == "long") {
    type.base = cursor.take("varbinary") ? "mediumblob" : "mediumtext";
    cursor.take("varchar");
  }
  if (national || type.base == "nchar" || type.base == "nvarchar") type.charset = "utf8mb3";
  for (const auto& [from, to] : kSynonyms)
    if (type.base == from) {
      type.base = to;
      return;
    }
  if (type.base == "bool" || type.base == "boolean") {
    type.base = "tinyint";
    type.length = 1;
  } else if (type.base == "serial") {
    type.base = "bigint";
    type.is_unsigned = true;
  } else if (type.base == "json") {
    type.base = "longtext";
    type.json = true;
  }
}

void read_brackets(Cursor& cursor, ColumnType& type) {
  if (!cursor.take('(')) return;
  for (; !cursor.at_end() && !cursor.peek().is(')'); cursor.step()) {
    const Token& token = cursor.peek();
    if (token.kind == TokenKind::kString)
      type.values.push_back(token.text);
    else if (token.kind == TokenKind::kNumber && !type.length)
      type.length = number(token.text);
    else if (token.kind == TokenKind::kNumber)
      type.scale = number(token.text);
  }
  cursor.step();
}

std::string plain_charset(const std::string& name) { return name == "utf8" ? "utf8mb3" : name; }

/// The bytes in which a value's place in an ENUM, or a SET's members, are kept.
std::int64_t pack_length(const ColumnType& type) {
  const auto count = static_cast<std::int64_t>(type.values.size());
  if (type.base == "enum") return count < 256 ? 1 : 2;
  const std::int64_t bytes = (count + 7) / 8;
  return bytes > 4 ? 8 : bytes;
}

TypeChange compare_values(const ColumnType& now, const ColumnType& wanted, std::string* why) {
  const bool goes_on = now.values.size() <= wanted.values.size() &&
                       std::equal(now.values.begin(), now.values.end(), wanted.values.begin());
  const std::string kind = now.base == "enum" ? "ENUM" : "SET";
  if (!goes_on) {
    *why = "the values that the " + kind + " has keep neither their names nor their places";
    return TypeChange::kCopy;
  }
  if (pack_length(now) != pack_length(wanted)) {
    *why = "the " + kind + " has so many values that each row needs more bytes";
    return TypeChange::kCopy;
  }
  return now.values.size() == wanted.values.size() ? TypeChange::kNone : TypeChange::kInstant;
}

/// VARCHAR and VARBINARY, in bytes: up to 127 may become any length, and so may those over 255, where a length takes
/// two bytes already.
TypeChange compare_lengths(const ColumnType& now, const ColumnType& wanted, std::int64_t now_bytes,
                           std::int64_t wanted_bytes, bool redundant, std::string* why) {
  if (now.length.value_or(0) > wanted.length.value_or(0)) {
    *why = "it gets shorter";
    return TypeChange::kCopy;
  }
  if (now_bytes > 127 && now_bytes <= 255 && wanted_bytes > 255 && !redundant) {
    *why = "it grows from at most 255 bytes to more: each row's length takes two bytes instead of one";
    return TypeChange::kCopy;
  }
  return now_bytes == wanted_bytes ? TypeChange::kNone : TypeChange::kInstant;
}

std::string plain_collation(const std::string& name) {
  return name.starts_with("utf8_") ? "utf8mb3_" + name.substr(5) : name;
}

/// The collation that holds for a column of this type.
std::string collation_of(const ColumnType& type, const std::string& charset, const TableText& table) {
  if (!type.collation.empty()) return plain_collation(type.collation);
  if (charset == table.charset && !table.collation.empty()) return plain_collation(table.collation);
  return charset == "latin1" ? "latin1_swedish_ci" : charset + "_general_ci";
}

bool is_superset(const std::string& wide, const std::string& narrow) {
  return wide == narrow || (narrow == "utf8mb3" && wide == "utf8mb4");
}

}  // namespace

bool ColumnType::is_text() const { return among(kTexts, base); }
bool ColumnType::is_number() const { return among(kNumbers, base); }

std::int64_t bytes_of_character(std::string_view charset) {
  if (charset == "utf8mb4" || charset == "utf32" || charset == "utf16" || charset == "utf16le" || charset.empty())
    return 4;
  if (charset == "utf8mb3" || charset == "utf8" || charset == "ujis" || charset == "eucjpms") return 3;
  if (charset == "ucs2" || charset == "sjis" || charset == "cp932" || charset == "gbk" || charset == "big5" ||
      charset == "gb2312" || charset == "euckr")
    return 2;
  return 1;
}

std::string charset_of_collation(std::string_view collation) {
  const std::size_t bar = collation.find('_');
  const std::string charset = to_lower_ascii(collation.substr(0, bar));
  return charset == "uca1400" ? "" : plain_charset(charset);
}

ColumnType read_type(std::string_view sql) {
  Cursor cursor(sql);
  ColumnType type;
  read_base(cursor, type);
  if (cursor.peek().is('(')) {
    type.length.reset();
    read_brackets(cursor, type);
  }
  while (!cursor.at_end()) {
    if (cursor.take("unsigned")) {
      type.is_unsigned = true;
    } else if (cursor.take("zerofill")) {
      type.is_unsigned = type.zerofill = true;
    } else if (cursor.take_all({"character", "set"}) || cursor.take_all({"char", "set"}) || cursor.take("charset")) {
      cursor.take('=');
      type.charset = plain_charset(word(cursor));
    } else if (cursor.take("collate")) {
      cursor.take('=');
      type.collation = word(cursor);
      if (type.charset.empty()) type.charset = charset_of_collation(type.collation);
    } else if (cursor.take("ascii")) {
      type.charset = "latin1";
    } else if (cursor.take("unicode")) {
      type.charset = "ucs2";
    } else {
      cursor.step();
    }
  }
  if (type.json) {
    type.charset = "utf8mb4";
    type.collation = "utf8mb4_bin";
  }
  if (type.base == "decimal") {
    if (!type.length) type.length = 10;
    if (!type.scale) type.scale = 0;
  }
  if ((type.base == "char" || type.base == "binary" || type.base == "bit") && !type.length) type.length = 1;
  return type;
}

TypeChange compare(const ColumnType& now, const ColumnType& wanted, const TableText& table, std::string* why) {
  if (now.base != wanted.base || now.json != wanted.json) {
    *why = "its type changes";
    return TypeChange::kCopy;
  }
  const std::string old_charset = now.charset_or(table.charset);
  const std::string new_charset = wanted.charset_or(table.charset);
  TypeChange change = TypeChange::kNone;
  const bool listed = now.base == "enum" || now.base == "set";
  if (now.is_text()) {
    if (!is_superset(new_charset, old_charset) || (listed && old_charset != new_charset)) {
      *why = "its character set changes from " + old_charset + " to " + new_charset;
      return TypeChange::kCopy;
    }
    const bool sorts_otherwise =
        collation_of(now, old_charset, table) != collation_of(wanted, new_charset, table) && old_charset == new_charset;
    if (listed) {
      if (sorts_otherwise) {
        *why = "its collation changes";
        return TypeChange::kCopy;
      }
      return compare_values(now, wanted, why);
    }
    if (sorts_otherwise) change = TypeChange::kCollation;
  }
  if (now.base == "varchar" || now.base == "varbinary") {
    const bool text = now.base == "varchar";
    const auto bytes = [&](const ColumnType& type, const std::string& set) {
      return type.length.value_or(0) * (text ? bytes_of_character(set) : 1);
    };
    const TypeChange length =
        compare_lengths(now, wanted, bytes(now, old_charset), bytes(wanted, new_charset), table.redundant, why);
    return std::max(change, length);
  }
  if (now.is_number() && (now.is_unsigned != wanted.is_unsigned || now.zerofill != wanted.zerofill)) {
    *why = now.zerofill != wanted.zerofill ? "ZEROFILL comes or goes" : "it becomes signed or unsigned";
    return TypeChange::kCopy;
  }
  // A number's length is how wide it is shown; a DECIMAL's is how it is kept.
  const bool width_only = now.is_number() && now.base != "decimal";
  if (!width_only && (now.length != wanted.length || now.scale != wanted.scale)) {
    *why = "its length or precision changes";
    return TypeChange::kCopy;
  }
  return change;
}

}  // namespace bascule::dialects::mariadb
