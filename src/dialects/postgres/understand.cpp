#include "dialects/postgres/understand.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "dialects/postgres/postgres.h"

namespace bascule::dialects::postgres {

namespace {

using model::ObjectKind;

/// libpg_query writes its JSON by recursion, some 160 bytes a level, and an expression may have a level for every
/// second token. Longer ones than this are left to the server. Measured: 50,000 terms still fit into a stack of 8 MB.
constexpr std::size_t kDeepestRun = 60'000;

/// Statements that leave schema and rows as they are. EXPLAIN is not here: with ANALYZE it runs what it explains.
constexpr auto kHarmless = std::to_array<std::string_view>({
    "VariableSetStmt",
    "VariableShowStmt",
    "TransactionStmt",
    "LockStmt",
    "VacuumStmt",
    "CheckPointStmt",
    "ReindexStmt",
    "ClusterStmt",
    "ListenStmt",
    "UnlistenStmt",
    "DiscardStmt",
    "LoadStmt",
    "ClosePortalStmt",
    "FetchStmt",
    "ConstraintsSetStmt",
});

/// Statements that change rows, rights or comments, and never what the model calls the schema.
constexpr auto kKeepSchema = std::to_array<std::string_view>({
    "InsertStmt",
    "UpdateStmt",
    "DeleteStmt",
    "MergeStmt",
    "CopyStmt",
    "TruncateStmt",
    "RefreshMatViewStmt",
    "GrantStmt",
    "GrantRoleStmt",
    "AlterDefaultPrivilegesStmt",
    "CommentStmt",
    "SecLabelStmt",
    "AlterOwnerStmt",
});

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& tags, std::string_view wanted) {
  return std::find(tags.begin(), tags.end(), wanted) != tags.end();
}

struct KindWords {
  std::string_view tag, words;
};
/// Where the tag's own words would not be SQL's.
constexpr auto kKindWords = std::to_array<KindWords>({
    {"CreateStmt", "create table"},
    {"IndexStmt", "create index"},
    {"ViewStmt", "create view"},
    {"CreateTrigStmt", "create trigger"},
    {"CreateSeqStmt", "create sequence"},
    {"AlterSeqStmt", "alter sequence"},
    {"CreateStatsStmt", "create statistics"},
    {"CompositeTypeStmt", "create type"},
    {"CreateEnumStmt", "create type"},
    {"CreateRangeStmt", "create type"},
    {"AlterEnumStmt", "alter type"},
    {"RuleStmt", "create rule"},
    {"VariableSetStmt", "set"},
    {"VariableShowStmt", "show"},
    {"RefreshMatViewStmt", "refresh materialized view"},
    {"GrantStmt", "grant"},
    {"LockStmt", "lock"},
});

/// "AlterTableStmt" is "alter table", or what else it alters.
std::string kind_words(std::string_view tag, Node node) {
  const auto noun = [&](std::string_view member) -> std::string {
    const auto kind = object_kind(node[member].text());
    return kind ? " " + std::string(model::object_noun(*kind)) : std::string();
  };
  if (tag == "DropStmt") return "drop" + noun("removeType");
  if (tag == "DefineStmt") return "create" + noun("kind");
  if (tag == "AlterTableStmt") return "alter" + noun("objtype");
  if (tag == "AlterObjectSchemaStmt") return "alter" + noun("objectType") + " set schema";
  if (tag == "CreateTableAsStmt" && node["objtype"].is("OBJECT_MATVIEW")) return "create materialized view";
  for (const auto& [known, words] : kKindWords)
    if (tag == known) return std::string(words);
  if (tag.size() > 4 && tag.substr(tag.size() - 4) == "Stmt") tag.remove_suffix(4);
  std::string words;
  for (const char c : tag) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !words.empty()) words += ' ';
    words += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return words;
}

