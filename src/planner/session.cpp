#include "planner/session.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "model/sql_words.h"

namespace bascule::planner {

namespace {

constexpr auto kTimeouts = std::to_array<std::string_view>({
    "lock_timeout",
    "statement_timeout",
    "transaction_timeout",
    "idle_in_transaction_session_timeout",
    "deadlock_timeout",
});
/// Settings of tools that write SQL (pg_dump begins with them).
constexpr auto kHarmless = std::to_array<std::string_view>({
    "client_min_messages",
    "client_encoding",
    "standard_conforming_strings",
    "check_function_bodies",
    "xmloption",
    "row_security",
    "application_name",
    "default_tablespace",
    "default_table_access_method",
    "maintenance_work_mem",
    "max_parallel_maintenance_workers",
    "work_mem",
});

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& names, std::string_view wanted) {
  return std::find(names.begin(), names.end(), wanted) != names.end();
}

SessionWord setting(const std::vector<model::SqlWord>& words) {
  std::size_t at = 1;
  const auto word = [&](std::size_t i) { return i < words.size() ? to_lower_ascii(words[i].text) : std::string(); };
  if (word(at) == "constraints" || word(at) == "transaction") return SessionWord::kLocalSetting;
  const bool local = word(at) == "local";
  if (local || word(at) == "session") ++at;
  if (any_of(kTimeouts, word(at))) return SessionWord::kTimeout;
  if (any_of(kHarmless, word(at))) return SessionWord::kHarmless;
  return local ? SessionWord::kLocalSetting : SessionWord::kSetting;
}

using Words = std::vector<model::SqlWord>;

/// What comes of set_config(name, value, is_local), whose opening parenthesis is words[at]; `at` is moved behind it.
SessionWord one_set_config(const Words& words, std::size_t& at) {
  const std::size_t name = at + 1;
  std::size_t depth = 0;
  std::size_t last = 0;  // where the last argument begins
  for (; at < words.size(); ++at) {
    if (words[at].is("(") || words[at].is("[")) ++depth;
    if ((words[at].is(")") || words[at].is("]")) && --depth == 0) break;
    if (words[at].is(",") && depth == 1) last = at + 1;
  }
  if (at >= words.size() || name + 1 >= at) return SessionWord::kSetting;
  if (words[name].kind != model::WordKind::kString || !words[name + 1].is(",")) return SessionWord::kSetting;
  const bool said = last + 1 == at;
  ++at;
  const std::string setting = to_lower_ascii(words[name].text);
  if (any_of(kTimeouts, setting)) return SessionWord::kTimeout;
  if (any_of(kHarmless, setting)) return SessionWord::kHarmless;
  const bool local = said && (words[last].is_word("true") || words[last].text == "t" || words[last].text == "on");
  return local ? SessionWord::kLocalSetting : SessionWord::kSetting;
}

/// A query that calls set_config is a SET of that name.
SessionWord set_configs(const Words& words) {
  SessionWord gravest = SessionWord::kNone;
  bool mixed = false;
  std::size_t called = 0;  // words that belong to the calls
  for (std::size_t at = 0; at + 1 < words.size();) {
    if (!words[at].is_name() || words[at].text != "set_config" || !words[at + 1].is("(")) {
      ++at;
      continue;
    }
    const bool qualified = at > 1 && words[at - 1].is(".") && words[at - 2].text == "pg_catalog";
    const std::size_t begin = qualified ? at - 2 : at;
    ++at;
    const SessionWord found = one_set_config(words, at);
    called += at - begin + 1;  // and the SELECT or the comma before it
    mixed = mixed || (gravest != SessionWord::kNone && found != gravest);
    gravest = std::max(gravest, found);
  }
  if (gravest == SessionWord::kNone) return SessionWord::kNone;
  const std::size_t end = words.size() - (words.back().is(";") ? 1 : 0);
  // Timeouts are left out; what is done besides would be left out with them.
  if ((mixed || called != end) && gravest < SessionWord::kLocalSetting) return SessionWord::kSetting;
  return gravest;
}

SessionWord temporary(const Piece& piece, const Words& words) {
  const auto is_temporary = [](const std::string& prefix) { return iequals_ascii(prefix.substr(0, 4), "temp"); };
  bool found = false;
  bool until_commit = false;
  for (const model::Operation& operation : piece.operations) {
    const auto* made = std::get_if<model::CreateTable>(&operation);
    if (made == nullptr) continue;
    const auto& prefixes = made->table.prefixes;
    found = found || std::any_of(prefixes.begin(), prefixes.end(), is_temporary);
    until_commit = until_commit || iequals_ascii(made->table.postgresql.on_commit, "drop");
  }
  for (std::size_t i = 1; i + 1 < words.size() && words.front().is_word("create"); ++i) {
    const bool says = words[i].is_word("temp") || words[i].is_word("temporary");
    found = found || (i < 5 && says && words[i + 1].kind == model::WordKind::kName);
    found = found || (words[i].is_word("pg_temp") && words[i + 1].is("."));
  }
  for (std::size_t i = 0; found && i + 2 < words.size(); ++i)
    until_commit =
        until_commit || (words[i].is_word("on") && words[i + 1].is_word("commit") && words[i + 2].is_word("drop"));
  if (!found) return SessionWord::kNone;
  return until_commit ? SessionWord::kTemporaryUntilCommit : SessionWord::kTemporary;
}

}  // namespace

SessionWord session_word(const Piece& piece) {
  // Rows may be long, and say nothing of the session.
  const std::string& kind = piece.statement_kind;
  if (kind == "insert" || kind == "update" || kind == "delete" || kind == "copy") return SessionWord::kNone;
  const Words words = model::sql_words(piece.sql);
  if (words.empty()) return SessionWord::kNone;
  if (const SessionWord made = temporary(piece, words); made != SessionWord::kNone) return made;
  if (piece.complete) return SessionWord::kNone;
  const std::string first = to_lower_ascii(words.front().text);
  if (first == "begin" || first == "start") return SessionWord::kBegin;
  if (first == "commit" || first == "end")
    return words.size() > 1 && words[1].is_word("prepared") ? SessionWord::kRollback : SessionWord::kCommit;
  if (first == "rollback" || first == "savepoint" || first == "release" || first == "abort" || first == "prepare") {
    if (kind == "transaction") return SessionWord::kRollback;
    return first == "prepare" ? SessionWord::kSetting : SessionWord::kNone;
  }
  if (first == "set" || first == "reset") return setting(words);
  if (first == "discard") return SessionWord::kSetting;
  if (first == "lock") return SessionWord::kLock;
  return kind == "select" ? set_configs(words) : SessionWord::kNone;
}

}  // namespace bascule::planner
