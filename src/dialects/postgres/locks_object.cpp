// Sequences, types, domains, triggers, policies, rules, comments, rights, statistics, publications.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/postgres/locks_parts.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

using model::ObjectKind;
using plan::RelationKind;

namespace {

/// A name of several words at an object's end: {"List": {"items": [...]}}; the relation is all but the last word.
QualifiedName relation_before_last(Node object) {
  const Node names = object["List"]["items"];
  const auto part = [&](std::size_t index) { return identifier_of(names.item(index)["String"]["sval"]); };
  if (names.size() < 2) return {};
  return {names.size() > 2 ? part(names.size() - 3) : Identifier(), part(names.size() - 2)};
}

Identifier last_of(Node object) {
  const Node names = object["List"]["items"];
  return identifier_of(names.item(names.size() - 1)["String"]["sval"]);
}

}  // namespace

// -- sequences --------------------------------------------------------------------------------------------------------

void LockModel::create_sequence(Node node) {
  const QualifiedName name = relation_of(node["sequence"]);
  if (facts_.sequence(name) != nullptr && node["if_not_exists"].flag())
    return cause(fmt::format("there is a sequence {} already: nothing is done", display(name)));
  create(name);
  sequence_owner(node["options"]);
}

/// OWNED BY table.column
void LockModel::sequence_owner(Node options) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Node option = options.item(i)["DefElem"];
    if (!option["defname"].is("owned_by") || option["arg"]["List"]["items"].size() < 2) continue;
    lock(relation_before_last(option["arg"]), RelationKind::kTable, Mode::kAccessShare, "the table that will own it");
  }
}

void LockModel::alter_sequence(Node node) {
  const QualifiedName name = relation_of(node["sequence"]);
  const Node options = node["options"];
  if (node["missing_ok"].flag() && facts_.sequence(name) == nullptr && !facts_.schema().tables.empty())
    return assume(display(name) + " is not known: taken as missing, and then nothing happens");
  lock(name, RelationKind::kSequence, Mode::kShareRowExclusive);
  cause(fmt::format("nextval of {} waits meanwhile", display(name)));
  sequence_owner(options);
  for (std::size_t i = 0; i < options.size(); ++i)
    if (!options.item(i)["DefElem"]["defname"].is("owned_by"))
      rewrite(name, RelationKind::kSequence, "its one row is written anew");
}

// -- DROP -------------------------------------------------------------------------------------------------------------

void LockModel::drop_objects(Node node) {
  const auto type = node["removeType"].text();
  const Node objects = node["objects"];
  if (type == "OBJECT_TABLE" || type == "OBJECT_FOREIGN_TABLE") return drop_tables(node);
  if (type == "OBJECT_INDEX") return drop_indexes(node);
  if (type == "OBJECT_VIEW" || type == "OBJECT_MATVIEW") return drop_views(node);
  if (type == "OBJECT_SCHEMA") return drop_schemas(node);
  if (type == "OBJECT_TYPE" || type == "OBJECT_DOMAIN") return drop_types(node);
  if (type == "OBJECT_TRIGGER" || type == "OBJECT_RULE" || type == "OBJECT_POLICY") return drop_from_table(node);
  if (type == "OBJECT_FUNCTION" || type == "OBJECT_PROCEDURE" || type == "OBJECT_ROUTINE") return drop_functions(node);
  if (type == "OBJECT_STATISTIC_EXT") return drop_statistics(node);
  if (type == "OBJECT_SEQUENCE")
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const QualifiedName name = name_of(objects.item(i)["List"]["items"]);
      if (node["missing_ok"].flag() && facts_.sequence(name) == nullptr && !facts_.schema().tables.empty()) {
        assume(display(name) + " is not known: taken as missing, and then nothing happens");
        continue;
      }
      lock(name, RelationKind::kSequence, Mode::kAccessExclusive);
      drop_sequence_users(name, cascades(node));
    }
}

