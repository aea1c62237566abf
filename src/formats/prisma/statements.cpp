#include "formats/prisma/statements.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "syntax/sql/statements.h"

namespace bascule::formats::prisma {

namespace {

using syntax::sql::Flavour;
using syntax::sql::StatementSpan;

/// The first words of a statement in lower case; other tokens end them.
std::vector<std::string> leading_words(std::string_view statement, Flavour flavour, std::size_t most) {
  std::vector<std::string> words;
  syntax::sql::Lexer lexer(statement, flavour);
  while (words.size() < most) {
    const auto token = lexer.next();
    if (!token || token->kind != syntax::sql::TokenKind::kWord) break;
    words.push_back(to_lower_ascii(syntax::sql::written(statement, *token)));
  }
  return words;
}

bool begins_or_ends_transaction(std::string_view statement, Flavour flavour) {
  const auto words = leading_words(statement, flavour, 3);
  if (words.empty()) return false;
  constexpr std::array<std::string_view, 4> kAlone = {"begin", "commit", "end", "abort"};
  if (std::find(kAlone.begin(), kAlone.end(), words[0]) != kAlone.end()) return true;
  if (words[0] == "start") return true;
  return words[0] == "rollback" && std::find(words.begin(), words.end(), "to") == words.end();
}

/// SQLite: PRAGMA foreign_keys = OFF, in any spelling.
bool switches_foreign_keys(std::string_view statement) {
  const auto words = leading_words(statement, Flavour::kSqlite, 2);
  return words.size() == 2 && words[0] == "pragma" && words[1] == "foreign_keys" &&
         statement.find_first_of("=(") != std::string_view::npos;
}

/// SQLite: what fails or does nothing inside a transaction.
bool leaves_transaction(std::string_view statement) {
  const auto words = leading_words(statement, Flavour::kSqlite, 2);
  if (words.empty()) return false;
  if (words[0] == "vacuum" || words[0] == "attach" || words[0] == "detach") return true;
  return words.size() == 2 && words[0] == "pragma" && words[1] == "journal_mode";
}

model::AuthoredOperation raw(const SourceFilePtr& file, std::string_view sql, const Position& begin, bool autocommit) {
  return {model::RawSql{std::string(sql)}, {file, {begin, begin}}, "SQL", autocommit};
}

}  // namespace

std::vector<model::AuthoredOperation> operations_of(const SourceFilePtr& file, const std::string& dialect) {
  const Flavour flavour = dialect == "sqlite" ? Flavour::kSqlite : Flavour::kPostgres;
  const std::string_view text = file->text();
  const syntax::sql::Script script = syntax::sql::split(text, flavour);
  std::vector<model::AuthoredOperation> out;
  const bool own_transaction =
      std::any_of(script.statements.begin(), script.statements.end(), [&](const StatementSpan& statement) {
        return statement.kind == syntax::sql::SpanKind::kStatement &&
               begins_or_ends_transaction(statement.text, flavour);
      });
  if (own_transaction) {
    out.push_back(raw(file, text, {1, 1, 0}, true));
    return out;
  }
  const bool foreign_keys_off =
      flavour == Flavour::kSqlite &&
      std::any_of(script.statements.begin(), script.statements.end(),
                  [](const StatementSpan& statement) { return switches_foreign_keys(statement.text); });
  if (foreign_keys_off) out.push_back(raw(file, "PRAGMA foreign_keys=OFF", {1, 1, 0}, true));
  for (const StatementSpan& statement : script.statements) {
    const bool outside = flavour == Flavour::kSqlite && leaves_transaction(statement.text);
    out.push_back(raw(file, statement.text, statement.begin, outside));
  }
  if (foreign_keys_off) out.push_back(raw(file, "PRAGMA foreign_keys=ON", file->at(text.size()), true));
  return out;
}

}  // namespace bascule::formats::prisma
