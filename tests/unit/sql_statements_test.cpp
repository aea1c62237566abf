#include "syntax/sql/statements.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace bascule::syntax::sql {

namespace {

using What = SplitProblem::What;

std::vector<std::string> texts(std::string_view script, Flavour flavour = Flavour::kPostgres) {
  std::vector<std::string> found;
  for (const auto& span : split(script, flavour).statements)
    found.push_back((span.kind == SpanKind::kClientCommand ? "client: " : "") + std::string(span.text));
  return found;
}

using Texts = std::vector<std::string>;

void expect_problem(std::string_view script, Flavour flavour, What what, std::uint32_t line, std::uint32_t column) {
  const Script result = split(script, flavour);
  ASSERT_TRUE(result.problem) << script;
  EXPECT_EQ(result.problem->what, what) << script;
  EXPECT_EQ(result.problem->begin.line, line) << script;
  EXPECT_EQ(result.problem->begin.column, column) << script;
  EXPECT_FALSE(describe(what).empty());
}

/// Every byte is in one span or in one gap, in order, and a gap holds no statement.
void expect_whole(std::string_view script, Flavour flavour) {
  std::string whole;
  const char* at = script.data();
  for (const auto& span : split(script, flavour).statements) {
    ASSERT_GE(span.leading.data(), at);
    ASSERT_EQ(span.leading.data() + span.leading.size(), span.text.data());
    ASSERT_FALSE(span.text.empty());
    ASSERT_EQ(span.begin.offset, static_cast<std::size_t>(span.text.data() - script.data()));
    whole.append(at, span.text.data() + span.text.size());
    at = span.text.data() + span.text.size();
    if (span.copy_from_stdin) {
      ASSERT_TRUE(span.copy_data.empty() || span.copy_data.data() >= at);
    }
  }
  whole.append(at, script.data() + script.size());
  EXPECT_EQ(whole, script);
}

}  // namespace

TEST(SplitPostgres, PlainStatements) {
  EXPECT_EQ(texts("a; b ;\n\n c"), (Texts{"a", "b", "c"}));
  EXPECT_EQ(texts(""), Texts{});
  EXPECT_EQ(texts(" ;; -- only\n ; /* comments */ "), Texts{});
  EXPECT_EQ(texts("\xEF\xBB\xBFSELECT 1;"), (Texts{"SELECT 1"}));
  EXPECT_EQ(texts("SELECT 1 -- one; still\n + 2; SELECT 3"), (Texts{"SELECT 1 -- one; still\n + 2", "SELECT 3"}));
}

TEST(SplitPostgres, QuotesAndComments) {
  EXPECT_EQ(texts("a ';' b; c"), (Texts{"a ';' b", "c"}));
  EXPECT_EQ(texts("a 'it''s;' b; c"), (Texts{"a 'it''s;' b", "c"}));
  EXPECT_EQ(texts("a '\\'; c"), (Texts{"a '\\'", "c"}));
  EXPECT_EQ(texts("a E'\\';' ; c"), (Texts{"a E'\\';'", "c"}));
  EXPECT_EQ(texts("a U&'\\' ; c"), (Texts{"a U&'\\'", "c"}));
  EXPECT_EQ(texts("a \";\"\";\"; c"), (Texts{"a \";\"\";\"", "c"}));
  EXPECT_EQ(texts("a $$;$$; b $x$ $$ ; $y$ $x$; c"), (Texts{"a $$;$$", "b $x$ $$ ; $y$ $x$", "c"}));
  EXPECT_EQ(texts("a $1; b$x$; c$x$"), (Texts{"a $1", "b$x$", "c$x$"}));
  EXPECT_EQ(texts("a /* ; /* ; */ ; */ b; c"), (Texts{"a /* ; /* ; */ ; */ b", "c"}));
  EXPECT_EQ(texts("type'x;'; c"), (Texts{"type'x;'", "c"}));
}

