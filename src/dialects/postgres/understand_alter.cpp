// ALTER TABLE: each subcommand as an operation of its own, in the order in which PostgreSQL does them.
#include <algorithm>
#include <array>

#include "dialects/postgres/auto_names.h"
#include "dialects/postgres/understand.h"

namespace bascule::dialects::postgres {

namespace {

/// The order of work inside one ALTER TABLE (tablecmds.c, AlterTablePass): what goes, changes of type, new columns,
/// columns' attributes, constraints that make indexes, other constraints, the rest.
enum Pass { kDrop, kType, kAddColumn, kColumnAttributes, kIndexConstraints, kConstraints, kRest };

/// Subcommands that leave the columns, constraints and rows that the model knows as they are.
constexpr auto kOnlyOptions = std::to_array<std::string_view>({
    "AT_SetStatistics",      "AT_SetOptions",        "AT_ResetOptions",       "AT_SetStorage",
    "AT_SetCompression",     "AT_ChangeOwner",       "AT_ClusterOn",          "AT_DropCluster",
    "AT_EnableTrig",         "AT_EnableAlwaysTrig",  "AT_EnableReplicaTrig",  "AT_DisableTrig",
    "AT_EnableTrigAll",      "AT_DisableTrigAll",    "AT_EnableTrigUser",     "AT_DisableTrigUser",
    "AT_EnableRule",         "AT_EnableAlwaysRule",  "AT_EnableReplicaRule",  "AT_DisableRule",
    "AT_ReplicaIdentity",    "AT_EnableRowSecurity", "AT_DisableRowSecurity", "AT_ForceRowSecurity",
    "AT_NoForceRowSecurity",
});

bool makes_index(const model::Constraint& constraint) {
  return std::holds_alternative<model::PrimaryKey>(constraint) ||
         std::holds_alternative<model::UniqueConstraint>(constraint) ||
         std::holds_alternative<model::ExcludeConstraint>(constraint);
}

bool cascades(Node node) { return node["behavior"].is("DROP_CASCADE"); }

}  // namespace

void Understanding::alter_table(Node node) {
  if (!node["objtype"].is("OBJECT_TABLE")) return unsay();
  const QualifiedName table = relation(node["relation"]);
  std::size_t begin = after_name(node["relation"]);
  if (text_.symbol(begin, '*')) ++begin;
  const std::vector<Range> written = text_.split({begin, text_.count()});
  const Node commands = node["cmds"];
  if (written.size() != commands.size()) return unsay();
  out_.if_table_exists = node["missing_ok"].flag();
  const std::string head = text_.slice({0, begin});
  std::vector<Change> changes;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Node command = commands.item(i)["AlterTableCmd"];
    Change change = alter_command(command, written[i], table);
    if (change.operations.empty()) {
      const auto kind = command["subtype"].text();
      if (std::find(kOnlyOptions.begin(), kOnlyOptions.end(), kind) == kOnlyOptions.end()) incomplete();
      change = {kRest, {model::SetTableOption{table, std::string(kind), head + " " + text_.slice(written[i])}}};
    }
    changes.push_back(std::move(change));
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.pass < b.pass; });
  for (auto& change : changes)
    for (auto& operation : change.operations) say(std::move(operation));
}

Understanding::Change Understanding::alter_command(Node command, Range written, const QualifiedName& table) {
  const auto kind = command["subtype"].text();
  Change change;
  if (kind == "AT_AddColumn") return add_column(command, table);
  if (kind == "AT_DropColumn")
    return {kDrop,
            {model::DropColumn{.table = table,
                               .column = identifier(command["name"]),
                               .if_exists = command["missing_ok"].flag(),
                               .cascade = cascades(command)}}};
  if (alter_column(kind, command, written, table, change) || alter_constraint(kind, command, table, change) ||
      alter_partition(kind, command, written, table, change))
    return change;
  return {};
}

Understanding::Change Understanding::add_column(Node command, const QualifiedName& table) {
  model::AddColumn made{.table = table};
  std::vector<model::Constraint> constraints;
  made.column = column(command["def"]["ColumnDef"], constraints);
  made.if_not_exists = command["missing_ok"].flag();
  Change change{kAddColumn, {}};
  std::vector<model::Operation> named;
  std::size_t keys = 0;
  for (auto& constraint : constraints) {
    // A key that has a name cannot stay in the column: the model's inline keys have none.
    const auto* primary = std::get_if<model::PrimaryKey>(&constraint);
    if (primary != nullptr && !primary->name.empty() && !made.if_not_exists) {
      named.emplace_back(model::AddConstraint{table, constraint, false});
      continue;
    }
    if (const auto* key = std::get_if<model::ForeignKey>(&constraint))
      keys += key->name.empty() && !key->not_valid ? 1 : 2;
    made.constraints.push_back(std::move(constraint));
  }
  made.inline_references = keys == 1;
  change.operations.emplace_back(std::move(made));
  for (auto& operation : named) change.operations.push_back(std::move(operation));
  return change;
}

