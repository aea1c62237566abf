#include "app/live.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "app/build_plan.h"
#include "base/check.h"
#include "base/overload.h"
#include "exec/interrupt.h"
#include "formats/live.h"

namespace bascule::app {

namespace {

using formats::LiveFailure;
using formats::LiveResult;

class ConnectionDatabase final : public formats::LiveDatabase {
 public:
  ConnectionDatabase(const dialects::Dialect& dialect, db::Connection& connection)
      : dialect_(dialect), connection_(connection) {}

  LiveResult<db::ResultSet> run(const std::string& sql) override {
    if (exec::interrupted()) return failed(interruption(), sql);
    auto rows = connection_.run(sql);
    if (!rows) return failed(std::move(rows.error()), sql);
    return std::move(*rows);
  }

  LiveResult<db::ResultSet> select(const model::SelectExpr& query) override {
    auto sql = dialect_.query(query);
    if (!sql) return refused(sql.error());
    return run(*sql);
  }

  LiveResult<db::ResultSet> apply(const model::AuthoredOperation& operation) override {
    Diagnostics diagnostics;
    formats::Evaluation one;
    one.operations.push_back(operation);
    const std::vector<plan::Step> steps = lower_checked(one, dialect_, diagnostics);
    for (const Diagnostic& found : diagnostics.list()) {
      if (found.severity == Severity::kError) return failure(LiveFailure{{}, found});
    }
    db::ResultSet last;
    std::int64_t affected = steps.empty() ? -1 : 0;
    for (const plan::Step& step : steps) {
      cause_ = step.cause;
      BASCULE_TRY_ASSIGN(last, apply_step(step));
      affected = affected < 0 || last.affected < 0 ? last.affected : affected + last.affected;
    }
    last.affected = affected;
    return last;
  }

  LiveResult<void> enter_autocommit() override {
    BASCULE_TRY(leave_transaction());
    outside_ = true;
    return {};
  }
  LiveResult<void> leave_autocommit() override {
    outside_ = false;
    return enter_transaction();
  }

  LiveResult<model::Schema> schema(const Identifier& name) override {
    std::string wanted = name.text();
    if (name.empty()) {
      BASCULE_TRY_ASSIGN(wanted, default_schema());
    }
    dialects::IntrospectOptions options;
    options.schemas = {wanted};
    auto found = dialect_.introspect(connection_, options);
    if (!found) return failed(std::move(found.error()), "");
    return std::move(*found);
  }
  LiveResult<std::vector<std::string>> schema_names() override {
    const bool sqlite = dialect_.name() == "sqlite";
    BASCULE_TRY_ASSIGN(const db::ResultSet rows,
                       run(sqlite ? "SELECT name FROM pragma_database_list ORDER BY seq"
                                  : "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\\_%' "
                                    "ORDER BY nspname"));
    std::vector<std::string> names;
    for (const auto& row : rows.rows) names.push_back(row.front().value_or(""));
    return names;
  }
  LiveResult<std::string> default_schema() override {
    if (dialect_.name() == "sqlite") return std::string("main");
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, run("SELECT pg_catalog.current_schema()"));
    return rows.rows.empty() ? std::string() : rows.rows.front().front().value_or("");
  }
  std::string server_version() const override { return connection_.server_version(); }

  /// Of the statement that failed last.
  const db::DbError& last_error() const { return last_error_; }
  const std::string& last_statement() const { return last_statement_; }
  const std::optional<plan::Cause>& cause() const { return cause_; }
  std::vector<std::string> take_checks() { return std::exchange(checks_, {}); }
  bool left_transaction() const { return left_transaction_; }

 private:
  static db::DbError interruption() {
    db::DbError error;
    error.message = "stopped by a signal";
    error.interrupted = true;
    return error;
  }

  tl::unexpected<LiveFailure> failed(db::DbError error, const std::string& sql) {
    last_error_ = error;
    last_statement_ = sql;
    return failure(LiveFailure{std::move(error), std::nullopt});
  }
  static tl::unexpected<LiveFailure> refused(const dialects::Unsupported& why) {
    Diagnostic refusal;
    refusal.code = "unsupported-query";
    refusal.message = why.message;
    refusal.help = why.help;
    return failure(LiveFailure{{}, std::move(refusal)});
  }

