// Finding a project, its settings, its files; writing revisions; the version table's SQL.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/file.h"
#include "formats/alembic/project.h"
#include "formats/alembic/settings.h"
#include "formats/alembic/version_table.h"
#include "formats/alembic/write_revision.h"
#include "formats/slug.h"
#include "graph/graph.h"

namespace bascule::formats::alembic {
namespace {

namespace fs = std::filesystem;

class Folder : public testing::Test {
 protected:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "bascule-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() override { fs::remove_all(path_); }
  void put(const std::string& name, const std::string& text) const {
    const fs::path path = fs::path(path_) / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  std::string at(const std::string& name) const { return path_ + "/" + name; }
  Settings settings(const std::optional<std::string>& config = std::nullopt) const {
    auto found = find_settings(path_, config);
    if (!found || !*found) {
      ADD_FAILURE() << (found ? found->error().message : "nothing found");
      return {};
    }
    return std::move(**found);
  }
  std::vector<graph::Revision> revisions(Diagnostics& diagnostics) const {
    auto project = open_alembic_project(path_, std::nullopt, {});
    if (!project || !*project) return {};
    return (**project)->read_revisions(diagnostics);
  }
  std::string path_;
};

using SettingsTest = Folder;
using ProjectTest = Folder;
using WriteTest = Folder;

TEST_F(SettingsTest, NothingHere) { EXPECT_FALSE(find_settings(path_, std::nullopt)); }

TEST_F(SettingsTest, AlembicIni) {
  put("alembic.ini",
      "[alembic]\n# a comment\nscript_location = %(here)s/db\nfile_template = %%(year)d_%%(rev)s\n"
      "version_locations = %(here)s/one:%(here)s/two\npath_separator = os\ntruncate_slug_length = 10\n"
      "sqlalchemy.url = postgresql://u:p%%40w@h/d\n");
  const Settings found = settings();
  EXPECT_EQ(found.script_location, at("db"));
  EXPECT_EQ(found.version_locations, (std::vector<std::string>{at("one"), at("two")}));
  EXPECT_EQ(found.file_template, "%(year)d_%(rev)s");
  EXPECT_EQ(found.truncate_slug_length, 10U);
  EXPECT_EQ(found.url, "postgresql://u:p%40w@h/d");
  EXPECT_EQ(found.url_source, at("alembic.ini"));
}

TEST_F(SettingsTest, ThePlaceholderUrlIsNone) {
  put("alembic.ini", "[alembic]\nscript_location = db\nsqlalchemy.url = driver://user:pass@localhost/dbname\n");
  EXPECT_FALSE(settings().url);
}

TEST_F(SettingsTest, LegacySeparatorsAreBlanksAndCommas) {
  put("alembic.ini", "[alembic]\nscript_location = db\nversion_locations = a, b c\n");
  EXPECT_EQ(settings().version_locations, (std::vector<std::string>{at("a"), at("b"), at("c")}));
}

TEST_F(SettingsTest, LocationsOnLinesOfTheirOwn) {
  put("alembic.ini",
      "[alembic]\nscript_location = db\npath_separator = newline\nversion_locations =\n    a\n    b c\n");
  EXPECT_EQ(settings().version_locations, (std::vector<std::string>{at("a"), at("b c")}));
}

TEST_F(SettingsTest, APackagesFolder) {
  put("alembic.ini", "[alembic]\nscript_location = my.app:migrations\n");
  EXPECT_EQ(settings().script_location, at("my/app/migrations"));
}

TEST_F(SettingsTest, Pyproject) {
  put("pyproject.toml",
      "[tool.alembic]\nscript_location = '%(here)s/db'\nversion_locations = ['%(here)s/a', '%(here)s/b']\n");
  EXPECT_EQ(settings().version_locations, (std::vector<std::string>{at("a"), at("b")}));
  put("pyproject.toml", "[tool.black]\n");
  EXPECT_FALSE(find_settings(path_, std::nullopt));
}

TEST_F(SettingsTest, BasculeTomlComesFirst) {
  put("alembic.ini", "[alembic]\nscript_location = db\nsqlalchemy.url = sqlite:///a.db\n");
  put("bascule.toml",
      "url = 'sqlite:///b.db'\n[alembic]\nversion_table = 'v'\nevaluation_steps = 7\ntransaction_per_migration = "
      "false\n"
      "[alembic.naming]\nfk = 'fk_%(table_name)s'\n");
  const Settings found = settings();
  EXPECT_EQ(found.url, "sqlite:///b.db");
  EXPECT_EQ(found.version_table, "v");
  EXPECT_EQ(found.evaluation_steps, 7U);
  EXPECT_EQ(found.transaction_per_migration, false);
  EXPECT_EQ(found.naming.at("fk"), "fk_%(table_name)s");
  EXPECT_EQ(found.script_location, at("db"));
}

TEST_F(SettingsTest, FoldersAlone) {
  put("migrations/versions/a.py", "");
  EXPECT_EQ(settings().version_locations, std::vector<std::string>{at("migrations/versions")});
}

TEST_F(SettingsTest, EnvPy) {
  put("alembic.ini", "[alembic]\nscript_location = db\n");
  put("db/env.py",
      "context.configure(connection=c, version_table='mine', version_table_schema=S, "
      "transaction_per_migration=False)\n");
  const Settings found = settings();
  EXPECT_EQ(found.version_table, "mine");
  EXPECT_EQ(found.transaction_per_migration, false);
  ASSERT_EQ(found.notes.list().size(), 1U);
  EXPECT_EQ(found.notes.list()[0].code, "env-setting-unknown");
}

TEST_F(SettingsTest, Errors) {
  const auto code = [&](const std::optional<std::string>& config) {
    const auto found = find_settings(path_, config);
    return found && !*found ? found->error().code : "none";
  };
  EXPECT_EQ(code(at("no.ini")), "config-not-found");
  put("alembic.ini", "script_location = db\n");
  EXPECT_EQ(code(std::nullopt), "config-invalid");
  put("alembic.ini", "[alembic]\nscript_location = %(nothing)s\n");
  EXPECT_EQ(code(std::nullopt), "config-invalid");
  put("alembic.ini", "[alembic]\n");
  EXPECT_EQ(code(std::nullopt), "no-script-location");
  put("bascule.toml", "a = \n");
  EXPECT_EQ(code(std::nullopt), "config-invalid");
}

TEST_F(ProjectTest, ListsFilesAsAlembicDoes) {
  const std::string text = "down_revision = None\nrevision = '";
  for (const char* name : {"b.py", "a.py", "_c.py", ".d.py"})
    put(std::string("migrations/versions/") + name, text + name + "'\n");
  for (const char* name : {"__init__.py", ".#a.py", "a.pyc", "x.txt", "deep/z.py"})
    put(std::string("migrations/versions/") + name, "nonsense(");
  Diagnostics diagnostics;
  std::string ids;
  for (const auto& revision : revisions(diagnostics)) ids += revision.id + " ";
  EXPECT_EQ(ids, ".d.py _c.py a.py b.py ");
  EXPECT_TRUE(diagnostics.empty());
}

TEST_F(ProjectTest, BadFilesAreNamedAndTheRestIsRead) {
  put("migrations/versions/a.py", "revision = 'a'\ndown_revision = None\n");
  put("migrations/versions/ae10.py", "down_revision = 'a'\n");
  put("migrations/versions/b.py", "x = 1\n");
  put("migrations/versions/c.py", "revision = 'c'\n");
  put("migrations/versions/d.py", "revision = '\xff'\n");
  put("migrations/versions/e.py", "revision = 'e'\ndown_revision = '\n");
  fs::create_symlink("nowhere", at("migrations/versions/f.py"));
  Diagnostics diagnostics;
  std::string ids;
  for (const auto& revision : revisions(diagnostics)) ids += revision.id + " ";
  EXPECT_EQ(ids, "a ae10 ");
  std::string codes;
  for (const auto& diagnostic : diagnostics.list()) codes += diagnostic.code + " ";
  EXPECT_EQ(codes, "incomplete-revision-header incomplete-revision-header not-utf8 syntax-error unreadable-file ");
}

TEST_F(WriteTest, WritesWhatItReads) {
  put("alembic.ini", "[alembic]\nscript_location = db\n");
  auto project = open_alembic_project(path_, std::nullopt, {});
  ASSERT_TRUE(project && *project);
  NewRevision revision;
  revision.id = "ae10";
  revision.message = "Add the user's \"\"\"table\"\"\" \\o/";
  revision.create_date = "2025-01-15 10:30:00.000000";
  revision.down_revisions = {"b", "c"};
  revision.branch_labels = {"x"};
  const auto written = (**project)->write_revision(revision);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(*written, std::vector<std::string>{at("db/versions/ae10_add_the_user_s_table_o.py")});
  Diagnostics diagnostics;
  const auto read = (**project)->read_revisions(diagnostics);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].id, "ae10");
  EXPECT_EQ(read[0].down_revisions, revision.down_revisions);
  EXPECT_EQ(read[0].branch_labels, revision.branch_labels);
  EXPECT_EQ(read[0].create_date, "2025-01-15 10:30:00.000000");
  const auto again = (**project)->write_revision(revision);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "file-exists");
}

