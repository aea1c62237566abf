// ALTER TABLE: how strong its lock is, and what its smaller subcommands do. Source of the levels: measured; they are
// those of AlterTableGetLockLevel in PostgreSQL's tablecmds.c.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/postgres/locks_parts.h"

namespace bascule::dialects::postgres {

namespace {

using plan::RelationKind;

struct KindLevel {
  std::string_view kind;
  Mode mode;
};

/// Subcommands that take less than ACCESS EXCLUSIVE.
constexpr auto kLevels = std::to_array<KindLevel>({
    {"AT_SetStatistics", Mode::kShareUpdateExclusive},
    {"AT_SetOptions", Mode::kShareUpdateExclusive},
    {"AT_ResetOptions", Mode::kShareUpdateExclusive},
    {"AT_ClusterOn", Mode::kShareUpdateExclusive},
    {"AT_DropCluster", Mode::kShareUpdateExclusive},
    {"AT_ValidateConstraint", Mode::kShareUpdateExclusive},
    {"AT_EnableTrig", Mode::kShareRowExclusive},
    {"AT_EnableAlwaysTrig", Mode::kShareRowExclusive},
    {"AT_EnableReplicaTrig", Mode::kShareRowExclusive},
    {"AT_DisableTrig", Mode::kShareRowExclusive},
    {"AT_EnableTrigAll", Mode::kShareRowExclusive},
    {"AT_DisableTrigAll", Mode::kShareRowExclusive},
    {"AT_EnableTrigUser", Mode::kShareRowExclusive},
    {"AT_DisableTrigUser", Mode::kShareRowExclusive},
    {"AT_DetachPartitionFinalize", Mode::kShareUpdateExclusive},
});

/// Storage parameters that vacuum and planner alone look at; all others stop everybody.
constexpr auto kLightOptions = std::to_array<std::string_view>({
    "fillfactor",
    "parallel_workers",
    "toast_tuple_target",
    "vacuum_index_cleanup",
    "vacuum_truncate",
    "log_autovacuum_min_duration",
    "log_autoanalyze_min_duration",
    "vacuum_max_eager_freeze_failure_rate",
    "deduplicate_items",
    "n_distinct",
    "n_distinct_inherited",
});

/// The others that a table has.
constexpr auto kHeavyOptions = std::to_array<std::string_view>({"user_catalog_table", "oids"});

bool light_option(std::string_view name) {
  return name.substr(0, 11) == "autovacuum_" ||
         std::find(kLightOptions.begin(), kLightOptions.end(), name) != kLightOptions.end();
}

Node listed_options(Node command) {
  const Node items = command["def"]["List"]["items"];
  return items ? items : command["def"];
}

Mode options_level(Node options) {
  for (std::size_t i = 0; i < options.size(); ++i)
    if (!light_option(to_lower_ascii(options.item(i)["DefElem"]["defname"].text()))) return Mode::kAccessExclusive;
  return Mode::kShareUpdateExclusive;
}

/// Subcommands that go down to every partition and heir.
constexpr auto kRecursing = std::to_array<std::string_view>({
    "AT_ColumnDefault",
    "AT_SetStatistics",
    "AT_SetStorage",
    "AT_DropExpression",
});
/// Those on triggers go down to partitions, not to heirs.
bool on_triggers(std::string_view kind) {
  return kind.find("Trig") != std::string_view::npos && kind.substr(0, 3) == "AT_";
}

}  // namespace

Mode LockModel::level_of(Node command, const Target& target) const {
  const auto kind = command["subtype"].text();
  for (const auto& [known_kind, mode] : kLevels)
    if (kind == known_kind) return mode;
  if (kind == "AT_SetRelOptions" || kind == "AT_ResetRelOptions") return options_level(listed_options(command));
  if (kind == "AT_AttachPartition" && major() >= 12) return Mode::kShareUpdateExclusive;
  if (kind == "AT_DetachPartition" && command["def"]["PartitionCmd"]["concurrent"].flag())
    return Mode::kShareUpdateExclusive;
  if (kind == "AT_AddConstraint" && command["def"]["Constraint"]["contype"].is("CONSTR_FOREIGN"))
    return Mode::kShareRowExclusive;
  (void)target;
  return Mode::kAccessExclusive;
}

void LockModel::alter_table(Node node) {
  const auto object = node["objtype"].text();
  if (object == "OBJECT_INDEX") return alter_index(node);
  if (object == "OBJECT_VIEW" || object == "OBJECT_MATVIEW" || object == "OBJECT_SEQUENCE") return alter_view(node);
  Target target;
  target.name = relation_of(node["relation"]);
  target.only = !node["relation"]["inh"].flag();
  if (object == "OBJECT_TYPE") {
    cause("tables of the type " + display(target.name) + " are not looked at");
    return;
  }
  target.table = facts_.table(target.name);
  const Node commands = node["cmds"];
  if (target.table == nullptr && node["missing_ok"].flag() && !relation_exists(target.name) &&
      !facts_.schema().tables.empty())
    return assume("table " + display(target.name) + " is not known: taken as missing, and then nothing happens");
  if (target.table == nullptr && (facts_.view(target.name) != nullptr || facts_.sequence(target.name) != nullptr))
    return alter_view(node);
  if (target.table == nullptr && facts_.index(target.name)) return alter_index(node);
  if (target.table == nullptr && node["missing_ok"].flag())
    assume("table " + display(target.name) + " is not known: where there is none, nothing happens");
  else if (target.table == nullptr)
    known(target.name);
  else
    target.name = target.table->name;
  target.mode = Mode::kAccessShare;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Node command = commands.item(i)["AlterTableCmd"];
    if (command["subtype"].is("AT_DropConstraint")) dropped_.push_back(identifier_of(command["name"]));
    if (command["subtype"].is("AT_DropColumn")) dropped_columns_.push_back(identifier_of(command["name"]));
  }
  for (std::size_t i = 0; i < commands.size(); ++i)
    target.mode = std::max(target.mode, level_of(commands.item(i)["AlterTableCmd"], target));
  lock(target.name, RelationKind::kTable, target.mode);
  for (std::size_t i = 0; i < commands.size(); ++i) alter_command(commands.item(i)["AlterTableCmd"], target);
}

