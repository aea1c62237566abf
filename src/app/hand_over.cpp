#include "app/hand_over.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <set>
#include <utility>

#include "app/evaluate.h"
#include "base/text.h"

namespace bascule::app {

namespace {

/// The evaluator's limits. Of everything else the project's own tool would complain too.
constexpr std::array<std::string_view, 10> kOwnCode = {
    "opaque-value", "not-supported",     "not-allowed",       "too-many-steps", "too-deep",
    "too-large",    "integer-too-large", "unknown-operation", "needs-database", "unsupported-operation"};

bool is_own_code(const Diagnostic& diagnostic) {
  return std::find(kOwnCode.begin(), kOwnCode.end(), diagnostic.code) != kOwnCode.end();
}

const Diagnostic* first_error(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics.list()) {
    if (one.severity == Severity::kError) return &one;
  }
  return nullptr;
}

std::string seconds_text(std::chrono::milliseconds time) {
  const auto count = time.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

/// "it ended with exit code 1".
std::string how_it_ended(const ChildOutcome& outcome, std::chrono::milliseconds timeout) {
  switch (outcome.end) {
    case ChildOutcome::End::kNotStarted:
      return "it cannot be started: " + outcome.reason;
    case ChildOutcome::End::kExited:
      return "it ended with exit code " + std::to_string(outcome.code);
    case ChildOutcome::End::kSignalled:
      return "it was ended by signal " + std::to_string(outcome.code) + " (" + strsignal(outcome.code) + ")";
    case ChildOutcome::End::kTimedOut:
      return "it did not end within " + seconds_text(timeout) + " and was stopped";
    case ChildOutcome::End::kInterrupted:
      return "it was stopped by a signal";
  }
  return "";
}

/// SQLAlchemy does not know the short name.
std::string as_sqlalchemy(const std::string& url) {
  constexpr std::string_view kShort = "postgres://";
  return url.starts_with(kShort) ? "postgresql://" + url.substr(kShort.size()) : url;
}

std::string rows_text(const std::vector<std::string>& rows) {
  return rows.empty() ? "no revision" : "'" + join(rows, "', '") + "'";
}

}  // namespace

bool needs_own_code(const Diagnostics& diagnostics) {
  return diagnostics.has_errors() &&
         std::all_of(diagnostics.list().begin(), diagnostics.list().end(),
                     [](const Diagnostic& one) { return one.severity != Severity::kError || is_own_code(one); });
}

std::optional<plan::HandOver> hand_over(const Workspace& workspace, const graph::Revision& revision,
                                        model::Direction direction, const Diagnostics& why) {
  const formats::ProjectSettings& settings = workspace.project->settings();
  if (settings.hand_over.empty() || !needs_own_code(why)) return std::nullopt;
  plan::HandOver out;
  out.command = settings.hand_over;
  if (direction == model::Direction::kUpgrade) {
    out.command.insert(out.command.end(), {"upgrade", revision.id});
  } else {
    // By the revision's own branch: a parent alone would take its other children down too, and base everything.
    const std::string to = revision.down_revisions.empty() ? "base" : revision.down_revisions.front();
    out.command.insert(out.command.end(), {"downgrade", revision.id + "@" + to});
  }
  const Diagnostic* first = first_error(why);
  out.why = first->message;
  out.location = first->location;
  return out;
}

std::optional<Diagnostic> ways_out(const Workspace& workspace, const std::vector<std::string>& revisions,
                                   model::Direction direction, bool may_hand_over) {
  if (revisions.empty()) return std::nullopt;
  const std::string& first = revisions.front();
  const bool up = direction == model::Direction::kUpgrade;
  Diagnostic note;
  note.code = "needs-own-code";
  note.severity = Severity::kNote;
  note.message = revisions.size() == 1
                     ? "revision '" + first +
                           "' needs code that Bascule does not run; besides what is said above, there are these ways:"
                     : counted(revisions.size(), "revision") +
                           " need code that Bascule does not run; besides what is said above, there are these ways:";
  note.help = "write what it does in SQL: " + override_path(workspace, first, direction);
  const bool configured = !workspace.project->settings().hand_over.empty();
  if (configured && !may_hand_over) {
    note.help += "\na script cannot hand it over: run it on the database, with `bascule " +
                 std::string(up ? "upgrade" : "downgrade") + "`";
  } else if (!configured && may_hand_over && workspace.project->format() == "alembic") {
    note.help += "\nhave it run by the project's own tool, in bascule.toml: [alembic] command = \"alembic\"";
  }
  note.help += std::string("\ndo it by hand and record it: bascule stamp ") + (up ? first : "<what is left>");
  return note;
}

HandOverRunner::HandOverRunner(const Request& request, const Workspace& workspace, const Address& address)
    : workspace_(workspace), directory_(request.directory), environment_(request.environment) {
  namespace fs = std::filesystem;
  if (request.config && request.config->ends_with(".ini")) {
    std::error_code unknown;
    config_ = {"-c", fs::absolute(*request.config, unknown).string()};
  }
  const auto given = environment_.find("DATABASE_URL");
  if (given == environment_.end() || given->second.empty()) environment_["DATABASE_URL"] = as_sqlalchemy(address.text);
}

ChildCommand HandOverRunner::command(std::vector<std::string> words) const {
  ChildCommand out;
  const std::size_t own = workspace_.project->settings().hand_over.size();
  words.insert(words.begin() + static_cast<std::ptrdiff_t>(own), config_.begin(), config_.end());
  out.words = std::move(words);
  out.directory = directory_;
  out.environment = environment_;
  out.timeout = workspace_.project->settings().hand_over_timeout;
  return out;
}

Outcome<void> HandOverRunner::check(const plan::Plan& plan) const {
  const auto wanted = std::find_if(plan.revisions.begin(), plan.revisions.end(),
                                   [](const plan::RevisionPlan& revision) { return revision.hand_over.has_value(); });
  if (wanted == plan.revisions.end()) return {};
  std::vector<std::string> words = workspace_.project->settings().hand_over;
  words.emplace_back("current");
  ChildCommand current = command(words);
  current.capture = true;
  const ChildOutcome outcome = run_child(current);
  Diagnostic wrong;
  const std::string shown = "`" + join(words, " ") + "`";
  wrong.cause = "it is needed for revision '" + wanted->revision + "'; nothing has been run";
  if (outcome.end == ChildOutcome::End::kInterrupted) {
    wrong.code = "interrupted";
    wrong.message = "stopped by a signal in " + shown;
    return failure(make_failure(ExitCode::kInterrupted, std::move(wrong)));
  }
  if (outcome.end == ChildOutcome::End::kNotStarted) {
    wrong.code = "hand-over-missing";
    wrong.message = "the project's own tool, " + shown + ", cannot be started: " + outcome.reason;
    wrong.help = "install it, or correct command under [alembic] in bascule.toml";
    return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
  }
  if (outcome.end != ChildOutcome::End::kExited || outcome.code != 0) {
    wrong.code = "hand-over-failed";
    wrong.message = "the project's own tool does not say where the database stands: " + shown + ": " +
                    how_it_ended(outcome, current.timeout);
    wrong.help = "run it by hand to see why, then run the same command again";
    return failure(make_failure(ExitCode::kFailed, std::move(wrong)));
  }
  // "ae1027a6acf (head)", one line a head; whatever else the application prints is not a revision.
  std::set<std::string> named;
  for (const std::string_view line : split(outcome.output, '\n')) {
    const std::string_view text = trim(line);
    const std::string word(text.substr(0, text.find_first_of(" \t\r")));
    if (workspace_.graph.find(word)) named.insert(word);
  }
  const std::vector<std::string>& ours = plan.revisions.front().heads_before;
  const std::vector<std::string> theirs(named.begin(), named.end());
  if (theirs == ours) return {};
  wrong.code = "hand-over-elsewhere";
  wrong.message = "the project's own tool looks at another database, or at another history table: " + shown +
                  " names " + rows_text(theirs) + ", Bascule reads " + rows_text(ours);
  wrong.help = "see to it that its env.py takes the database from DATABASE_URL, or give Bascule the same one (--url)";
  return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
}

Result<void, exec::RunFailure> HandOverRunner::run(const plan::RevisionPlan& revision) {
  const ChildCommand tool = command(revision.hand_over->command);
  const ChildOutcome outcome = run_child(tool);
  if (outcome.end == ChildOutcome::End::kExited && outcome.code == 0) return {};
  exec::RunFailure why;
  why.kind = outcome.end == ChildOutcome::End::kInterrupted ? exec::RunFailure::Kind::kInterrupted
                                                            : exec::RunFailure::Kind::kHandOver;
  why.error.message = "`" + join(revision.hand_over->command, " ") + "`: " + how_it_ended(outcome, tool.timeout);
  why.help = outcome.end == ChildOutcome::End::kTimedOut
                 ? "allow more with command_timeout under [alembic] in bascule.toml, then run the same command again"
                 : "what it printed stands above; set it right, then run the same command again";
  return failure(std::move(why));
}

}  // namespace bascule::app
