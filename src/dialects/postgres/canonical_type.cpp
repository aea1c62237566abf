// Types as format_type() spells them. Source: the grammar's names for built-in types (PostgreSQL's manual, table 8.1),
// each measured with SELECT format_type on PostgreSQL 15.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "base/text.h"
#include "dialects/postgres/canonical.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

namespace {

using model::SqlWord;
using model::WordKind;

constexpr auto kSpellings = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"bigserial", "bigint"},
    {"bool", "boolean"},
    {"char varying", "character varying"},
    {"dec", "numeric"},
    {"decimal", "numeric"},
    {"double", "double precision"},
    {"float4", "real"},
    {"float8", "double precision"},
    {"int", "integer"},
    {"int2", "smallint"},
    {"int4", "integer"},
    {"int8", "bigint"},
    {"nchar varying", "character varying"},
    {"national char varying", "character varying"},
    {"national character varying", "character varying"},
    {"national char", "character"},
    {"national character", "character"},
    {"nchar", "character"},
    {"char", "character"},
    {"bpchar", "character"},
    {"serial", "integer"},
    {"serial2", "smallint"},
    {"serial4", "integer"},
    {"serial8", "bigint"},
    {"smallserial", "smallint"},
    {"timetz", "time with time zone"},
    {"timestamptz", "timestamp with time zone"},
    {"time", "time without time zone"},
    {"timestamp", "timestamp without time zone"},
    {"varbit", "bit varying"},
    {"varchar", "character varying"},
});

std::string_view spelling(std::string_view name) {
  const auto* found =
      std::find_if(kSpellings.begin(), kSpellings.end(), [&](const auto& pair) { return pair.first == name; });
  return found == kSpellings.end() ? name : found->second;
}

std::string word_text(const SqlWord& word) {
  return word.kind == WordKind::kQuotedName ? model::name_text(Identifier(word.text)) : word.text;
}

/// NUMERIC(10) is numeric(10,0), CHAR is character(1), FLOAT(24) is real: what the server makes of arguments.
std::string with_arguments(std::string name, std::vector<std::string> arguments) {
  if (name == "float") {
    const bool single = !arguments.empty() && std::strtol(arguments[0].c_str(), nullptr, 10) <= 24;
    return single ? "real" : "double precision";
  }
  if ((name == "character" || name == "bit") && arguments.empty()) arguments = {"1"};
  if (name == "numeric" && arguments.size() == 1) arguments.emplace_back("0");
  if (arguments.empty()) return name;
  const std::string list = "(" + join(arguments, ",") + ")";
  // timestamp(3) with time zone: the argument stands in the middle.
  for (const std::string_view zone : {" with time zone", " without time zone"})
    if (name.ends_with(zone)) return name.substr(0, name.size() - zone.size()) + list + std::string(zone);
  return name + list;
}

}  // namespace

SpelledType canonical_type(std::string_view sql) {
  const std::vector<SqlWord> words = model::sql_words(sql);
  std::vector<std::string> name;
  std::vector<std::string> arguments;
  SpelledType spelled;
  bool array = false;
  bool qualified = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const SqlWord& word = words[i];
    if (word.is_word("collate")) {
      for (++i; i < words.size(); ++i)
        if (words[i].is_name()) spelled.collation = words[i].text;  // the last part of its name
      break;
    }
    if (word.is("(")) {
      for (++i; i < words.size() && !words[i].is(")"); ++i)
        if (!words[i].is(",")) arguments.push_back(word_text(words[i]));
    } else if (word.is("[") || word.is_word("array")) {
      array = true;
    } else if (word.is("]") || (array && word.kind == WordKind::kNumber)) {
      continue;
    } else if (word.is(".")) {
      qualified = true;
      if (!name.empty() && (name.back() == "pg_catalog" || name.back() == "public")) {
        name.pop_back();
        qualified = false;
      }
    } else if (qualified && !name.empty()) {
      name.back() += "." + word_text(word);
      qualified = false;
    } else if (word.is_name()) {
      name.push_back(word_text(word));
    } else {
      name.push_back(word.text);
    }
  }
  std::string base = join(name, " ");
  // "char", in quotes, is a type of its own; char is character(1).
  if (words.size() == 1 && words[0].kind == WordKind::kQuotedName && base == "char")
    base = "\"char\"";
  else
    base = std::string(spelling(base));
  spelled.sql = with_arguments(std::move(base), std::move(arguments)) + (array ? "[]" : "");
  return spelled;
}

QualifiedName canonical_name(QualifiedName name) {
  if (name.schema.text() == "public") name.schema = Identifier();
  return name;
}

SequenceLimits limits_of(std::string_view type, std::int64_t increment) {
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  if (type == "integer") {
    most = std::numeric_limits<std::int32_t>::max();
    least = std::numeric_limits<std::int32_t>::min();
  } else if (type == "smallint") {
    most = std::numeric_limits<std::int16_t>::max();
    least = std::numeric_limits<std::int16_t>::min();
  }
  return increment > 0 ? SequenceLimits{1, most} : SequenceLimits{least, -1};
}

}  // namespace bascule::dialects::postgres
