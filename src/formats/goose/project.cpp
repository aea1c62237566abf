#include "formats/goose/project.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "formats/goose/script.h"
#include "formats/new_file.h"
#include "formats/sql_script.h"
#include "formats/versioned/environment.h"
#include "formats/versioned/problems.h"
#include "formats/versioned/project.h"

namespace bascule::formats::goose {

namespace {

using versioned::Environment;
using versioned::Ledger;
using versioned::Migration;

constexpr const char* kTemplate = "-- +goose Up\nSELECT 'up SQL query';\n\n-- +goose Down\nSELECT 'down SQL query';\n";

/// The version of a file that goose would take for a migration.
std::optional<std::uint64_t> version_of(const std::string& name) {
  const std::string_view digits = versioned::leading_digits(name);
  if (name.ends_with("_test.go") || name.substr(digits.size(), 1) != "_") return std::nullopt;
  const auto number = versioned::number_of(digits);
  return number && *number > 0 ? number : std::nullopt;
}

bool holds_goose(const std::string& folder) {
  for (const std::string& name : versioned::file_names(folder, ".sql")) {
    if (!version_of(name)) continue;
    const auto text = read_file(versioned::in_folder(folder, name));
    // goose refuses files without the line: one tells of all.
    if (text) return is_goose_script(*text);
  }
  for (const std::string& name : versioned::file_names(folder, ".go")) {
    if (!version_of(name)) continue;
    const auto text = read_file(versioned::in_folder(folder, name));
    if (text && text->find("pressly/goose") != std::string::npos) return true;
  }
  return false;
}

/// The folder that was named, else the first of the usual ones that holds migrations; empty: none does.
std::string folder_of(const Environment& environment) {
  const std::string named = environment.setting("dir", "GOOSE_MIGRATION_DIR", "");
  if (!named.empty()) return environment.path(named);
  for (const char* usual : {".", "migrations", "db/migrations", "sql/migrations"}) {
    std::string folder = environment.path(usual);
    if (holds_goose(folder)) return folder;
  }
  return "";
}

class GooseTool final : public versioned::Tool {
 public:
  GooseTool(const Environment& environment, std::string folder)
      : folder_(std::move(folder)),
        table_(versioned::table_name_of(environment.setting("table", "GOOSE_TABLE", "goose_db_version"))),
        allow_missing_(environment.option("allow-missing") == "true"),
        sequential_(environment.option("sequential") == "true"),
        environment_(environment.all()) {
    const auto driver = environment.find("GOOSE_DRIVER");
    const auto place = environment.find("GOOSE_DBSTRING");
    if (!driver || !place) return;
    settings_.url = driver->value.starts_with("sqlite") ? versioned::sqlite_url(place->value) : place->value;
    settings_.url_source = place->source;
  }

  std::string format() const override { return "goose"; }
  std::string place() const override { return folder_; }
  const ProjectSettings& settings() const override { return settings_; }

  std::vector<Migration> list(Diagnostics& diagnostics) const override {
    std::vector<std::string> names = versioned::file_names(folder_, ".sql");
    for (std::string& name : versioned::file_names(folder_, ".go")) names.push_back(std::move(name));
    std::map<std::uint64_t, Migration> sorted;
    for (const std::string& name : names) {
      const auto version = version_of(name);
      if (!version) continue;
      Migration migration;
      migration.number = *version;
      migration.version = std::to_string(*version);
      const std::size_t digits = versioned::leading_digits(name).size();
      migration.title = name.substr(digits + 1, name.rfind('.') - digits - 1);
      migration.path = versioned::in_folder(folder_, name);
      migration.runs_code = name.ends_with(".go");
      if (const auto other = sorted.find(*version); other != sorted.end()) {
        diagnostics.add(versioned::duplicate_version(migration.version, other->second.path, migration.path));
        continue;
      }
      if (!migration.runs_code) {
        auto file = read_sql_file(migration.path);
        if (!file) {
          diagnostics.add(std::move(file.error()));
          continue;
        }
        migration.file = std::move(*file);
      }
      sorted.emplace(*version, std::move(migration));
    }
    std::vector<Migration> out;
    for (auto& [version, migration] : sorted) out.push_back(std::move(migration));
    return out;
  }

  Evaluation read_body(const Migration& migration, model::Direction direction,
                       const std::string& dialect) const override {
    Evaluation out;
    GooseScript script = read_script(migration.file, environment_);
    out.diagnostics = std::move(script.diagnostics);
    const bool up = direction == model::Direction::kUpgrade;
    out.unwritten = !up && !script.has_down;
    const Grouping grouping = script.transaction ? Grouping::kInTransaction : Grouping::kOutside;
    for (const Chunk& chunk : up ? script.up : script.down) {
      Statements statements = chunk.text.empty()
                                  ? statements_of({migration.file, chunk.begin, chunk.end}, dialect, grouping)
                                  : substituted(migration, chunk, dialect, grouping);
      std::move(statements.operations.begin(), statements.operations.end(), std::back_inserter(out.operations));
      out.diagnostics.append(std::move(statements.diagnostics));
    }
    return out;
  }

  std::string normalised(const std::string& version) const override {
    const auto number = versioned::number_of(version);
    return number ? std::to_string(*number) : version;
  }

  versioned::TableName table() const override {
    // PostgreSQL makes the letters of an unquoted name small.
    return {to_lower_ascii(table_.schema), to_lower_ascii(table_.table)};
  }

