#include "app/schema.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "app/schema_chain.h"
#include "base/file.h"
#include "base/text.h"
#include "dialects/mariadb/mariadb.h"
#include "formats/sequence.h"
#include "model/diff.h"
#include "model/lookup.h"
#include "model/sql_words.h"
#include "planner/lower.h"

namespace bascule::app {

namespace {

/// A project is needed for revisions only; files and databases do without one.
struct Surroundings {
  std::optional<Workspace> workspace;
  std::optional<Address> address;
};

Outcome<Surroundings> look_around(const Request& request, bool needs_project) {
  Surroundings around;
  auto workspace = open_workspace(request);
  if (workspace) {
    around.workspace = std::move(*workspace);
    BASCULE_TRY_ASSIGN(around.address, find_address(request, *around.workspace->project));
    return around;
  }
  if (needs_project) return failure(std::move(workspace.error()));
  if (!request.url) return around;
  BASCULE_TRY_ASSIGN(around.address, parse_address(*request.url, "--url"));
  if (dialects::is_mariadb(around.address->dialect->name())) return failure(lint_only(*around.address));
  return around;
}

Outcome<SchemaReport> at_revision(const Request& request, const std::string& revision) {
  BASCULE_TRY_ASSIGN(const Surroundings around, look_around(request, true));
  SchemaReport report;
  report.dialect = around.address->dialect;
  report.source = "revision " + revision;
  BASCULE_TRY_ASSIGN(const std::vector<Chapter> chapters,
                     chapters_to(*around.workspace, *report.dialect, revision, report.warnings));
  BASCULE_TRY_ASSIGN(report.schema,
                     schema_after(chapters, *report.dialect, introspect_options(&*around.workspace), report.warnings));
  return report;
}

Outcome<SchemaReport> of_database(const Request& given, const std::string& url) {
  Request request = given;
  if (!url.empty()) request.url = url;
  BASCULE_TRY_ASSIGN(const Surroundings around, look_around(request, !request.url));
  SchemaReport report;
  report.dialect = around.address->dialect;
  report.source = "database " + around.address->url.display();
  BASCULE_TRY_ASSIGN(const auto connection, connect(*around.address, request, Access::kRead));
  auto schema =
      report.dialect->introspect(*connection, introspect_options(around.workspace ? &*around.workspace : nullptr));
  if (!schema) return failure(database_failure(schema.error(), "reading the schema", *around.address));
  report.schema = std::move(*schema);
  return report;
}

Outcome<SchemaReport> of_file(const Request& request, const std::string& path) {
  BASCULE_TRY_ASSIGN(const Surroundings around, look_around(request, false));
  auto text = read_file(path);
  Diagnostic wrong;
  if (!text) {
    wrong.code = "cannot-read";
    wrong.message = text.error().message;
    return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
  }
  SchemaReport report;
  report.source = "file " + path;
  // Without a project or --url nobody says which database the file is for.
  report.dialect = around.address ? around.address->dialect : dialects::find_dialect("postgresql");
  const auto file = std::make_shared<const SourceFile>(path, *text);
  Chapter chapter{path, {}};
  const syntax::sql::Script script = report.dialect->split(file->text());
  for (const auto& statement : script.statements) {
    if (statement.kind != syntax::sql::SpanKind::kStatement) continue;
    model::AuthoredOperation authored;
    authored.operation = model::RawSql{std::string(statement.text)};
    authored.where = Location{file, Span{statement.begin, statement.begin}};
    authored.written_as = "SQL";
    chapter.operations.push_back(std::move(authored));
  }
  BASCULE_TRY_ASSIGN(report.schema, schema_after({chapter}, *report.dialect,
                                                 introspect_options(around.workspace ? &*around.workspace : nullptr),
                                                 report.warnings));
  return report;
}

/// A function's body, which the server keeps as it was written; empty: it has none of its own.
std::string body_of(const std::string& definition) {
  std::string body;
  for (const auto& word : model::sql_words(definition))
    if (word.kind == model::WordKind::kString && word.text.size() > body.size()) body = word.text;
  return std::string(trim(body));
}

/// The server writes definitions anew. Between files and a database an object that both have is the same unless its
/// body says otherwise.
void align_definitions(model::Schema& from, const model::Schema& to) {
  std::map<std::string, const model::SchemaObject*> known;
  const auto key = [](const model::SchemaObject& object) {
    return std::string(model::object_noun(object.kind)) + '\0' + model::name_key(object.name) + '\0' +
           model::name_key(object.on_table) + '\0' + object.signature;
  };
  for (const model::SchemaObject& object : to.objects) known.emplace(key(object), &object);
  for (model::SchemaObject& object : from.objects) {
    const auto other = known.find(key(object));
    if (other == known.end()) continue;
    const bool has_body = object.kind == model::ObjectKind::kFunction || object.kind == model::ObjectKind::kProcedure;
    if (!has_body || body_of(object.definition) == body_of(other->second->definition))
      object.definition = other->second->definition;
  }
}

SchemaChange spelled(const dialects::Dialect& dialect, const model::Operation& operation) {
  SchemaChange change{operation, {}, ""};
  if (const auto* batch = std::get_if<model::BatchAlter>(&operation); batch != nullptr && dialect.rebuilds(*batch)) {
    auto expansion = dialect.expand(*batch, nullptr);
    if (expansion)
      change.sql = std::move(expansion->statements);
    else
      change.problem = std::visit([](const auto& why) { return why.message; }, expansion.error());
    return change;
  }
  for (const model::Operation& part : planner::decompose(operation)) {
    auto sql = dialect.render(part);
    if (!sql) {
      change.problem = sql.error().message;
      return change;
    }
    for (std::string& statement : *sql)
      if (!trim(statement).empty()) change.sql.push_back(std::move(statement));
  }
  return change;
}

/// The table that an operation alters, where a batch may hold it.
const QualifiedName* altered_table(const model::Operation& operation) {
  return std::visit(
      [](const auto& one) -> const QualifiedName* {
        using One = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<One, model::DropIndex>)
          return one.table ? &*one.table : nullptr;
        else if constexpr (std::is_constructible_v<model::BatchItem, One>)
          return &one.table;
        else
          return nullptr;
      },
      operation);
}

model::BatchItem item_of(const model::Operation& operation) {
  model::BatchItem item;
  std::visit(
      [&](const auto& one) {
        using One = std::decay_t<decltype(one)>;
        if constexpr (std::is_constructible_v<model::BatchItem, One>) item = one;
      },
      operation);
  return item;
}

/// Where the dialect cannot alter a table in place, all that happens to it becomes one rebuild.
std::vector<model::Operation> with_rebuilds(std::vector<model::Operation> operations, const model::Schema& from,
                                            const dialects::Dialect& dialect) {
  std::map<std::string, std::size_t> rebuilt;  // the batch's place
  for (const model::Operation& operation : operations) {
    const QualifiedName* table = altered_table(operation);
    if (table != nullptr && model::find_table(from, *table) != nullptr && !spelled(dialect, operation).problem.empty())
      rebuilt.emplace(model::name_key(*table), operations.size());
  }
  if (rebuilt.empty()) return operations;
  std::vector<model::Operation> all;
  for (model::Operation& operation : operations) {
    const QualifiedName* table = altered_table(operation);
    const auto found = table == nullptr ? rebuilt.end() : rebuilt.find(model::name_key(*table));
    if (found == rebuilt.end()) {
      all.push_back(std::move(operation));
      continue;
    }
    if (found->second == operations.size()) {
      model::BatchAlter batch;
      batch.table = *table;
      batch.recreate = model::Recreate::kAlways;
      batch.copy_from = *model::find_table(from, *table);
      found->second = all.size();
      all.emplace_back(std::move(batch));
    }
    std::get<model::BatchAlter>(all[found->second]).items.push_back(item_of(operation));
  }
  return all;
}

}  // namespace

