// Tables and views: CREATE, DROP, TRUNCATE.
#include <algorithm>

#include <fmt/core.h>

#include "dialects/postgres/locks_parts.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

namespace {

bool named(const std::vector<QualifiedName>& names, const QualifiedName& name) {
  return std::any_of(names.begin(), names.end(), [&](const QualifiedName& one) { return model::same_name(one, name); });
}

/// Names of the last words of each element: a column, or several.
std::vector<Identifier> key_of(Node constraint, const Identifier& column) {
  auto columns = identifiers_of(constraint["keys"]);
  if (columns.empty() && !column.empty()) columns = {column};
  return columns;
}

}  // namespace

void LockModel::create_table(Node node) {
  const QualifiedName name = relation_of(node["relation"]);
  if (relation_exists(name)) {
    if (node["if_not_exists"].flag())
      return cause(fmt::format("there is a {} already: nothing is done", display(name)));
    refuse(fmt::format("there is a {} already", display(name)));
  }
  create(name);
  const Node parents = node["inhRelations"];
  for (std::size_t i = 0; i < parents.size(); ++i) {
    const QualifiedName parent = relation_of(parents.item(i)["RangeVar"]);
    const auto* above = known(parent);
    if (!node["partbound"]) {
      lock(parent, RelationKind::kTable, Mode::kShareUpdateExclusive, "the table that it inherits from");
      continue;
    }
    lock(parent, RelationKind::kTable, Mode::kAccessExclusive, "the table that it becomes a partition of");
    cause(fmt::format("a partition that is made in place stops reads of {} for a moment; ATTACH PARTITION does not",
                      display(parent)));
    create_partition(node, above, name);
  }
  create_table_keys(node, name);
}

void LockModel::create_table_keys(Node node, const QualifiedName& name) {
  const auto one = [&](Node constraint, const Identifier& column) {
    const auto kind = constraint["contype"].text();
    const Identifier said = identifier_of(constraint["conname"]);
    const auto index = [&](const std::string& label) {
      const bool primary = label == "pkey";
      create(said.empty()
                 ? fresh(name.schema, name.name.text(), primary ? "" : joined_names(key_of(constraint, column)), label)
                 : QualifiedName{name.schema, said});
    };
    if (kind == "CONSTR_PRIMARY") {
      index("pkey");
    } else if (kind == "CONSTR_UNIQUE") {
      index("key");
    } else if (kind == "CONSTR_EXCLUSION") {
      const Node element = constraint["exclusions"].item(0)["List"]["items"].item(0)["IndexElem"];
      create(said.empty() ? fresh(name.schema, name.name.text(), element["name"].text(), "excl")
                          : QualifiedName{name.schema, said});
    } else if (kind == "CONSTR_IDENTITY") {
      create(fresh(name.schema, name.name.text(), column.text(), "seq"));
    } else if (kind == "CONSTR_FOREIGN") {
      const QualifiedName referent = relation_of(constraint["pktable"]);
      if (model::same_name(referent, name)) return;
      known(referent);
      lock_referent(referent, Mode::kShareRowExclusive, "the table that the foreign key refers to");
      cause(fmt::format("a foreign key puts triggers on both tables: writes to {} wait", display(referent)));
    }
  };
  const Node elements = node["tableElts"];
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Node element = elements.item(i);
    if (element.tag() == "ColumnDef") {
      const Node column = element.inside();
      const Identifier said = identifier_of(column["colname"]);
      const auto type = column["typeName"]["names"].item(0)["String"]["sval"].text();
      const bool serial = column["typeName"]["names"].size() == 1 &&
                          (type == "serial" || type == "bigserial" || type == "smallserial" || type == "serial4" ||
                           type == "serial8" || type == "serial2");
      if (serial) create(fresh(name.schema, name.name.text(), said.text(), "seq"));
      const Node constraints = column["constraints"];
      for (std::size_t c = 0; c < constraints.size(); ++c) one(constraints.item(c)["Constraint"], said);
    } else if (element.tag() == "Constraint") {
      one(element.inside(), {});
    } else if (element.tag() == "TableLikeClause") {
      create_like(element.inside(), name);
    }
  }
}