  /// The newest row of a version decides; old versions of goose wrote a second one when a migration was taken back.
  db::DbResult<Ledger> read_rows(db::Connection& connection) const override {
    BASCULE_TRY_ASSIGN(auto rows, connection.query("SELECT version_id, CASE WHEN is_applied THEN 1 ELSE 0 END, "
                                                   "CAST(tstamp AS VARCHAR(19)) FROM " +
                                                   versioned::spelled_name(table_) + " ORDER BY id"));
    Ledger out;
    out.count = rows.rows.size();
    for (const auto& row : rows.rows) {
      const std::string version = row.at(0).value_or("");
      const auto older = std::find_if(out.rows.begin(), out.rows.end(),
                                      [&](const versioned::Row& one) { return one.version == version; });
      if (older != out.rows.end()) out.rows.erase(older);
      if (row.at(1) == "1" && version != "0") out.rows.push_back({version, row.at(2).value_or("")});
    }
    return out;
  }

  std::vector<std::string> create_sql(const std::string& dialect) const override {
    // Letter by letter what goose makes: SQLite keeps the text.
    const std::string columns = dialect == "sqlite" ? "\t\tid INTEGER PRIMARY KEY AUTOINCREMENT,\n"
                                                      "\t\tversion_id INTEGER NOT NULL,\n"
                                                      "\t\tis_applied INTEGER NOT NULL,\n"
                                                      "\t\ttstamp TIMESTAMP DEFAULT (datetime('now'))\n"
                                                    : "\t\tid integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,\n"
                                                      "\t\tversion_id bigint NOT NULL,\n"
                                                      "\t\tis_applied boolean NOT NULL,\n"
                                                      "\t\ttstamp timestamp NOT NULL DEFAULT now()\n";
    return {"CREATE TABLE " + versioned::spelled_name(table_) + " (\n" + columns + "\t)", insert("0", dialect)};
  }
  std::size_t rows_at_first() const override { return 1; }

  versioned::HistorySql history_sql(const versioned::Step& step, const std::string& dialect) const override {
    const std::string& version = step.migration.version;
    if (step.direction == model::Direction::kUpgrade) return {{insert(version, dialect)}, {}};
    return {{"DELETE FROM " + versioned::spelled_name(table_) + " WHERE version_id=" + version}, {}};
  }

  Refusal obstacles(const std::vector<Migration>& migrations, const Ledger& ledger,
                    model::Direction direction) const override {
    Refusal out;
    const bool up = direction == model::Direction::kUpgrade;
    for (const versioned::Row& row : ledger.rows) {
      const bool known = std::any_of(migrations.begin(), migrations.end(),
                                     [&](const Migration& one) { return one.version == row.version; });
      const bool current = &row == &ledger.rows.back();
      // Where the database stands there is no way down without the file; elsewhere goose does not look.
      if (!known)
        out.database.add(versioned::version_without_file(row.version, folder_,
                                                         current && !up ? Severity::kError : Severity::kWarning));
    }
    if (!up) return out;
    if (!allow_missing_) {
      const auto late = versioned::out_of_order(*this, migrations, ledger);
      if (!late.empty())
        out.database.add(versioned::runs_out_of_order(
            late, "give them new versions, or run them now with --set allow-missing=true (goose's --allow-missing)"));
    }
    return out;
  }

  Result<std::vector<std::string>, Diagnostic> write(const std::string& name,
                                                     const std::vector<Migration>& migrations) const override {
    const std::string snake = snake_case(name);
    if (snake.empty()) return failure(usage("the new migration needs a name", "bascule create add_users sql"));
    std::string version = time_stamp();
    if (sequential_) {
      // Versions that are times do not count.
      constexpr std::size_t kTimeDigits = 14;
      std::uint64_t last = 0;
      for (const Migration& migration : migrations)
        if (migration.version.size() != kTimeDigits) last = migration.number;
      version = std::to_string(last + 1);
      if (version.size() < 5) version.insert(0, 5 - version.size(), '0');
    }
    const std::string path = versioned::in_folder(folder_, version + "_" + snake + ".sql");
    BASCULE_TRY(write_new_file(path, kTemplate));
    return std::vector<std::string>{path};
  }

 private:
  std::string insert(const std::string& version, const std::string& dialect) const {
    return "INSERT INTO " + versioned::spelled_name(table_) + " (version_id, is_applied) VALUES (" + version +
           (dialect == "sqlite" ? ", 1)" : ", true)");
  }

  /// A chunk whose text is not the file's: its places are lines of the file.
  static Statements substituted(const Migration& migration, const Chunk& chunk, const std::string& dialect,
                                Grouping grouping) {
    const auto text = std::make_shared<const SourceFile>(migration.path, chunk.text);
    Statements out = statements_of({text, 0, chunk.text.size()}, dialect, grouping);
    const Position begin = migration.file->at(chunk.begin);
    for (model::AuthoredOperation& operation : out.operations) {
      operation.where.file = migration.file;
      operation.where.span = {begin, begin};
    }
    return out;
  }

  /// "Add Users!" as goose names a file: "add_users".
  static std::string snake_case(std::string_view name) {
    std::string out;
    for (const char c : name) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isalnum(byte) != 0 || byte >= 0x80)
        out += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
      else if (!out.empty() && out.back() != '_')
        out += '_';
    }
    while (!out.empty() && out.back() == '_') out.pop_back();
    return out;
  }

  std::string folder_;
  versioned::TableName table_;
  bool allow_missing_;
  bool sequential_;
  std::map<std::string, std::string> environment_;
  ProjectSettings settings_;
};

constexpr versioned::FolderTool kTool = {
    folder_of, holds_goose, ".",
    [](const Environment& environment, std::string folder) -> std::unique_ptr<versioned::Tool> {
      return std::make_unique<GooseTool>(environment, std::move(folder));
    }};

}  // namespace

bool detect_goose(const OpenRequest& request) { return versioned::detect(kTool, request); }

std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_goose_project(const OpenRequest& request) {
  return versioned::open(kTool, request);
}

}  // namespace bascule::formats::goose