/// Columns whose default takes numbers from the sequence.
void LockModel::drop_sequence_users(const QualifiedName& name, bool cascade) {
  for (const auto& table : facts_.schema().tables)
    for (const auto& column : table.columns) {
      const bool owner = [&] {
        const auto* sequence = facts_.sequence(name);
        return sequence != nullptr && sequence->owned_by_column == column.name &&
               model::same_name(sequence->owned_by, table.name);
      }();
      const bool uses = column.server_default &&
                        SchemaFacts::sql_of(*column.server_default).find(name.name.text()) != std::string::npos &&
                        SchemaFacts::sql_of(*column.server_default).find("nextval") != std::string::npos;
      if (!uses && !(owner && column.autoincrement)) continue;
      if (cascade)
        lock(table, Mode::kAccessExclusive,
             fmt::format("the default of {} goes with the sequence", column.name.text()));
      else
        refuse(fmt::format("the default of {}.{} takes numbers from it", display(table.name), column.name.text()));
    }
}

void LockModel::drop_types(Node node) {
  const Node objects = node["objects"];
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const QualifiedName name = name_of(objects.item(i)["TypeName"]["names"]);
    for (const auto& table : facts_.schema().tables)
      for (const auto& column : table.columns) {
        const std::string type = SchemaFacts::spelled(column.type);
        const std::string_view bare = std::string_view(type).substr(0, type.find('['));
        if (bare != name.name.text() && bare != display(name)) continue;
        if (!cascades(node)) {
          refuse(fmt::format("the column {} of {} has this type", column.name.text(), display(table.name)));
          continue;
        }
        lock(table, Mode::kAccessExclusive, fmt::format("its column {} goes with the type", column.name.text()));
        drop_column_dependents(table, column.name, true);
      }
  }
}

void LockModel::drop_from_table(Node node) {
  const Node objects = node["objects"];
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const QualifiedName relation = relation_before_last(objects.item(i));
    const auto* table = facts_.table(relation);
    const auto* view = table == nullptr ? facts_.view(relation) : nullptr;
    const bool unknown = table == nullptr && view == nullptr;
    const ObjectKind kind = node["removeType"].is("OBJECT_TRIGGER")  ? ObjectKind::kTrigger
                            : node["removeType"].is("OBJECT_POLICY") ? ObjectKind::kPolicy
                                                                     : ObjectKind::kRule;
    const auto there = table == nullptr ? std::vector<const model::SchemaObject*>() : facts_.objects_on(*table, kind);
    const bool missing = table != nullptr && std::none_of(there.begin(), there.end(), [&](const auto* one) {
                           return one->name.name == last_of(objects.item(i));
                         });
    if (node["missing_ok"].flag() && (missing || unknown) && !facts_.schema().tables.empty()) {
      assume(last_of(objects.item(i)).text() + " is not known: taken as missing, and then nothing happens");
      continue;
    }
    if (unknown) known(relation);
    if (missing && !SchemaFacts::is_partition(*table))
      refuse_missing(fmt::format("{} has no {}", display(relation), last_of(objects.item(i)).text()));
    lock(relation, view == nullptr ? RelationKind::kTable : RelationKind::kView, Mode::kAccessExclusive);
    if (table == nullptr || !node["removeType"].is("OBJECT_TRIGGER")) continue;
    const Identifier name = last_of(objects.item(i));
    if (SchemaFacts::partitioned(*table)) lock_children(*table, Mode::kAccessExclusive);
    if (!facts_.objects_on(*table, ObjectKind::kTrigger).empty() || !SchemaFacts::is_partition(*table)) continue;
    const auto* whole = facts_.table(table->postgresql.partition_of);
    if (whole == nullptr) continue;
    for (const auto* trigger : facts_.objects_on(*whole, ObjectKind::kTrigger))
      if (trigger->name.name == name) refuse(fmt::format("it belongs to the trigger of {}", display(whole->name)));
  }
}

void LockModel::drop_functions(Node node) {
  const Node objects = node["objects"];
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const QualifiedName name = name_of(objects.item(i)["ObjectWithArgs"]["objname"]);
    for (const auto& object : facts_.schema().objects) {
      if (object.kind != ObjectKind::kTrigger) continue;
      const auto words = model::sql_words(object.definition);
      bool calls = false;
      for (std::size_t at = 0; at + 1 < words.size(); ++at)
        calls = calls || ((words[at].is_word("function") || words[at].is_word("procedure")) &&
                          std::any_of(words.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                      words.begin() + static_cast<std::ptrdiff_t>(std::min(at + 4, words.size())),
                                      [&](const auto& word) { return word.text == name.name.text(); }));
      if (!calls) continue;
      if (cascades(node))
        lock(object.on_table, RelationKind::kTable, Mode::kAccessExclusive,
             fmt::format("its trigger {} goes with the function", object.name.name.text()));
      else
        refuse(fmt::format("the trigger {} of {} calls it", object.name.name.text(), display(object.on_table)));
    }
  }
}