void LockModel::alter_command(Node command, const Target& target) {
  const auto kind = command["subtype"].text();
  const Identifier name = identifier_of(command["name"]);
  if (kind == "AT_ColumnDefault" || kind == "AT_AlterColumnType" || kind == "AT_SetNotNull" || kind == "AT_DropNotNull")
    has_column(target, name);
  if (kind == "AT_AddColumn") return add_column(command, target);
  if (kind == "AT_DropColumn") return drop_column(command, target);
  if (kind == "AT_SetNotNull") return set_not_null(target, name);
  if (kind == "AT_DropNotNull") return drop_not_null(target, name);
  if (kind == "AT_AlterColumnType") return change_type(command, target);
  if (kind == "AT_AddIdentity" || kind == "AT_DropIdentity" || kind == "AT_SetIdentity")
    return identity(kind, command, target);
  if (kind == "AT_ColumnDefault" && newer_.within(NewerForm::kSetExpression, 0, newer_.text().size()) != nullptr)
    return set_expression(command, target);
  if (kind == "AT_AddConstraint") return add_constraint(command["def"]["Constraint"], target);
  if (kind == "AT_DropConstraint") return drop_constraint(command, target);
  if (kind == "AT_ValidateConstraint") return validate_constraint(command, target);
  if (kind == "AT_AlterConstraint") return alter_constraint(command, target);
  if (alter_storage(kind, command, target) || alter_attachment(kind, command, target)) return;
  if (on_triggers(kind) && !name.empty() && target.table != nullptr) {
    const auto there = facts_.objects_on(*target.table, model::ObjectKind::kTrigger);
    const bool known_one = std::any_of(there.begin(), there.end(),
                                       [&](const model::SchemaObject* trigger) { return trigger->name.name == name; });
    if (!known_one && !SchemaFacts::is_partition(*target.table))
      refuse_missing(fmt::format("{} has no trigger {}", display(target.name), name.text()));
  }
  const auto has_trigger = [&] {
    const auto triggers = facts_.objects_on(*target.table, model::ObjectKind::kTrigger);
    const bool keys = kind.find("TrigAll") != std::string_view::npos && !facts_.keys_of(*target.table).empty();
    return keys || std::any_of(triggers.begin(), triggers.end(), [&](const model::SchemaObject* trigger) {
             return name.empty() || trigger->name.name == name;
           });
  };
  const bool recurses =
      std::find(kRecursing.begin(), kRecursing.end(), kind) != kRecursing.end() ||
      (on_triggers(kind) && target.table != nullptr && SchemaFacts::partitioned(*target.table) && has_trigger());
  if (recurses && target.table != nullptr && !target.only) lock_children(*target.table, target.mode);
}

bool LockModel::has_column(const Target& target, const Identifier& column) {
  if (target.table == nullptr || target.table->columns.empty() || facts_.column(*target.table, column) != nullptr)
    return true;
  const bool added = std::any_of(added_.begin(), added_.end(), [&](const Identifier& one) { return one == column; });
  if (added) return true;
  refuse(fmt::format("{} has no column {}", display(target.name), column.text()));
  return false;
}

