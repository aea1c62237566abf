// Indexes: CREATE, DROP, REINDEX, ATTACH.
#include <algorithm>

#include <fmt/core.h>

#include "dialects/postgres/locks_parts.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

void LockModel::create_index(Node node) {
  const QualifiedName relation = relation_of(node["relation"]);
  const bool concurrently = node["concurrent"].flag();
  Target target{relation, facts_.table(relation), !node["relation"]["inh"].flag(),
                concurrently ? Mode::kShareUpdateExclusive : Mode::kShare};
  const auto* view = target.table == nullptr ? facts_.view(relation) : nullptr;
  if (target.table != nullptr)
    target.name = target.table->name;
  else if (view == nullptr)
    known(relation);
  const RelationKind kind = view == nullptr ? RelationKind::kTable : RelationKind::kMaterializedView;
  if (view != nullptr && view->kind == model::ObjectKind::kView) refuse("a view has no indexes");
  lock(target.name, kind, target.mode);
  if (concurrently) {
    outside_transactions();
    out_.concurrent = out_.waits_for_transactions = true;
    cause("it waits for every transaction that is older than itself, twice, and lets reads and writes pass");
    if (target.table != nullptr && SchemaFacts::partitioned(*target.table))
      refuse("an index of a partitioned table is not built concurrently: ON ONLY it, then on each partition");
  }
  const Identifier name = identifier_of(node["idxname"]);
  const QualifiedName said{target.name.schema, name};
  if (!name.empty()) {
    const auto there = facts_.index(said);
    if (there && node["if_not_exists"].flag())
      return cause(
          fmt::format("there is an index {} already: nothing is built, and yet the lock is waited for", display(said)));
    if (there) refuse(fmt::format("there is an index {} already", display(said)));
  }
  std::string columns;
  for (const Node list : {node["indexParams"], node["indexIncludingParams"]})
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Node element = list.item(i)["IndexElem"];
      const Node call = element["expr"]["FuncCall"]["funcname"];
      if (element["name"]) has_column(target, identifier_of(element["name"]));
      std::string one = element["name"] ? std::string(element["name"].text())
                        : call          ? name_of(call).name.text()
                                        : "expr";
      columns += (columns.empty() ? "" : "_") + one;
    }
  const QualifiedName index = name.empty() ? fresh(target.name.schema, target.name.name.text(), columns, "idx") : said;
  if (!concurrently)
    cause(fmt::format("the index {} is built while nobody can write to {}", display(index), display(target.name)));
  if (view != nullptr) {
    create(index);
    scan(target.name, "to build the index " + display(index), kind);
    return build(index, "it is new");
  }
  if (node["unique"].flag() && target.table != nullptr) holds_partition_key(*target.table, columns);
  make_indexes(target, index, columns, node["unique"].flag() ? "unique idx" : "idx", Mode::kShare);
}

/// A unique index of a partitioned table has to hold the columns that it is partitioned by.
void LockModel::holds_partition_key(const model::Table& table, std::string_view columns) {
  const auto key = model::sql_words(table.postgresql.partition_by);
  for (std::size_t i = 1; i < key.size(); ++i) {
    if (!key[i].is_name() || facts_.column(table, Identifier(key[i].text)) == nullptr) continue;
    const std::string wanted = "_" + key[i].text + "_";
    if (("_" + std::string(columns) + "_").find(wanted) == std::string::npos)
      refuse(fmt::format("a key of a partitioned table must hold its partition key {}", key[i].text));
  }
}

void LockModel::drop_indexes(Node node) {
  const Node objects = node["objects"];
  if (node["concurrent"].flag() && objects.size() > 1) refuse("DROP INDEX CONCURRENTLY takes one index at a time");
  if (node["concurrent"].flag() && cascades(node)) refuse("DROP INDEX CONCURRENTLY knows no CASCADE");
  for (std::size_t i = 0; i < objects.size(); ++i)
    drop_index(name_of(objects.item(i)["List"]["items"]), node["concurrent"].flag(), cascades(node),
               node["missing_ok"].flag());
}