// -- types ------------------------------------------------------------------------------------------------------------

void LockModel::alter_enum(Node node) {
  if (!node["newVal"] || node["oldVal"]) return;
  const QualifiedName name = name_of(node["typeName"]);
  for (const auto& one : facts_.schema().enums) {
    if (!model::same_name(one.name, name)) continue;
    const bool there = std::find(one.values.begin(), one.values.end(), node["newVal"].text()) != one.values.end();
    if (there && !node["skipIfNewValExists"].flag())
      refuse(fmt::format("{} has a value {} already", display(name), node["newVal"].text()));
    if (there) return;
  }
  if (major() < 12) outside_transactions();
  cause("the new value can be used once the transaction is committed");
}

void LockModel::alter_domain(Node node) {
  const QualifiedName name = name_of(node["typeName"]);
  const Node kind = node["subtype"];
  const bool adds = kind.is("C");
  const bool validates = kind.is("V");
  const bool not_null = kind.is("O");
  if (!adds && !validates && !not_null) return;
  if (adds && node["def"]["Constraint"]["skip_validation"].flag())
    return cause("values that are there are not checked; new and changed ones are");
  bool used = false;
  for (const auto& table : facts_.schema().tables) {
    const bool has = std::any_of(table.columns.begin(), table.columns.end(), [&](const model::Column& column) {
      const auto* domain = facts_.domain(SchemaFacts::spelled(column.type));
      for (int depth = 0; domain != nullptr && depth < 16; ++depth) {
        if (model::same_name(domain->name, name)) return true;
        domain = facts_.domain(SchemaFacts::spelled(domain->type));
      }
      return false;
    });
    if (!has || SchemaFacts::partitioned(table)) continue;
    used = true;
    lock(table, Mode::kShare, "a column of it is of the domain " + display(name));
    scan(table.name, "to check that every value keeps to the domain");
  }
  if (used)
    cause(fmt::format("every table with a column of {} is read whole while nobody can write to it", display(name)));
}

// -- triggers, policies, rules ----------------------------------------------------------------------------------------

void LockModel::create_trigger(Node node) {
  const QualifiedName relation = relation_of(node["relation"]);
  const auto* table = facts_.table(relation);
  const auto* view = table == nullptr ? facts_.view(relation) : nullptr;
  if (table == nullptr && view == nullptr) known(relation);
  lock(relation, view == nullptr ? RelationKind::kTable : RelationKind::kView, Mode::kShareRowExclusive);
  const Identifier name = identifier_of(node["trigname"]);
  if (table != nullptr && !node["replace"].flag())
    for (const auto* there : facts_.objects_on(*table, ObjectKind::kTrigger))
      if (there->name.name == name) refuse(fmt::format("{} has a trigger {} already", display(relation), name.text()));
  if (node["constrrel"])
    lock(relation_of(node["constrrel"]), RelationKind::kTable, Mode::kAccessShare, "the other table of the trigger");
  if (table != nullptr && SchemaFacts::partitioned(*table) && node["row"].flag())
    lock_children(*table, Mode::kShareRowExclusive);
}

void LockModel::policy(Node node) {
  const QualifiedName relation = relation_of(node["table"]);
  known(relation);
  lock(relation, RelationKind::kTable, Mode::kAccessExclusive);
  name_relations_of(node["qual"], "the policy reads it");
  name_relations_of(node["with_check"], "the policy reads it");
}

void LockModel::rule(Node node) {
  const QualifiedName relation = relation_of(node["relation"]);
  const bool view = facts_.table(relation) == nullptr && facts_.view(relation) != nullptr;
  if (!view) known(relation);
  lock(relation, view ? RelationKind::kView : RelationKind::kTable, Mode::kAccessExclusive);
  const Node actions = node["actions"];
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const Node action = actions.item(i);
    const Node written = action.inside()["relation"];
    if (action.tag() != "SelectStmt" && written)
      lock(relation_of(written), RelationKind::kTable, Mode::kRowExclusive, "the rule writes to it");
    name_relations_of(action, "the rule reads it");
  }
}

// -- rights, comments, statistics -------------------------------------------------------------------------------------