bool Understanding::alter_column(std::string_view kind, Node command, Range written, const QualifiedName& table,
                                 Change& change) {
  model::AlterColumn made{.table = table, .column = identifier(command["name"])};
  change.pass = kColumnAttributes;
  if (kind == "AT_AlterColumnType") {
    change.pass = kType;
    const Node definition = command["def"]["ColumnDef"];
    made.type = type(definition["typeName"], definition["collClause"]);
    if (definition["raw_default"]) {
      const std::size_t keyword = text_.find_word({token_at(definition["typeName"]), written.end}, "USING");
      made.postgresql_using = text_.slice({keyword + 1, written.end});
    }
  } else if (kind == "AT_ColumnDefault" && newer_.within(NewerForm::kSetExpression, 0, newer_.text().size())) {
    return false;
  } else if (kind == "AT_ColumnDefault" && command["def"]) {
    const std::size_t keyword = text_.find_word(written, "DEFAULT");  // SET DEFAULT
    made.server_default = model::Expression(model::TextExpr{text_.slice({keyword + 1, written.end})});
  } else if (kind == "AT_ColumnDefault") {
    change.pass = kDrop;
    made.server_default = model::DropDefault{};
  } else if (kind == "AT_SetNotNull") {
    made.nullable = false;
  } else if (kind == "AT_DropNotNull") {
    change.pass = kDrop;
    made.nullable = true;
  } else if (kind == "AT_AddIdentity") {
    const Node definition = command["def"]["Constraint"];
    made.server_default =
        model::Identity{definition["generated_when"].is("a"), sequence_options(definition["options"], nullptr)};
  } else if (kind == "AT_DropIdentity" && !command["missing_ok"].flag()) {
    change.pass = kDrop;
    made.server_default = model::DropDefault{};
    made.existing_server_default = model::Identity{};
  } else {
    return false;
  }
  change.operations.emplace_back(std::move(made));
  return true;
}

bool Understanding::alter_constraint(std::string_view kind, Node command, const QualifiedName& table, Change& change) {
  if (kind == "AT_AddConstraint" && newer_form(NewerForm::kNotNullConstraint, command["def"]["Constraint"])) {
    // 18: NOT NULL as a constraint. One that is NOT VALID says nothing about old rows.
    const Node node = command["def"]["Constraint"];
    change.pass = kConstraints;
    const Node field = node["raw_expr"]["ColumnRef"]["fields"].item(0)["String"]["sval"];
    model::AlterColumn not_null{.table = table, .column = identifier(field)};
    not_null.nullable = false;
    Identifier name = identifier(node["conname"]);
    if (name.empty()) name = Identifier(object_name(table.name.text(), not_null.column.text(), "not_null"));
    not_null.not_null = model::Column::NotNull{std::move(name), node["skip_validation"].flag()};
    change.operations.emplace_back(std::move(not_null));
  } else if (kind == "AT_AddConstraint") {
    auto made = constraint(command["def"]["Constraint"]);
    if (!made) return false;
    change.pass = makes_index(*made) ? kIndexConstraints : kConstraints;
    change.operations.emplace_back(model::AddConstraint{table, std::move(*made), false});
  } else if (kind == "AT_DropConstraint") {
    change.pass = kDrop;
    change.operations.emplace_back(model::DropConstraint{.table = table,
                                                         .name = identifier(command["name"]),
                                                         .if_exists = command["missing_ok"].flag(),
                                                         .cascade = cascades(command)});
  } else if (kind == "AT_ValidateConstraint") {
    change.pass = kRest;
    change.operations.emplace_back(model::ValidateConstraint{table, identifier(command["name"])});
  } else {
    return false;
  }
  return true;
}

bool Understanding::alter_partition(std::string_view kind, Node command, Range written, const QualifiedName& table,
                                    Change& change) {
  const Node definition = command["def"]["PartitionCmd"];
  change.pass = kRest;
  if (kind == "AT_AttachPartition") {
    const QualifiedName partition = relation(definition["name"]);
    const std::size_t bound = after_name(definition["name"]);
    change.operations.emplace_back(model::AttachPartition{table, partition, text_.slice({bound, written.end})});
  } else if (kind == "AT_DetachPartition" || kind == "AT_DetachPartitionFinalize") {
    change.operations.emplace_back(model::DetachPartition{
        table, relation(definition["name"]), definition["concurrent"].flag(), kind == "AT_DetachPartitionFinalize"});
  } else {
    return false;
  }
  return true;
}

}  // namespace bascule::dialects::postgres