/// LIKE table [INCLUDING ...]: the tree has what is copied as bits.
void LockModel::create_like(Node clause, const QualifiedName& name) {
  constexpr std::int64_t kIdentity = 1 << 5;
  constexpr std::int64_t kIndexes = 1 << 6;
  const QualifiedName like = relation_of(clause["relation"]);
  lock(like, facts_.view(like) == nullptr ? RelationKind::kTable : RelationKind::kView, Mode::kAccessShare,
       "the table that it is made like");
  const auto* table = facts_.table(like);
  const auto options = clause["options"].number().value_or(0);
  if (table == nullptr) return;
  if ((options & kIdentity) != 0)
    for (const auto& column : table->columns)
      if (column.identity) create(fresh(name.schema, name.name.text(), column.name.text(), "seq"));
  if ((options & kIndexes) == 0) return;
  for (const auto& index : facts_.indexes(*table)) {
    const bool primary = index.constraint != nullptr && std::holds_alternative<model::PrimaryKey>(*index.constraint);
    const bool exclusion =
        index.constraint != nullptr && std::holds_alternative<model::ExcludeConstraint>(*index.constraint);
    const std::string columns = primary ? std::string() : joined_names(key_columns(index));
    const std::string label = primary ? "pkey" : exclusion ? "excl" : index.constraint != nullptr ? "key" : "idx";
    create(fresh(name.schema, name.name.text(), columns, label));
  }
}

void LockModel::create_table_as(Node node) {
  const QualifiedName name = relation_of(node["into"]["rel"]);
  if (relation_exists(name) && node["if_not_exists"].flag()) {
    name_relations_of(node["query"], "the query is looked at");
    return cause(fmt::format("there is a {} already: nothing is done", display(name)));
  }
  create(name);
  read_relations_of(node["query"], "the query reads it");
  if (node["into"]["skipData"].flag()) out_.scans.clear();
}

void LockModel::create_view(Node node) {
  const QualifiedName name = relation_of(node["view"]);
  const bool there = facts_.view(name) != nullptr;
  if (there && !node["replace"].flag()) refuse(fmt::format("there is a view {} already", display(name)));
  if (there) replace_view(*facts_.view(name), node["query"]);
  if (there)
    lock(name, RelationKind::kView, Mode::kAccessExclusive);
  else
    create(name);
  // A view is looked at and not planned: what lies behind another view is not touched.
  name_relations_of(node["query"], "the view reads it");
}

namespace {

/// The columns that a query gives; empty where a part of them cannot be told.
std::vector<std::string> output_names(Node query) {
  std::vector<std::string> names;
  const Node targets = query["SelectStmt"]["targetList"];
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Node target = targets.item(i)["ResTarget"];
    const Node fields = target["val"]["ColumnRef"]["fields"];
    const Node last = fields.item(fields.size() - 1)["String"]["sval"];
    if (!target["name"] && !last) return {};
    names.emplace_back(target["name"] ? target["name"].text() : last.text());
  }
  return names;
}

}  // namespace

/// OR REPLACE keeps the columns that a view has, and may add others behind them.
void LockModel::replace_view(const model::SchemaObject& view, Node query) {
  const ParseTree tree(view.definition);
  if (tree.problem()) return;
  const auto before = output_names(tree.statement(0).inside()["query"]);
  const auto after = output_names(query);
  for (std::size_t i = 0; i < before.size() && !after.empty(); ++i)
    if (i >= after.size() || after[i] != before[i])
      return refuse(fmt::format("the view {} would lose its column {}", display(view.name), before[i]));
}

// -- DROP -------------------------------------------------------------------------------------------------------------