  LiveResult<db::ResultSet> apply_step(const plan::Step& step) {
    const auto* statement = std::get_if<plan::Statement>(&step.action);
    if (step.in_transaction || (outside_ && statement != nullptr)) {
      if (statement != nullptr) return run(statement->sql);
      return rebuild(std::get<plan::Rebuild>(step.action));
    }
    if (!outside_) BASCULE_TRY(leave_transaction());
    db::ResultSet rows;
    if (statement != nullptr) {
      BASCULE_TRY_ASSIGN(rows, run(statement->sql));
    } else {
      // A rebuild is never left half done: it brings its own transaction.
      BASCULE_TRY(enter_transaction());
      BASCULE_TRY_ASSIGN(rows, rebuild(std::get<plan::Rebuild>(step.action)));
      BASCULE_TRY(leave_transaction());
    }
    if (!outside_) BASCULE_TRY(enter_transaction());
    return rows;
  }

  LiveResult<db::ResultSet> rebuild(const plan::Rebuild& rebuild) {
    auto expansion = dialect_.expand(rebuild.batch, &connection_);
    if (!expansion) {
      return std::visit(Overload{[&](db::DbError& error) { return failed(std::move(error), ""); },
                                 [&](dialects::Unsupported& why) { return refused(why); }},
                        expansion.error());
    }
    if (auto done = connection_.execute(expansion->statements); !done)
      return failed(std::move(done.error().error), expansion->statements[done.error().failed_at]);
    for (std::string& sql : expansion->before_commit) {
      if (std::find(checks_.begin(), checks_.end(), sql) == checks_.end()) checks_.push_back(std::move(sql));
    }
    return db::ResultSet();
  }

  LiveResult<void> leave_transaction() {
    std::vector<std::string> statements = take_checks();
    statements.emplace_back("COMMIT");
    left_transaction_ = true;
    return execute(statements);
  }
  LiveResult<void> enter_transaction() { return execute({connection_.begin_sql(db::TransactionStart::kWrite)}); }
  LiveResult<void> execute(const std::vector<std::string>& statements) {
    auto done = connection_.execute(statements);
    if (!done) return failed(std::move(done.error().error), statements[done.error().failed_at]);
    return {};
  }

  const dialects::Dialect& dialect_;
  db::Connection& connection_;
  std::vector<std::string> checks_;
  db::DbError last_error_;
  std::string last_statement_;
  std::optional<plan::Cause> cause_;
  bool outside_ = false;
  bool left_transaction_ = false;
};

}  // namespace

Result<exec::LiveOutcome, exec::RunFailure> LiveRunner::run(const plan::RevisionPlan& revision,
                                                            db::Connection& connection) {
  const auto index = workspace_.graph.find(revision.revision);
  BASCULE_CHECK(index.has_value(), "a plan's revision is in the graph");
  ConnectionDatabase database(dialect_, connection);
  const formats::EvaluationTarget target{std::string(dialect_.name()), false, &database};
  formats::Evaluation evaluation = workspace_.project->evaluate(workspace_.graph[*index], revision.direction, target);
  if (!evaluation.diagnostics.has_errors())
    return exec::LiveOutcome{database.take_checks(), database.left_transaction()};

  exec::RunFailure why;
  why.partly_committed = database.left_transaction();
  why.kind = exec::RunFailure::Kind::kLive;
  for (const Diagnostic& found : evaluation.diagnostics.list()) {
    if (found.severity != Severity::kError) continue;
    // What the database itself said is reported as for every other statement.
    if (found.code == "statement-failed") {
      why.kind = exec::RunFailure::Kind::kStatement;
      why.error = database.last_error();
      why.statement = database.last_statement();
      why.cause = plan::Cause{found.message.substr(0, found.message.find(": ")), "", found.location};
    }
    why.live.add(found);
  }
  return failure(std::move(why));
}

}  // namespace bascule::app
