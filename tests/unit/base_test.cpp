#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "base/box.h"
#include "base/check.h"
#include "base/diagnostic.h"
#include "base/file.h"
#include "base/identifier.h"
#include "base/overload.h"
#include "base/result.h"
#include "base/source.h"
#include "base/text.h"
#include "base/version.h"

namespace bascule {
namespace {

namespace fs = std::filesystem;

/// A fresh folder, removed at the end of the test.
class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "bascule-base-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::size_t file_count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}));
  }

 private:
  fs::path folder_;
};

TEST(Utf8, AcceptsWhatIsValid) {
  for (const std::string text : {"", "plain", "h\xC3\xA9llo", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF",
                                 "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(invalid_utf8(text), std::nullopt) << text;
  }
  EXPECT_EQ(invalid_utf8(std::string_view("a\0b", 3)), std::nullopt);
}

TEST(Utf8, FindsTheFirstBadByte) {
  EXPECT_EQ(invalid_utf8("ab\xFF"), 2U);
  EXPECT_EQ(invalid_utf8("\x80"), 0U) << "a continuation byte alone";
  EXPECT_EQ(invalid_utf8("x\xC0\x80"), 1U) << "overlong";
  EXPECT_EQ(invalid_utf8("x\xE0\x9F\x80"), 1U) << "overlong";
  EXPECT_EQ(invalid_utf8("x\xF0\x8F\x80\x80"), 1U) << "overlong";
  EXPECT_EQ(invalid_utf8("x\xED\xA0\x80"), 1U) << "surrogate";
  EXPECT_EQ(invalid_utf8("x\xF4\x90\x80\x80"), 1U) << "above U+10FFFF";
  EXPECT_EQ(invalid_utf8("caf\xC3"), 3U) << "cut off";
  EXPECT_EQ(invalid_utf8("\xE2\x82"), 0U) << "cut off";
  EXPECT_EQ(invalid_utf8("\xE2\x82g"), 0U);
}

TEST(Utf8, CountsCharacters) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), 4U);
}

TEST(Text, Trims) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, SplitsAndJoins) {
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Text, ReplacesAll) {
  EXPECT_EQ(replace_all("a.b.c", ".", "::"), "a::b::c");
  EXPECT_EQ(replace_all("aaa", "aa", "a"), "aa") << "what was replaced is not looked at again";
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
  EXPECT_EQ(replace_all("abc", "z", "x"), "abc");
}

TEST(Text, ComparesAsciiCase) {
  EXPECT_EQ(to_lower_ascii("AbZ\xC3\x89"), "abz\xC3\x89");
  EXPECT_TRUE(iequals_ascii("CurrenT", "current"));
  EXPECT_FALSE(iequals_ascii("current", "currents"));
  EXPECT_FALSE(iequals_ascii("@", "`"));
}

TEST(Text, SuggestsWhatIsNear) {
  const std::vector<std::string> commands = {"upgrade", "downgrade", "current", "history", "heads"};
  EXPECT_EQ(did_you_mean("upgrad", commands), "upgrade");
  EXPECT_EQ(did_you_mean("ugprade", commands), "upgrade") << "neighbours swapped";
  EXPECT_EQ(did_you_mean("HEADS", commands), "heads");
  EXPECT_EQ(did_you_mean("head", commands), "heads");
  EXPECT_EQ(did_you_mean("frobnicate", commands), std::nullopt);
  EXPECT_EQ(did_you_mean("Intger", {"INTEGER", "Integer"}), "Integer") << "the same capitals";
  EXPECT_EQ(did_you_mean("INTGER", {"INTEGER", "Integer"}), "INTEGER");
  EXPECT_EQ(did_you_mean("Intger", {"Integer", "INTEGER"}), "Integer") << "in any order";
  EXPECT_EQ(did_you_mean("x", {"y"}), std::nullopt) << "every letter is near every letter";
  EXPECT_EQ(did_you_mean("", commands), std::nullopt);
  EXPECT_EQ(did_you_mean("upgrade", {}), std::nullopt);
}

TEST(Text, Counts) {
  EXPECT_EQ(counted(0, "revision"), "0 revisions");
  EXPECT_EQ(counted(1, "revision"), "1 revision");
  EXPECT_EQ(counted(2, "revision"), "2 revisions");
}

TEST(Source, GivesLinesWithoutTheirEnds) {
  const SourceFile file("a.py", "one\r\ntwo\n\nfour");
  EXPECT_EQ(file.line(0), "");
  EXPECT_EQ(file.line(1), "one");
  EXPECT_EQ(file.line(2), "two");
  EXPECT_EQ(file.line(3), "");
  EXPECT_EQ(file.line(4), "four");
  EXPECT_EQ(file.line(5), "");
}

TEST(Source, FindsPositionsInCharacters) {
  const SourceFile file("a.py", "x\n\xC3\xA9=1\n");
  EXPECT_EQ(file.at(0), (Position{1, 1, 0}));
  EXPECT_EQ(file.at(1), (Position{1, 2, 1})) << "a line end belongs to its line";
  EXPECT_EQ(file.at(2), (Position{2, 1, 2}));
  EXPECT_EQ(file.at(4), (Position{2, 2, 4})) << "two bytes, one character";
  EXPECT_EQ(file.at(7), (Position{3, 1, 7}));
  EXPECT_EQ(file.at(1000), (Position{3, 1, 7})) << "clamped";
  EXPECT_EQ(SourceFile("e", "").at(0), (Position{1, 1, 0}));
  EXPECT_FALSE(Position{}.known());
}

