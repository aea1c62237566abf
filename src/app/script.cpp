#include "app/script.h"

#include <utility>
#include <variant>

#include "base/text.h"

namespace bascule::app {

namespace {

class ScriptWriter {
 public:
  ScriptWriter(const dialects::Dialect& dialect, bool single) : dialect_(dialect), single_(single) {}

  Outcome<std::string> write(const plan::Plan& plan) {
    for (std::size_t i = 0; i < plan.revisions.size(); ++i) {
      const plan::RevisionPlan& revision = plan.revisions[i];
      begin();
      if (i == 0) {
        for (const std::string& sql : plan.preparation) statement(sql);
      }
      heading(revision);
      for (const plan::Step& step : revision.steps) this->step(step);
      for (const std::string& sql : revision.history) statement(sql);
      if (!single_) commit();
    }
    commit();
    if (diagnostics_.has_errors()) return failure(Failure{ExitCode::kUnsound, std::move(diagnostics_)});
    return std::move(text_);
  }

 private:
  void begin() {
    if (!open_ && !dialect_.begin_sql().empty()) statement(dialect_.begin_sql());
    open_ = true;
  }
  void commit() {
    if (open_ && !dialect_.commit_sql().empty()) statement(dialect_.commit_sql());
    open_ = false;
  }
  void heading(const plan::RevisionPlan& revision) {
    const bool up = revision.direction == model::Direction::kUpgrade;
    text_ += std::string("-- Running ") + (up ? "upgrade " : "downgrade ") + join(revision.heads_before, ", ") +
             " -> " + join(revision.heads_after, ", ") + "\n\n";
  }
  void statement(std::string_view sql) {
    sql = trim(sql);
    text_ += sql;
    // A line comment at the end would swallow the semicolon.
    const bool comment_ends_it = sql.substr(sql.rfind('\n') + 1).find("--") != std::string_view::npos;
    if (!sql.ends_with(';') || comment_ends_it) text_ += comment_ends_it ? "\n;" : ";";
    text_ += "\n\n";
  }
  void step(const plan::Step& step) {
    const bool outside = !step.in_transaction;
    if (outside) commit();
    if (const auto* plain = std::get_if<plan::Statement>(&step.action)) {
      statement(plain->sql);
    } else {
      rebuild(step, std::get<plan::Rebuild>(step.action));
    }
    if (outside) begin();
  }
  void rebuild(const plan::Step& step, const plan::Rebuild& rebuild) {
    auto statements = dialect_.expand(rebuild.batch, nullptr);
    if (statements) {
      for (const std::string& sql : statements->statements) statement(sql);
      return;
    }
    const auto* why = std::get_if<dialects::Unsupported>(&statements.error());
    Diagnostic out;
    out.code = "offline-rebuild";
    out.message = why != nullptr ? why->message : std::get<db::DbError>(statements.error()).message;
    out.help = why != nullptr ? why->help : "";
    out.location = step.cause.location;
    diagnostics_.add(std::move(out));
  }

  const dialects::Dialect& dialect_;
  bool single_;
  bool open_ = false;
  std::string text_;
  Diagnostics diagnostics_;
};

}  // namespace

Outcome<std::string> script_of(const plan::Plan& plan, const dialects::Dialect& dialect, bool single_transaction) {
  return ScriptWriter(dialect, single_transaction).write(plan);
}

}  // namespace bascule::app