TEST(SplitPostgres, Bodies) {
  const std::string atomic =
      "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END";
  EXPECT_EQ(texts(atomic + "; SELECT 1"), (Texts{atomic, "SELECT 1"}));
  EXPECT_EQ(texts("BEGIN; CREATE TABLE t (a int); END; c"), (Texts{"BEGIN", "CREATE TABLE t (a int)", "END", "c"}));
  EXPECT_EQ(texts("CREATE RULE r AS ON INSERT TO t DO (a; b); c"),
            (Texts{"CREATE RULE r AS ON INSERT TO t DO (a; b)", "c"}));
  EXPECT_EQ(texts("a ); b"), (Texts{"a )", "b"}));
}

TEST(SplitPostgres, CopyAndCommandsOfPsql) {
  const Script script = split("COPY t (a) FROM stdin;\n1;2\n'\n\\.\nSELECT 1;", Flavour::kPostgres);
  ASSERT_EQ(script.statements.size(), 2U);
  EXPECT_FALSE(script.problem);
  EXPECT_TRUE(script.statements[0].copy_from_stdin);
  EXPECT_EQ(script.statements[0].copy_data, "1;2\n'\n");
  EXPECT_EQ(script.statements[1].text, "SELECT 1");
  EXPECT_EQ(script.statements[1].begin.line, 5U);

  const Script windows = split("COPY t FROM STDIN;\r\n1\r\n\\.\r\nb", Flavour::kPostgres);
  ASSERT_EQ(windows.statements.size(), 2U);
  EXPECT_EQ(windows.statements[0].copy_data, "1\r\n");

  EXPECT_FALSE(split("COPY t FROM 'stdin';\nx;", Flavour::kPostgres).statements[0].copy_from_stdin);
  EXPECT_FALSE(split("COPY (SELECT 1 FROM stdin) TO STDOUT;\nx;", Flavour::kPostgres).statements[0].copy_from_stdin);
  EXPECT_EQ(texts("\\connect it's;\nSELECT 1;\n  \\set x\nb"),
            (Texts{"client: \\connect it's;", "SELECT 1", "client: \\set x", "b"}));
  EXPECT_EQ(texts("SELECT 1 \\gset\nb"), (Texts{"client: SELECT 1 \\gset", "b"}));
}

TEST(SplitSqlite, Statements) {
  const auto split_texts = [](std::string_view script) { return texts(script, Flavour::kSqlite); };
  EXPECT_EQ(split_texts("a [;] ; b `;` ; c \";\" ; d ';'"), (Texts{"a [;]", "b `;`", "c \";\"", "d ';'"}));
  EXPECT_EQ(split_texts("a /* /* ; */ b; c"), (Texts{"a /* /* ; */ b", "c"}));
  EXPECT_EQ(split_texts("a '\\'; b"), (Texts{"a '\\'", "b"}));
  const std::string trigger = "CREATE TEMP TRIGGER t AFTER INSERT ON x BEGIN SELECT CASE WHEN 1 THEN 2 END; b; END";
  EXPECT_EQ(split_texts(trigger + "; c"), (Texts{trigger, "c"}));
  EXPECT_EQ(split_texts("CREATE TABLE trigger_ (a); b"), (Texts{"CREATE TABLE trigger_ (a)", "b"}));
  EXPECT_EQ(split_texts("BEGIN; a; END; b"), (Texts{"BEGIN", "a", "END", "b"}));
  EXPECT_FALSE(split("a /* to the end", Flavour::kSqlite).problem);
}

