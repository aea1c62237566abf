#include "app/author.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "app/script.h"
#include "base/file.h"
#include "base/text.h"
#include "exec/run.h"
#include "graph/heads.h"
#include "graph/target.h"

namespace bascule::app {

namespace {

constexpr std::string_view kSettingsTemplate =
    R"(# Settings of Bascule for this project. Every line is optional; docs/configuration.md lists them all.

# Where the database is. --url, BASCULE_URL and DATABASE_URL come before it. Without any: sqlite:///bascule.db
# url = "postgresql://user@localhost/app"

[alembic]
script_location = "@DIR@"

# Names for constraints and indexes that a migration leaves unnamed (SQLAlchemy's naming conventions).
# [alembic.naming]
# ix = "ix_%(column_0_label)s"
# uq = "uq_%(table_name)s_%(column_0_name)s"
# ck = "ck_%(table_name)s_%(constraint_name)s"
# fk = "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"
# pk = "pk_%(table_name)s"
)";

Failure usage(std::string code, std::string message, std::string help) {
  Diagnostic out;
  out.code = std::move(code);
  out.message = std::move(message);
  out.help = std::move(help);
  return make_failure(ExitCode::kUsage, std::move(out));
}

/// 12 hexadecimal digits, as Alembic makes them.
std::string random_id() {
  std::random_device device;
  std::uniform_int_distribution<int> digit(0, 15);
  std::string id;
  for (int i = 0; i < 12; ++i) id += "0123456789abcdef"[digit(device)];
  return id;
}

/// Local time as Alembic writes it: 2025-01-15 10:30:00.000000
std::string now_text() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() % 1'000'000;
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  std::string fraction = std::to_string(micros);
  fraction.insert(0, 6 - fraction.size(), '0');
  return std::string(text, length) + "." + fraction;
}

Outcome<Written> write(const Workspace& workspace, const RevisionRequest& wanted, std::vector<std::string> parents,
                       std::vector<std::string> depends_on) {
  formats::NewRevision fresh;
  fresh.id = wanted.id.value_or(random_id());
  fresh.message = wanted.message;
  fresh.create_date = now_text();
  fresh.down_revisions = std::move(parents);
  fresh.branch_labels = wanted.branch_labels;
  fresh.depends_on = std::move(depends_on);
  fresh.version_path = wanted.version_path;
  fresh.sql_file = wanted.sql_file;
  if (fresh.id.empty() || fresh.id.find_first_of("@-+:") != std::string::npos) {
    return failure(usage("invalid-revision-id", "'" + fresh.id + "' cannot be a revision id",
                         "ids are not empty and hold no @, -, + or :"));
  }
  if (workspace.graph.find_name(fresh.id)) {
    return failure(usage("duplicate-revision", "there is a revision '" + fresh.id + "' already",
                         "choose another --rev-id, or leave it out"));
  }
  for (const std::string& label : fresh.branch_labels) {
    if (workspace.graph.find_name(label)) {
      return failure(usage("duplicate-branch-label", "there is a branch or revision '" + label + "' already",
                           "choose another --branch-label; `bascule branches` lists them"));
    }
  }
  auto paths = workspace.project->write_revision(fresh);
  if (!paths) return failure(make_failure(ExitCode::kFailed, std::move(paths.error())));
  return Written{fresh.id, std::move(*paths)};
}

Outcome<std::vector<std::string>> resolve_ids(const graph::RevisionGraph& graph,
                                              const std::vector<std::string>& names) {
  std::vector<std::string> ids;
  for (const std::string& name : names) {
    auto found = graph::resolve_revisions(graph, name);
    if (!found) return failure(make_failure(ExitCode::kUsage, std::move(found.error())));
    for (const graph::RevisionIndex index : *found) {
      if (std::find(ids.begin(), ids.end(), graph.id(index)) == ids.end()) ids.push_back(graph.id(index));
    }
  }
  return ids;
}

}  // namespace

