#include "formats/sql/project.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "formats/heads_table.h"
#include "formats/new_file.h"
#include "formats/slug.h"
#include "formats/sql/revision_file.h"
#include "formats/sql_script.h"
#include "formats/toml_file.h"
#include "formats/versioned/migration.h"

namespace bascule::formats::sql {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "migrations";
constexpr const char* kTable = "bascule_revisions";
constexpr std::size_t kIdLength = 255;
constexpr std::size_t kSlugLength = 40;

constexpr std::string_view kSettingsTemplate =
    R"(# Settings of Bascule for this project. docs/sql.md lists them all.
format = "sql"

# Where the database is. --url, BASCULE_URL and DATABASE_URL come before it. Without any: sqlite:///bascule.db
# url = "postgresql://user@localhost/app"

[sql]
directory = "@DIR@"
)";

struct Settings {
  std::string file;       ///< bascule.toml; empty: there is none
  std::string directory;  ///< of the revisions
  bool named = false;     ///< the settings name it
  HeadsTableShape table{kTable, "", "revision", kIdLength, "applied_at"};
  ProjectSettings project;
};

std::string settings_path(const OpenRequest& request) {
  if (request.config) return *request.config;
  std::string path = (fs::path(request.directory) / "bascule.toml").lexically_normal().string();
  std::error_code unknown;
  return fs::exists(path, unknown) ? path : "";
}

/// Whether a file of the folder begins with "-- revision:". One tells of all, but strangers may lie among them.
bool holds_revisions(const std::string& folder) {
  constexpr std::size_t kMost = 8;
  std::size_t looked = 0;
  for (const std::string& name : versioned::file_names(folder, ".sql")) {
    const auto text = read_file(versioned::in_folder(folder, name));
    if (text && has_header(*text)) return true;
    if (++looked == kMost) break;
  }
  return false;
}

const std::vector<std::string>& known_settings() {
  static const std::vector<std::string> kKnown = {
      "directory", "version_table", "version_table_schema", "url", "transaction_per_migration", "timezone"};
  return kKnown;
}

Diagnostic unknown_setting(const std::string& path, const std::string& key) {
  Diagnostic out;
  out.code = "config-invalid";
  out.message = path + ": [sql] has no setting '" + key + "'";
  const auto meant = did_you_mean(key, known_settings());
  out.help = meant ? "did you mean " + *meant + "?" : "there are " + join(known_settings(), ", ");
  return out;
}

/// [sql] before [database] before the top of the file.
Result<Settings, Diagnostic> read_settings(const OpenRequest& request) {
  Settings out;
  out.file = settings_path(request);
  std::map<std::string, std::string> values;
  if (!out.file.empty()) {
    auto text = read_file(out.file);
    if (!text) {
      Diagnostic missing;
      missing.code = "config-not-found";
      missing.message = text.error().message;
      missing.help = "name an existing bascule.toml with -c";
      return failure(std::move(missing));
    }
    BASCULE_TRY_ASSIGN(const TomlFile toml, parse_toml(out.file, *text));
    for (const std::string_view table : {"", "database.", "sql."}) {
      for (const auto& [key, value] : toml.values) {
        if (!key.starts_with(table)) continue;
        const std::string name = key.substr(table.size());
        if (name.find('.') == std::string::npos) values[name] = value;
        const std::vector<std::string>& known = known_settings();
        if (table == "sql." && std::find(known.begin(), known.end(), name) == known.end())
          return failure(unknown_setting(out.file, name));
      }
    }
  }
  const auto value = [&](const char* name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
  };
  const fs::path base = out.file.empty() ? fs::path(request.directory) : fs::path(out.file).parent_path();
  const auto named = value("directory");
  out.named = named.has_value();
  out.directory = (base / named.value_or(kFolder)).lexically_normal().string();
  if (!named && !holds_revisions(out.directory)) {
    const std::string here = (base / ".").lexically_normal().string();
    if (holds_revisions(here)) out.directory = here;
  }
  out.table.table = value("version_table").value_or(kTable);
  out.table.schema = value("version_table_schema").value_or("");
  out.project.url = value("url");
  out.project.url_source = out.file;
  out.project.timezone = value("timezone");
  out.project.transaction_per_migration = value("transaction_per_migration").value_or("true") != "false";
  return out;
}

