#include "formats/golang_migrate/project.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/text.h"
#include "formats/new_file.h"
#include "formats/sql_script.h"
#include "formats/versioned/environment.h"
#include "formats/versioned/problems.h"
#include "formats/versioned/project.h"

namespace bascule::formats::golang_migrate {

namespace {

using versioned::Environment;
using versioned::Ledger;
using versioned::Migration;

/// What golang-migrate writes when nothing has run.
constexpr const char* kNothing = "-1";

struct FileName {
  std::uint64_t version = 0;
  std::string title;
  bool up = false;
};

/// "1_create_users.up.sql". Other endings than .sql are other databases'.
std::optional<FileName> read_name(const std::string& name) {
  const std::string_view digits = versioned::leading_digits(name);
  const auto version = versioned::number_of(digits);
  if (!version || name.substr(digits.size(), 1) != "_") return std::nullopt;
  for (const auto& [ending, up] :
       {std::pair{std::string_view(".up.sql"), true}, std::pair{std::string_view(".down.sql"), false}}) {
    if (!name.ends_with(ending) || name.size() < digits.size() + 1 + ending.size()) continue;
    return FileName{*version, name.substr(digits.size() + 1, name.size() - digits.size() - 1 - ending.size()), up};
  }
  return std::nullopt;
}

bool holds_migrations(const std::string& folder) {
  const std::vector<std::string> names = versioned::file_names(folder, ".sql");
  return std::any_of(names.begin(), names.end(), [](const std::string& name) { return read_name(name).has_value(); });
}

std::string folder_of(const Environment& environment) {
  if (auto named = environment.option("path")) return environment.path(*named);
  for (const char* usual : {"migrations", "db/migrations", ".", "db/migration", "sql/migrations"}) {
    std::string folder = environment.path(usual);
    if (holds_migrations(folder)) return folder;
  }
  return "";
}

Diagnostic dirty_database(const std::string& version, const std::string& before) {
  Diagnostic out;
  out.code = "dirty-database";
  out.message = "version " + version + " was left half done";
  out.cause = "the migration failed, and golang-migrate does not take back what ran of it";
  out.help = "see what is there of it and put that right; then say where the database stands: bascule force " +
             (before.empty() ? std::string(kNothing) : before) + " (nothing of it is there) or bascule force " +
             version + " (all of it is)";
  return out;
}

class GolangMigrateTool final : public versioned::Tool {
 public:
  GolangMigrateTool(const Environment& environment, std::string folder)
      : folder_(std::move(folder)),
        table_(versioned::table_name_of(environment.option("table").value_or("schema_migrations"))) {}

  std::string format() const override { return "golang-migrate"; }
  std::string place() const override { return folder_; }
  const ProjectSettings& settings() const override { return settings_; }

  std::vector<Migration> list(Diagnostics& diagnostics) const override {
    std::map<std::uint64_t, Migration> sorted;
    std::map<std::pair<std::uint64_t, bool>, std::string> paths;
    for (const std::string& name : versioned::file_names(folder_, ".sql")) {
      const auto parts = read_name(name);
      if (!parts) continue;
      const std::string path = versioned::in_folder(folder_, name);
      const auto [first, fresh] = paths.try_emplace({parts->version, parts->up}, path);
      if (!fresh) {
        diagnostics.add(versioned::duplicate_version(std::to_string(parts->version), first->second, path));
        continue;
      }
      auto file = read_sql_file(path);
      if (!file) {
        diagnostics.add(std::move(file.error()));
        continue;
      }
      Migration& migration = sorted[parts->version];
      migration.number = parts->version;
      migration.version = std::to_string(parts->version);
      if (parts->up || migration.path.empty()) {
        migration.title = parts->title;
        migration.path = path;
      }
      (parts->up ? migration.file : migration.down_file) = std::move(*file);
    }
    std::vector<Migration> out;
    for (auto& [version, migration] : sorted) out.push_back(std::move(migration));
    return out;
  }

  /// golang-migrate takes a file that is not there for an empty one. So it is here, upwards; downwards nobody wrote
  /// what to do.
  Evaluation read_body(const Migration& migration, model::Direction direction,
                       const std::string& dialect) const override {
    Evaluation out;
    const bool up = direction == model::Direction::kUpgrade;
    const SourceFilePtr& file = up ? migration.file : migration.down_file;
    out.unwritten = !up && !file;
    if (!file) return out;
    Statements statements = statements_of({file, 0, file->text().size()}, dialect, Grouping::kInTransaction);
    out.operations = std::move(statements.operations);
    out.diagnostics = std::move(statements.diagnostics);
    return out;
  }

  std::string normalised(const std::string& version) const override {
    const auto number = versioned::number_of(version);
    return number ? std::to_string(*number) : version;
  }

  versioned::TableName table() const override { return table_; }
  bool keeps_one_row() const override { return true; }
  bool goes_both_ways() const override { return true; }

  db::DbResult<Ledger> read_rows(db::Connection& connection) const override {
    BASCULE_TRY_ASSIGN(auto rows, connection.query("SELECT version, CASE WHEN dirty THEN 1 ELSE 0 END FROM " +
                                                   versioned::quoted_name(table_) + " LIMIT 1"));
    Ledger out;
    if (rows.rows.empty()) return out;
    out.rows.push_back({rows.rows.front().at(0).value_or(kNothing), ""});
    out.dirty = rows.rows.front().at(1) == "1";
    return out;
  }

