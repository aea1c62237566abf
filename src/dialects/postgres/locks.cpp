#include "dialects/postgres/locks.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/core.h>

#include "dialects/postgres/auto_names.h"
#include "dialects/postgres/locks_parts.h"

namespace bascule::dialects::postgres {

namespace {

constexpr auto kModeNames = std::to_array<std::string_view>({
    "",
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
});

/// Statements that take no lock on a relation of the schema and change none.
constexpr auto kNoLocks = std::to_array<std::string_view>({
    "VariableSetStmt",
    "VariableShowStmt",
    "TransactionStmt",
    "CheckPointStmt",
    "ListenStmt",
    "UnlistenStmt",
    "NotifyStmt",
    "DiscardStmt",
    "LoadStmt",
    "ClosePortalStmt",
    "FetchStmt",
    "ConstraintsSetStmt",
    "CreateSchemaStmt",
    "CreateEnumStmt",
    "CreateRangeStmt",
    "CreateDomainStmt",
    "DefineStmt",
    "CreateFunctionStmt",
    "AlterFunctionStmt",
    "CreateExtensionStmt",
    "AlterExtensionStmt",
    "CreateRoleStmt",
    "AlterRoleStmt",
    "AlterRoleSetStmt",
    "DropRoleStmt",
    "GrantRoleStmt",
    "CreateCastStmt",
    "CreateOpClassStmt",
    "CreateOpFamilyStmt",
    "CreatePLangStmt",
    "CreateEventTrigStmt",
    "AlterEventTrigStmt",
    "CreateAmStmt",
    "CreateFdwStmt",
    "CreateForeignServerStmt",
    "CreateUserMappingStmt",
    "AlterUserMappingStmt",
    "DropUserMappingStmt",
    "AlterDefaultPrivilegesStmt",
    "AlterOperatorStmt",
    "AlterTypeStmt",
    "AlterCollationStmt",
    "CreateConversionStmt",
    "AlterTSConfigurationStmt",
    "AlterTSDictionaryStmt",
    "AlterDatabaseSetStmt",
    "AlterFdwStmt",
    "AlterForeignServerStmt",
    "CreateTransformStmt",
    "AlterOpFamilyStmt",
    "DropSubscriptionStmt",
    "AlterSubscriptionStmt",
    "DropOwnedStmt",
    "ReassignOwnedStmt",
    "DeallocateStmt",
});

/// Statements that the server runs outside of transactions only, and that touch no table by name.
constexpr auto kAlone = std::to_array<std::string_view>({
    "CreatedbStmt",
    "DropdbStmt",
    "AlterSystemStmt",
    "CreateTableSpaceStmt",
    "DropTableSpaceStmt",
});

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& tags, std::string_view wanted) {
  return std::find(tags.begin(), tags.end(), wanted) != tags.end();
}

/// libpg_query writes its JSON by recursion: longer texts than this in one piece are not given to it.
constexpr std::size_t kLongestStatement = 256 * 1024;

void not_read(plan::Impact& impact, std::string why) {
  impact.known = false;
  impact.assumptions.push_back(std::move(why));
}

}  // namespace

std::string_view mode_name(Mode mode) { return kModeNames.at(static_cast<std::size_t>(mode)); }

plan::Blocks blocks_of(Mode mode) {
  return {.reads = mode == Mode::kAccessExclusive,
          .locking_reads = mode >= Mode::kExclusive,
          .writes = mode >= Mode::kShare,
          .maintenance = mode >= Mode::kShareUpdateExclusive};
}

plan::Impact impact_of(std::string_view statement, const model::Schema& before, const Server& server) {
  plan::Impact impact;
  if (statement.size() > kLongestStatement) {
    not_read(impact, "the statement is too long to be read");
    return impact;
  }
  const NewerSyntax newer(statement);
  const ParseTree tree(newer.text(), ReadFor::kLocks);
  if (const auto& problem = tree.problem()) {
    not_read(impact, "the statement could not be read: " + problem->message);
    return impact;
  }
  LockModel model(before, server, newer, impact);
  for (std::size_t i = 0; i < tree.statement_count(); ++i) model.read(tree.statement(i));
  for (const auto& form : newer.seen())
    if (form.form != NewerForm::kOther && form.since > server.major && impact.refused.empty())
      impact.refused = fmt::format("PostgreSQL {} has no such form: it is new in {}", server.major, form.since);
  return impact;
}

