#include "app/lint.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "app/lint_chain.h"
#include "app/lint_select.h"
#include "app/lint_server.h"
#include "app/lint_settings.h"
#include "app/lint_words.h"
#include "app/sequence.h"
#include "base/file.h"
#include "base/text.h"
#include "formats/open.h"
#include "formats/sequence.h"
#include "formats/sql_script.h"
#include "graph/path.h"
#include "safety/suppressions.h"

namespace bascule::app {

namespace {

using safety::Analysis;

bool all_are_sql(const std::vector<std::string>& files) {
  return std::all_of(files.begin(), files.end(), [](const std::string& file) { return file.ends_with(".sql"); });
}

/// SQL files beside a project whose revisions are Python: known without reading a thousand of them.
bool are_beside(const Request& request, const std::vector<std::string>& files) {
  if (files.empty() || !all_are_sql(files)) return false;
  const auto project =
      formats::open_project({request.directory, request.config, request.environment, request.format, request.options});
  return project && (*project)->format() == "alembic";
}

/// The project around the folder, where one is meant; none where files are given and there is no project.
Outcome<std::optional<Workspace>> project_of(const Request& request, const LintRequest& wanted) {
  if (wanted.stdin_text && !wanted.stdin_path) return std::optional<Workspace>();
  const std::vector<std::string> files = wanted.stdin_text ? std::vector{*wanted.stdin_path} : wanted.files;
  if (are_beside(request, files)) return std::optional<Workspace>();
  auto workspace = open_workspace(request);
  if (workspace) return std::optional(std::move(*workspace));
  const auto& why = workspace.error().diagnostics.list();
  const bool no_project = !why.empty() && (why.front().code == "no-project" || why.front().code == "ambiguous-project");
  const bool python = std::any_of(files.begin(), files.end(), is_python);
  if (no_project && !files.empty() && !python) return std::optional<Workspace>();
  return failure(std::move(workspace.error()));
}

bool is_revision(const Workspace& workspace, const std::string& path) {
  const std::string key = file_key(path);
  for (std::size_t i = 0; i < workspace.graph.size(); ++i)
    if (file_key(workspace.graph[graph::index_of(i)].path) == key) return true;
  return false;
}

/// A migration that is not saved yet: SQL in a folder in which others of the project lie.
bool is_new_migration(const Workspace& workspace, const std::string& path) {
  const std::string folder = std::filesystem::path(file_key(path)).parent_path().string();
  for (std::size_t i = 0; i < workspace.graph.size(); ++i) {
    const std::string& known = workspace.graph[graph::index_of(i)].path;
    if (std::filesystem::path(file_key(known)).parent_path().string() == folder) return true;
  }
  return false;
}

/// What an editor holds takes the place of the file that it comes from. behind: it is a new one, behind all others.
struct Unsaved {
  std::optional<FileStandIn> stand_in;
  bool behind = false;
};

/// Whether any of the files is a revision of the project. Fails where only some are.
Outcome<bool> are_revisions(const Workspace& workspace, const std::vector<std::string>& files) {
  std::set<std::string> known;
  for (std::size_t i = 0; i < workspace.graph.size(); ++i)
    known.insert(file_key(workspace.graph[graph::index_of(i)].path));
  std::vector<std::string> strangers;
  for (const std::string& file : files)
    if (!known.contains(file_key(file))) strangers.push_back(file);
  if (strangers.empty()) return true;
  if (strangers.size() == files.size() && all_are_sql(files)) return false;
  return failure(usage_failure("no-such-migration",
                               join(strangers, ", ") + (strangers.size() == 1 ? " is" : " are") +
                                   " no migration of the project at " + workspace.project->place(),
                               "`bascule history` lists them"));
}

/// Finds out whether the files are the project's; else it is no matter of the project.
Outcome<void> place(LintRequest& wanted, std::optional<Workspace>& workspace, Unsaved& unsaved) {
  if (wanted.stdin_text) {
    const std::string& path = *wanted.stdin_path;
    unsaved.behind = path.ends_with(".sql") && !is_revision(*workspace, path) && is_new_migration(*workspace, path);
    if (unsaved.behind) return {};
    wanted.files = {path};
  }
  if (wanted.files.empty()) return {};
  BASCULE_TRY_ASSIGN(const bool revisions, are_revisions(*workspace, wanted.files));
  if (!revisions) workspace.reset();
  return {};
}

/// What the database has not run, or will run again.
Outcome<Selected> pending(const Workspace& workspace, const Surroundings& around) {
  std::set<std::string> names;
  if (formats::Sequence* sequence = workspace.project->sequence()) {
    BASCULE_TRY(read_sequence(*sequence, around.connection.get(), *around.address));
    for (const formats::Entry& entry : sequence->entries())
      if (entry.state == formats::EntryState::kPending || entry.state == formats::EntryState::kOutdated)
        names.insert(entry.path);
    return Selected([names](const std::string&, const std::string& path) { return names.contains(path); });
  }
  BASCULE_TRY_ASSIGN(const Standing standing, read_standing(workspace, *around.address, *around.connection));
  auto path = graph::upgrade_path(workspace.graph, standing.heads, "heads");
  if (!path) return failure(make_failure(ExitCode::kUsage, std::move(path.error())));
  for (const graph::RevisionIndex index : *path) names.insert(workspace.graph.id(index));
  return Selected([names](const std::string& id, const std::string&) { return names.contains(id); });
}

Outcome<Selected> selection(const Request& request, const LintRequest& wanted, const Workspace& workspace,
                            const Surroundings& around) {
  if (wanted.pending) return pending(workspace, around);
  if (!wanted.since && wanted.files.empty())
    return Selected([](const std::string&, const std::string&) { return true; });
  std::set<std::string> files;
  if (wanted.since) {
    BASCULE_TRY_ASSIGN(files, changed_since(request, *wanted.since));
  }
  for (const std::string& file : wanted.files) files.insert(file_key(file));
  return Selected([files](const std::string&, const std::string& path) { return files.contains(file_key(path)); });
}

Outcome<std::vector<SourceFilePtr>> bare_files(const LintRequest& wanted) {
  std::vector<SourceFilePtr> files;
  if (wanted.stdin_text) {
    if (invalid_utf8(*wanted.stdin_text))
      return failure(usage_failure("not-utf8", "standard input is not UTF-8", "convert it to UTF-8"));
    files.push_back(std::make_shared<const SourceFile>(wanted.stdin_path.value_or("stdin.sql"), *wanted.stdin_text));
    return files;
  }
  for (const std::string& path : wanted.files) {
    auto file = formats::read_sql_file(path);
    if (!file) return failure(make_failure(ExitCode::kUsage, std::move(file.error())));
    files.push_back(std::move(*file));
  }
  return files;
}

Diagnostic stale_entry(const safety::BaselineEntry& entry, const std::string& baseline) {
  Diagnostic note;
  note.code = "stale-baseline";
  note.severity = Severity::kNote;
  note.message = baseline + " still names a finding that is gone: " + entry.rule + " in " + entry.path;
  note.cause = entry.message;
  note.help = "write it anew: bascule lint --write-baseline " + baseline;
  return note;
}

/// Old findings go aside, or become the baseline.
Outcome<void> use_baseline(LintReport& report, const LintRequest& wanted, const safety::LintSettings& settings) {
  if (settings.baseline && wanted.use_baseline && settings.baseline != wanted.write_baseline) {
    BASCULE_TRY_ASSIGN(const safety::Baseline baseline, read_baseline(*settings.baseline));
    for (const safety::BaselineEntry& stale : safety::apply_baseline(report.result, baseline))
      report.result.problems.add(stale_entry(stale, *settings.baseline));
  }
  if (!wanted.write_baseline) return {};
  const safety::Baseline baseline = safety::baseline_of(report.result);
  BASCULE_TRY(write_baseline(*wanted.write_baseline, baseline));
  static_cast<void>(safety::apply_baseline(report.result, baseline));
  report.baseline_written = baseline.size();
  return {};
}

}  // namespace

Outcome<LintReport> lint(const Request& request, const LintRequest& asked) {
  LintRequest wanted = asked;
  BASCULE_TRY_ASSIGN(const LintConfiguration configuration, read_lint_settings(request, wanted));
  const safety::LintSettings& settings = configuration.settings;
  Unsaved unsaved;
  if (wanted.stdin_text && wanted.stdin_path) unsaved.stand_in.emplace(*wanted.stdin_path, *wanted.stdin_text);
  BASCULE_TRY_ASSIGN(std::optional<Workspace> workspace, project_of(request, wanted));
  if (workspace) BASCULE_TRY(place(wanted, workspace, unsaved));
  const Workspace* const project = workspace ? &*workspace : nullptr;
  BASCULE_TRY_ASSIGN(Surroundings around, look_at_server(request, project,
                                                         {configuration.dialect, settings.server_version,
                                                          settings.time_zone, wanted.pending}));
  LintReport report;
  report.fail_on = settings.fail_on;
  report.live = std::move(around.live);

  safety::Chain chain;
  chain.dialect = around.dialect;
  chain.server = around.server;
  chain.live = report.live.get();
  chain.small_table_bytes = settings.small_table_bytes;
  if (project != nullptr && project->project->format() == "alembic") chain.spelling = safety::Spelling::kAlembic;
  const safety::LevelOf level = [&](const safety::Rule& rule, const safety::Finding& finding) {
    return safety::level_of(settings, rule, finding);
  };
  // What has not run yet begins with the database as it is; all else with nothing.
  const bool on_live_schema = around.connection && (wanted.pending || project == nullptr);
  model::Schema start;
  if (on_live_schema) {
    BASCULE_TRY_ASSIGN(start, schema_of_server(around));
    chain.schema_was_read = true;
    chain.server.schema_complete = is_known_in_full(start);
  }
  const bool one_deploy = wanted.pending || wanted.since.has_value();
  Analysis analysis(std::move(chain), std::move(start), level,
                    one_deploy ? Analysis::NewIn::kRun : Analysis::NewIn::kRevision);
  ReadChain read;
  if (project != nullptr) {
    Selected selected = [](const std::string&, const std::string&) { return false; };
    if (!unsaved.behind) {
      BASCULE_TRY_ASSIGN(selected, selection(request, wanted, *project, around));
    }
    const bool one_transaction =
        request.single_transaction.value_or(!project->project->settings().transaction_per_migration);
    BASCULE_TRY_ASSIGN(read,
                       read_project(*project, *around.dialect, one_transaction, selected, on_live_schema, analysis));
  }
  if (project == nullptr || unsaved.behind) {
    BASCULE_TRY_ASSIGN(const std::vector<SourceFilePtr> files, bare_files(wanted));
    read_files(files, *around.dialect, analysis, read);
  }
  report.result = std::move(analysis).finish();
  report.result.server = around.words;
  report.result.problems = std::move(read.problems);
  safety::suppress(report.result, read.comments, level);
  BASCULE_TRY(use_baseline(report, wanted, settings));
  return report;
}

bool fails(const LintReport& report) {
  return report.fail_on != safety::Level::kOff &&
         std::any_of(report.result.findings.begin(), report.result.findings.end(),
                     [&](const safety::Finding& finding) { return finding.level >= report.fail_on; });
}

}  // namespace bascule::app