/// A query that changes nothing for certain: it calls no function and writes in no part of it.
bool only_reads(Node query) {
  std::vector<Node> left = {query};
  while (!left.empty()) {
    const Node node = left.back();
    left.pop_back();
    for (std::size_t i = 0; i < node.size(); ++i) left.push_back(node.item(i));
    for (std::size_t i = 0; i < node.member_count(); ++i) {
      const auto name = node.member_name(i);
      if (name == "FuncCall" || name == "intoClause" || name == "InsertStmt" || name == "UpdateStmt" ||
          name == "DeleteStmt" || name == "lockingClause")
        return false;
      left.push_back(node.member(i));
    }
  }
  return true;
}

void stand_as_written(Understood& out, std::string_view sql) {
  out.operations = {model::RawSql{std::string(sql)}};
  out.complete = false;
}

}  // namespace

Understood understand(std::string_view sql) {
  Understood out;
  const NewerSyntax newer(sql);
  const StatementText text(newer.text());
  if (text.count() == 0) {
    out.parsed = true;
    out.complete = true;
    out.changes_nothing = true;
    out.keeps_schema = true;
    return out;
  }
  if (text.longest_run() > kDeepestRun) {
    stand_as_written(out, sql);
    out.problem = "the statement is too long in one piece to be read";
    return out;
  }
  const ParseTree tree(newer.text(), ReadFor::kMeaning);
  if (const auto& problem = tree.problem()) {
    stand_as_written(out, sql);
    out.problem = problem->message;
    out.problem_offset = problem->offset;
    return out;
  }
  out.parsed = true;
  if (tree.statement_count() != 1) {
    stand_as_written(out, sql);
    return out;
  }
  const Node statement = tree.statement(0);
  out.statement_kind = kind_words(statement.tag(), statement.inside());
  out.touches = touches_of(statement);
  out.complete = true;
  Understanding understanding(text, newer, out);
  understanding.read(statement);
  // What was read is not what will be sent.
  if (!newer.seen().empty()) out.complete = false;
  out.keeps_schema = any_of(kKeepSchema, statement.tag());
  // A comment on a table is a part of the model's schema: it has been said then.
  if (understanding.said() && !out.operations.empty()) {
    out.keeps_schema = out.keeps_schema && statement.tag() != "CommentStmt";
    return out;
  }
  stand_as_written(out, sql);
  out.changes_nothing =
      any_of(kHarmless, statement.tag()) || (statement.tag() == "SelectStmt" && only_reads(statement));
  out.keeps_schema = out.keeps_schema || out.changes_nothing;
  return out;
}

void Understanding::read(Node statement) {
  const auto tag = statement.tag();
  const Node node = statement.inside();
  if (read_schema_statement(tag, node) || read_object_statement(tag, node) || read_row_statement(tag, node)) return;
  unsay();
}

bool Understanding::read_schema_statement(std::string_view tag, Node node) {
  if (tag == "CreateStmt")
    create_table(node);
  else if (tag == "AlterTableStmt")
    alter_table(node);
  else if (tag == "IndexStmt")
    create_index(node);
  else if (tag == "DropStmt")
    drop(node);
  else if (tag == "RenameStmt")
    rename(node);
  else if (tag == "AlterObjectSchemaStmt")
    move_to_schema(node);
  else if (tag == "CommentStmt")
    comment(node);
  else if (tag == "CreateEnumStmt")
    create_enum(node);
  else if (tag == "AlterEnumStmt")
    alter_enum(node);
  else if (tag == "CreateDomainStmt")
    create_domain(node);
  else if (tag == "CreateSeqStmt")
    create_sequence(node);
  else
    return false;
  return true;
}

