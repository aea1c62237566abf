#include "app/workspace.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "dialects/mariadb/mariadb.h"
#include "exec/interrupt.h"
#include "formats/open.h"
#include "formats/sequence.h"
#include "graph/target.h"

namespace bascule::app {

namespace {

constexpr std::string_view kInsufficientPrivilege = "42501";

}  // namespace

Outcome<Workspace> open_workspace(const Request& request) {
  auto project =
      formats::open_project({request.directory, request.config, request.environment, request.format, request.options});
  if (!project) return failure(make_failure(ExitCode::kUnsound, std::move(project.error())));
  Workspace workspace;
  workspace.project = std::move(*project);
  Diagnostics diagnostics;
  std::vector<graph::Revision> revisions = workspace.project->read_revisions(diagnostics);
  if (diagnostics.has_errors()) return failure(Failure{ExitCode::kUnsound, std::move(diagnostics)});
  graph::BuiltGraph built = graph::RevisionGraph::build(std::move(revisions));
  diagnostics.append(std::move(built.diagnostics));
  if (diagnostics.has_errors()) return failure(Failure{ExitCode::kUnsound, std::move(diagnostics)});
  workspace.graph = std::move(built.graph);
  workspace.warnings = std::move(diagnostics);
  return workspace;
}

namespace {

std::optional<std::string> variable(const Request& request, const char* name) {
  const auto found = request.environment.find(name);
  if (found == request.environment.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

/// Of a database that Bascule connects to.
Outcome<Address> connectable(Outcome<Address> address) {
  if (address && dialects::is_mariadb(address->url.dialect)) return failure(lint_only(*address));
  return address;
}

}  // namespace

Outcome<Address> parse_address(std::string text, std::string source) {
  auto url = db::parse_url(text);
  if (!url) {
    Diagnostic wrong;
    wrong.code = "bad-url";
    wrong.message = url.error().message;
    wrong.cause = "the URL comes from " + source;
    wrong.help = url.error().help;
    return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
  }
  Address address;
  address.source = std::move(source);
  address.url = std::move(*url);
  address.text = std::move(text);
  address.dialect = dialects::find_dialect(address.url.dialect);
  BASCULE_CHECK(address.dialect != nullptr, "parse_url gave a dialect that is not in the list");
  return address;
}

Outcome<Address> find_address(const Request& request) {
  const auto workspace = open_workspace(request);
  if (workspace) return find_address(request, *workspace->project);
  if (request.url) return connectable(parse_address(*request.url, "--url"));
  for (const char* name : {"BASCULE_URL", "DATABASE_URL"})
    if (auto text = variable(request, name)) return connectable(parse_address(std::move(*text), name));
  const auto& found = workspace.error().diagnostics.list();
  if (!found.empty() && found.front().code != "no-project") return failure(workspace.error());
  Diagnostic wrong;
  wrong.code = "no-url";
  wrong.message = "which database? There is no project here that says it";
  wrong.help = "name it: --url postgresql://user@host/name, or set BASCULE_URL";
  return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
}

Outcome<Address> look_up_address(const Request& request, const formats::Project& project) {
  std::string text = "sqlite:///bascule.db";
  std::string source = "default";
  // What another tool's own settings say goes before a variable that they may not mean, or mean from another folder.
  const bool tool_says = project.settings().url && project.format() != "alembic" && project.format() != "sql";
  if (request.url) {
    text = *request.url;
    source = "--url";
  } else if (auto ours = variable(request, "BASCULE_URL")) {
    text = *ours;
    source = "BASCULE_URL";
  } else if (auto common = variable(request, "DATABASE_URL"); common && !tool_says) {
    text = *common;
    source = "DATABASE_URL";
  } else if (project.settings().url) {
    text = *project.settings().url;
    source = project.settings().url_source;
  }
  return parse_address(std::move(text), std::move(source));
}

Outcome<Address> find_address(const Request& request, const formats::Project& project) {
  return connectable(look_up_address(request, project));
}

Failure lint_only(const Address& address) {
  Diagnostic out;
  out.code = "mariadb-lint-only";
  out.message = "running on MariaDB is not supported yet; lint is";
  out.cause = "the database is " + address.url.display() + " (from " + address.source + ")";
  out.help = "`bascule lint` judges migrations for MariaDB, without a connection";
  return make_failure(ExitCode::kUsage, std::move(out));
}

Failure database_failure(const db::DbError& error, const std::string& doing, const Address& address) {
  Diagnostic out;
  out.code = error.retryable ? "database-busy" : error.connection_usable ? "database-error" : "no-connection";
  out.message = doing + " failed: " + error.message;
  out.cause = error.detail;
  out.help = error.hint.empty() && !error.connection_usable
                 ? "the database is " + address.url.display() + " (from " + address.source +
                       "); check that it is up and that the URL is right"
                 : error.hint;
  if (out.help.empty() && error.sqlstate == kInsufficientPrivilege) {
    out.help = "grant the right to the role '" + address.url.user + "', or connect with one that has it (--url)";
  }
  return make_failure(error.retryable ? ExitCode::kBusy : ExitCode::kFailed, std::move(out));
}

Outcome<std::unique_ptr<db::Connection>> connect(const Address& address, const Request& request, Access access) {
  if (dialects::is_mariadb(address.url.dialect)) return failure(lint_only(address));
  dialects::ConnectOptions options;
  options.busy_wait = request.wait;
  options.read_only = access == Access::kRead;
  options.notices = request.notices;
  auto connection = address.dialect->connect(address.url, options);
  if (!connection) {
    return failure(database_failure(connection.error(), "connecting to " + address.url.display(), address));
  }
  return std::move(*connection);
}

Outcome<db::RunLock> take_run_lock(db::Connection& connection, const Address& address, const Request& request) {
  const exec::InterruptScope interrupts(connection);
  const auto lock = connection.acquire_run_lock(request.wait);
  if (!lock && lock.error().interrupted && exec::interrupted()) {
    Diagnostic out;
    out.code = "interrupted";
    out.message = "stopped by a signal while waiting for another run of Bascule on this database";
    out.cause = "nothing was started; the database is as the other run leaves it";
    out.help = "run the same command again; bascule current says where the database stands";
    return failure(make_failure(ExitCode::kInterrupted, std::move(out)));
  }
  if (!lock) return failure(database_failure(lock.error(), "taking the run lock", address));
  if (*lock != db::RunLock::kBusy) return *lock;
  Diagnostic out;
  out.code = "another-run";
  out.message = "another run of Bascule is working on this database";
  const auto ms = request.wait.count();
  out.cause = "it still held the lock after " +
              (ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms");
  out.help = "wait for it to end, or allow more time with --wait 5m";
  return failure(make_failure(ExitCode::kBusy, std::move(out)));
}

Outcome<Standing> read_rows(const Workspace& workspace, const Address& address, db::Connection& connection) {
  if (formats::Sequence* sequence = workspace.project->sequence()) {
    auto read = sequence->read(&connection);
    if (!read) return failure(database_failure(read.error(), "reading " + sequence->table_name(), address));
    Standing standing;
    standing.table_exists = sequence->table_exists();
    if (!sequence->standing().empty()) standing.rows = {sequence->standing()};
    return standing;
  }
  const auto store = workspace.project->history_store();
  auto rows = store->read(connection);
  if (!rows) {
    return failure(database_failure(rows.error(), "reading " + store->table_name(), address));
  }
  Standing standing;
  standing.table_exists = rows->has_value();
  standing.rows = rows->value_or(std::vector<std::string>{});
  std::sort(standing.rows.begin(), standing.rows.end());
  return standing;
}

Outcome<Standing> read_standing(const Workspace& workspace, const Address& address, db::Connection& connection) {
  BASCULE_TRY_ASSIGN(Standing standing, read_rows(workspace, address, connection));
  auto heads = graph::resolve_database_rows(workspace.graph, standing.rows, workspace.project->place());
  if (!heads) return failure(make_failure(ExitCode::kUsage, std::move(heads.error())));
  standing.heads = std::move(*heads);
  return standing;
}

}  // namespace bascule::app