plan::Impact impact_of(const model::BatchAlter& rebuild, const model::Schema&, const Server&) {
  // PostgreSQL alters in place: a rebuild is never expanded there.
  plan::Impact impact;
  not_read(impact, "what altering " + display(rebuild.table) + " in one batch does is told by its own statements");
  return impact;
}

void LockModel::read(Node statement) {
  const auto tag = statement.tag();
  const Node node = statement.inside();
  if (read_table_statement(tag, node) || read_object_statement(tag, node) || read_maintenance(tag, node) ||
      read_row_statement(tag, statement) || any_of(kNoLocks, tag))
    return;
  if (any_of(kAlone, tag)) return outside_transactions();
  out_.known = false;
  if (tag == "DoStmt" || tag == "CallStmt")
    assume("what runs inside of a " + std::string(tag == "DoStmt" ? "DO block" : "procedure") + " is hidden");
  else
    assume("what the statement does is not known");
}

bool LockModel::read_table_statement(std::string_view tag, Node node) {
  if (tag == "AlterTableStmt")
    alter_table(node);
  else if (tag == "RenameStmt")
    rename(node);
  else if (tag == "AlterObjectSchemaStmt")
    set_schema(node);
  else if (tag == "CreateStmt")
    create_table(node);
  else if (tag == "CreateTableAsStmt")
    create_table_as(node);
  else if (tag == "IndexStmt")
    create_index(node);
  else if (tag == "ViewStmt")
    create_view(node);
  else if (tag == "DropStmt")
    drop_objects(node);
  else if (tag == "TruncateStmt")
    truncate(node);
  else
    return false;
  return true;
}

bool LockModel::read_object_statement(std::string_view tag, Node node) {
  if (tag == "CreateSeqStmt")
    create_sequence(node);
  else if (tag == "AlterSeqStmt")
    alter_sequence(node);
  else if (tag == "AlterDomainStmt")
    alter_domain(node);
  else if (tag == "AlterEnumStmt")
    alter_enum(node);
  else if (tag == "CreateTrigStmt")
    create_trigger(node);
  else if (tag == "CreatePolicyStmt" || tag == "AlterPolicyStmt")
    policy(node);
  else if (tag == "RuleStmt")
    rule(node);
  else if (tag == "CommentStmt" || tag == "SecLabelStmt")
    comment(node);
  else if (tag == "GrantStmt")
    grant(node);
  else if (tag == "CreateStatsStmt")
    statistics(node);
  else if (tag == "CreatePublicationStmt" || tag == "AlterPublicationStmt")
    publication(node);
  else if (tag == "AlterOwnerStmt")
    owner(node);
  else if (tag == "CompositeTypeStmt")
    create(relation_of(node["typevar"]));
  else if (tag == "CreateForeignTableStmt")
    create(relation_of(node["base"]["relation"]));
  else if (tag == "CreateSubscriptionStmt")
    outside_transactions();
  else
    return false;
  return true;
}

bool LockModel::read_maintenance(std::string_view tag, Node node) {
  if (tag == "VacuumStmt")
    vacuum(node);
  else if (tag == "ClusterStmt")
    cluster(node);
  else if (tag == "ReindexStmt")
    reindex(node);
  else if (tag == "RefreshMatViewStmt")
    refresh(node);
  else if (tag == "LockStmt")
    lock_statement(node);
  else
    return false;
  return true;
}

bool LockModel::read_row_statement(std::string_view tag, Node statement) {
  if (tag == "InsertStmt" || tag == "UpdateStmt" || tag == "DeleteStmt" || tag == "MergeStmt" || tag == "SelectStmt" ||
      tag == "ExplainStmt" || tag == "PrepareStmt" || tag == "ExecuteStmt" || tag == "DeclareCursorStmt")
    rows(statement);
  else if (tag == "CopyStmt")
    copy(statement.inside());
  else
    return false;
  return true;
}

// -- what is found out ------------------------------------------------------------------------------------------------

