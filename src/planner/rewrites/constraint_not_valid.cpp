// ADD FOREIGN KEY and ADD CHECK on tables that are in use.
// Needs: nothing, for a check; a foreign key of a partitioned table: PostgreSQL 18, or key_of_partitions.
// Does: adds it NOT VALID, which reads nothing, and validates it in a transaction of its own, under a lock that reads
// and writes pass.
// The same end: a constraint that has been validated is as valid as one that was checked at once.
#include "model/lookup.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

/// nullopt: nobody knows by which name it could be validated (a table of CREATE TABLE AS).
template <class Constraint>
std::optional<Drafts> in_two(const model::AddConstraint& added, Constraint constraint, const Sight& sight) {
  constraint.name = sight.name_given(added);
  if (constraint.name.empty()) return std::nullopt;
  constraint.not_valid = true;
  const Identifier name = constraint.name;
  return Drafts{{.operation = model::AddConstraint{added.table, std::move(constraint), false},
                 .reason = "new rows are checked from here on; nothing is read",
                 .settled = true},
                {.operation = model::ValidateConstraint{added.table, name},
                 .reason = "the rows that are there are checked while others read and write",
                 .settled = true}};
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* added = std::get_if<model::AddConstraint>(&operation);
  if (added == nullptr || !sight.hazard) return std::nullopt;
  const model::Table* table = model::find_table(sight.before, added->table);
  if (const auto* check = std::get_if<model::CheckConstraint>(&added->constraint)) {
    if (check->not_valid || check->not_enforced) return std::nullopt;
    return in_two(*added, *check, sight);
  }
  if (const auto* key = std::get_if<model::ForeignKey>(&added->constraint)) {
    const bool partitioned = table != nullptr && !table->postgresql.partition_by.empty();
    if (key->not_valid || key->not_enforced || (partitioned && sight.server.major < 18)) return std::nullopt;
    return in_two(*added, *key, sight);
  }
  return std::nullopt;
}

}  // namespace

const Rewrite constraint_not_valid = {
    .id = "constraint_not_valid",
    .naive = "`ADD FOREIGN KEY`, `ADD CHECK`, also inside `ADD COLUMN`",
    .online = "`ADD CONSTRAINT ... NOT VALID`; `VALIDATE CONSTRAINT` in a transaction of its own",
    .needs = "a foreign key of a partitioned table: PostgreSQL 18",
    .same = "a validated constraint is as valid as one that was checked at once",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