SchemaSource schema_source(const std::string& text) {
  if (text == "database") return {SchemaSource::Kind::kDatabase, ""};
  if (text.find("://") != std::string::npos) return {SchemaSource::Kind::kDatabase, text};
  std::error_code unknown;
  if (text.ends_with(".sql") && std::filesystem::exists(text, unknown)) return {SchemaSource::Kind::kFile, text};
  return {SchemaSource::Kind::kRevision, text};
}

Outcome<SchemaReport> read_schema(const Request& request, const SchemaSource& source) {
  auto report = source.kind == SchemaSource::Kind::kDatabase ? of_database(request, source.text)
                : source.kind == SchemaSource::Kind::kFile   ? of_file(request, source.text)
                                                             : at_revision(request, source.text);
  if (report) report->schema = report->dialect->canonical(std::move(report->schema));
  return report;
}

std::vector<std::string> schema_sql(const SchemaReport& report) {
  std::vector<std::string> statements;
  for (const model::Operation& operation : model::diff({}, report.schema)) {
    SchemaChange change = spelled(*report.dialect, operation);
    const std::string what = std::string(model::operation_name(operation)) + " " + model::operation_subject(operation);
    if (!change.problem.empty())
      statements.push_back("-- " + what + ": " + change.problem);
    else if (change.sql.empty() && std::holds_alternative<model::CreateObject>(operation))
      statements.push_back("-- " + what + ": its definition is not known");
    for (std::string& sql : change.sql) statements.push_back(std::move(sql) + ";");
  }
  return statements;
}

Outcome<DiffReport> diff_schemas(const Request& request, const SchemaSource& from, const SchemaSource& to) {
  BASCULE_TRY_ASSIGN(SchemaReport before, read_schema(request, from));
  BASCULE_TRY_ASSIGN(SchemaReport after, read_schema(request, to));
  if (before.dialect != after.dialect) {
    Diagnostic wrong;
    wrong.code = "different-databases";
    wrong.message = before.source + " is " + std::string(before.dialect->name()) + ", " + after.source + " is " +
                    std::string(after.dialect->name());
    wrong.help = "compare two of the same kind";
    return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
  }
  const bool live = from.kind == SchemaSource::Kind::kDatabase;
  if (live != (to.kind == SchemaSource::Kind::kDatabase)) align_definitions(before.schema, after.schema);
  DiffReport report;
  report.from = before.source;
  report.to = after.source;
  report.dialect = before.dialect;
  report.warnings = std::move(before.warnings);
  report.warnings.append(std::move(after.warnings));
  const auto operations = with_rebuilds(model::diff(before.schema, after.schema), before.schema, *report.dialect);
  for (const model::Operation& operation : operations) report.changes.push_back(spelled(*report.dialect, operation));
  return report;
}

}  // namespace bascule::app
