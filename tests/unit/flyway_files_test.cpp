#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "formats/flyway/checksum.h"
#include "formats/flyway/encoding.h"
#include "formats/flyway/file_name.h"
#include "formats/flyway/placeholders.h"
#include "formats/flyway/project.h"
#include "formats/flyway/properties_file.h"
#include "formats/flyway/version.h"

namespace bascule::formats::flyway {
namespace {

std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\x") == 0 && i + 3 < text.size()) {
      out += static_cast<char>(std::strtol(text.substr(i + 2, 2).c_str(), nullptr, 16));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

TEST(FlywayChecksum, IsWhatFlywayWroteIntoItsHistoryTable) {
  std::ifstream file(BASCULE_SOURCE_DIR "/tests/data/flyway/checksums.txt");
  ASSERT_TRUE(file);
  std::string line;
  int count = 0;
  while (std::getline(file, line)) {
    if (line.starts_with('#')) continue;
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    const std::string encoding = line.substr(first + 1, second - first - 1);
    const auto text = decode(unescaped(line.substr(second + 1)), encoding);
    ASSERT_TRUE(text) << line;
    EXPECT_EQ(std::to_string(checksum_of(*text)), line.substr(0, first)) << line;
    ++count;
  }
  EXPECT_GT(count, 30);
}

TEST(FlywayVersion, ComparesNumbersOfAnySize) {
  const auto of = [](const char* text) { return *Version::parse(text); };
  EXPECT_EQ(of("1"), of("1.0.0"));
  EXPECT_EQ(of("001"), of("1"));
  EXPECT_EQ(of("1_2").text(), "1.2");
  EXPECT_EQ(of("001.20").text(), "001.20");
  EXPECT_LT(of("1.9"), of("1.10"));
  EXPECT_LT(of("1"), of("1.0.1"));
  EXPECT_LT(of("99999999999999999999"), of("100000000000000000000"));
  for (const char* bad : {"", "1.", ".1", "1..2", "a", "1.a", "-1", "1 "}) EXPECT_FALSE(Version::parse(bad)) << bad;
}

TEST(FlywayFileName, SaysWhatTheFileIs) {
  const Settings settings;
  const auto versioned = parse_file_name("V1_2__add__two_words.sql", settings);
  ASSERT_TRUE(versioned);
  EXPECT_EQ(versioned->kind, FileKind::kVersioned);
  EXPECT_EQ(versioned->version->text(), "1.2");
  EXPECT_EQ(versioned->description, "add  two words");
  EXPECT_EQ(parse_file_name("V3.SQL", settings)->description, "");
  EXPECT_EQ(parse_file_name("R__x.sql", settings)->kind, FileKind::kRepeatable);
  EXPECT_EQ(parse_file_name("U1__x.sql", settings)->kind, FileKind::kUndo);
  EXPECT_EQ(parse_file_name("B1__x.sql", settings)->kind, FileKind::kBaseline);
  const auto callback = parse_file_name("beforeEachMigrate__x.sql", settings);
  ASSERT_TRUE(callback);
  EXPECT_EQ(callback->event, "beforeEachMigrate");
  EXPECT_EQ(callback->stem, "beforeEachMigrate__x");
  for (const char* bad : {"Read.sql", "R1__x.sql", "V__x.sql", "Vx__y.sql", "x.sql", "beforeMigrateX.sql"})
    EXPECT_FALSE(parse_file_name(bad, settings)) << bad;
}

TEST(FlywayProperties, KeepBackslashesAndGoOnAfterOneAtTheEnd) {
  const auto values = parse_properties(
      "# note\n! note\n\nflyway.a = 1\nflyway.b:2\nflyway.c 3\nflyway.long=x,\\\n   y\nflyway.path=c:\\d\n"
      "flyway.dir=c:\\\nflyway.next=4\r\nflyway.a=5");
  const std::map<std::string, std::string> wanted = {
      {"flyway.a", "5"},        {"flyway.b", "2"},      {"flyway.c", "3"},   {"flyway.long", "x,y"},
      {"flyway.path", "c:\\d"}, {"flyway.dir", "c:\\"}, {"flyway.next", "4"}};
  EXPECT_EQ(values, wanted);
  EXPECT_EQ(expand_environment("a${B}c${NONE}d${e f}$", {{"B", "x"}}), "axcd${e f}$");
}

TEST(FlywayPlaceholders, AreReplacedEverywhereAndPlacesAreKept) {
  const PlaceholderRules rules{"${", "}", {{"name", "users"}, {"empty", ""}, {"dollar", "${name}"}}};
  const auto text = replace_placeholders("a ${NAME} b ${empty} c ${dollar} d", rules);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->text, "a users b  c ${name} d");
  EXPECT_EQ(text->original_offset(0), 0U);
  EXPECT_EQ(text->original_offset(text->text.find('b')), 10U);
  EXPECT_EQ(text->original_offset(text->text.find(" d")), 32U);
  EXPECT_EQ(replace_placeholders("x ${other} y", rules).error().name, "other");
  EXPECT_EQ(replace_placeholders("x ${other", rules).error().offset, 2U);
}

TEST(FlywayExpressions, CompareAndCombine) {
  for (const char* yes : {"true", "a==a", "a!=b", "false || a==a", "(a==b || b==b) && true", " x y == x y "})
    EXPECT_EQ(evaluate_expression(yes), true) << yes;
  for (const char* no : {"false", "a==b", "true && false", "(a==a) && b!=b"})
    EXPECT_EQ(evaluate_expression(no), false) << no;
  for (const char* bad : {"", "a", "a==a)", "(a==a", "&&"}) EXPECT_FALSE(evaluate_expression(bad)) << bad;
  EXPECT_FALSE(evaluate_expression(std::string(100000, '(')));
}

TEST(FlywayWords, BecomeBasculesOwn) {
  const auto translate = [](const Words& words) { return flyway_vocabulary().translate(words); };
  EXPECT_EQ(*translate({"migrate"}), (Words{"upgrade", "head"}));
  EXPECT_EQ(*translate({"-url=jdbc:sqlite:x", "-placeholders.a=b", "info", "-d", "folder"}),
            (Words{"status", "--table", "--set", "url=jdbc:sqlite:x", "--set", "placeholders.a=b", "-d", "folder"}));
  EXPECT_EQ(*translate({"undo", "-target=2"}), (Words{"downgrade", "-1", "--set", "undoTarget=2"}));
  EXPECT_EQ(*translate({"clean", "migrate"}), (Words{"reset"}));
  EXPECT_EQ(*translate({"-X", "migrate", "-outputType=json"}), (Words{"upgrade", "head", "--json"}));
  EXPECT_EQ(*translate({"history", "-v5"}), (Words{"history", "-v5"}));
  EXPECT_FALSE(translate({"repair", "migrate"}));
}

}  // namespace
}  // namespace bascule::formats::flyway