bool has_sql_table(const OpenRequest& request) {
  const std::string path = settings_path(request);
  if (path.empty() || !path.ends_with(".toml")) return false;
  const auto text = read_file(path);
  const auto toml = text ? parse_toml(path, *text) : parse_toml(path, "");
  return toml && std::any_of(toml->values.begin(), toml->values.end(),
                             [](const auto& one) { return one.first.starts_with("sql."); });
}

class SqlProject final : public Project {
 public:
  explicit SqlProject(Settings settings) : settings_(std::move(settings)) {}

  std::string format() const override { return "sql"; }
  std::string place() const override { return settings_.file.empty() ? settings_.directory : settings_.file; }
  const ProjectSettings& settings() const override { return settings_.project; }

  std::vector<graph::Revision> read_revisions(Diagnostics& diagnostics) override {
    std::vector<graph::Revision> out;
    std::error_code unknown;
    if (!fs::is_directory(settings_.directory, unknown)) {
      Diagnostic missing;
      missing.code = "no-script-location";
      missing.message = "there is no folder " + settings_.directory;
      missing.cause = settings_.named ? settings_.file + " says that the migrations are there" : "";
      missing.help = "make it, or correct directory in [sql] of bascule.toml";
      diagnostics.add(std::move(missing));
      return out;
    }
    for (const std::string& name : versioned::file_names(settings_.directory, ".sql")) {
      auto file = read_sql_file(versioned::in_folder(settings_.directory, name));
      if (!file) {
        diagnostics.add(std::move(file.error()));
        continue;
      }
      // A folder that nobody named may hold other things as well.
      if (!settings_.named && !has_header((*file)->text())) continue;
      if (auto revision = read_revision_file(*file, diagnostics)) out.push_back(std::move(revision->revision));
    }
    return out;
  }

  Evaluation evaluate(const graph::Revision& revision, model::Direction direction,
                      const EvaluationTarget& target) override {
    Evaluation out;
    const SourceFilePtr file = revision.location.file;
    out.diagnostics = check_sections(file);
    const auto read = read_revision_file(file, out.diagnostics);
    if (!read || out.diagnostics.has_errors()) return out;
    const std::optional<Section>& section = direction == model::Direction::kUpgrade ? read->up : read->down;
    out.unwritten = !section;
    if (!section) return out;
    Statements statements = statements_of({file, section->begin, section->end}, target.dialect,
                                          section->outside ? Grouping::kOutside : Grouping::kInTransaction);
    out.operations = std::move(statements.operations);
    out.diagnostics.append(std::move(statements.diagnostics));
    return out;
  }

  std::unique_ptr<history::HistoryStore> history_store() const override {
    return std::make_unique<HeadsTable>(settings_.table);
  }

  Result<std::vector<std::string>, Diagnostic> write_revision(const NewRevision& revision) override {
    const std::string slug = slug_of(revision.message, kSlugLength);
    const std::string name = revision.id + (slug.empty() ? "" : "_" + slug) + ".sql";
    if (revision.id.find('/') != std::string::npos) {
      Diagnostic wrong;
      wrong.code = "invalid-revision-id";
      wrong.message = "'" + revision.id + "' cannot be part of a file's name";
      wrong.help = "choose another --rev-id, or leave it out";
      return failure(std::move(wrong));
    }
    const std::string path = versioned::in_folder(revision.version_path.value_or(settings_.directory), name);
    BASCULE_TRY(write_new_file(path, revision_text(revision)));
    return std::vector<std::string>{path};
  }

 private:
  Settings settings_;
};

}  // namespace

bool detect_sql(const OpenRequest& request) {
  if (has_sql_table(request)) return true;
  if (request.config) return false;
  const fs::path base(request.directory);
  return holds_revisions((base / kFolder).string()) || holds_revisions(base.string());
}

std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_sql_project(const OpenRequest& request) {
  if (!request.format && !detect_sql(request)) return std::nullopt;
  auto settings = read_settings(request);
  if (!settings) return Result<std::unique_ptr<Project>, Diagnostic>(failure(std::move(settings.error())));
  return Result<std::unique_ptr<Project>, Diagnostic>(std::make_unique<SqlProject>(std::move(*settings)));
}

std::string settings_text(const std::string& directory) {
  return replace_all(kSettingsTemplate, "@DIR@", replace_all(directory, "\"", "\\\""));
}

}  // namespace bascule::formats::sql