TEST(Diagnostics, CountsErrorsOnly) {
  Diagnostics all;
  EXPECT_TRUE(all.empty());
  all.add({.code = "a", .severity = Severity::kWarning, .message = "careful"});
  EXPECT_FALSE(all.has_errors());
  Diagnostics more;
  more.add({.code = "b", .message = "wrong"});
  all.append(std::move(more));
  EXPECT_TRUE(all.has_errors());
  EXPECT_EQ(all.error_count(), 1U);
  EXPECT_EQ(all.list().at(1).code, "b");
}

TEST(Check, NamesPlaceAndCondition) {
  const int three = 3;
  EXPECT_NO_THROW(BASCULE_CHECK(three == 3, "fine"));
  try {
    BASCULE_CHECK(three == 4, "three is four");
    FAIL() << "did not throw";
  } catch (const InternalError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("base_test.cpp:"), std::string::npos) << text;
    EXPECT_NE(text.find("three is four (three == 4)"), std::string::npos) << text;
  }
}

Result<int, std::string> half(int number) {
  if (number % 2 != 0) return failure(std::string("odd"));
  return number / 2;
}

Result<int, std::string> quarter(int number) {
  BASCULE_TRY_ASSIGN(const int halved, half(number));
  BASCULE_TRY(half(halved));
  return half(halved);
}

TEST(Result, PassesFailuresUp) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error(), "odd");
  EXPECT_EQ(quarter(7).error(), "odd");
}

TEST(Box, HasValueSemantics) {
  Box<std::string> first(std::string("a"));
  Box<std::string> second = first;
  EXPECT_EQ(first, second);
  *second = "b";
  EXPECT_EQ(*first, "a");
  first = second;
  EXPECT_EQ(first->size(), 1U);
  EXPECT_EQ(*first, "b");
}

struct IntOnly {
  void operator()(int) const {}
};
struct Both {
  void operator()(int) const {}
  void operator()(const std::string&) const {}
};
static_assert(!kCovers<IntOnly, std::variant<int, std::string>>);
static_assert(kCovers<Both, std::variant<int, std::string>>);

TEST(Identifier, IsDisplayedWithItsSchema) {
  EXPECT_EQ(display({Identifier(), Identifier("users")}), "users");
  EXPECT_EQ(display({Identifier("app"), Identifier("users")}), "app.users");
  EXPECT_EQ(Identifier("a", true), Identifier("a")) << "how it is quoted is not part of the name";
}

TEST(Version, IsTheProjects) { EXPECT_EQ(version().find("unknown"), std::string_view::npos) << version(); }

TEST_F(FileTest, ReadsWhatWasWritten) {
  const std::string content("line\nwith \0 and \xFF\n", 18);
  ASSERT_TRUE(write_file_atomically(path("a"), content));
  EXPECT_EQ(read_file(path("a")).value(), content);
  ASSERT_TRUE(write_file_atomically(path("a"), ""));
  EXPECT_EQ(read_file(path("a")).value(), "");
  EXPECT_EQ(file_count(), 1U) << "no temporary file stays";
}

TEST_F(FileTest, ReadsFilesWithoutASize) { EXPECT_FALSE(read_file("/proc/self/status").value().empty()); }

TEST_F(FileTest, NamesTheFileThatCannotBeRead) {
  const auto missing = read_file(path("none"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "cannot read " + path("none") + ": No such file or directory");
  EXPECT_EQ(missing.error().error_number, ENOENT);
  EXPECT_EQ(read_file(path("")).error().error_number, EISDIR);
}

TEST_F(FileTest, RefusesToWriteIntoAMissingFolder) {
  const auto written = write_file_atomically(path("no/such/file"), "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "cannot write " + path("no/such/file") + ": No such file or directory");
}

TEST_F(FileTest, CreatesButDoesNotReplace) {
  ASSERT_TRUE(create_file_atomically(path("a"), "first"));
  const auto again = create_file_atomically(path("a"), "second");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().error_number, EEXIST);
  EXPECT_EQ(again.error().message, "cannot create " + path("a") + ": File exists");
  EXPECT_EQ(read_file(path("a")).value(), "first");
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(FileTest, KeepsModeAndSymbolicLink) {
  ASSERT_TRUE(write_file_atomically(path("a"), "x"));
  ASSERT_EQ(::chmod(path("a").c_str(), 0640), 0);
  fs::create_symlink(path("a"), path("link"));
  ASSERT_TRUE(write_file_atomically(path("link"), "y"));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("a")).value(), "y");
  struct stat status = {};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(FileTest, NewFilesObeyTheUmask) {
  const mode_t before = ::umask(027);
  const auto written = write_file_atomically(path("a"), "x");
  ::umask(before);
  ASSERT_TRUE(written);
  struct stat status = {};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

}  // namespace
}  // namespace bascule