TEST(SplitMysql, Statements) {
  const auto split_texts = [](std::string_view script) { return texts(script, Flavour::kMysql); };
  EXPECT_EQ(split_texts("a '\\';' ; b \"\\\";\" ; c `;` # ;\n; d -- ;\n; e --1; f"),
            (Texts{"a '\\';'", "b \"\\\";\"", "c `;`", "d", "e --1", "f"}));
  EXPECT_EQ(split_texts("DELIMITER //\nCREATE PROCEDURE p() BEGIN a; b; END//\ndelimiter ;\nc; d"),
            (Texts{"client: DELIMITER //", "CREATE PROCEDURE p() BEGIN a; b; END", "client: delimiter ;", "c", "d"}));
  EXPECT_EQ(split_texts("DELIMITER $$\r\nBEGIN a; END$$\r\nDELIMITER ;\r\nb;"),
            (Texts{"client: DELIMITER $$", "BEGIN a; END", "client: DELIMITER ;", "b"}));
  EXPECT_EQ(split_texts("/*!40101 SET a = 1 */; /*+ hint */ b; /* ; */"), (Texts{"/*!40101 SET a = 1 */", "b"}));
  EXPECT_EQ(split_texts("SELECT 'a' ';' ; c"), (Texts{"SELECT 'a' ';'", "c"}));
}

TEST(Split, UnclosedIsToldWhereItWasOpened) {
  expect_problem("a;\n b 'x", Flavour::kPostgres, What::kUnclosedString, 2, 4);
  expect_problem("a;\n\xC3\xA9 \"x", Flavour::kPostgres, What::kUnclosedQuotedName, 2, 3);
  expect_problem("a $$ $x$", Flavour::kPostgres, What::kUnclosedDollarQuote, 1, 3);
  expect_problem("a; /* /* */", Flavour::kPostgres, What::kUnclosedComment, 1, 4);
  expect_problem("a E'\\'", Flavour::kPostgres, What::kUnclosedString, 1, 3);
  expect_problem("COPY t FROM STDIN;\n1\n", Flavour::kPostgres, What::kUnclosedCopyData, 2, 1);
  expect_problem("COPY t FROM STDIN; b;\n\\.\n", Flavour::kPostgres, What::kTextAfterCopy, 1, 19);
  expect_problem("a [b", Flavour::kSqlite, What::kUnclosedQuotedName, 1, 3);
  expect_problem("a /*! b; c", Flavour::kMysql, What::kUnclosedComment, 1, 3);
  expect_problem("a 'b\\", Flavour::kMysql, What::kUnclosedString, 1, 3);
  // What was opened last reaches to the end: nothing is lost.
  EXPECT_EQ(texts("a; b 'c; d"), (Texts{"a", "b 'c; d"}));
}

TEST(Split, SpansAndGapsAreTheScript) {
  const std::vector<std::string> pieces = {"a",        ";",
                                           "'",        "\"",
                                           "$$",       "$x$",
                                           "/*",       "*/",
                                           "--",       "\n",
                                           "\\",       "E'",
                                           "[",        "]",
                                           "`",        "(",
                                           ")",        "BEGIN",
                                           "CREATE ",  "FUNCTION ",
                                           "END",      " ",
                                           "#",        "DELIMITER //\n",
                                           "//",       "COPY t FROM STDIN",
                                           "\\.\n",    "/*!",
                                           "TRIGGER ", "1e+",
                                           "\xC3\xA9", "\r\n",
                                           "CASE "};
  std::mt19937 random(20240117);  // NOLINT(cert-msc32-c, cert-msc51-cpp): the same scripts every time
  for (int round = 0; round < 20'000; ++round) {
    std::string script;
    for (std::size_t i = 0, length = random() % 20; i < length; ++i) script += pieces[random() % pieces.size()];
    for (const Flavour flavour : {Flavour::kPostgres, Flavour::kSqlite, Flavour::kMysql}) {
      expect_whole(script, flavour);
      EXPECT_EQ(is_single_statement(script, flavour), split(script, flavour).statements.size() <= 1) << script;
      if (HasFailure()) FAIL() << script;
    }
  }
}

TEST(Split, TakesLinearTime) {
  std::string script;
  for (int i = 0; i < 200'000; ++i) script += "$a" + std::to_string(i) + " (['/* ";
  for (const Flavour flavour : {Flavour::kPostgres, Flavour::kSqlite, Flavour::kMysql}) expect_whole(script, flavour);
}

}  // namespace bascule::syntax::sql