void LockModel::drop_tables(Node node) {
  const Node objects = node["objects"];
  std::vector<QualifiedName> all;
  for (std::size_t i = 0; i < objects.size(); ++i) all.push_back(name_of(objects.item(i)["List"]["items"]));
  for (const auto& name : all) {
    const auto* table = facts_.table(name);
    if (table == nullptr) {
      if (facts_.view(name) != nullptr) {
        refuse(display(name) + " is no table");
        continue;
      }
      if (node["missing_ok"].flag()) {
        assume("table " + display(name) + " is not known: where there is none, nothing happens");
        if (!facts_.schema().tables.empty()) continue;
      } else {
        known(name);
      }
      lock(name, RelationKind::kTable, Mode::kAccessExclusive);
      continue;
    }
    if (SchemaFacts::is_partition(*table) && !named(all, table->postgresql.partition_of)) {
      const auto* whole = facts_.table(table->postgresql.partition_of);
      lock(table->postgresql.partition_of, RelationKind::kTable, Mode::kAccessExclusive,
           "the table that it is a partition of");
      cause(fmt::format("dropping a partition stops reads of {}; detaching it concurrently first does not",
                        display(table->postgresql.partition_of)));
      const auto* rest = whole == nullptr ? nullptr : facts_.default_partition(*whole);
      if (rest != nullptr && rest != table)
        lock(*rest, Mode::kAccessExclusive, "the default partition: what belongs to it changes");
    }
    drop_table(table->name, cascades(node), all);
  }
}

void LockModel::drop_table(const QualifiedName& name, bool cascade, const std::vector<QualifiedName>& also) {
  const auto* table = facts_.table(name);
  if (table == nullptr) return;
  lock(*table, Mode::kAccessExclusive, named(also, name) ? std::string() : child_why(*table));
  lock_indexes(*table, Mode::kAccessExclusive, "an index of " + display(table->name));
  for (const auto& sequence : facts_.owned_sequences(*table))
    lock(sequence, RelationKind::kSequence, Mode::kAccessExclusive, "the table's own sequence", table->name);
  for (const auto& one : facts_.keys_of(*table)) {
    const auto* referent = facts_.table(one.key->referent);
    const std::string why =
        fmt::format("the foreign key {} of {} refers to it", one.key->name.text(), display(table->name));
    // 12 to 14 lock the parts alone.
    if (referent != nullptr && SchemaFacts::partitioned(*referent) && major() < 15)
      lock_children(*referent, Mode::kAccessExclusive);
    else if (!model::same_name(one.key->referent, table->name))
      lock_referent(one.key->referent, Mode::kAccessExclusive, why);
  }
  for (const auto& one : facts_.keys_to(*table)) {
    if (one.table == table) continue;
    if (!cascade && !named(also, one.table->name))
      refuse(fmt::format("the foreign key {} of {} refers to it", one.key->name.text(), display(one.table->name)));
    lock(*one.table, Mode::kAccessExclusive, fmt::format("its foreign key {} goes too", one.key->name.text()));
    if (SchemaFacts::partitioned(*one.table)) lock_children(*one.table, Mode::kAccessExclusive);
  }
  for (const auto* child : facts_.children(*table)) {
    if (!SchemaFacts::is_partition(*child) && !cascade && !named(also, child->name))
      refuse(fmt::format("{} inherits from it", display(child->name)));
    drop_table(child->name, cascade, also);
  }
  for (const auto* view : facts_.views_on(table->name)) {
    if (!cascade && !named(also, view->name)) refuse(fmt::format("{} reads it", display(view->name)));
    lock_view(*view, Mode::kAccessExclusive, "it reads the table and goes with it");
  }
}

void LockModel::drop_views(Node node) {
  const RelationKind kind =
      node["removeType"].is("OBJECT_VIEW") ? RelationKind::kView : RelationKind::kMaterializedView;
  const Node objects = node["objects"];
  std::vector<QualifiedName> all;
  for (std::size_t i = 0; i < objects.size(); ++i) all.push_back(name_of(objects.item(i)["List"]["items"]));
  for (const auto& name : all) {
    if (facts_.view(name) == nullptr && node["missing_ok"].flag() && !facts_.schema().tables.empty())
      assume(display(name) + " is not known: taken as missing, and then nothing happens");
    else
      drop_view(name, kind, cascades(node), all);
  }
}

void LockModel::drop_view(const QualifiedName& name, RelationKind kind, bool cascade,
                          const std::vector<QualifiedName>& also) {
  lock(name, kind, Mode::kAccessExclusive);
  if (const auto* dropped = facts_.view(name)) lock_view(*dropped, Mode::kAccessExclusive, {});
  for (const auto* view : facts_.views_on(name)) {
    if (!cascade && !named(also, view->name)) refuse(fmt::format("{} reads it", display(view->name)));
    lock_view(*view, Mode::kAccessExclusive, fmt::format("it reads {} and goes with it", display(name)));
  }
}

