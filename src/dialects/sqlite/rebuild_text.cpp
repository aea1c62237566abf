#include "dialects/sqlite/rebuild_text.h"

#include <functional>
#include <vector>

#include "base/text.h"
#include "dialects/sqlite/ddl_reader.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects::sqlite {

namespace {

using Tokens = std::vector<Token>;
/// Whether the token at this place stands for a column of the table.
using IsColumn = std::function<bool(const Tokens&, std::size_t)>;

bool in_expression(const Tokens& tokens, std::size_t at) {
  if (!tokens[at].is_name()) return false;
  if (at + 1 < tokens.size() && (tokens[at + 1].is('(') || tokens[at + 1].is('.'))) return false;
  return at == 0 || !(tokens[at - 1].is_word("COLLATE") || tokens[at - 1].is_word("AS"));
}

std::size_t after_index_table(const Tokens& tokens) {
  for (std::size_t at = 0; at + 1 < tokens.size(); ++at)
    if (tokens[at].is_word("ON")) return at + 2;
  return tokens.size();
}

bool in_index(const Tokens& tokens, std::size_t at) {
  return at >= after_index_table(tokens) && in_expression(tokens, at);
}

/// In `UPDATE OF a, b ON`, the names between OF and ON.
bool in_update_of(const Tokens& tokens, std::size_t at) {
  while (at > 0 && (tokens[at - 1].is(',') || tokens[at - 1].is_name())) {
    --at;
    if (tokens[at].is_word("OF")) return at > 0 && tokens[at - 1].is_word("UPDATE");
    if (tokens[at].is_word("ON")) return false;
  }
  return false;
}

bool in_trigger(const Tokens& tokens, std::size_t at) {
  if (!tokens[at].is_name()) return false;
  if (at >= 2 && tokens[at - 1].is('.') && (tokens[at - 2].is_word("NEW") || tokens[at - 2].is_word("OLD")))
    return true;
  return in_update_of(tokens, at);
}

bool mentions(std::string_view sql, std::string_view column, const IsColumn& is_column) {
  const Tokens tokens = tokenize(sql);
  for (std::size_t at = 0; at < tokens.size(); ++at)
    if (iequals_ascii(tokens[at].text, column) && is_column(tokens, at)) return true;
  return false;
}

std::string renamed(std::string_view sql, std::string_view table, const Renames& renames, const IsColumn& is_column) {
  const Tokens tokens = tokenize(sql);
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const Token& token = tokens[at];
    if (!table.empty() && token.is_name() && iequals_ascii(token.text, table) && at + 1 < tokens.size() &&
        tokens[at + 1].is('.')) {
      out += sql.substr(copied, token.begin - copied);
      copied = tokens[at + 1].end;
      continue;
    }
    const auto found = renames.find(to_lower_ascii(token.text));
    if (found == renames.end() || !is_column(tokens, at)) continue;
    out += sql.substr(copied, token.begin - copied);
    out += sqlite_dialect().quote(Identifier(found->second));
    copied = token.end;
  }
  return out + std::string(sql.substr(copied));
}

}  // namespace

bool mentions_column(std::string_view expression, std::string_view column) {
  return mentions(expression, column, in_expression);
}

std::string rename_columns(std::string_view expression, std::string_view table, const Renames& renames) {
  return renamed(expression, table, renames, in_expression);
}

bool is_membership_test(std::string_view expression, std::string_view column) {
  const Tokens tokens = tokenize(expression);
  if (tokens.size() < 4 || !tokens[0].is_name() || !iequals_ascii(tokens[0].text, column)) return false;
  if (!tokens[1].is_word("IN") || !tokens[2].is('(')) return false;
  for (std::size_t at = 3; at + 1 < tokens.size(); ++at)
    if (tokens[at].is(')')) return false;
  return tokens.back().is(')');
}

bool index_mentions_column(std::string_view sql, std::string_view column) { return mentions(sql, column, in_index); }

std::string rename_in_index(std::string_view sql, const Renames& renames) {
  return renamed(sql, {}, renames, in_index);
}

bool trigger_mentions_column(std::string_view sql, std::string_view column) {
  return mentions(sql, column, in_trigger);
}

std::string rename_in_trigger(std::string_view sql, const Renames& renames) {
  return renamed(sql, {}, renames, in_trigger);
}

bool mentions_name(std::string_view sql, std::string_view name) {
  return mentions(sql, name, [](const Tokens& tokens, std::size_t at) { return tokens[at].is_name(); });
}

std::string in_schema(std::string_view sql, std::string_view schema) {
  if (schema.empty()) return std::string(sql);
  for (const Token& token : tokenize(sql)) {
    if (token.is_word("INDEX") || token.is_word("TRIGGER")) {
      return std::string(sql.substr(0, token.end)) + " " + std::string(schema) + "." +
             std::string(trim(sql.substr(token.end)));
    }
  }
  return std::string(sql);
}

}  // namespace bascule::dialects::sqlite