void LockModel::has_columns(const Target& target, Node tree) {
  std::vector<Node> left = {tree};
  while (!left.empty()) {
    const Node node = left.back();
    left.pop_back();
    const Node fields = node["ColumnRef"]["fields"];
    if (fields.size() == 1 && fields.item(0)["String"])
      has_column(target, identifier_of(fields.item(0)["String"]["sval"]));
    for (std::size_t i = 0; i < node.size(); ++i) left.push_back(node.item(i));
    for (std::size_t i = 0; i < node.member_count(); ++i) left.push_back(node.member(i));
  }
}

bool LockModel::alter_storage(std::string_view kind, Node command, const Target& target) {
  const QualifiedName named{target.name.schema, identifier_of(command["name"])};
  if ((kind == "AT_SetRelOptions" || kind == "AT_ResetRelOptions") && target.table != nullptr &&
      SchemaFacts::partitioned(*target.table))
    refuse("a partitioned table has no storage of its own: its partitions have");
  if (kind == "AT_SetRelOptions" && target.table != nullptr && target.table->postgresql.using_method.empty())
    for (std::size_t i = 0; i < listed_options(command).size(); ++i) {
      const auto option = to_lower_ascii(listed_options(command).item(i)["DefElem"]["defname"].text());
      if (!light_option(option) && std::find(kHeavyOptions.begin(), kHeavyOptions.end(), option) == kHeavyOptions.end())
        refuse(fmt::format("there is no storage parameter {}", option));
    }
  if (kind == "AT_SetLogged" || kind == "AT_SetUnLogged") {
    set_persistence(target, kind == "AT_SetLogged");
  } else if (kind == "AT_SetAccessMethod") {
    const bool same = target.table != nullptr && target.table->postgresql.using_method == command["name"].text();
    if (!same)
      rewrite_tables({target.name, target.table, true, target.mode},
                     "another access method: the table is written anew");
  } else if (kind == "AT_SetTableSpace") {
    const bool same = target.table != nullptr && target.table->postgresql.tablespace == named.name;
    if (same || (target.table != nullptr && SchemaFacts::partitioned(*target.table))) return true;
    rewrite(target.name, RelationKind::kTable, "its file is copied into another tablespace");
    cause("the table's file is copied into the tablespace " + named.name.text() + "; indexes stay where they are");
  } else if (kind == "AT_ClusterOn") {
    lock(named, RelationKind::kIndex, Mode::kShareUpdateExclusive, "the index to cluster by", target.name);
  } else if (kind == "AT_ReplicaIdentity") {
    const Node identity = command["def"]["ReplicaIdentityStmt"];
    if (identity["identity_type"].is("i"))
      lock({target.name.schema, identifier_of(identity["name"])}, RelationKind::kIndex, Mode::kShare,
           "the index that identifies rows", target.name);
  } else if (kind == "AT_ChangeOwner") {
    owner_of(target);
  } else {
    return false;
  }
  return true;
}

void LockModel::set_persistence(const Target& target, bool logged) {
  if (target.table != nullptr) {
    const auto& prefixes = target.table->prefixes;
    const bool unlogged = std::any_of(prefixes.begin(), prefixes.end(),
                                      [](const std::string& word) { return iequals_ascii(word, "UNLOGGED"); });
    if (unlogged != logged) return;
    const auto is_unlogged = [](const model::Table& table) {
      return std::find(table.prefixes.begin(), table.prefixes.end(), "UNLOGGED") != table.prefixes.end();
    };
    if (!logged)
      for (const auto& one : facts_.keys_to(*target.table))
        if (one.table != target.table && !is_unlogged(*one.table))
          refuse(fmt::format("{} stays logged and refers to {}", display(one.table->name), display(target.name)));
    if (logged)
      for (const auto& one : facts_.keys_of(*target.table)) {
        const auto* referent = facts_.table(one.key->referent);
        if (referent != nullptr && referent != target.table && is_unlogged(*referent))
          refuse(fmt::format("{} refers to {}, which is unlogged", display(target.name), display(one.key->referent)));
      }
    // Since 15 the sequences of its columns go with it.
    if (major() >= 15)
      for (const auto& sequence : facts_.owned_sequences(*target.table)) {
        lock(sequence, RelationKind::kSequence, Mode::kAccessExclusive, "the table's own sequence", target.name);
        rewrite(sequence, RelationKind::kSequence, "it becomes as durable as its table");
      }
  }
  rewrite_tables({target.name, target.table, true, target.mode},
                 logged ? "the whole table is written anew, into the log too" : "the whole table is written anew");
}