void LockModel::comment(Node node) {
  const auto type = node["objtype"].text();
  const Node object = node["object"];
  const auto light = [&](const QualifiedName& name, RelationKind kind) {
    lock(name, kind, Mode::kShareUpdateExclusive);
  };
  const auto relation_kind = [&](const QualifiedName& name) {
    const auto* view = facts_.table(name) == nullptr ? facts_.view(name) : nullptr;
    if (view == nullptr) return RelationKind::kTable;
    return view->kind == ObjectKind::kView ? RelationKind::kView : RelationKind::kMaterializedView;
  };
  if (type == "OBJECT_TABLE" || type == "OBJECT_FOREIGN_TABLE") {
    light(name_of(object["List"]["items"]), RelationKind::kTable);
  } else if (type == "OBJECT_VIEW") {
    light(name_of(object["List"]["items"]), RelationKind::kView);
  } else if (type == "OBJECT_MATVIEW") {
    light(name_of(object["List"]["items"]), RelationKind::kMaterializedView);
  } else if (type == "OBJECT_SEQUENCE") {
    light(name_of(object["List"]["items"]), RelationKind::kSequence);
  } else if (type == "OBJECT_INDEX") {
    const QualifiedName name = name_of(object["List"]["items"]);
    const auto index = facts_.index(name);
    lock(name, RelationKind::kIndex, Mode::kShareUpdateExclusive, {}, index ? index->table->name : QualifiedName{});
  } else if (type == "OBJECT_COLUMN") {
    const QualifiedName name = relation_before_last(object);
    light(name, relation_kind(name));
  } else if (type == "OBJECT_TABCONSTRAINT" || type == "OBJECT_TRIGGER" || type == "OBJECT_POLICY" ||
             type == "OBJECT_RULE") {
    const QualifiedName name = relation_before_last(object);
    lock(name, relation_kind(name), Mode::kAccessShare);
  }
}

void LockModel::grant(Node node) {
  const auto type = node["objtype"].text();
  if ((type != "OBJECT_TABLE" && type != "OBJECT_SEQUENCE") || !node["targtype"].is("ACL_TARGET_OBJECT")) return;
  const Node objects = node["objects"];
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const QualifiedName name = relation_of(objects.item(i)["RangeVar"]);
    refuse_missing(name);
    if (major() < 18) continue;
    const auto* view = facts_.view(name);
    RelationKind kind = RelationKind::kTable;
    if (type == "OBJECT_SEQUENCE" || facts_.sequence(name) != nullptr) kind = RelationKind::kSequence;
    if (view != nullptr) kind = view->kind == ObjectKind::kView ? RelationKind::kView : RelationKind::kMaterializedView;
    lock(name, kind, Mode::kAccessShare);
  }
}

void LockModel::statistics(Node node) {
  const Node relations = node["relations"];
  for (std::size_t i = 0; i < relations.size(); ++i) {
    const QualifiedName name = relation_of(relations.item(i)["RangeVar"]);
    known(name);
    lock(name, RelationKind::kTable, Mode::kShareUpdateExclusive);
  }
}

void LockModel::drop_statistics(Node node) {
  if (major() < 12) return;
  const Node objects = node["objects"];
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto* made = facts_.object(ObjectKind::kStatistics, name_of(objects.item(i)["List"]["items"]));
    const ParseTree tree(made == nullptr ? std::string_view() : std::string_view(made->definition));
    if (made == nullptr || tree.problem()) {
      assume("the table of the statistics is not known");
      continue;
    }
    const Node relation = tree.statement(0)["CreateStatsStmt"]["relations"].item(0)["RangeVar"];
    lock(relation_of(relation), RelationKind::kTable, Mode::kShareUpdateExclusive);
  }
}

void LockModel::publication(Node node) {
  const Node objects = node["pubobjects"];
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const Node table = objects.item(i)["PublicationObjSpec"]["pubtable"]["relation"];
    if (!table) continue;
    const QualifiedName name = relation_of(table);
    const auto* its = known(name);
    lock(name, RelationKind::kTable, Mode::kShareUpdateExclusive);
    if (its != nullptr && table["inh"].flag() && !SchemaFacts::partitioned(*its))
      lock_children(*its, Mode::kShareUpdateExclusive);
  }
}

void LockModel::owner(Node node) {
  // ALTER TABLE and its like have a way of their own; what is left has no relation behind it.
  (void)node;
}

}  // namespace bascule::dialects::postgres
