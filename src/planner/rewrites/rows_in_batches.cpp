// UPDATE and DELETE of a table that is in use.
// Needs: what becomes of a row depends on that row alone (OnlineDialect::batches decides it from the statement's tree),
// and a key to walk along, or a change that does no harm done twice.
// Does: the same change for a few thousand rows at a time, each in a transaction of its own, so that no row is locked
// for longer than a moment.
// The same end: each row that was there at the start is written once, as the statement would have written it; rows that
// come while it runs get what their writers say, as after the statement.
#include <fmt/core.h>

#include "planner/rewrites/fill_then_not_null.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

bool changes_rows(const model::Operation& operation, const Sight& sight) {
  if (std::holds_alternative<model::UpdateRows>(operation) || std::holds_alternative<model::DeleteRows>(operation))
    return true;
  const std::string& kind = sight.pieces[sight.piece].statement_kind;
  return std::holds_alternative<model::RawSql>(operation) && (kind == "update" || kind == "delete");
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  if (!changes_rows(operation, sight)) return std::nullopt;
  auto batches = sight.online.batches(sight.sql, sight.before);
  std::string also = not_filled(operation, sight);
  if (!also.empty()) also.insert(0, "; ");
  if (!batches) {
    if (sight.impact.scans.empty()) return std::nullopt;  // a few rows
    return Drafts{
        {.operation = operation, .sql = sight.sql, .reason = "left whole: " + batches.error() + also, .settled = true}};
  }
  if (sight.fresh.has(batches->table)) return std::nullopt;
  return Drafts{{.operation = operation,
                 .sql = sight.sql,
                 .reason = "a few rows at a time: none is locked for long" + also,
                 .batches = std::move(*batches)}};
}

}  // namespace

const Rewrite rows_in_batches = {
    .id = "rows_in_batches",
    .naive = "`UPDATE`, `DELETE`",
    .online = "the same a few thousand rows at a time, along the primary key or another one, each batch committed",
    .needs =
        "what becomes of a row depends on that row alone: no other rows of the table read, nor of tables that change "
        "with it, no `RETURNING`, no time of the transaction written, no function that is not known or not immutable, "
        "no trigger for the statement as a whole, nothing checked when all rows are written; without a key, values "
        "that tell which rows are done",
    .same = "each row that was there is written once, as the statement would have written it",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
