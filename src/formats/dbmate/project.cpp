#include "formats/dbmate/project.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "base/text.h"
#include "formats/new_file.h"
#include "formats/sql/revision_file.h"
#include "formats/sql_script.h"
#include "formats/versioned/environment.h"
#include "formats/versioned/problems.h"
#include "formats/versioned/project.h"

namespace bascule::formats::dbmate {

namespace {

namespace fs = std::filesystem;
using versioned::Environment;
using versioned::Ledger;
using versioned::Migration;

constexpr const char* kFolder = "db/migrations";
constexpr const char* kTemplate = "-- migrate:up\n\n\n-- migrate:down\n\n";

std::vector<std::string> folders_of(const Environment& environment) {
  std::vector<std::string> out;
  const std::string folders = environment.setting("migrations-dir", "DBMATE_MIGRATIONS_DIR", kFolder);
  for (const std::string_view one : split(folders, ','))
    if (!trim(one).empty()) out.push_back(environment.path(std::string(trim(one))));
  return out;
}

/// dbmate's spelling of SQLite's files: "sqlite:relative", "sqlite:/absolute", also with more slashes; "sqlite3:".
std::string url_of(const std::string& text) {
  for (const std::string_view scheme : {"sqlite3:", "sqlite:"}) {
    if (!text.starts_with(scheme)) continue;
    std::string path = text.substr(scheme.size());
    if (path.starts_with("/")) path = "/" + path.substr(std::min(path.find_first_not_of('/'), path.size()));
    return versioned::sqlite_url(path);
  }
  return text;
}

/// dbmate refuses such a file when it comes to it; here nothing runs before all files are sound.
std::optional<Diagnostic> unsound(const SourceFilePtr& file, const std::vector<SectionMark>& marks) {
  const auto up = [](const SectionMark& mark) { return mark.direction == model::Direction::kUpgrade; };
  const auto first_up = std::find_if(marks.begin(), marks.end(), up);
  const std::string& path = file->path();
  if (first_up == marks.end()) return no_way_up(file);
  if (const std::size_t at = find_text_before(file->text(), first_up->line_begin); at != std::string_view::npos)
    return wrong_at(file, at, "statement-outside-section", path + " has a statement before \"-- migrate:up\"",
                    "move it below that line");
  if (first_up != marks.begin())
    return wrong_at(file, marks.front().line_begin, "sections-in-wrong-order",
                    path + " has \"-- migrate:down\" before \"-- migrate:up\"", "write the way up first");
  if (marks.size() < 2)
    return wrong_at(file, first_up->line_begin, "missing-down-section", path + " has no line \"-- migrate:down\"",
                    "write it at the file's end; nothing need follow it");
  if (marks.size() > 2)
    return wrong_at(file, marks[2].line_begin, "several-sections",
                    path + " has more than one \"-- migrate:" + (up(marks[2]) ? "up\"" : "down\""),
                    "put each into a file of its own");
  return std::nullopt;
}

class DbmateTool final : public versioned::Tool {
 public:
  explicit DbmateTool(const Environment& environment)
      : folders_(folders_of(environment)),
        table_(versioned::table_name_of(
            environment.setting("migrations-table", "DBMATE_MIGRATIONS_TABLE", "schema_migrations"))),
        strict_(environment.setting("strict", "DBMATE_STRICT", "false") == "true") {
    const std::string name = environment.option("env").value_or("DATABASE_URL");
    if (const auto url = environment.find(name)) {
      settings_.url = url_of(url->value);
      settings_.url_source = url->source;
    }
  }

  std::string format() const override { return "dbmate"; }
  std::string place() const override { return folders_.empty() ? "" : folders_.front(); }
  const ProjectSettings& settings() const override { return settings_; }

  std::vector<Migration> list(Diagnostics& diagnostics) const override {
    std::vector<std::pair<std::string, std::string>> files;
    for (const std::string& folder : folders_)
      for (std::string& name : versioned::file_names(folder, ".sql"))
        if (!versioned::leading_digits(name).empty()) files.emplace_back(name, versioned::in_folder(folder, name));
    std::sort(files.begin(), files.end());
    std::vector<Migration> out;
    std::map<std::string, std::string> paths;
    for (const auto& [name, path] : files) {
      Migration migration;
      migration.version = versioned::leading_digits(name);
      migration.title = name.substr(migration.version.size(), name.size() - migration.version.size() - 4);
      if (migration.title.starts_with("_")) migration.title.erase(0, 1);
      migration.path = path;
      const auto [first, fresh] = paths.try_emplace(migration.version, path);
      if (!fresh) {
        diagnostics.add(versioned::duplicate_version(migration.version, first->second, path));
        continue;
      }
      auto file = read_sql_file(path);
      if (!file) {
        diagnostics.add(std::move(file.error()));
        continue;
      }
      migration.file = std::move(*file);
      out.push_back(std::move(migration));
    }
    return out;
  }