Outcome<Written> init(const Request& request, const std::string& directory) {
  namespace fs = std::filesystem;
  const fs::path root(request.directory);
  const fs::path versions = root / directory / "versions";
  std::error_code error;
  if (fs::exists(versions, error) && !fs::is_empty(versions, error)) {
    return failure(usage("already-there",
                         "there is a project in " + (root / directory).lexically_normal().string() + " already",
                         "see it with: bascule history"));
  }
  const std::string settings = (root / "bascule.toml").lexically_normal().string();
  if (fs::exists(settings, error)) {
    return failure(usage("already-there", "there is a " + settings + " already",
                         "to move the migrations, write in it: [alembic] script_location = \"" + directory + "\""));
  }
  fs::create_directories(versions, error);
  if (error) {
    Diagnostic out;
    out.code = "cannot-write";
    out.message = "cannot make the folder " + versions.lexically_normal().string() + ": " + error.message();
    return failure(make_failure(ExitCode::kFailed, std::move(out)));
  }
  Written written;
  auto done = create_file_atomically(settings, replace_all(kSettingsTemplate, "@DIR@", directory));
  if (!done) {
    Diagnostic out;
    out.code = "cannot-write";
    out.message = done.error().message;
    return failure(make_failure(ExitCode::kFailed, std::move(out)));
  }
  written.paths = {settings, versions.lexically_normal().string() + "/"};
  return written;
}

Outcome<Written> create_revision(const Request& request, const RevisionRequest& revision) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  const graph::RevisionGraph& graph = workspace.graph;
  std::vector<std::string> names = revision.heads;
  if (names.empty()) names = {"head"};
  std::vector<std::string> parents;
  for (const std::string& name : names) {
    auto found = graph::resolve_revisions(graph, name);
    if (!found) return failure(make_failure(ExitCode::kUsage, std::move(found.error())));
    for (const graph::RevisionIndex index : *found) {
      if (!graph.is_head(index) && !revision.splice) {
        return failure(usage("not-a-head", "revision '" + graph.id(index) + "' is not a head",
                             "to start a new branch from it, add --splice; heads are listed by: bascule heads"));
      }
      if (std::find(parents.begin(), parents.end(), graph.id(index)) == parents.end())
        parents.push_back(graph.id(index));
    }
  }
  for (const std::string& name : revision.depends_on) {
    auto found = graph::resolve_revisions(graph, name);
    if (!found) return failure(make_failure(ExitCode::kUsage, std::move(found.error())));
  }
  return write(workspace, revision, std::move(parents), revision.depends_on);
}

Outcome<Written> merge(const Request& request, const std::vector<std::string>& heads, const RevisionRequest& revision) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(std::vector<std::string> parents, resolve_ids(workspace.graph, heads));
  if (parents.size() < 2) {
    return failure(usage("nothing-to-merge", "there is only " + counted(parents.size(), "revision") + " to merge",
                         "a merge joins two or more heads; see: bascule heads"));
  }
  RevisionRequest named = revision;
  if (named.message.empty()) named.message = "merge " + join(parents, " and ");
  return write(workspace, named, std::move(parents), revision.depends_on);
}

Outcome<StampReport> stamp(const Request& request, const std::vector<std::string>& targets, bool purge, bool sql) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  const auto store = workspace.project->history_store();
  StampReport report;
  std::unique_ptr<db::Connection> connection;
  Standing standing;
  if (!sql) {
    BASCULE_TRY_ASSIGN(connection, connect(address, request, Access::kWrite));
    BASCULE_TRY(take_run_lock(*connection, address, request));
    auto begun = db::execute_one(*connection, connection->begin_sql(db::TransactionStart::kWrite));
    if (!begun) return failure(database_failure(begun.error(), "stamping", address));
    if (purge) {
      BASCULE_TRY_ASSIGN(standing, read_rows(workspace, address, *connection));
    } else {
      BASCULE_TRY_ASSIGN(standing, read_standing(workspace, address, *connection));
    }
  }
  auto change = graph::heads_after_stamp(workspace.graph, purge ? graph::RevisionIndices{} : standing.heads, targets);
  if (!change) return failure(make_failure(ExitCode::kUsage, std::move(change.error())));

  std::vector<std::string> statements;
  if (!standing.table_exists) statements.push_back(store->create_sql());
  if (purge) statements.push_back(store->purge_sql());
  for (std::string& statement : store->change_sql(workspace.graph, change->rows))
    statements.push_back(std::move(statement));
  report.before = standing.rows;
  for (const graph::RevisionIndex index : change->heads) report.after.push_back(workspace.graph.id(index));
  std::sort(report.after.begin(), report.after.end());
  if (sql) {
    plan::Plan plan;
    plan::RevisionPlan& only = plan.revisions.emplace_back();
    only.heads_after = report.after;
    only.history = std::move(statements);
    BASCULE_TRY_ASSIGN(report.script, script_of(plan, *address.dialect, true));
    return report;
  }
  statements.push_back("COMMIT");
  auto done = connection->execute(statements);
  if (!done) {
    connection->rollback();
    return failure(database_failure(done.error().error, "stamping", address));
  }
  return report;
}

}  // namespace bascule::app
