#include "formats/alembic/project.h"

#include <filesystem>

#include "base/text.h"
#include "formats/alembic/evaluate_revision.h"
#include "formats/alembic/header_scan.h"
#include "formats/alembic/modules.h"
#include "formats/alembic/project_files.h"
#include "formats/alembic/read_ahead.h"
#include "formats/alembic/settings.h"
#include "formats/alembic/version_table.h"
#include "formats/alembic/write_revision.h"

namespace bascule::formats::alembic {
namespace {

namespace fs = std::filesystem;

evaluate::Limits limits_of(const Settings& settings) {
  evaluate::Limits limits;
  if (settings.evaluation_steps) limits.steps = *settings.evaluation_steps;
  if (settings.evaluation_depth)
    limits.depth = static_cast<std::uint32_t>(std::min<std::uint64_t>(*settings.evaluation_depth, 10'000));
  if (settings.evaluation_size) limits.size = *settings.evaluation_size;
  return limits;
}

/// Revision ids of files without one, from before Alembic 0.2: "ae1027a6.py".
std::string legacy_id(const std::string& path) {
  std::string name = fs::path(path).filename().string();
  name.resize(name.size() - 3);
  const bool hexadecimal = !name.empty() && name.find_first_not_of("abcdef0123456789") == std::string::npos;
  return hexadecimal ? name : "";
}

Location location_of(const SourceFilePtr& file, const std::optional<HeaderField>& field) {
  if (!field) return {};
  return {file, {file->at(field->begin), file->at(field->end)}};
}

class AlembicProject final : public Project {
 public:
  AlembicProject(Settings settings, std::map<std::string, std::string> environment)
      : settings_(std::move(settings)),
        environment_(std::move(environment)),
        modules_(settings_.naming),
        evaluator_{modules_, environment_, limits_of(settings_), &settings_.arguments, &ahead_} {
    modules_.use_sources({settings_.source_roots, settings_.types, settings_.values}, environment_);
    project_settings_.hand_over = settings_.command;
    if (settings_.command_timeout) project_settings_.hand_over_timeout = *settings_.command_timeout;
    project_settings_.url = settings_.url;
    project_settings_.url_source = settings_.url_source;
    project_settings_.timezone = settings_.timezone;
    project_settings_.transaction_per_migration = settings_.transaction_per_migration.value_or(true);
  }

  std::string format() const override { return "alembic"; }
  std::string place() const override {
    return settings_.config_file.empty() ? settings_.script_location : settings_.config_file;
  }
  const ProjectSettings& settings() const override { return project_settings_; }

  std::vector<graph::Revision> read_revisions(Diagnostics& diagnostics) override {
    diagnostics.append(settings_.notes);
    std::error_code ignored;
    if (!fs::exists(settings_.script_location, ignored)) {
      Diagnostic missing;
      missing.code = "no-script-location";
      missing.message = "there is no folder " + settings_.script_location;
      missing.cause = settings_.config_file + " says that the migrations are there";
      missing.help = "correct script_location, or make a project with: bascule init";
      diagnostics.add(std::move(missing));
      return {};
    }
    std::vector<graph::Revision> revisions;
    const auto paths = list_revision_files(settings_, diagnostics);
    revisions.reserve(paths.size());
    for (const std::string& path : paths) {
      auto revision = read_revision(path);
      if (revision)
        revisions.push_back(std::move(*revision));
      else
        diagnostics.add(std::move(revision.error()));
    }
    return revisions;
  }

  void expect(const std::vector<const graph::Revision*>& path) override {
    std::vector<SourceFilePtr> files;
    files.reserve(path.size());
    for (const graph::Revision* revision : path)
      if (revision->location.file) files.push_back(revision->location.file);
    ahead_.expect(std::move(files));
  }

  Evaluation evaluate(const graph::Revision& revision, model::Direction direction,
                      const EvaluationTarget& target) override {
    const std::string sql = sql_file_path(revision.path, direction);
    std::error_code ignored;
    if (fs::exists(sql, ignored)) return evaluate_sql_file(sql);
    // The graph's own copy, if it is there: what was scanned is what is evaluated.
    SourceFilePtr file = revision.location.file;
    if (!file || file->path() != revision.path) {
      auto read = read_source(revision.path);
      if (!read) {
        Evaluation failed;
        failed.diagnostics.add(std::move(read.error()));
        return failed;
      }
      file = std::move(*read);
    }
    // As write_revision writes it: the body is in the file that is not there.
    const std::string ending = sql.substr(revision.path.size() - std::string_view(".py").size());
    if (file->text().find("with_suffix(\"" + ending + "\")") != std::string::npos) {
      Evaluation failed;
      Diagnostic missing;
      missing.code = "missing-sql-file";
      missing.message = "there is no file " + sql + ", which holds what revision '" + revision.id + "' runs";
      missing.location = {file, revision.location.span};
      missing.help = "restore it from version control, or see to it that .sql files are deployed with the .py files";
      failed.diagnostics.add(std::move(missing));
      return failed;
    }
    return evaluate_file(file, revision.id, direction, target, evaluator_);
  }

  std::unique_ptr<history::HistoryStore> history_store() const override {
    return std::make_unique<VersionTable>(settings_.version_table.value_or("alembic_version"),
                                          settings_.version_table_schema.value_or(""));
  }

  Result<std::vector<std::string>, Diagnostic> write_revision(const NewRevision& revision) override {
    return write_revision_files(settings_, revision);
  }

 private:
  Result<graph::Revision, Diagnostic> read_revision(const std::string& path) {
    BASCULE_TRY_ASSIGN(const SourceFilePtr file, read_source(path));
    std::optional<Header> header = scan_header(file->text());
    if (!header) {
      auto evaluated = evaluate_header(file, evaluator_);
      if (evaluated)
        header = std::move(*evaluated);
      else if (evaluated.error().code == "syntax-error")
        header = scan_broken_header(file->text());
      // A body that cannot be read is in the way of what needs it, not of the graph.
      if (!header) return failure(std::move(evaluated.error()));
    }
    graph::Revision out;
    out.path = path;
    out.message = std::move(header->message);
    out.create_date = std::move(header->create_date);
    if (header->revision) {
      out.id = header->revision->values.front();
      out.location = location_of(file, header->revision);
    } else {
      out.id = legacy_id(path);
      out.location = {file, {}};
    }
    if (out.id.empty() || !header->down_revision)
      return failure(incomplete(path, file, out.id.empty() ? "revision" : "down_revision"));
    out.down_revisions = std::move(header->down_revision->values);
    out.down_revisions_location = location_of(file, header->down_revision);
    if (header->branch_labels) out.branch_labels = std::move(header->branch_labels->values);
    out.branch_labels_location = location_of(file, header->branch_labels);
    if (header->depends_on) out.depends_on = std::move(header->depends_on->values);
    out.depends_on_location = location_of(file, header->depends_on);
    return out;
  }

  static Diagnostic incomplete(const std::string& path, const SourceFilePtr& file, const char* name) {
    Diagnostic out;
    out.code = "incomplete-revision-header";
    out.message = path + " does not say its " + name;
    out.location = {file, {{1, 1, 0}, {1, 1, 0}}};
    out.cause = "every .py file in a version location is taken for a revision";
    out.help = std::string(name) == "revision" ? "add revision = '...', or move the file out of the folder"
                                               : "add down_revision = '...' (None for the first one)";
    return out;
  }

  Settings settings_;
  ProjectSettings project_settings_;
  std::map<std::string, std::string> environment_;
  Modules modules_;
  ReadAhead ahead_;
  Evaluator evaluator_;
};

}  // namespace

std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_alembic_project(
    const std::string& directory, const std::optional<std::string>& config,
    const std::map<std::string, std::string>& environment) {
  auto settings = find_settings(directory, config);
  if (!settings) return std::nullopt;
  if (!*settings) return Result<std::unique_ptr<Project>, Diagnostic>(failure(std::move(settings->error())));
  return Result<std::unique_ptr<Project>, Diagnostic>(
      std::make_unique<AlembicProject>(std::move(**settings), environment));
}

}  // namespace bascule::formats::alembic