TEST_F(WriteTest, Slugs) {
  EXPECT_EQ(slug_of("Add Users' table!", 40), "add_users_table");
  EXPECT_EQ(slug_of("this is a really long name that is sure to be truncated", 40),
            "this_is_a_really_long_name_that_is_sure_");
  EXPECT_EQ(slug_of("", 40), "");
  EXPECT_EQ(slug_of("\xC3\x84rger \xE2\x80\x94 caf\xC3\xA9 \xF0\x9F\x98\x80", 40), "\xC3\x84rger_caf\xC3\xA9");
}

TEST_F(WriteTest, FileTemplates) {
  Settings settings;
  NewRevision revision;
  revision.id = "ab";
  revision.message = "M";
  revision.create_date = "2025-01-05 03:04:09.000000";
  settings.file_template = "%(year)d/%(month).2d_%(day).2d-%(hour)02d%(minute).2d%(second)d-%(rev)s%%%(slug)s";
  EXPECT_EQ(file_name_of(settings, revision).value_or("!"), "2025/01_05-03049-ab%m.py");
  settings.file_template = "%(who)s";
  ASSERT_FALSE(file_name_of(settings, revision));
}

TEST_F(WriteTest, SqlFilesAreTheBodies) {
  put("alembic.ini", "[alembic]\nscript_location = db\n");
  auto project = open_alembic_project(path_, std::nullopt, {});
  ASSERT_TRUE(project && *project);
  NewRevision revision;
  revision.id = "ae10";
  revision.message = "x";
  revision.create_date = "2025-01-15 10:30:00.000000";
  revision.sql_file = true;
  const auto written = (**project)->write_revision(revision);
  ASSERT_TRUE(written) << written.error().message;
  ASSERT_EQ(written->size(), 3U);
  Diagnostics diagnostics;
  auto read = (**project)->read_revisions(diagnostics);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_TRUE((**project)->evaluate(read[0], model::Direction::kUpgrade, {"sqlite", false}).operations.empty());
  std::filesystem::remove(path_ + "/db/versions/ae10_x.up.sql");
  const auto gone = (**project)->evaluate(read[0], model::Direction::kUpgrade, {"sqlite", false});
  ASSERT_EQ(gone.diagnostics.list().size(), 1U);
  EXPECT_EQ(gone.diagnostics.list()[0].code, "missing-sql-file");
  put("db/versions/ae10_x.up.sql", "create table t (a int);\n");
  const auto done = (**project)->evaluate(read[0], model::Direction::kUpgrade, {"sqlite", false});
  ASSERT_EQ(done.operations.size(), 1U);
  EXPECT_EQ(std::get<model::RawSql>(done.operations[0].operation).sql, "create table t (a int);\n");
}

TEST(VersionTable, Sql) {
  const VersionTable plain("alembic_version", "");
  EXPECT_EQ(plain.create_sql(),
            "CREATE TABLE alembic_version (\n    version_num VARCHAR(32) NOT NULL,\n"
            "    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)");
  graph::Revision a;
  a.id = "a'b";
  graph::Revision b;
  b.id = "c";
  b.down_revisions = {"a'b"};
  auto built = graph::RevisionGraph::build({a, b});
  ASSERT_FALSE(built.diagnostics.has_errors());
  const VersionTable odd("Versions", "my schema");
  EXPECT_EQ(
      odd.change_sql(built.graph, {graph::UpdateRow{graph::index_of(0), graph::index_of(1)}}),
      std::vector<std::string>{"UPDATE \"my schema\".\"Versions\" SET version_num = 'c' WHERE version_num = 'a''b'"});
  EXPECT_EQ(odd.table_name(), "my schema.Versions");
}

}  // namespace
}  // namespace bascule::formats::alembic