  Evaluation read_body(const Migration& migration, model::Direction direction,
                       const std::string& dialect) const override {
    Evaluation out;
    const std::vector<SectionMark> marks = section_marks(migration.file->text());
    if (auto wrong = unsound(migration.file, marks)) {
      out.diagnostics.add(std::move(*wrong));
      return out;
    }
    const bool up = direction == model::Direction::kUpgrade;
    const SectionMark& mark = marks[up ? 0 : 1];
    const Stretch stretch = section_below(migration.file, marks, up ? 0 : 1);
    // dbmate wants the line, so that it says nothing by itself; a comment below it does.
    const std::string_view body = migration.file->text().substr(stretch.begin, stretch.end - stretch.begin);
    out.unwritten = !up && trim(body).empty();
    // dbmate sends a section as one text: without a transaction PostgreSQL makes one of it.
    Statements statements = statements_of(
        stretch, dialect, without_transaction(mark.options) ? Grouping::kTogether : Grouping::kInTransaction);
    out.operations = std::move(statements.operations);
    out.diagnostics = std::move(statements.diagnostics);
    return out;
  }

  versioned::TableName table() const override { return table_; }

  db::DbResult<Ledger> read_rows(db::Connection& connection) const override {
    BASCULE_TRY_ASSIGN(auto rows, connection.query("SELECT version FROM " + versioned::quoted_name(table_)));
    Ledger out;
    for (auto& row : rows.rows) out.rows.push_back({row.at(0).value_or(""), ""});
    std::sort(out.rows.begin(), out.rows.end(),
              [](const versioned::Row& a, const versioned::Row& b) { return a.version < b.version; });
    out.count = out.rows.size();
    return out;
  }

  void record(const versioned::Step& step, Ledger& ledger) const override {
    Tool::record(step, ledger);
    std::sort(ledger.rows.begin(), ledger.rows.end(),
              [](const versioned::Row& a, const versioned::Row& b) { return a.version < b.version; });
  }

  std::vector<std::string> create_sql(const std::string& dialect) const override {
    std::vector<std::string> out;
    const bool sqlite = dialect == "sqlite";
    if (!sqlite && !table_.schema.empty())
      out.push_back("CREATE SCHEMA IF NOT EXISTS " + versioned::quoted_name(table_.schema));
    // Letter by letter what dbmate makes: SQLite keeps the text.
    out.push_back("create table if not exists " + versioned::quoted_name(table_) +
                  (sqlite ? " (version varchar(128) primary key)" : " (version varchar primary key)"));
    return out;
  }

  versioned::HistorySql history_sql(const versioned::Step& step, const std::string& /*dialect*/) const override {
    const std::string version = versioned::quoted_value(step.migration.version);
    const std::string table = versioned::quoted_name(table_);
    if (step.direction == model::Direction::kUpgrade)
      return {{"insert into " + table + " (version) values (" + version + ")"}, {}};
    return {{"delete from " + table + " where version = " + version}, {}};
  }

  Refusal obstacles(const std::vector<Migration>& migrations, const Ledger& ledger,
                    model::Direction direction) const override {
    Refusal out;
    for (const versioned::Row& row : ledger.rows) {
      const bool known = std::any_of(migrations.begin(), migrations.end(),
                                     [&](const Migration& one) { return one.version == row.version; });
      // dbmate passes over them in silence.
      if (!known) out.database.add(versioned::version_without_file(row.version, place(), Severity::kWarning));
    }
    if (strict_ && direction == model::Direction::kUpgrade) {
      const auto late = versioned::out_of_order(*this, migrations, ledger);
      if (!late.empty())
        out.database.add(
            versioned::runs_out_of_order(late, "give them new versions, or leave out --strict to run them now"));
    }
    return out;
  }

  Result<std::vector<std::string>, Diagnostic> write(const std::string& name,
                                                     const std::vector<Migration>& /*migrations*/) const override {
    if (trim(name).empty()) return failure(usage("the new migration needs a name", "bascule new create_users"));
    if (name.find('/') != std::string::npos)
      return failure(usage("a migration's name holds no '/'", "bascule new create_users"));
    const std::string path = versioned::in_folder(place(), time_stamp() + "_" + name + ".sql");
    BASCULE_TRY(write_new_file(path, kTemplate));
    return std::vector<std::string>{path};
  }

 private:
  std::vector<std::string> folders_;
  versioned::TableName table_;
  bool strict_;
  ProjectSettings settings_;
};

}  // namespace

bool detect_dbmate(const OpenRequest& request) {
  for (const std::string& folder : folders_of(Environment(request))) {
    for (const std::string& name : versioned::file_names(folder, ".sql")) {
      if (versioned::leading_digits(name).empty()) continue;
      const auto file = read_sql_file(versioned::in_folder(folder, name));
      if (!file) continue;
      // Each file of a project has the line; one tells of all.
      return !section_marks((*file)->text()).empty() && !sql::has_header((*file)->text());
    }
  }
  return false;
}

std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_dbmate_project(const OpenRequest& request) {
  if (!request.format && !detect_dbmate(request)) return std::nullopt;
  return Result<std::unique_ptr<Project>, Diagnostic>(
      versioned::make_project(std::make_unique<DbmateTool>(Environment(request))));
}

}  // namespace bascule::formats::dbmate
