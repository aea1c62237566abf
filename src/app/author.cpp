#include "app/author.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "app/id_length.h"
#include "app/script.h"
#include "app/sequence.h"
#include "base/file.h"
#include "base/text.h"
#include "exec/run.h"
#include "formats/sql/project.h"
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

/// 12 hexadecimal digits, as Alembic makes them.
std::string random_id() {
  std::random_device device;
  std::uniform_int_distribution<int> digit(0, 15);
  std::string id;
  for (int i = 0; i < 12; ++i) id += "0123456789abcdef"[digit(device)];
  return id;
}

std::string to_upper_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// nullopt: the system's tz database has no such zone (the C library would quietly take UTC).
std::optional<std::tm> time_in_zone(std::time_t seconds, const std::string& zone) {
  namespace fs = std::filesystem;
  const char* given = std::getenv("TZDIR");
  std::error_code ignored;
  const bool inside = !zone.empty() && zone.front() != '/' && zone.find("..") == std::string::npos;
  if (!inside || !fs::is_regular_file(fs::path(given != nullptr ? given : "/usr/share/zoneinfo") / zone, ignored)) {
    // Small systems have no tz database; everybody has UTC.
    if (zone != "UTC") return std::nullopt;
  }
  const char* before = std::getenv("TZ");
  const std::optional<std::string> saved = before != nullptr ? std::optional<std::string>(before) : std::nullopt;
  setenv("TZ", (":" + zone).c_str(), 1);
  tzset();
  std::tm out{};
  localtime_r(&seconds, &out);
  if (saved)
    setenv("TZ", saved->c_str(), 1);
  else
    unsetenv("TZ");
  tzset();
  return out;
}

/// Now, as Alembic writes it: "2025-01-15 10:30:00.000000" of the local time, or in a zone of the tz database with its
/// offset behind it: "2025-01-15 10:30:00.000000+01:00".
Outcome<std::string> now_text(const std::optional<std::string>& timezone) {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() % 1'000'000;
  std::optional<std::tm> broken_down;
  if (timezone) {
    // Alembic tries the name as it is, then in capitals ("utc").
    broken_down = time_in_zone(seconds, *timezone);
    if (!broken_down) broken_down = time_in_zone(seconds, to_upper_ascii(*timezone));
    if (!broken_down) {
      return failure(usage_failure("unknown-timezone", "there is no time zone '" + *timezone + "'",
                                   "set timezone to a name of the tz database (Europe/Berlin, UTC), or take it out"));
    }
  } else {
    localtime_r(&seconds, &broken_down.emplace());
  }
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &*broken_down);
  std::string fraction = std::to_string(micros);
  fraction.insert(0, 6 - fraction.size(), '0');
  std::string out = std::string(text, length) + "." + fraction;
  if (timezone) {
    const long minutes = std::abs(broken_down->tm_gmtoff) / 60;
    char offset[16];
    std::snprintf(offset, sizeof offset, "%c%02ld:%02ld", broken_down->tm_gmtoff < 0 ? '-' : '+', minutes / 60 % 100,
                  minutes % 60);
    out += offset;
  }
  return out;
}

/// A new id that the history table would not take. A project that has such ids already has a wider table.
std::optional<Diagnostic> too_long_for_its_table(const Request& request, const Workspace& workspace,
                                                 const std::string& id) {
  const auto address = find_address(request, *workspace.project);
  const auto limit = address ? id_limit(*workspace.project, *address->dialect) : std::nullopt;
  if (!limit || utf8_length(id) <= *limit) return std::nullopt;
  for (std::size_t i = 0; i < workspace.graph.size(); ++i) {
    if (utf8_length(workspace.graph[graph::index_of(i)].id) > *limit) return std::nullopt;
  }
  Diagnostic out;
  out.code = "revision-id-too-long";
  out.message = "the revision id '" + id + "' has " + counted(utf8_length(id), "character") + "; " +
                workspace.project->history_store()->table_name() + "." +
                workspace.project->history_store()->id_column()->column.text() + " takes " + std::to_string(*limit);
  out.help = "choose a shorter --rev-id, or leave it out";
  return out;
}

