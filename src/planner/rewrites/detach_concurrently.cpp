// DETACH PARTITION of a table that is in use.
// Needs: PostgreSQL 14, and no default partition.
// Does: the same CONCURRENTLY, outside of a transaction; an interrupted one is finished by FINALIZE. It leaves a check
// of the bound on what was the partition, which goes then.
// The same end: a table of its own, with the constraints that it had.
#include "base/text.h"
#include "model/lookup.h"
#include "model/sql_words.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

/// The check that the server adds to what was detached, by the name that it chooses: the one column of the keys (of the
/// whole, and of those that it is a part of) gives its name, several give none.
Identifier check_left(const model::Table& part, const model::Table& whole, const Sight& sight) {
  std::vector<std::string> columns;
  for (const model::Table* at = &whole; at != nullptr;
       at = at->postgresql.partition_of.name.empty() ? nullptr
                                                     : model::find_table(sight.before, at->postgresql.partition_of))
    for (const model::Column& column : at->columns)
      if (model::mentions_name(at->postgresql.partition_by, column.name))
        columns.push_back(sight.dialect.quote(column.name) + " IS NOT NULL");
  model::CheckConstraint check;
  check.sql = model::TextExpr{join(columns, " AND ")};
  return sight.name_given(model::AddConstraint{part.name, check, false});
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* detached = std::get_if<model::DetachPartition>(&operation);
  if (detached == nullptr || detached->concurrently || detached->finalize || sight.server.major < 14)
    return std::nullopt;
  const model::Table* whole = sight.old_table(detached->table);
  const model::Table* part = model::find_table(sight.before, detached->partition);
  if (whole == nullptr || part == nullptr) return std::nullopt;
  for (const model::Table& other : sight.before.tables)
    if (model::same_name(other.postgresql.partition_of, detached->table) &&
        other.postgresql.partition_bound.find("DEFAULT") != std::string::npos)
      return std::nullopt;
  model::DetachPartition made = *detached;
  made.concurrently = true;
  Drafts drafts = {{.operation = made, .reason = "detached while the others are read and written", .settled = true}};
  if (const Identifier name = check_left(*part, *whole, sight); !name.empty()) {
    // While it is there, attaching reads nothing.
    drafts.back().undo_too = {"ALTER TABLE " + sight.dialect.quote(detached->partition) +
                              " DROP CONSTRAINT IF EXISTS " + sight.dialect.quote(name)};
    drafts.push_back(
        {.operation =
             model::DropConstraint{
                 .table = detached->partition, .name = name, .kind = model::ConstraintKind::kCheck, .if_exists = true},
         .reason = "the check of the bound that DETACH CONCURRENTLY leaves",
         .settled = true});
  }
  return drafts;
}

}  // namespace

const Rewrite detach_concurrently = {
    .id = "detach_concurrently",
    .naive = "`DETACH PARTITION`",
    .online =
        "`DETACH PARTITION ... CONCURRENTLY`, finished by `FINALIZE` where it was interrupted; the check that it "
        "leaves is dropped",
    .needs = "PostgreSQL 14; no default partition",
    .same = "a table of its own, with the constraints that it had",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
