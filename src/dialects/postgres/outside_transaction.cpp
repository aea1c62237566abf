// Which statements PostgreSQL refuses inside a transaction block. Alembic sends them inside its transaction unless the
// author wrote autocommit_block(), and the server then fails the migration. Bascule runs them outside of the
// transaction by itself (a difference by design): nothing else could work, so nothing else can have been meant.
// ALTER TYPE ... ADD VALUE is not among them: PostgreSQL 12 and later take it.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "base/overload.h"
#include "dialects/postgres/postgres.h"
#include "dialects/postgres/quick_look.h"
#include "dialects/postgres/render.h"
#include "syntax/sql/statements.h"

namespace bascule::dialects::postgres {

namespace {

/// More than any of the statements below has; bounds the work on a long text.
constexpr std::size_t kEnoughWords = 64;

/// The statement's first words in upper case; quoted names, strings and other signs stand as single marks.
std::vector<std::string> leading_words(std::string_view sql) {
  std::vector<std::string> words;
  syntax::sql::Lexer lexer(sql, syntax::sql::Flavour::kPostgres);
  while (words.size() < kEnoughWords) {
    const auto token = lexer.next();
    if (!token) break;
    std::string word(syntax::sql::written(sql, *token));
    if (token->kind == syntax::sql::TokenKind::kWord)
      std::transform(word.begin(), word.end(), word.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    else
      word.resize(1);
    words.push_back(std::move(word));
  }
  return words;
}

/// Where `second` follows `first`; the number of words if nowhere.
std::size_t find_pair(const std::vector<std::string>& words, std::string_view first, std::string_view second) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == first && words[i + 1] == second) return i;
  return words.size();
}

/// REINDEX [(options)] {INDEX | TABLE | SCHEMA | DATABASE | SYSTEM} [CONCURRENTLY] name
bool reindex_refused(const std::vector<std::string>& words) {
  std::size_t kind = 1;
  if (kind < words.size() && words[kind] == "(")
    while (kind < words.size() && words[kind++] != ")") {
    }
  if (kind >= words.size()) return false;
  if (words[kind] == "SCHEMA" || words[kind] == "DATABASE" || words[kind] == "SYSTEM") return true;
  return kind + 2 < words.size() && words[kind + 1] == "CONCURRENTLY";
}

/// The words that every such statement has one of.
bool may_be_refused(std::string_view script) {
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"concurrently", "vacuum", "reindex", "system", "database", "tablespace", "subscription"});
  static constexpr QuickLook kLook(kWords);
  return kLook.finds_any(script);
}

}  // namespace

bool refused_in_transaction(std::string_view statement) {
  if (!may_be_refused(statement)) return false;
  const auto words = leading_words(statement);
  const auto word = [&](std::size_t i) { return i < words.size() ? std::string_view(words[i]) : std::string_view(); };
  const bool makes_or_drops = word(0) == "CREATE" || word(0) == "DROP";
  if (word(0) == "VACUUM") return true;
  if (word(0) == "ALTER" && word(1) == "SYSTEM") return true;
  if (makes_or_drops && (word(1) == "DATABASE" || word(1) == "TABLESPACE" || word(1) == "SUBSCRIPTION"))
    return word(1) != "SUBSCRIPTION" || word(0) == "CREATE";
  if (makes_or_drops) {
    const std::size_t index = word(1) == "UNIQUE" ? 2 : 1;
    return word(index) == "INDEX" && word(index + 1) == "CONCURRENTLY";
  }
  if (word(0) == "REINDEX") return reindex_refused(words);
  if (word(0) == "ALTER" && word(1) == "TABLE") {
    const std::size_t detach = find_pair(words, "DETACH", "PARTITION");
    return detach < words.size() && words.back() == "CONCURRENTLY";
  }
  return false;
}

bool any_refused_in_transaction(std::string_view script) {
  if (!may_be_refused(script)) return false;
  const auto cut = syntax::sql::split(script, syntax::sql::Flavour::kPostgres);
  return std::any_of(cut.statements.begin(), cut.statements.end(),
                     [](const auto& statement) { return refused_in_transaction(statement.text); });
}

}  // namespace bascule::dialects::postgres

namespace bascule::dialects {

namespace {

struct OutsideTransaction {
  bool operator()(const model::CreateIndex& operation) const { return operation.index.postgresql.concurrently; }
  bool operator()(const model::DropIndex& operation) const { return operation.concurrently; }
  bool operator()(const model::RawSql& operation) const { return postgres::any_refused_in_transaction(operation.sql); }
  // Everything else is a statement that PostgreSQL takes in a transaction.
  bool operator()(const auto&) const { return false; }
};

}  // namespace

bool PostgresDialect::outside_transaction(const model::Operation& operation) const {
  return std::visit(OutsideTransaction{}, operation);
}

}  // namespace bascule::dialects
