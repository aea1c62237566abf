#include "app/schema_chain.h"

#include <utility>

#include "app/build_plan.h"
#include "app/evaluate.h"
#include "base/overload.h"
#include "base/text.h"
#include "formats/sequence.h"
#include "graph/path.h"
#include "model/apply.h"
#include "model/lookup.h"
#include "planner/lower.h"

namespace bascule::app {

namespace {

Diagnostic uncertain(std::string message, const model::AuthoredOperation& authored, std::string cause) {
  Diagnostic out;
  out.code = "schema-uncertain";
  out.severity = Severity::kWarning;
  out.message = std::move(message);
  out.location = authored.where;
  out.cause = std::move(cause);
  out.help = "compare with a database that this revision has run on: bascule schema --url URL";
  return out;
}

class Applier {
 public:
  Applier(model::Schema& schema, const dialects::Dialect& dialect, Diagnostics& warnings)
      : schema_(schema), dialect_(dialect), warnings_(warnings) {}

  void apply(const model::AuthoredOperation& authored) {
    if (const auto* raw = std::get_if<model::RawSql>(&authored.operation)) {
      const syntax::sql::Script script = dialect_.split(raw->sql);
      for (const auto& statement : script.statements) {
        if (statement.kind == syntax::sql::SpanKind::kStatement) apply_sql(statement.text, authored);
      }
      return;
    }
    apply(authored.operation, authored);
  }

 private:
  void apply_sql(std::string_view sql, const model::AuthoredOperation& authored) {
    const dialects::Understood understood = dialect_.understand(sql);
    if (understood.changes_nothing) return;
    for (const model::Operation& operation : understood.operations) {
      if (std::holds_alternative<model::RawSql>(operation)) {
        if (may_change_schema(understood))
          warn("what this statement does to the schema is not known", authored, first_line(sql));
        continue;
      }
      if (understood.if_table_exists && !table_known(understood)) return;
      apply(operation, authored);
    }
  }

  /// A statement that only writes or reads rows leaves the schema as it is.
  static bool may_change_schema(const dialects::Understood& understood) {
    const std::string& kind = understood.statement_kind;
    for (const std::string_view rows : {"select", "insert", "update", "delete", "merge", "copy", "truncate", "grant",
                                        "revoke", "comment", "values", "explain", "call", "do", "alter owner"})
      if (kind == rows) return kind == "do" || kind == "call";
    return true;
  }
  bool table_known(const dialects::Understood& understood) const {
    for (const dialects::Touch& touch : understood.touches)
      if (touch.kind == dialects::Touch::Kind::kAlter && model::find_table(schema_, touch.relation) == nullptr)
        return false;
    return true;
  }
  static std::string first_line(std::string_view sql) {
    std::string line(sql.substr(0, sql.find('\n')));
    if (line.size() > 100) line = line.substr(0, 97) + "...";
    return line;
  }

  void apply(const model::Operation& operation, const model::AuthoredOperation& authored) {
    for (const model::Operation& part : planner::decompose(operation)) {
      auto applied = model::apply(schema_, part);
      if (!applied) {
        warn(std::string(model::operation_name(part)) + ": " + model::problem_text(applied.error()), authored,
             "the revisions before it, as far as they are understood, do not have it");
        continue;
      }
      dialect_.complete(schema_, part);
    }
  }

  void warn(std::string message, const model::AuthoredOperation& authored, std::string cause) {
    warnings_.add(uncertain(std::move(message), authored, std::move(cause)));
  }

  model::Schema& schema_;
  const dialects::Dialect& dialect_;
  Diagnostics& warnings_;
};

Outcome<std::vector<Chapter>> chapters_of_sequence(formats::Sequence& sequence, const dialects::Dialect& dialect,
                                                   const std::string& target) {
  static_cast<void>(sequence.read(nullptr));  // no database, nothing to fail
  const formats::EvaluationTarget evaluation{std::string(dialect.name()), true};
  auto course =
      sequence.chart(formats::Goal{model::Direction::kUpgrade, target == "heads" ? "head" : target}, evaluation);
  if (!course) return failure(Failure{ExitCode::kUnsound, course.error().all()});
  std::vector<Chapter> chapters;
  for (formats::Move& move : course->moves) chapters.push_back(Chapter{move.id, std::move(move.operations)});
  return chapters;
}

Diagnostic depends_on_rows(const formats::RowsNeeded& needs, const std::string& revision) {
  Diagnostic out;
  out.code = "schema-uncertain";
  out.severity = Severity::kWarning;
  out.message = "what revision '" + revision + "' does from here on depends on rows of the database";
  out.location = needs.location;
  out.cause = "it needs " + needs.what;
  out.help = "compare with a database that this revision has run on: bascule schema --url URL";
  return out;
}

}  // namespace

Outcome<std::vector<Chapter>> chapters_to(const Workspace& workspace, const dialects::Dialect& dialect,
                                          const std::string& target, Diagnostics& warnings) {
  if (formats::Sequence* sequence = workspace.project->sequence())
    return chapters_of_sequence(*sequence, dialect, target);
  std::vector<Chapter> chapters;
  if (target == "base") return chapters;
  auto path = graph::upgrade_path(workspace.graph, {}, target);
  if (!path) return failure(make_failure(ExitCode::kUsage, std::move(path.error())));
  const formats::EvaluationTarget evaluation{std::string(dialect.name()), false};
  Diagnostics wrong;
  for (const graph::RevisionIndex index : *path) {
    const graph::Revision& revision = workspace.graph[index];
    formats::Evaluation done = evaluate(workspace, dialect, revision, model::Direction::kUpgrade, evaluation);
    if (done.diagnostics.has_errors()) wrong.append(std::move(done.diagnostics));
    if (done.needs_rows) warnings.add(depends_on_rows(*done.needs_rows, revision.id));
    chapters.push_back(Chapter{revision.id, std::move(done.operations)});
  }
  if (wrong.has_errors()) return failure(Failure{ExitCode::kUnsound, std::move(wrong)});
  return chapters;
}

void apply_chapter(model::Schema& schema, const Chapter& chapter, const dialects::Dialect& dialect,
                   Diagnostics& warnings) {
  Applier applier(schema, dialect, warnings);
  for (const model::AuthoredOperation& authored : chapter.operations) applier.apply(authored);
}

namespace {

/// Runs chapters on a connection; the first failure ends it.
class TwinRun {
 public:
  TwinRun(const dialects::Dialect& dialect, db::Connection& connection) : dialect_(dialect), connection_(connection) {}