bool Understanding::read_object_statement(std::string_view tag, Node node) {
  if (tag == "ViewStmt")
    create_object(ObjectKind::kView, relation(node["view"]), node);
  else if (tag == "CreateTableAsStmt")
    create_table_as(node);
  else if (tag == "CreateFunctionStmt")
    create_function(node);
  else if (tag == "DefineStmt")
    define(node);
  else if (tag == "CompositeTypeStmt")
    create_object(ObjectKind::kType, relation(node["typevar"]), node);
  else if (tag == "CreateRangeStmt")
    create_object(ObjectKind::kType, name_of(node["typeName"]), node);
  else if (tag == "CreateTrigStmt")
    create_object(ObjectKind::kTrigger, {{}, identifier(node["trigname"])}, node, {}, relation(node["relation"]));
  else if (tag == "CreateEventTrigStmt")
    create_object(ObjectKind::kEventTrigger, {{}, identifier(node["trigname"])}, node);
  else if (tag == "CreatePolicyStmt")
    create_object(ObjectKind::kPolicy, {{}, identifier(node["policy_name"])}, node, {}, relation(node["table"]));
  else if (tag == "RuleStmt")
    create_object(ObjectKind::kRule, {{}, identifier(node["rulename"])}, node, {}, relation(node["relation"]));
  else if (tag == "CreateExtensionStmt")
    create_object(ObjectKind::kExtension, {{}, identifier(node["extname"])}, node);
  else if (tag == "CreateStatsStmt" && node["defnames"])
    create_object(ObjectKind::kStatistics, name_of(node["defnames"]), node);
  else if (tag == "CreatePublicationStmt")
    create_object(ObjectKind::kPublication, {{}, identifier(node["pubname"])}, node);
  else if (tag == "CreateForeignServerStmt")
    create_object(ObjectKind::kForeignServer, {{}, identifier(node["servername"])}, node);
  else if (tag == "CreateForeignTableStmt")
    create_object(ObjectKind::kForeignTable, relation(node["base"]["relation"]), node);
  else if (tag == "CreateSchemaStmt" && node["schemaname"] && !node["schemaElts"])
    create_object(ObjectKind::kSchema, {{}, identifier(node["schemaname"])}, node);
  else
    return false;
  return true;
}

bool Understanding::read_row_statement(std::string_view tag, Node node) {
  if (tag == "InsertStmt")
    insert(node);
  else if (tag == "UpdateStmt")
    update(node);
  else if (tag == "DeleteStmt")
    remove(node);
  else if (tag == "TruncateStmt")
    truncate(node);
  else if (tag == "SelectStmt" && node["intoClause"])
    table_of_query(node["intoClause"], false);
  else
    return false;
  return true;
}

// -- names ------------------------------------------------------------------------------------------------------------

QualifiedName Understanding::relation(Node node) {
  if (node["catalogname"]) unsay();
  return {identifier(node["schemaname"]), identifier(node["relname"])};
}

QualifiedName Understanding::name_of(Node list) {
  const auto part = [&](std::size_t index) { return identifier(list.item(index)["String"]["sval"]); };
  if (list.size() == 1) return {{}, part(0)};
  if (list.size() != 2) unsay();
  return {part(0), part(1)};
}

std::vector<Identifier> Understanding::identifiers(Node list) {
  std::vector<Identifier> names;
  for (std::size_t i = 0; i < list.size(); ++i) names.push_back(identifier(list.item(i)["String"]["sval"]));
  return names;
}

std::size_t Understanding::token_at(Node node) const {
  return text_.at(static_cast<std::size_t>(std::max<std::int64_t>(node["location"].number().value_or(0), 0)));
}

bool Understanding::newer_form(NewerForm form, Node clause) const {
  if (newer_.seen().empty()) return false;
  const auto place = static_cast<std::size_t>(std::max<std::int64_t>(clause["location"].number().value_or(0), 0));
  return newer_.in_clause(form, place) != nullptr;
}

std::size_t Understanding::after_name(Node relation) const {
  return token_at(relation) + (relation["schemaname"] ? 3 : 1);
}

std::vector<std::pair<std::string, std::string>> Understanding::options(std::size_t bracket) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const Range option : text_.split(text_.inside(bracket))) {
    const std::size_t equals = text_.find_symbol(option, '=');
    found.emplace_back(text_.slice({option.begin, equals}), text_.slice({equals + 1, option.end}));
  }
  return found;
}

}  // namespace bascule::dialects::postgres

namespace bascule::dialects {

Understood PostgresDialect::understand(std::string_view statement) const { return postgres::understand(statement); }

syntax::sql::Script PostgresDialect::split(std::string_view script) const {
  return syntax::sql::split(script, syntax::sql::Flavour::kPostgres);
}

}  // namespace bascule::dialects
