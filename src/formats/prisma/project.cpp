#include "formats/prisma/project.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>
#include <utility>

#include "formats/new_file.h"
#include "formats/prisma/migrations.h"
#include "formats/prisma/sequence.h"
#include "formats/prisma/settings.h"
#include "formats/prisma/statements.h"

namespace bascule::formats::prisma {

namespace {

namespace fs = std::filesystem;

/// Prisma's bound of a migration's name without its time.
constexpr std::size_t kNameLength = 200;

/// "Add userEmail!" as Prisma names a folder: "add_user_email".
std::string folder_name(std::string_view message) {
  std::string out;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto c = static_cast<unsigned char>(message[i]);
    if (std::isalnum(c) == 0) {
      if (!out.empty() && out.back() != '_') out += '_';
      continue;
    }
    const auto before = static_cast<unsigned char>(i > 0 ? message[i - 1] : ' ');
    const bool small_before = std::islower(before) != 0 || std::isdigit(before) != 0;
    const bool small_after = i + 1 < message.size() && std::islower(static_cast<unsigned char>(message[i + 1])) != 0;
    if (std::isupper(c) != 0 && (small_before || (std::isupper(before) != 0 && small_after)) && !out.empty() &&
        out.back() != '_')
      out += '_';
    out += static_cast<char>(std::tolower(c));
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out.substr(0, kNameLength);
}

class PrismaProject final : public Project {
 public:
  explicit PrismaProject(Settings settings) : settings_(std::move(settings)) {
    project_settings_.url = settings_.url;
    project_settings_.url_source = settings_.url_source;
    project_settings_.schemas = settings_.schemas;
    const std::string& provider = settings_.provider;
    if (provider == "cockroachdb" || provider == "postgres")
      project_settings_.dialect = "postgresql";
    else if (!provider.empty())
      project_settings_.dialect = provider;
  }

  std::string format() const override { return "prisma"; }
  std::string place() const override {
    return settings_.schema_path.empty() ? settings_.migrations : settings_.schema_path;
  }
  const ProjectSettings& settings() const override { return project_settings_; }

  std::vector<graph::Revision> read_revisions(Diagnostics& diagnostics) override {
    diagnostics.append(settings_.problems);
    load();
    std::vector<graph::Revision> out;
    out.reserve(migrations_.size());
    for (const Migration& migration : migrations_)
      append_to_chain(out, graph_id(migration.name), description_of(migration.name), migration.path, migration.file);
    return out;
  }

  Evaluation evaluate(const graph::Revision& revision, model::Direction direction,
                      const EvaluationTarget& target) override {
    Evaluation out;
    if (direction == model::Direction::kDowngrade) {
      out.unwritten = true;
      return out;
    }
    load();
    const auto found = std::find_if(migrations_.begin(), migrations_.end(),
                                    [&](const Migration& one) { return graph_id(one.name) == revision.id; });
    if (found == migrations_.end() || !found->file) {
      Diagnostic missing;
      missing.code = "prisma-migration-file-missing";
      missing.message = "the migration '" + revision.id + "' has no migration.sql";
      missing.cause = found == migrations_.end() ? "" : found->why;
      missing.help = "restore the file, or remove the folder";
      out.diagnostics.add(std::move(missing));
      return out;
    }
    Statements statements = operations_of(found->file, target.dialect);
    out.operations = std::move(statements.operations);
    out.diagnostics = std::move(statements.diagnostics);
    return out;
  }

  std::unique_ptr<history::HistoryStore> history_store() const override { return nullptr; }
  Sequence* sequence() override {
    load();
    return &sequence_;
  }

  /// migrations/<time>_<name>/migration.sql, and migration_lock.toml where there is none yet.
  Result<std::vector<std::string>, Diagnostic> write_revision(const NewRevision& revision) override {
    const std::string name = time_stamp() + "_" + folder_name(revision.message);
    const std::string path = (fs::path(settings_.migrations) / name / "migration.sql").string();
    // The first line is what Prisma itself writes when there is nothing to be done.
    BASCULE_TRY(write_new_file(path,
                               "-- This is an empty migration.\n"
                               "-- Write its SQL here: the schema's models are not compared yet.\n"));
    std::vector<std::string> out = {path};
    const std::string lock = (fs::path(settings_.migrations) / "migration_lock.toml").string();
    if (!locked_provider(settings_.migrations) && !settings_.provider.empty()) {
      BASCULE_TRY(write_new_file(lock, lock_file_text(settings_.provider)));
      out.push_back(lock);
    }
    loaded_ = false;
    return out;
  }

 private:
  void load() {
    if (std::exchange(loaded_, true)) return;
    migrations_ = list_migrations(settings_.migrations);
  }

  Settings settings_;
  ProjectSettings project_settings_;
  std::vector<Migration> migrations_;
  bool loaded_ = false;
  PrismaSequence sequence_{settings_, migrations_};
};

}  // namespace

bool detect_prisma(const OpenRequest& request) {
  if (!has_project(request)) return false;
  // A schema alone may serve a client whose database somebody else migrates.
  const auto settings = find_settings(request);
  std::error_code unknown;
  return settings && (!*settings || fs::is_directory((*settings)->migrations, unknown));
}

std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_prisma_project(const OpenRequest& request) {
  auto settings = find_settings(request);
  if (!settings) return std::nullopt;
  if (!*settings) return Result<std::unique_ptr<Project>, Diagnostic>(failure(std::move(settings->error())));
  return Result<std::unique_ptr<Project>, Diagnostic>(std::make_unique<PrismaProject>(std::move(**settings)));
}

}  // namespace bascule::formats::prisma