void LockModel::drop_index(const QualifiedName& name, bool concurrently, bool cascade, bool missing_ok) {
  const auto index = facts_.index(name);
  const Mode mode = concurrently ? Mode::kShareUpdateExclusive : Mode::kAccessExclusive;
  if (concurrently) {
    outside_transactions();
    out_.concurrent = out_.waits_for_transactions = true;
    cause("it waits for every transaction that uses the table, and lets reads and writes pass");
  }
  if (!index && facts_.table(name) != nullptr) return refuse(display(name) + " is no index");
  if (!index) {
    assume(fmt::format("index {} is not known: its table is locked {} too", display(name),
                       concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE"));
    if (!missing_ok) lock(name, RelationKind::kIndex, mode);
    return;
  }
  lock(*index->table, mode, "the table of the index " + display(index->name));
  lock(*index, mode);
  if (index->constraint != nullptr && !index->of_whole)
    refuse(fmt::format("the constraint {} needs it", model::constraint_name(*index->constraint).text()));
  if (index->of_whole) refuse("it is a part of the partitioned table's index");
  if (!concurrently) cause(fmt::format("{} cannot even be read for the moment", display(index->table->name)));
  if (!index->partitioned) return drop_index_keys(*index, cascade);
  if (concurrently) refuse("an index of a partitioned table is not dropped concurrently");
  for (const auto* part : facts_.descendants(*index->table)) {
    lock(*part, mode, child_why(*part));
    if (const auto its = facts_.part_of_index(*index, *part)) lock(*its, mode, "a part of " + display(index->name));
  }
}

/// Foreign keys may rest on a unique index that no constraint has.
void LockModel::drop_index_keys(const IndexFact& index, bool cascade) {
  if (!unique(index) || has_expressions(index)) return;
  auto columns = key_columns(index);
  std::sort(columns.begin(), columns.end());
  const auto others = facts_.indexes(*index.table);
  const bool another = std::any_of(others.begin(), others.end(), [&](const IndexFact& other) {
    auto its = key_columns(other);
    std::sort(its.begin(), its.end());
    return other.index != index.index && unique(other) && its == columns;
  });
  if (another) return;
  for (const auto& one : facts_.keys_to(*index.table)) {
    auto wanted = one.key->referent_columns;
    std::sort(wanted.begin(), wanted.end());
    if (wanted != columns) continue;
    if (!cascade)
      refuse(fmt::format("the foreign key {} of {} needs it", one.key->name.text(), display(one.table->name)));
    else
      lock(*one.table, Mode::kAccessExclusive, "its foreign key goes too");
  }
}

// -- REINDEX ----------------------------------------------------------------------------------------------------------

namespace {

bool says_concurrently(Node parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters.item(i)["DefElem"]["defname"].is("concurrently")) return true;
  return false;
}

}  // namespace

void LockModel::reindex(Node node) {
  const auto kind = node["kind"].text();
  const bool concurrently = says_concurrently(node["params"]);
  if (concurrently) {
    outside_transactions();
    out_.concurrent = out_.waits_for_transactions = true;
    if (major() < 12) refuse("REINDEX CONCURRENTLY is new in PostgreSQL 12");
    cause("it builds a second index beside the first and lets reads and writes pass");
  }
  const QualifiedName name = relation_of(node["relation"]);
  if (kind == "REINDEX_OBJECT_INDEX") return reindex_index(name, concurrently);
  if (kind != "REINDEX_OBJECT_TABLE") {
    outside_transactions();
    const Identifier schema = identifier_of(node["name"]);
    const bool system = kind == "REINDEX_OBJECT_SYSTEM";
    for (const auto& table : facts_.schema().tables) {
      const bool in_schema = kind != "REINDEX_OBJECT_SCHEMA" || table.name.schema == schema ||
                             (table.name.schema.empty() && schema.text() == "public");
      if (in_schema && !system && !SchemaFacts::partitioned(table)) reindex_table(table, concurrently);
    }
    return;
  }
  const auto* table = facts_.table(name);
  if (const auto* view = table == nullptr ? facts_.materialized(name) : nullptr)
    return reindex_table(*view, concurrently);
  if (table == nullptr) {
    known(name);
    const RelationKind relation = RelationKind::kTable;
    lock(name, relation, concurrently ? Mode::kShareUpdateExclusive : Mode::kShare);
    return scan(name, "to build its indexes again", relation);
  }
  if (!SchemaFacts::partitioned(*table)) return reindex_table(*table, concurrently);
  if (major() < 14) return refuse("REINDEX of a partitioned table is new in PostgreSQL 14");
  outside_transactions();
  lock(*table, Mode::kShare);
  for (const auto* part : facts_.with_rows(*table)) reindex_table(*part, concurrently);
}

void LockModel::reindex_index(const QualifiedName& name, bool concurrently) {
  const auto index = facts_.index(name);
  const Mode mode = concurrently ? Mode::kShareUpdateExclusive : Mode::kAccessExclusive;
  if (!index && facts_.table(name) != nullptr) return refuse(display(name) + " is no index");
  if (!index) {
    assume(fmt::format("index {} is not known: its table is locked too", display(name)));
    lock(name, RelationKind::kIndex, mode);
    rewrite(name, RelationKind::kIndex, "it is built again");
    return build(name, "again");
  }
  if (!concurrently)
    cause(fmt::format("every plan over {} locks all of its indexes: reads wait as well", display(index->table->name)));
  if (index->partitioned) {
    if (major() < 14) return refuse("REINDEX of a partitioned index is new in PostgreSQL 14");
    outside_transactions();
    lock(*index->table, Mode::kShare, "the table of the index " + display(index->name));
    lock(*index, Mode::kAccessExclusive);
    for (const auto* part : facts_.with_rows(*index->table))
      if (const auto its = facts_.part_of_index(*index, *part)) reindex_index(its->name, concurrently);
    return;
  }
  lock(*index->table, concurrently ? Mode::kShareUpdateExclusive : Mode::kShare,
       "the table of the index " + display(index->name));
  lock(*index, mode);
  rewrite(index->name, RelationKind::kIndex, "it is built again");
  build(index->name, "again");
  scan(index->table->name, "to build the index " + display(index->name), kind_of(*index->table));
}

void LockModel::reindex_table(const model::Table& table, bool concurrently) {
  lock(table, concurrently ? Mode::kShareUpdateExclusive : Mode::kShare);
  if (!concurrently)
    cause(fmt::format("every plan over {} locks all of its indexes: reads wait as well", display(table.name)));
  for (const auto& index : facts_.indexes(table)) {
    const bool exclusion =
        index.constraint != nullptr && std::holds_alternative<model::ExcludeConstraint>(*index.constraint);
    if (concurrently && exclusion) {
      cause(fmt::format("the index {} of an exclusion is left out: it is not built concurrently", display(index.name)));
      continue;
    }
    lock(index, concurrently ? Mode::kShareUpdateExclusive : Mode::kAccessExclusive,
         "an index of " + display(table.name));
    rewrite(index.name, RelationKind::kIndex, "it is built again");
    build(index.name, "again");
    scan(table.name, "to build its indexes again", kind_of(table));
  }
}

void LockModel::attach_index(Node command, const IndexFact& whole) {
  const QualifiedName name = relation_of(command["name"]);
  const auto part = facts_.index(name);
  lock(name, RelationKind::kIndex, Mode::kAccessExclusive, "the partition's index that becomes a part",
       part ? part->table->name : QualifiedName{});
  lock(*whole.table, Mode::kAccessShare, "the table of the index " + display(whole.name));
  if (!part) return assume(fmt::format("index {} is not known", display(name)));
  lock(*part->table, Mode::kAccessShare, "the table of the index " + display(part->name));
  const bool keyed = whole.constraint != nullptr;
  if (keyed && part->constraint == nullptr)
    refuse(fmt::format("{} belongs to a constraint and {} to none", display(whole.name), display(name)));
  if (key_columns(whole) != key_columns(*part) || unique(whole) != unique(*part))
    refuse(fmt::format("{} is shaped otherwise than {}", display(name), display(whole.name)));
}

}  // namespace bascule::dialects::postgres