void LockModel::lock(const QualifiedName& relation, plan::RelationKind kind, Mode mode, std::string why,
                     QualifiedName of_table) {
  if (std::any_of(out_.creates.begin(), out_.creates.end(),
                  [&](const QualifiedName& made) { return model::same_name(made, relation); }))
    return;
  const auto found = std::find_if(out_.locks.begin(), out_.locks.end(), [&](const plan::LockUse& one) {
    return one.kind == kind && model::same_name(one.relation, relation);
  });
  if (found != out_.locks.end() && found->strength >= static_cast<int>(mode)) return;
  if (found == out_.locks.end()) {
    if (of_table.name.empty()) refuse_missing(relation);
    out_.locks.push_back({relation, kind, std::string(mode_name(mode)), static_cast<int>(mode), blocks_of(mode),
                          std::move(of_table), std::move(why)});
    return;
  }
  found->mode = mode_name(mode);
  found->strength = static_cast<int>(mode);
  found->blocks = blocks_of(mode);
  if (!found->why.empty() && !why.empty()) found->why = std::move(why);
}

void LockModel::lock(const IndexFact& index, Mode mode, std::string why) {
  lock(index.name, plan::RelationKind::kIndex, mode, std::move(why), index.table->name);
}

void LockModel::lock_view(const model::SchemaObject& view, Mode mode, const std::string& why) {
  const bool plain = view.kind == model::ObjectKind::kView;
  lock(view.name, plain ? plan::RelationKind::kView : plan::RelationKind::kMaterializedView, mode, why);
  const auto* table = plain || mode != Mode::kAccessExclusive ? nullptr : facts_.materialized(view.name);
  if (table != nullptr) lock_indexes(*table, mode, "an index of " + display(view.name));
}

void LockModel::lock_indexes(const model::Table& table, Mode mode, const std::string& why) {
  for (const auto& index : facts_.indexes(table)) lock(index, mode, why);
}

namespace {

void add_work(std::vector<plan::Work>& works, const QualifiedName& relation, plan::RelationKind kind, std::string why) {
  const bool known = std::any_of(works.begin(), works.end(), [&](const plan::Work& one) {
    return one.kind == kind && model::same_name(one.relation, relation);
  });
  if (!known) works.push_back({relation, kind, std::move(why)});
}

/// What the server itself holds.
bool is_catalog(const QualifiedName& name) {
  const auto& schema = name.schema.text();
  return schema.starts_with("pg_") || schema == "information_schema" || name.name.text().starts_with("pg_");
}

void add_text(std::vector<std::string>& texts, std::string text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
}

}  // namespace

void LockModel::scan(const QualifiedName& relation, std::string why, plan::RelationKind kind) {
  add_work(out_.scans, relation, kind, std::move(why));
}
void LockModel::rewrite(const QualifiedName& relation, plan::RelationKind kind, std::string why) {
  add_work(out_.rewrites, relation, kind, std::move(why));
}
void LockModel::build(const QualifiedName& index, std::string why) {
  add_work(out_.index_builds, index, plan::RelationKind::kIndex, std::move(why));
}
void LockModel::create(QualifiedName relation) {
  refuse_missing_schema(relation.schema);
  out_.creates.push_back(std::move(relation));
}
void LockModel::cause(std::string text) { add_text(out_.causes, std::move(text)); }
void LockModel::assume(std::string text) { add_text(out_.assumptions, std::move(text)); }
void LockModel::refuse(std::string text) {
  if (out_.refused.empty()) out_.refused = std::move(text);
}

bool LockModel::refuse_missing(const std::string& text) {
  if (server_.schema_complete) refuse(text);
  return server_.schema_complete;
}

void LockModel::refuse_missing(const QualifiedName& relation) {
  if (!server_.schema_complete || is_catalog(relation) || relation_exists(relation)) return;
  refuse(fmt::format("there is no {}", display(relation)));
}

void LockModel::refuse_missing_schema(const Identifier& schema) {
  if (!server_.schema_complete || schema.empty() || schema.text() == "public" || schema.text().starts_with("pg_"))
    return;
  const auto inside = [&](const auto& one) { return one.name.schema == schema; };
  const auto& held = facts_.schema();
  if (facts_.object(model::ObjectKind::kSchema, {{}, schema}) == nullptr &&
      std::none_of(held.tables.begin(), held.tables.end(), inside) &&
      std::none_of(held.objects.begin(), held.objects.end(), inside))
    refuse(fmt::format("there is no schema {}", schema.text()));
}