void LockModel::drop_schemas(Node node) {
  const Node objects = node["objects"];
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const Identifier schema = identifier_of(objects.item(i)["String"]["sval"]);
    const auto inside = [&](const QualifiedName& name) {
      return name.schema == schema || (name.schema.empty() && schema.text() == "public");
    };
    std::vector<QualifiedName> all;
    for (const auto& table : facts_.schema().tables)
      if (inside(table.name)) all.push_back(table.name);
    if (!all.empty() && !cascades(node)) refuse(fmt::format("the schema {} holds tables", schema.text()));
    for (const auto& name : all) drop_table(name, true, all);
    for (const auto& sequence : facts_.schema().sequences)
      if (inside(sequence.name)) lock(sequence.name, RelationKind::kSequence, Mode::kAccessExclusive);
    for (const auto& object : facts_.schema().objects)
      if (inside(object.name) &&
          (object.kind == model::ObjectKind::kView || object.kind == model::ObjectKind::kMaterializedView))
        lock_view(object, Mode::kAccessExclusive, {});
  }
}

// -- TRUNCATE ---------------------------------------------------------------------------------------------------------

void LockModel::truncate(Node node) {
  const Node relations = node["relations"];
  std::vector<const model::Table*> all;
  const auto add = [&](const model::Table* table) {
    if (std::find(all.begin(), all.end(), table) == all.end()) all.push_back(table);
  };
  for (std::size_t i = 0; i < relations.size(); ++i) {
    const Node relation = relations.item(i)["RangeVar"];
    const auto* table = facts_.table(relation_of(relation));
    if (table == nullptr) {
      if (facts_.view(relation_of(relation)) != nullptr) refuse(display(relation_of(relation)) + " is no table");
      known(relation_of(relation));
      lock(relation_of(relation), RelationKind::kTable, Mode::kAccessExclusive);
      rewrite(relation_of(relation), RelationKind::kTable, "it gets a new, empty file");
      continue;
    }
    add(table);
    if (relation["inh"].flag())
      for (const auto* child : facts_.descendants(*table)) add(child);
    else if (SchemaFacts::partitioned(*table))
      refuse("a partitioned table is not truncated alone");
    if (SchemaFacts::is_partition(*table) && major() < 14)
      lock(table->postgresql.partition_of, RelationKind::kTable, Mode::kAccessShare,
           "the table that it is a partition of");
  }
  const std::size_t said = all.size();
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const auto& one : facts_.keys_to(*all[i])) {
      if (std::find(all.begin(), all.end(), one.table) != all.end()) continue;
      if (!cascades(node)) {
        refuse(fmt::format("the foreign key {} of {} refers to it", one.key->name.text(), display(one.table->name)));
        continue;
      }
      add(one.table);
      for (const auto* child : facts_.descendants(*one.table)) add(child);
    }
  for (std::size_t i = 0; i < all.size(); ++i) {
    truncate_table(*all[i],
                   i < said ? child_why(*all[i]) : "a foreign key refers to what is emptied: CASCADE empties it too");
    if (!node["restart_seqs"].flag()) continue;
    for (const auto& sequence : facts_.owned_sequences(*all[i])) {
      lock(sequence, RelationKind::kSequence, Mode::kAccessExclusive, "it begins anew", all[i]->name);
      rewrite(sequence, RelationKind::kSequence, "it begins anew");
    }
  }
  cause("the rows are gone, and the space with them, while nobody can use the table");
}

void LockModel::truncate_table(const model::Table& table, const std::string& why) {
  lock(table, Mode::kAccessExclusive, why);
  if (SchemaFacts::partitioned(table)) return;
  rewrite(table.name, RelationKind::kTable, "it gets a new, empty file");
  for (const auto& index : facts_.indexes(table)) {
    lock(index, Mode::kAccessExclusive, "an index of " + display(table.name));
    rewrite(index.name, RelationKind::kIndex, "it gets a new, empty file");
  }
}

}  // namespace bascule::dialects::postgres