void LockModel::owner_of(const Target& target) {
  if (target.table == nullptr) return;
  lock_indexes(*target.table, Mode::kAccessExclusive, "an index of " + display(target.name) + ": it changes hands too");
  for (const auto& sequence : facts_.owned_sequences(*target.table))
    lock(sequence, RelationKind::kSequence, Mode::kAccessExclusive, "the table's own sequence changes hands too",
         target.name);
}

bool LockModel::alter_attachment(std::string_view kind, Node command, const Target& target) {
  if (kind == "AT_AttachPartition") {
    attach_partition(command["def"]["PartitionCmd"], target);
  } else if (kind == "AT_DetachPartition" || kind == "AT_DetachPartitionFinalize") {
    detach_partition(command["def"]["PartitionCmd"], target, kind == "AT_DetachPartitionFinalize");
  } else if (kind == "AT_AddInherit") {
    const QualifiedName parent = relation_of(command["def"]["RangeVar"]);
    lock(parent, RelationKind::kTable, Mode::kShareUpdateExclusive, "the table that it will inherit from");
    const auto* above = known(parent);
    if (above == nullptr || target.table == nullptr) return true;
    for (const auto& column : above->columns)
      if (facts_.column(*target.table, column.name) == nullptr)
        refuse(fmt::format("{} has no column {}", display(target.name), column.name.text()));
  } else if (kind == "AT_DropInherit") {
    lock(relation_of(command["def"]["RangeVar"]), RelationKind::kTable, Mode::kAccessShare,
         "the table that it inherited from");
  } else {
    return false;
  }
  return true;
}

/// ALTER INDEX, also where it is written ALTER TABLE.
void LockModel::alter_index(Node node) {
  const QualifiedName name = relation_of(node["relation"]);
  const auto index = facts_.index(name);
  if (!index && node["missing_ok"].flag() && !facts_.schema().tables.empty())
    return assume("index " + display(name) + " is not known: taken as missing, and then nothing happens");
  const QualifiedName table = index ? index->table->name : QualifiedName{};
  if (!index) assume("index " + display(name) + " is not known");
  const Node commands = node["cmds"];
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Node command = commands.item(i)["AlterTableCmd"];
    const auto kind = command["subtype"].text();
    Mode mode = Mode::kAccessExclusive;
    if (kind == "AT_SetStatistics") mode = Mode::kShareUpdateExclusive;
    if (kind == "AT_SetRelOptions" || kind == "AT_ResetRelOptions") mode = options_level(listed_options(command));
    if (kind == "AT_AttachPartition") {
      lock(name, RelationKind::kIndex, major() >= 12 ? Mode::kShareUpdateExclusive : Mode::kAccessExclusive, {}, table);
      if (index) attach_index(command["def"]["PartitionCmd"], *index);
      continue;
    }
    lock(name, RelationKind::kIndex, mode, {}, table);
    if (kind != "AT_SetTableSpace" || (index && index->partitioned)) continue;
    rewrite(name, RelationKind::kIndex, "its file is copied into another tablespace");
  }
}

/// ALTER VIEW, ALTER MATERIALIZED VIEW and ALTER SEQUENCE in the forms of ALTER TABLE.
void LockModel::alter_view(Node node) {
  const QualifiedName name = relation_of(node["relation"]);
  RelationKind kind = RelationKind::kView;
  if (node["objtype"].is("OBJECT_MATVIEW") || facts_.object(model::ObjectKind::kMaterializedView, name) != nullptr)
    kind = RelationKind::kMaterializedView;
  if (node["objtype"].is("OBJECT_SEQUENCE") || facts_.sequence(name) != nullptr) kind = RelationKind::kSequence;
  Mode mode = Mode::kAccessShare;
  const Node commands = node["cmds"];
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Node command = commands.item(i)["AlterTableCmd"];
    mode = std::max(mode, level_of(command, {}));
    const auto what = command["subtype"].text();
    if (kind != RelationKind::kSequence && (what == "AT_AddColumn" || what == "AT_DropColumn"))
      refuse("the columns of " + display(name) + " are those of its query");
    if (what == "AT_SetLogged" || what == "AT_SetUnLogged")
      rewrite(name, kind, "it is written anew, as durable as asked for");
  }
  lock(name, kind, mode);
  const auto* table = kind == RelationKind::kMaterializedView ? facts_.materialized(name) : nullptr;
  for (std::size_t i = 0; i < commands.size() && table != nullptr; ++i)
    if (commands.item(i)["AlterTableCmd"]["subtype"].is("AT_ChangeOwner"))
      lock_indexes(*table, mode, "an index of " + display(name) + ": it changes hands too");
}

}  // namespace bascule::dialects::postgres
