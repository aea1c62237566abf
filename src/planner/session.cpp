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
  const bool local = word(at) == "local";
  if (local || word(at) == "session") ++at;
  if (any_of(kTimeouts, word(at))) return SessionWord::kTimeout;
  if (any_of(kHarmless, word(at))) return SessionWord::kHarmless;
  return local ? SessionWord::kLocalSetting : SessionWord::kSetting;
}

}  // namespace

SessionWord session_word(const Piece& piece) {
  if (piece.complete) return SessionWord::kNone;
  const auto words = model::sql_words(std::string_view(piece.sql).substr(0, 200));
  if (words.empty()) return SessionWord::kNone;
  const std::string first = to_lower_ascii(words.front().text);
  if (first == "begin" || first == "start" || first == "commit" || first == "end") return SessionWord::kTransaction;
  if (first == "rollback" || first == "savepoint" || first == "release" || first == "abort" || first == "prepare")
    return piece.statement_kind == "transaction" ? SessionWord::kRollback : SessionWord::kNone;
  if (first == "set" || first == "reset") return setting(words);
  if (first == "lock") return SessionWord::kLocalSetting;
  return SessionWord::kNone;
}

}  // namespace bascule::planner
