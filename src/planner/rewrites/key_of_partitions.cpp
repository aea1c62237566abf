// ADD FOREIGN KEY on a partitioned table that is in use, up to PostgreSQL 17, which has no NOT VALID there.
// Needs: partitions that are no partitioned tables themselves.
// Does: the key on each partition, NOT VALID and then validated; then on the whole, which finds the partitions' keys
// and reads nothing. The same end: the whole's key takes those of the partitions over; they have its name, as if it had
// made them.
#include "model/lookup.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* added = std::get_if<model::AddConstraint>(&operation);
  const auto* key = added == nullptr ? nullptr : std::get_if<model::ForeignKey>(&added->constraint);
  if (key == nullptr || !sight.hazard || key->not_valid || key->not_enforced || sight.server.major >= 18)
    return std::nullopt;
  const model::Table* table = sight.old_table(added->table);
  if (table == nullptr || table->postgresql.partition_by.empty()) return std::nullopt;
  model::ForeignKey named = *key;
  named.name = sight.name_given(*added);
  Drafts drafts;
  for (const model::Table& part : sight.before.tables) {
    if (!model::same_name(part.postgresql.partition_of, added->table)) continue;
    if (!part.postgresql.partition_by.empty()) return std::nullopt;
    model::ForeignKey its = named;
    its.not_valid = true;
    drafts.push_back({.operation = model::AddConstraint{part.name, its, false},
                      .reason = "new rows of this partition are checked from here on; nothing is read",
                      .settled = true});
    drafts.push_back({.operation = model::ValidateConstraint{part.name, named.name},
                      .reason = "the rows that are there are checked while others read and write",
                      .settled = true});
  }
  if (drafts.empty()) return std::nullopt;
  drafts.push_back({.operation = model::AddConstraint{added->table, named, false},
                    .reason = "every partition has it: nothing is read",
                    .settled = true});
  return drafts;
}

}  // namespace

const Rewrite key_of_partitions = {
    .id = "key_of_partitions",
    .naive = "`ADD FOREIGN KEY` on a partitioned table, up to PostgreSQL 17",
    .online = "the key on each partition `NOT VALID`, validated; then on the whole, which reads nothing",
    .needs = "partitions that are not partitioned themselves",
    .same = "the whole's key takes those of the partitions over, which have its name",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