  std::string state(const Ledger& ledger) const override {
    if (!ledger.exists) return "none";
    return (ledger.rows.empty() ? std::string(kNothing) : ledger.rows.front().version) + (ledger.dirty ? " dirty" : "");
  }

  bool is_applied(const Migration& migration, const Ledger& ledger) const override {
    const auto number = ledger.rows.empty() ? std::nullopt : versioned::number_of(ledger.rows.front().version);
    return number && migration.number <= *number;
  }

  void record(const versioned::Step& step, Ledger& ledger) const override {
    const std::string version = version_after(step);
    ledger.rows.clear();
    if (version != kNothing) ledger.rows.push_back({version, ""});
  }

  std::vector<std::string> create_sql(const std::string& dialect) const override {
    // Letter by letter what golang-migrate makes: SQLite keeps the text.
    if (dialect != "sqlite")
      return {"CREATE TABLE IF NOT EXISTS " + versioned::quoted_name(table_) +
              " (version bigint not null primary key, dirty boolean not null)"};
    const std::string name = versioned::spelled_name(table_);
    return {"CREATE TABLE IF NOT EXISTS " + name + " (version uint64,dirty bool)",
            "CREATE UNIQUE INDEX IF NOT EXISTS version_unique ON " + name + " (version)"};
  }

  versioned::HistorySql history_sql(const versioned::Step& step, const std::string& dialect) const override {
    const std::string version = version_after(step);
    return {set(version, false, dialect), set(version, true, dialect)};
  }

  Refusal obstacles(const std::vector<Migration>& migrations, const Ledger& ledger,
                    model::Direction /*direction*/) const override {
    Refusal out;
    if (ledger.rows.empty()) return out;
    const std::string& version = ledger.rows.front().version;
    std::string before;
    bool known = version == kNothing;
    for (const Migration& migration : migrations) {
      known = known || migration.version == version;
      if (migration.version != version && is_applied(migration, ledger)) before = migration.version;
    }
    if (ledger.dirty) out.database.add(dirty_database(version, before));
    if (!known) out.database.add(versioned::version_without_file(version, folder_, Severity::kError));
    return out;
  }

  Result<AmendmentPlan, Refusal> amend(const Amendment& amendment, const Ledger& ledger,
                                       const std::string& dialect) const override {
    if (amendment.what != "force") return Tool::amend(amendment, ledger, dialect);
    const std::string given = amendment.arguments.empty() ? "" : amendment.arguments.front();
    const std::string version = given == kNothing ? given : normalised(given);
    if (version != kNothing && !versioned::number_of(version))
      return failure(Refusal::of_goal(usage("'force' needs a version", "as in: bascule force 7; -1 is none")));
    AmendmentPlan plan;
    plan.sql = set(version, false, dialect);
    plan.done.push_back(version == kNothing ? "Nothing has run, says the history table now."
                                            : "The database stands at version " + version + ".");
    return plan;
  }

  Result<std::vector<std::string>, Diagnostic> write(const std::string& name,
                                                     const std::vector<Migration>& migrations) const override {
    if (trim(name).empty() || name.find('/') != std::string::npos)
      return failure(usage("the new migration needs a name without '/'", "bascule create -seq add_users"));
    const std::string start = versioned::in_folder(folder_, next_version(migrations) + "_" + name);
    std::vector<std::string> paths = {start + ".up.sql", start + ".down.sql"};
    for (const std::string& path : paths) BASCULE_TRY(write_new_file(path, ""));
    return paths;
  }

 private:
  static std::string version_after(const versioned::Step& step) {
    if (step.direction == model::Direction::kUpgrade) return step.migration.version;
    return step.previous != nullptr ? step.previous->version : kNothing;
  }

  std::vector<std::string> set(const std::string& version, bool dirty, const std::string& dialect) const {
    const std::string name = versioned::quoted_name(table_);
    std::vector<std::string> out = {(dialect == "sqlite" ? "DELETE FROM " : "TRUNCATE ") + name};
    const char* flag = dialect == "sqlite" ? (dirty ? "1" : "0") : (dirty ? "true" : "false");
    if (version != kNothing || dirty)
      out.push_back("INSERT INTO " + name + " (version, dirty) VALUES (" + version + ", " + flag + ")");
    return out;
  }

  /// The next number, as wide as the last one, where versions are numbers; else the time.
  static std::string next_version(const std::vector<Migration>& migrations) {
    constexpr std::uint64_t kFirstTime = 100'000'000;
    if (migrations.empty() || migrations.back().number >= kFirstTime) return time_stamp();
    std::string out = std::to_string(migrations.back().number + 1);
    const std::string& path = migrations.back().path;
    const std::size_t width = versioned::leading_digits(std::string_view(path).substr(path.rfind('/') + 1)).size();
    if (out.size() < width) out.insert(0, width - out.size(), '0');
    return out;
  }

  std::string folder_;
  versioned::TableName table_;
  ProjectSettings settings_;
};

constexpr versioned::FolderTool kTool = {
    folder_of, holds_migrations, "migrations",
    [](const Environment& environment, std::string folder) -> std::unique_ptr<versioned::Tool> {
      return std::make_unique<GolangMigrateTool>(environment, std::move(folder));
    }};

}  // namespace

bool detect_golang_migrate(const OpenRequest& request) { return versioned::detect(kTool, request); }

std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_golang_migrate_project(const OpenRequest& request) {
  return versioned::open(kTool, request);
}

}  // namespace bascule::formats::golang_migrate
