// What: a column's type as MariaDB compares it: its family, length, character set, values; and what a change of it
// costs. Must not know: tables, statements. Facts: measured on 10.11 (tests/locks/mariadb/cases/types.sql); where a
// version matters it is said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bascule::dialects::mariadb {

struct ColumnType {
  std::string base;  ///< lower case, synonyms resolved: "int", "varchar", "decimal", "longtext" ...
  std::optional<std::int64_t> length, scale;
  bool is_unsigned = false;
  bool zerofill = false;
  std::string charset, collation;   ///< lower case; empty: the table's
  std::vector<std::string> values;  ///< of ENUM and SET
  bool json = false;                ///< JSON: LONGTEXT that is checked

  /// Its own character set, or the one that holds where it names none.
  const std::string& charset_or(const std::string& otherwise) const { return charset.empty() ? otherwise : charset; }
  bool is_text() const;    ///< it has a character set
  bool is_number() const;  ///< INT and its like, DECIMAL, FLOAT, DOUBLE
};

/// Reads what stands between a column's name and its other properties: "VARCHAR(20) CHARACTER SET latin1".
ColumnType read_type(std::string_view sql);

/// What a column's new type does to a table that holds rows.
enum class TypeChange : std::uint8_t {
  kNone,       ///< the same type in other words
  kInstant,    ///< longer, or with more values at the end: nothing is written
  kCollation,  ///< sorted otherwise: indexes over it are built anew
  kCopy,       ///< every row is written anew
};

/// What a table says for columns that say nothing themselves.
struct TableText {
  std::string charset = "utf8mb4";
  std::string collation;   ///< empty: the character set's own
  bool redundant = false;  ///< ROW_FORMAT=REDUNDANT
};

/// @param why receives the reason of kCopy: "it gets shorter".
TypeChange compare(const ColumnType& now, const ColumnType& wanted, const TableText& table, std::string* why);

/// Bytes of a character at most: utf8mb4 has 4.
std::int64_t bytes_of_character(std::string_view charset);
/// "latin1" of "latin1_swedish_ci"; empty: not known.
std::string charset_of_collation(std::string_view collation);

}  // namespace bascule::dialects::mariadb