const model::Table* LockModel::known(const QualifiedName& name) {
  const model::Table* found = facts_.table(name);
  if (found == nullptr && facts_.view(name) == nullptr && server_.schema_complete)
    refuse_missing(name);
  else if (found == nullptr && facts_.view(name) == nullptr)
    assume("table " + display(name) +
           " is not known: taken to hold rows, without indexes, partitions and foreign keys");
  return found;
}

void LockModel::rewrite_table(const model::Table& table, const std::string& why) {
  rewrite(table.name, kind_of(table), why);
  scan(table.name, "to copy its rows", kind_of(table));
  for (const auto& index : facts_.indexes(table)) {
    lock(index, Mode::kAccessExclusive, "an index of " + display(table.name));
    rewrite(index.name, plan::RelationKind::kIndex, "its table is written anew");
    build(index.name, "its table is written anew");
  }
}

void LockModel::rewrite_tables(const Target& target, const std::string& why) {
  cause(why);
  if (target.table == nullptr) {
    rewrite(target.name, plan::RelationKind::kTable, why);
    return scan(target.name, "to copy its rows");
  }
  for (const auto* one : facts_.with_rows(*target.table, target.only)) rewrite_table(*one, why);
}

void LockModel::scan_tables(const Target& target, const std::string& why) {
  if (target.table == nullptr) return scan(target.name, why);
  for (const auto* one : facts_.with_rows(*target.table, target.only)) scan(one->name, why);
}

std::string LockModel::child_why(const model::Table& child) const {
  if (SchemaFacts::is_partition(child)) return "a partition of " + display(child.postgresql.partition_of);
  return child.postgresql.inherits.empty() ? std::string()
                                           : "it inherits from " + display(child.postgresql.inherits.front());
}

void LockModel::lock_children(const model::Table& table, Mode mode) {
  for (const auto* child : facts_.descendants(table)) lock(*child, mode, child_why(*child));
}

bool LockModel::relation_exists(const QualifiedName& name) const {
  const auto is_it = [&](const QualifiedName& made) { return model::same_name(made, name); };
  return facts_.table(name) != nullptr || facts_.view(name) != nullptr || facts_.sequence(name) != nullptr ||
         facts_.object(model::ObjectKind::kForeignTable, name) != nullptr ||
         std::any_of(out_.creates.begin(), out_.creates.end(), is_it) || facts_.index(name).has_value();
}

QualifiedName LockModel::fresh(const Identifier& schema, std::string_view table, std::string_view columns,
                               const std::string& label) const {
  for (int i = 0;; ++i) {
    QualifiedName name{schema, Identifier(object_name(table, columns, i == 0 ? label : label + std::to_string(i)))};
    if (!relation_exists(name)) return name;
  }
}

// -- the tree ---------------------------------------------------------------------------------------------------------

Identifier identifier_of(Node text) { return Identifier(std::string(text.text())); }

QualifiedName relation_of(Node range_var) {
  return {identifier_of(range_var["schemaname"]), identifier_of(range_var["relname"])};
}

QualifiedName name_of(Node list) {
  const auto part = [&](std::size_t index) { return identifier_of(list.item(index)["String"]["sval"]); };
  if (list.size() == 0) return {};
  if (list.size() == 1) return {{}, part(0)};
  return {part(list.size() - 2), part(list.size() - 1)};
}

std::vector<Identifier> identifiers_of(Node list) {
  std::vector<Identifier> names;
  for (std::size_t i = 0; i < list.size(); ++i) names.push_back(identifier_of(list.item(i)["String"]["sval"]));
  return names;
}

std::size_t place_of(Node node) {
  return static_cast<std::size_t>(std::max<std::int64_t>(node["location"].number().value_or(0), 0));
}

bool cascades(Node node) { return node["behavior"].is("DROP_CASCADE"); }

std::string listed(const std::vector<Identifier>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i].text();
  return text;
}

std::string joined_names(const std::vector<Identifier>& columns) {
  std::string text;
  for (const auto& column : columns) text += (text.empty() ? "" : "_") + column.text();
  return text;
}

}  // namespace bascule::dialects::postgres
