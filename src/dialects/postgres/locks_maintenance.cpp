// VACUUM, ANALYZE, CLUSTER, REFRESH MATERIALIZED VIEW.
#include <algorithm>

#include <fmt/core.h>

#include "dialects/postgres/locks_parts.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

void LockModel::vacuum(Node node) {
  const bool vacuums = node["is_vacuumcmd"].flag();
  bool full = false;
  const Node options = node["options"];
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Node option = options.item(i)["DefElem"];
    const Node value = option["arg"];
    const bool off = value["Boolean"] ? !value["Boolean"]["boolval"].flag()
                                      : value["String"]["sval"].is("false") || value["String"]["sval"].is("off");
    if (option["defname"].is("full")) full = !off;
  }
  if (vacuums) outside_transactions();
  const auto one_table = [&](const model::Table& table, const std::string& why) {
    if (full && !SchemaFacts::partitioned(table)) {
      lock(table, Mode::kAccessExclusive, why);
      return rewrite_table(table, "its rows are packed into a new file");
    }
    lock(table, Mode::kShareUpdateExclusive, why);
    if (!SchemaFacts::partitioned(table))
      lock_indexes(table, vacuums ? Mode::kRowExclusive : Mode::kAccessShare, "an index of " + display(table.name));
  };
  const Node relations = node["rels"];
  if (relations.size() == 0)
    for (const auto& table : facts_.schema().tables) one_table(table, "");
  for (std::size_t i = 0; i < relations.size(); ++i) {
    const Node relation = relations.item(i)["VacuumRelation"]["relation"];
    const QualifiedName name = relation_of(relation);
    const auto* table = facts_.table(name);
    if (table == nullptr) table = facts_.materialized(name);
    if (table == nullptr) {
      known(name);
      const RelationKind kind = RelationKind::kTable;
      lock(name, kind, full ? Mode::kAccessExclusive : Mode::kShareUpdateExclusive);
      if (full) rewrite(name, kind, "its rows are packed into a new file");
      if (full) scan(name, "to copy its rows", kind);
      continue;
    }
    one_table(*table, "");
    for (const auto* child : facts_.descendants(*table)) {
      if (SchemaFacts::partitioned(*table))
        one_table(*child, child_why(*child));
      else if (!vacuums)
        lock(*child, major() >= 18 ? Mode::kShareUpdateExclusive : Mode::kAccessShare, child_why(*child));
    }
  }
  if (full) cause("VACUUM FULL copies the table and builds its indexes again while nobody can use it");
}

void LockModel::cluster(Node node) {
  const QualifiedName name = relation_of(node["relation"]);
  if (!node["relation"]) {
    outside_transactions();
    return cause("every table that was clustered before is written anew");
  }
  const auto* table = facts_.table(name);
  if (table == nullptr) table = facts_.materialized(name);
  lock(name, table == nullptr ? RelationKind::kTable : kind_of(*table), Mode::kAccessExclusive);
  if (table != nullptr && !table->columns.empty() && facts_.indexes(*table).empty())
    refuse_missing(fmt::format("{} has no index to be clustered by", display(name)));
  const QualifiedName by{name.schema, identifier_of(node["indexname"])};
  if (table != nullptr && node["indexname"] && !facts_.index(by))
    refuse_missing(fmt::format("{} has no index {}", display(name), by.name.text()));
  if (table != nullptr && SchemaFacts::partitioned(*table)) {
    if (major() < 15) return refuse("CLUSTER of a partitioned table is new in PostgreSQL 15");
    outside_transactions();
  }
  if (table == nullptr) known(name);
  const std::string why = "its rows are put in the order of an index";
  cause(fmt::format("the whole of {} is written anew in the order of an index while nobody can use it", display(name)));
  if (table == nullptr) {
    rewrite(name, RelationKind::kTable, why);
    if (node["indexname"]) lock(by, RelationKind::kIndex, Mode::kAccessExclusive, "the index to cluster by", name);
    return;
  }
  for (const auto* one : facts_.with_rows(*table)) rewrite_table(*one, why);
}

void LockModel::refresh_indexes(const model::Table& view, bool concurrently, bool filled) {
  const auto indexes = facts_.indexes(view);
  const std::string why = "an index of " + display(view.name);
  lock_indexes(view, concurrently ? Mode::kRowExclusive : Mode::kAccessExclusive, why);
  if (concurrently) {
    const bool possible = std::any_of(indexes.begin(), indexes.end(),
                                      [](const IndexFact& index) { return unique(index) && !has_expressions(index); });
    if (!possible) refuse_missing(fmt::format("{} has no unique index over all of its rows", display(view.name)));
    return scan(view.name, "to find the rows that differ", RelationKind::kMaterializedView);
  }
  for (const auto& index : indexes) {
    rewrite(index.name, RelationKind::kIndex, "it is built again");
    build(index.name, "again");
    if (filled) scan(view.name, "to build its indexes again", RelationKind::kMaterializedView);
  }
}

void LockModel::refresh(Node node) {
  const QualifiedName name = relation_of(node["relation"]);
  const bool concurrently = node["concurrent"].flag();
  lock(name, RelationKind::kMaterializedView, concurrently ? Mode::kExclusive : Mode::kAccessExclusive);
  const auto* view = facts_.object(model::ObjectKind::kMaterializedView, name);
  if (const auto* held = facts_.materialized(name)) refresh_indexes(*held, concurrently, !node["skipData"].flag());
  if (!concurrently) {
    rewrite(name, RelationKind::kMaterializedView, "its rows are worked out anew");
    cause(fmt::format("{} cannot be read until its query is done", display(name)));
  } else {
    cause(fmt::format("{} can be read meanwhile, and not be written to", display(name)));
  }
  if (view == nullptr) return assume(fmt::format("what {} reads is not known", display(name)));
  if (!node["skipData"].flag()) read_sql(view->definition, fmt::format("{} reads it", display(name)), 1);
}

}  // namespace bascule::dialects::postgres