Outcome<Written> write(const Request& request, const Workspace& workspace, const RevisionRequest& wanted,
                       std::vector<std::string> parents, std::vector<std::string> depends_on) {
  formats::NewRevision fresh;
  fresh.id = wanted.id.value_or(random_id());
  fresh.message = wanted.message;
  BASCULE_TRY_ASSIGN(fresh.create_date, now_text(workspace.project->settings().timezone));
  if (!parents.empty()) {
    if (const auto parent = workspace.graph.find(parents.front())) fresh.parent_path = workspace.graph[*parent].path;
  }
  fresh.down_revisions = std::move(parents);
  fresh.branch_labels = wanted.branch_labels;
  fresh.depends_on = std::move(depends_on);
  fresh.version_path = wanted.version_path;
  fresh.sql_file = wanted.sql_file;
  if (fresh.id.empty() || fresh.id.find_first_of("@-+:") != std::string::npos) {
    return failure(usage_failure("invalid-revision-id", "'" + fresh.id + "' cannot be a revision id",
                                 "ids are not empty and hold no @, -, + or :"));
  }
  if (workspace.graph.find_name(fresh.id)) {
    return failure(usage_failure("duplicate-revision", "there is a revision '" + fresh.id + "' already",
                                 "choose another --rev-id, or leave it out"));
  }
  if (auto wrong = too_long_for_its_table(request, workspace, fresh.id)) {
    return failure(make_failure(ExitCode::kUsage, std::move(*wrong)));
  }
  for (const std::string& label : fresh.branch_labels) {
    if (workspace.graph.find_name(label)) {
      return failure(usage_failure("duplicate-branch-label", "there is a branch or revision '" + label + "' already",
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
  const std::string format = request.format.value_or("alembic");
  if (format != "alembic" && format != "sql") {
    return failure(usage_failure("unknown-format",
                                 "a new project of the format '" + format + "' is made by its own tool",
                                 "bascule init (Alembic's layout) or bascule init --format sql"));
  }
  const bool sql = format == "sql";
  const fs::path root(request.directory);
  const fs::path versions = sql ? root / directory : root / directory / "versions";
  std::error_code error;
  if (fs::exists(versions, error) && !fs::is_empty(versions, error)) {
    return failure(usage_failure("already-there",
                                 "there is a project in " + (root / directory).lexically_normal().string() + " already",
                                 "see it with: bascule history"));
  }
  const std::string settings = (root / "bascule.toml").lexically_normal().string();
  if (fs::exists(settings, error)) {
    return failure(usage_failure(
        "already-there", "there is a " + settings + " already",
        "to move the migrations, write in it: " + std::string(sql ? "[sql] directory" : "[alembic] script_location") +
            " = \"" + directory + "\""));
  }
  fs::create_directories(versions, error);
  if (error) {
    Diagnostic out;
    out.code = "cannot-write";
    out.message = "cannot make the folder " + versions.lexically_normal().string() + ": " + error.message();
    return failure(make_failure(ExitCode::kFailed, std::move(out)));
  }
  Written written;
  auto done = create_file_atomically(
      settings, sql ? formats::sql::settings_text(directory) : replace_all(kSettingsTemplate, "@DIR@", directory));
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
        return failure(
            usage_failure("not-a-head", "revision '" + graph.id(index) + "' is not a head",
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
  return write(request, workspace, revision, std::move(parents), revision.depends_on);
}

Outcome<Written> merge(const Request& request, const std::vector<std::string>& heads, const RevisionRequest& revision) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(std::vector<std::string> parents, resolve_ids(workspace.graph, heads));
  if (parents.size() < 2) {
    return failure(usage_failure("nothing-to-merge",
                                 "there is only " + counted(parents.size(), "revision") + " to merge",
                                 "a merge joins two or more heads; see: bascule heads"));
  }
  RevisionRequest named = revision;
  if (named.message.empty()) named.message = "merge " + join(parents, " and ");
  return write(request, workspace, named, std::move(parents), revision.depends_on);
}

namespace {

/// A format that keeps a list stamps in its own way.
Outcome<StampReport> stamp_sequence(const Request& request, const std::vector<std::string>& targets, bool purge,
                                    bool sql) {
  formats::Amendment amendment{"stamp", targets, request.options};
  if (purge) amendment.options["purge"] = "true";
  BASCULE_TRY_ASSIGN(AmendmentReport amended, amend(request, amendment, sql));
  StampReport report;
  report.after = targets;
  report.script = std::move(amended.script);
  return report;
}

}  // namespace

Outcome<StampReport> stamp(const Request& request, const std::vector<std::string>& targets, bool purge, bool sql) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  if (workspace.project->sequence() != nullptr) return stamp_sequence(request, targets, purge, sql);
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