  Outcome<void> run(const Chapter& chapter) {
    Diagnostics unsupported;
    const std::vector<plan::Step> steps = planner::lower(chapter.operations, dialect_, unsupported);
    if (unsupported.has_errors()) return failure(Failure{ExitCode::kUnsound, std::move(unsupported)});
    for (const plan::Step& step : steps) {
      if (const auto* statement = std::get_if<plan::Statement>(&step.action)) {
        BASCULE_TRY(execute({statement->sql}, chapter, step));
        continue;
      }
      auto expansion = dialect_.expand(std::get<plan::Rebuild>(step.action).batch, &connection_);
      if (!expansion)
        return failure(
            refused(chapter, step, std::visit([](const auto& why) { return why.message; }, expansion.error())));
      BASCULE_TRY(execute(expansion->statements, chapter, step));
    }
    return {};
  }

 private:
  Outcome<void> execute(const std::vector<std::string>& statements, const Chapter& chapter, const plan::Step& step) {
    auto done = connection_.execute(statements);
    if (!done) return failure(refused(chapter, step, done.error().error.message));
    return {};
  }
  static Failure refused(const Chapter& chapter, const plan::Step& step, const std::string& why) {
    Diagnostic out;
    out.code = "schema-unknown";
    out.message = "revision '" + chapter.revision + "' does not run on an empty database: " + why;
    out.location = step.cause.location;
    out.help = "what it makes can be read from a database that it has run on: bascule schema --url URL";
    return make_failure(ExitCode::kUnsound, std::move(out));
  }

  const dialects::Dialect& dialect_;
  db::Connection& connection_;
};

}  // namespace

Outcome<model::Schema> schema_of_twin(const std::vector<Chapter>& chapters, const dialects::Dialect& dialect,
                                      const dialects::IntrospectOptions& options, Diagnostics& warnings) {
  static_cast<void>(warnings);
  Address memory;
  memory.url.dialect = dialect.name();
  memory.url.database = ":memory:";
  memory.dialect = &dialect;
  memory.source = "memory";
  auto connection = dialect.connect(memory.url, {});
  if (!connection) return failure(database_failure(connection.error(), "making a database in memory", memory));
  TwinRun twin(dialect, **connection);
  for (const Chapter& chapter : chapters) BASCULE_TRY(twin.run(chapter));
  auto schema = dialect.introspect(**connection, options);
  if (!schema) return failure(database_failure(schema.error(), "reading the schema", memory));
  return std::move(*schema);
}

namespace {

QualifiedName table_named(const std::string& display) {
  const auto dot = display.find('.');
  if (dot == std::string::npos) return QualifiedName{{}, Identifier(display)};
  return QualifiedName{Identifier(display.substr(0, dot)), Identifier(display.substr(dot + 1))};
}

/// Whether the schema after a chain is learnt by running it on a database in memory.
bool has_twin(const dialects::Dialect& dialect) { return dialect.name() == "sqlite"; }

}  // namespace

/// The table where the project says what has run is not part of the schema. Without a project: those of the tools that
/// we know.
dialects::IntrospectOptions introspect_options(const Workspace* workspace) {
  dialects::IntrospectOptions options;
  if (workspace == nullptr) {
    for (const char* table : {"alembic_version", "flyway_schema_history", "_prisma_migrations", "schema_migrations",
                              "goose_db_version", "bascule_revisions"})
      options.leave_out.push_back(QualifiedName{{}, Identifier(table)});
  } else if (const auto store = workspace->project->history_store()) {
    options.leave_out.push_back(table_named(store->table_name()));
  } else if (const formats::Sequence* sequence = workspace->project->sequence()) {
    options.leave_out.push_back(table_named(sequence->table_name()));
  }
  return options;
}

Outcome<model::Schema> schema_after(const std::vector<Chapter>& chapters, const dialects::Dialect& dialect,
                                    const dialects::IntrospectOptions& options, Diagnostics& warnings) {
  if (has_twin(dialect)) return schema_of_twin(chapters, dialect, options, warnings);
  model::Schema schema;
  for (const Chapter& chapter : chapters) apply_chapter(schema, chapter, dialect, warnings);
  return schema;
}

}  // namespace bascule::app
