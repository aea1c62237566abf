#include "formats/flyway/statements.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/text.h"
#include "formats/sql_script.h"

namespace bascule::formats::flyway {

namespace {

namespace sql = syntax::sql;

/// Flyway judges a statement by its first words outside of parentheses, names with digits left out.
constexpr std::size_t kWordsThatCount = 10;

std::vector<std::string> first_words(std::string_view text, sql::Flavour flavour) {
  std::vector<std::string> words;
  sql::Lexer lexer(text, flavour);
  int depth = 0;
  while (auto token = lexer.next()) {
    if (sql::is_symbol(text, *token, '(')) ++depth;
    if (sql::is_symbol(text, *token, ')')) --depth;
    if (token->kind != sql::TokenKind::kWord || depth != 0) continue;
    const std::string_view word = sql::written(text, *token);
    const bool counts = std::all_of(word.begin(), word.end(),
                                    [](unsigned char c) { return std::isalpha(c) != 0 || c == '_' || c >= 0x80; });
    if (!counts) continue;
    std::string upper;
    for (const char c : word) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    words.push_back(std::move(upper));
    if (words.size() == kWordsThatCount) break;
  }
  return words;
}

bool starts(const std::vector<std::string>& words, std::initializer_list<std::string_view> with) {
  return words.size() >= with.size() && std::equal(with.begin(), with.end(), words.begin());
}

/// What PostgreSQL takes outside a transaction only, as far as Flyway knows it.
bool outside_on_postgres(const std::vector<std::string>& words) {
  for (const std::string_view verb : {"CREATE", "DROP"}) {
    for (const std::string_view what : {"DATABASE", "TABLESPACE", "SUBSCRIPTION"})
      if (starts(words, {verb, what})) return true;
    if (starts(words, {verb, "INDEX", "CONCURRENTLY"}) || starts(words, {verb, "UNIQUE", "INDEX", "CONCURRENTLY"}))
      return true;
  }
  for (const std::string_view what : {"SCHEMA", "DATABASE", "SYSTEM"})
    if (starts(words, {"REINDEX", what}) || starts(words, {"REINDEX", "VERBOSE", what})) return true;
  return starts(words, {"ALTER", "SYSTEM"}) || starts(words, {"VACUUM"}) || starts(words, {"DISCARD", "ALL"});
}

bool runs_outside(std::string_view text, sql::Flavour flavour) {
  // Most statements are told by their first letters.
  constexpr std::string_view kBeginnings = "cCdDrRaAvVpP";
  if (text.empty() || kBeginnings.find(text[0]) == std::string_view::npos) return false;
  const std::vector<std::string> words = first_words(text, flavour);
  return flavour == sql::Flavour::kSqlite ? starts(words, {"PRAGMA", "FOREIGN_KEYS"}) : outside_on_postgres(words);
}

bool holds(const std::string& lower, std::string_view what) { return lower.find(what) != std::string::npos; }

Diagnostic mixed(const Script& script, const model::AuthoredOperation& offender) {
  Diagnostic out;
  out.code = "mixed-transactions";
  out.message = script.path + " mixes statements that need a transaction of their own with others";
  out.location = offender.where;
  out.cause = "the first that must run outside a transaction is here; mixed is false";
  out.help =
      "move it to a migration of its own, or set flyway.mixed=true (then nothing of the file is in a transaction)";
  return out;
}

}  // namespace

Result<Statements, Diagnostic> cut(const Settings& settings, const Script& script, const std::string& dialect,
                                   const std::map<std::string, std::string>& built_in) {
  BASCULE_TRY_ASSIGN(const ReplacedText replaced, text_of(settings, script, built_in));
  const sql::Flavour flavour = flavour_of(dialect);
  const auto place_of = [&](const Position& begin) {
    const Position place = replaced.jumps.empty() ? begin : script.file->at(replaced.original_offset(begin.offset));
    return Location{script.file, {place, place}};
  };
  BASCULE_TRY_ASSIGN(std::vector<Piece> pieces, formats::cut(replaced.text, flavour, script.path, place_of));
  Statements out;
  std::optional<std::size_t> outside;
  bool inside = false;
  for (Piece& piece : pieces) {
    if (!runs_outside(piece.text, flavour)) {
      inside = true;
    } else if (!outside) {
      outside = out.operations.size();
    }
    out.operations.push_back(std::move(piece.operation));
  }
  const std::optional<bool>& said = script.config.execute_in_transaction;
  if (outside && inside && !settings.mixed && !said && settings.execute_in_transaction)
    return failure(mixed(script, out.operations[*outside]));
  out.in_transaction = said.value_or(!outside && settings.execute_in_transaction);
  for (model::AuthoredOperation& operation : out.operations) operation.autocommit = !out.in_transaction;
  if (flavour == sql::Flavour::kPostgres) {
    const std::string lower = to_lower_ascii(replaced.text);
    out.changes_session = holds(lower, "search_path") || holds(lower, "set role") || holds(lower, "set local role") ||
                          holds(lower, "session authorization") || holds(lower, "set session role");
  }
  return out;
}

}  // namespace bascule::formats::flyway
