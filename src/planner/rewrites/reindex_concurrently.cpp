// REINDEX of what is in use.
// Needs: PostgreSQL 12; an index, a table, a schema or a database, not the system's tables.
// Does: the same CONCURRENTLY, outside of a transaction.
// The same end: the same indexes, built anew, under their names.
#include "base/text.h"
#include "model/sql_words.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

/// Where CONCURRENTLY goes: behind what is built anew. nullopt: it stands there, or it cannot be.
std::optional<std::size_t> place_for_it(std::string_view sql) {
  const auto words = model::sql_words(sql);
  std::size_t at = 1;
  if (at < words.size() && words[at].is("(")) {
    for (; at < words.size() && !words[at].is(")"); ++at)
      if (to_lower_ascii(words[at].text) == "concurrently") return std::nullopt;
    ++at;
  }
  if (at + 1 >= words.size()) return std::nullopt;
  const std::string kind = to_lower_ascii(words[at].text);
  if (kind == "system" || to_lower_ascii(words[at + 1].text) == "concurrently") return std::nullopt;
  return words[at].end;
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  if (!std::holds_alternative<model::RawSql>(operation) || !sight.hazard || sight.server.major < 12 ||
      sight.pieces[sight.piece].statement_kind != "reindex")
    return std::nullopt;
  const auto place = place_for_it(sight.sql);
  if (!place) return std::nullopt;
  std::string sql = sight.sql.substr(0, *place) + " CONCURRENTLY" + sight.sql.substr(*place);
  return Drafts{{.operation = model::RawSql{sql},
                 .sql = sql,
                 .reason = "built beside the old one while others read and write",
                 .settled = true}};
}

}  // namespace

const Rewrite reindex_concurrently = {
    .id = "reindex_concurrently",
    .naive = "`REINDEX`",
    .online = "`REINDEX ... CONCURRENTLY`, outside of a transaction",
    .needs = "PostgreSQL 12; not `REINDEX SYSTEM`",
    .same = "the same indexes under the same names, built anew",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
