// ALTER COLUMN TYPE that changes no row (varchar(50) to text ...), where a check or an index of the column would make
// the server read all of them.
// Needs: that the table is not written anew; no unique index among those that would be built again, since nothing would
// keep values apart meanwhile.
// Does: checks go and come back NOT VALID in the transaction of the change, and are validated after it; indexes on
// expressions or with a predicate are dropped concurrently before and built concurrently after.
// The same end: the same type, checks and indexes under their names. Queries do without those indexes meanwhile.
#include <algorithm>

#include "model/lookup.h"
#include "model/sql_words.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

bool stands_in(const model::Index& index, const Identifier& column) {
  for (const model::IndexElement& element : index.elements)
    if (model::mentions_column(element.sql, column)) return true;
  return index.postgresql.where && model::mentions_column(*index.postgresql.where, column);
}

bool built_again(const model::Index& index, const plan::Impact& impact) {
  const auto it = [&](const plan::Work& work) { return work.relation.name == index.name; };
  return std::any_of(impact.index_builds.begin(), impact.index_builds.end(), it) ||
         std::any_of(impact.rewrites.begin(), impact.rewrites.end(), it);
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* altered = std::get_if<model::AlterColumn>(&operation);
  if (altered == nullptr || !altered->type || !sight.hazard || sight.hazard->kind == Hazard::Kind::kRewrite)
    return std::nullopt;
  const model::Table* table = sight.old_table(altered->table);
  if (table == nullptr || !table->postgresql.partition_by.empty() || !table->postgresql.partition_of.name.empty())
    return std::nullopt;
  Drafts before;
  Drafts around;
  Drafts after;
  for (const model::Constraint& one : table->constraints) {
    const auto* check = std::get_if<model::CheckConstraint>(&one);
    if (check == nullptr || check->not_valid || check->not_enforced) continue;
    if (!model::mentions_column(check->sql, altered->column)) continue;
    model::DropConstraint gone;
    gone.table = altered->table;
    gone.name = check->name;
    gone.kind = model::ConstraintKind::kCheck;
    before.push_back({.operation = gone,
                      .reason = "it would be checked again while nobody can use the table",
                      .settled = true,
                      .with_next = true});
    model::CheckConstraint back = *check;
    back.not_valid = true;
    around.push_back({.operation = model::AddConstraint{altered->table, back, false},
                      .reason = "back again; the rows have not changed",
                      .settled = true,
                      .with_next = true});
    after.push_back({.operation = model::ValidateConstraint{altered->table, check->name},
                     .reason = "checked while others read and write",
                     .settled = true});
  }
  if (!around.empty()) around.back().with_next = false;
  Drafts drafts;
  for (const model::Index& index : table->indexes) {
    if (!stands_in(index, altered->column) || !built_again(index, sight.impact)) continue;
    if (index.unique) return std::nullopt;
    model::DropIndex gone;
    gone.table = altered->table;
    gone.name = QualifiedName{altered->table.schema, index.name};
    gone.concurrently = true;
    drafts.push_back({.operation = gone, .reason = "it would be built again under the lock", .settled = true});
    model::Index back = index;
    back.postgresql.concurrently = true;
    after.push_back({.operation = model::CreateIndex{altered->table, back, false},
                     .reason = "built again while writes go on",
                     .settled = true});
  }
  if (before.empty() && drafts.empty()) return std::nullopt;
  for (Draft& one : before) drafts.push_back(std::move(one));
  drafts.push_back({.operation = operation,
                    .sql = sight.sql,
                    .reason = "no row changes, and nothing is left that would have to be read",
                    .settled = true,
                    .with_next = !around.empty()});
  for (Draft& one : around) drafts.push_back(std::move(one));
  for (Draft& one : after) drafts.push_back(std::move(one));
  return drafts;
}

}  // namespace

const Rewrite type_kept_free = {
    .id = "type_kept_free",
    .naive = "`ALTER COLUMN TYPE` that changes no row, of a column with checks, or with indexes on expressions",
    .online =
        "checks dropped and added `NOT VALID` around the change, then validated; indexes dropped concurrently "
        "before and built concurrently after",
    .needs = "no table written anew; no unique index among them",
    .same = "the same type, checks and indexes under their names",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
