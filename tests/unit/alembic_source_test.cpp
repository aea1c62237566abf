// Modules of the project as files: where they are found, what their top level binds, what is simple.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "formats/alembic/source_file.h"

namespace bascule::formats::alembic {
namespace {

namespace fs = std::filesystem;

class SourceFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::canonical(fs::temp_directory_path()) / ("bascule_source_" + std::to_string(::getpid()) + "_" +
                                                    ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }
  std::optional<ModulePlace> find(const std::string& dotted) { return find_module_file({folder_.string()}, dotted); }
  SourceModuleFile read(const std::string& dotted) {
    auto source = SourceModuleFile::read(*find(dotted), dotted);
    EXPECT_TRUE(source.has_value());
    return std::move(*source);
  }

  fs::path folder_;
};

TEST_F(SourceFileTest, FindsModulesPackagesAndFolders) {
  write("app/__init__.py", "");
  write("app/db.py", "");
  write("plain/types.py", "");
  EXPECT_TRUE(find("app")->is_package);
  EXPECT_TRUE(find("app")->path.ends_with("app/__init__.py"));
  EXPECT_FALSE(find("app.db")->is_package);
  EXPECT_TRUE(find("plain")->path.empty());
  EXPECT_TRUE(find("plain.types").has_value());
  EXPECT_FALSE(find("app.no").has_value());
  EXPECT_FALSE(find("").has_value());
  EXPECT_FALSE(find("app..db").has_value());
  EXPECT_FALSE(find("..app").has_value());
  EXPECT_FALSE(find("app/db").has_value());
}

TEST_F(SourceFileTest, LinksThatLeadOutAreNotFollowed) {
  write("inside/app/db.py", "");
  write("outside/secret.py", "");
  fs::create_symlink(folder_ / "outside", folder_ / "inside" / "linked");
  fs::create_symlink(folder_ / "outside" / "secret.py", folder_ / "inside" / "app" / "secret.py");
  fs::create_symlink(folder_ / "inside" / "app" / "db.py", folder_ / "inside" / "app" / "alias.py");
  const std::vector<std::string> roots = {(folder_ / "inside").string()};
  EXPECT_FALSE(find_module_file(roots, "linked.secret").has_value());
  EXPECT_FALSE(find_module_file(roots, "linked").has_value());
  EXPECT_FALSE(find_module_file(roots, "app.secret").has_value());
  EXPECT_TRUE(find_module_file(roots, "app.alias").has_value());
}

TEST_F(SourceFileTest, TopLevelBindings) {
  write("app/sub/mod.py",
        "from ..db import A, B as C\nfrom . import D\nimport x.y\nimport x.z as w\nE = 1\nF: int = 2\nG: int\n"
        "class H: pass\ndef i(): J = 1\nif E:\n    K = 1\nL = M = 3\nN, O = 1, 2\nE = 2\n");
  const SourceModuleFile source = read("app.sub.mod");
  using Kind = SourceModuleFile::Kind;
  const auto kind = [&](const char* name) { return source.bindings(name).at(0).kind; };
  for (const char* name : {"A", "C", "D", "x", "w"}) EXPECT_EQ(kind(name), Kind::kImport) << name;
  EXPECT_EQ(kind("F"), Kind::kAssignment);
  EXPECT_EQ(kind("H"), Kind::kClass);
  EXPECT_EQ(kind("i"), Kind::kFunction);
  EXPECT_EQ(kind("K"), Kind::kInBlock);
  EXPECT_EQ(kind("M"), Kind::kAssignment);
  EXPECT_EQ(kind("N"), Kind::kInBlock);
  EXPECT_EQ(source.bindings("E").size(), 2U);
  for (const char* name : {"G", "J", "B", "y", "nothing"}) EXPECT_TRUE(source.bindings(name).empty()) << name;
  const auto imported = [&](const char* name) {
    return std::get<syntax::python::ImportFrom>(source.bindings(name).at(0).statement->node).module;
  };
  EXPECT_EQ(imported("A"), "app.db");
  EXPECT_EQ(imported("D"), "app.sub");
}

TEST_F(SourceFileTest, ChangesElsewhere) {
  write("m.py",
        "A = [1]\nB = [1]\nC = {}\nD = 1\nE = 1\nF = 1\n# F = 2\nAB = A\nB.append(2)\nC['x'] = 1\nD += 1\n"
        "def f(F=3):\n    global E\n    E = 2\n    print(A == F, x.F)\n");
  const SourceModuleFile source = read("m");
  const auto changed = [&](const char* name) {
    return source.changed_at(name, *source.bindings(name).at(0).statement).value_or(0);
  };
  EXPECT_EQ(changed("A"), 0U);
  EXPECT_EQ(changed("B"), 9U);
  EXPECT_EQ(changed("C"), 10U);
  EXPECT_EQ(changed("D"), 11U);
  EXPECT_EQ(changed("E"), 13U);
  EXPECT_EQ(changed("F"), 0U);
}

TEST_F(SourceFileTest, StarImportsBehind) {
  write("m.py",
        "from a import *\nA = 1\ntry:\n    from local import *  # noqa\nexcept ImportError:\n    pass\nB = 2\n");
  const SourceModuleFile source = read("m");
  EXPECT_EQ(source.star_import_behind(*source.bindings("A").at(0).statement).value_or(0), 4U);
  EXPECT_FALSE(source.star_import_behind(*source.bindings("B").at(0).statement).has_value());
}

TEST_F(SourceFileTest, SimpleExpressions) {
  write("m.py",
        "S = [A + 1, {'x': -B['y']}, (C.D, f'{E}'), [x for x in F if x], 'a b'.split(), frozenset({1})]\n"
        "T = load()\nU = [os.getenv('X')]\nV = lambda: 1\nW = {'x': run(1)}\n");
  const SourceModuleFile source = read("m");
  const auto simple = [&](const char* name) {
    return is_simple(*std::get<syntax::python::Assign>(source.bindings(name).at(0).statement->node).value);
  };
  EXPECT_TRUE(simple("S"));
  for (const char* name : {"T", "U", "V", "W"}) EXPECT_FALSE(simple(name)) << name;
}

}  // namespace
}  // namespace bascule::formats::alembic
