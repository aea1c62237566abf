// A lint's result in each form: what stands where, that nothing in a file's text breaks out of it, and limits.
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "report/lint.h"
#include "report/markdown.h"

namespace bascule::report {
namespace {

using nlohmann::json;
using safety::Finding;
using safety::Level;
using safety::LintResult;

const Style kPlain(false);

constexpr std::string_view kText =
    "-- a new index\n"
    "CREATE INDEX orders_user ON orders (user_id);\n"
    "ALTER TABLE orders ADD COLUMN note text;\n";

SourceFilePtr file_of(const std::string& path) { return std::make_shared<const SourceFile>(path, std::string(kText)); }

Location second_line(const SourceFilePtr& file) {
  const auto begin = static_cast<std::size_t>(kText.find("CREATE"));
  return {file, {file->at(begin), file->at(begin + 12)}};
}

Finding finding_in(const SourceFilePtr& file,
                   const std::string& message = "CREATE INDEX keeps writes to orders waiting") {
  Finding out;
  out.rule = "index-not-concurrent";
  out.message = message;
  out.why = "it holds SHARE on orders";
  out.help = "-- outside of a transaction\nCREATE INDEX CONCURRENTLY orders_user ON orders (user_id);";
  out.location = second_line(file);
  out.revision = "0002";
  out.path = file->path();
  out.table = {Identifier(), Identifier("orders")};
  out.statement = "CREATE INDEX orders_user ON orders (user_id)";
  out.fingerprint = "f1";
  return out;
}

safety::StatementView statement_of(const std::string& sql, std::size_t transaction) {
  safety::StatementView out;
  out.sql = sql;
  out.transaction = transaction;
  plan::LockUse lock;
  lock.relation = {Identifier(), Identifier("orders")};
  lock.mode = "SHARE";
  lock.blocks.writes = true;
  out.impact.locks.push_back(lock);
  out.impact.scans.push_back({lock.relation, plan::RelationKind::kTable, "to build the index"});
  return out;
}

/// Two migrations of 41 statements; the second is looked at, runs one statement, and has a way down.
LintResult one_finding() {
  LintResult out;
  const SourceFilePtr file = file_of("migrations/0002_index.sql");
  safety::RevisionView first;
  first.id = "0001";
  first.path = "migrations/0001_orders.sql";
  safety::RevisionView second;
  second.id = "0002";
  second.message = "index";
  second.path = file->path();
  second.selected = second.downgrade_written = true;
  second.upgrade_end = second.downgrade_begin = 1;
  second.downgrade_end = 2;
  second.left_over.emplace();
  out.chain.revisions = {first, second};
  out.chain.statements = {statement_of("CREATE INDEX orders_user ON orders (user_id)", 1),
                          statement_of("DROP INDEX orders_user", 1)};
  out.findings.push_back(finding_in(file));
  out.server = "PostgreSQL 15 (assumed)";
  out.revisions = 14;
  out.statements = 41;
  return out;
}

json parsed(const Json& value) { return json::parse(value.dump()); }

TEST(LintText, ShowsTheLineTheCauseAndTheSafeWay) {
  EXPECT_EQ(lint_text(one_finding(), kPlain),
            "migrations/0002_index.sql (0002: index)\n\n"
            "warning[index-not-concurrent]: CREATE INDEX keeps writes to orders waiting\n"
            " --> migrations/0002_index.sql:2:1\n"
            "  |\n"
            "2 | CREATE INDEX orders_user ON orders (user_id);\n"
            "  | ^^^^^^^^^^^^\n"
            "  = it holds SHARE on orders\n"
            "  = help:\n"
            "      -- outside of a transaction\n"
            "      CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n"
            "\n"
            "1 warning in 1 of 14 migrations, 41 statements; PostgreSQL 15 (assumed)\n"
            "`bascule explain RULE` tells why a rule says what it says, with examples\n");
}

TEST(LintText, SaysTheEstimateWithItsBasisAndWhatWasAssumed) {
  LintResult result = one_finding();
  result.findings[0].estimate =
      safety::Estimate{40, "about 40 s of blocked writes on orders (18 GB)", "pg_class: 18 GB"};
  result.findings[0].assumptions = {"orders has rows"};
  const std::string text = lint_text(result, kPlain);
  EXPECT_NE(text.find("  = about 40 s of blocked writes on orders (18 GB)\n  = basis: pg_class: 18 GB\n"
                      "  = assumed: orders has rows\n"),
            std::string::npos)
      << text;
}

TEST(LintText, CountsByLevelAndNamesEachFileOnce) {
  LintResult result = one_finding();
  const SourceFilePtr other = file_of("migrations/0003.sql");
  result.findings.push_back(result.findings[0]);
  result.findings.push_back(finding_in(other));
  result.findings[1].level = Level::kNote;
  result.findings[2].level = Level::kError;
  result.suppressed.push_back({result.findings[0], "small", false});
  result.suppressed.push_back({result.findings[0], "", true});
  const std::string text = lint_text(result, kPlain);
  EXPECT_NE(
      text.find("1 error, 1 warning, 1 note in 2 of 14 migrations, 41 statements (1 suppressed, 1 in the baseline); "
                "PostgreSQL 15 (assumed)\n"),
      std::string::npos)
      << text;
  EXPECT_EQ(text.find("(0002: index)"), text.rfind("(0002: index)"));
  EXPECT_NE(text.find("  = help: as said above\n"), std::string::npos) << text;
}

TEST(LintText, ShowsTheSqlOfACall) {
  LintResult result = one_finding();
  result.findings[0].statement = "ALTER TABLE orders ADD COLUMN nick text";
  EXPECT_NE(lint_text(result, kPlain).find("  = SQL: ALTER TABLE orders ADD COLUMN nick text\n"), std::string::npos);
}

TEST(LintText, NothingFound) {
  LintResult result = one_finding();
  result.findings.clear();
  EXPECT_EQ(lint_text(result, kPlain), "nothing found in 14 migrations, 41 statements; PostgreSQL 15 (assumed)\n");
}

TEST(LintText, WhatCouldNotBeReadIsSaid) {
  LintResult result = one_finding();
  result.findings.clear();
  result.problems.add({"sql-syntax", Severity::kError, "not understood", {}, "", "", {}});
  EXPECT_EQ(lint_text(result, kPlain),
            "error[sql-syntax]: not understood\n\n"
            "nothing found in 14 migrations, 41 statements, 1 problem reading them; PostgreSQL 15 (assumed)\n");
}

TEST(LintText, NothingInAFileDrivesTheTerminal) {
  LintResult result = one_finding();
  result.findings[0].message = "ALTER TABLE \x1b[31mt takes long";
  result.findings[0].statement = "ALTER TABLE \x1b[31mt\nADD x int";
  const std::string text = lint_text(result, kPlain);
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
}

TEST(LintJson, HasEveryField) {
  LintResult result = one_finding();
  result.findings[0].estimate = safety::Estimate{0.5, "half a second", "pg_class"};
  result.suppressed.push_back({finding_in(file_of("a.sql")), "forty rows", false});
  const json out = parsed(lint_json(result));
  EXPECT_EQ(out["format"], "bascule-lint");
  EXPECT_EQ(out["version"], 1);
  EXPECT_EQ(out["counts"]["warnings"], 1);
  EXPECT_EQ(out["counts"]["suppressed"], 1);
  const json finding = out["findings"][0];
  EXPECT_EQ(finding["place"], json::parse(R"({"file":"migrations/0002_index.sql","line":2,"column":1,"end_line":2,
                                              "end_column":13})"));
  EXPECT_EQ(finding["level"], "warning");
  EXPECT_EQ(finding["direction"], "upgrade");
  EXPECT_EQ(finding["table"], "orders");
  EXPECT_EQ(finding["estimate"]["seconds"], 0.5);
  EXPECT_EQ(finding["fingerprint"], "f1");
  EXPECT_EQ(out["suppressed"][0]["reason"], "forty rows");
  ASSERT_EQ(out["revisions"].size(), 1U);
  EXPECT_EQ(out["revisions"][0]["statements"][0]["impact"]["locks"][0]["mode"], "SHARE");
}

TEST(LintSarif, PlacesAreOneBasedAndRulesAreNumbered) {
  LintResult result = one_finding();
  result.findings[0].path = "my migrations/ü.sql";
  result.findings[0].location.file = file_of("./my migrations/ü.sql");
  result.suppressed.push_back({finding_in(file_of("a.sql")), "forty rows", false});
  result.suppressed.push_back({finding_in(file_of("b.sql")), "", true});
  const json run = parsed(lint_sarif(result))["runs"][0];
  ASSERT_EQ(run["tool"]["driver"]["rules"].size(), 1U);
  const json rule = run["tool"]["driver"]["rules"][0];
  EXPECT_EQ(rule["id"], "index-not-concurrent");
  EXPECT_EQ(rule["defaultConfiguration"]["level"], "warning");
  EXPECT_NE(rule["help"]["markdown"].get<std::string>().find("# index-not-concurrent"), std::string::npos);
  const json found = run["results"][0];
  const json place = found["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "my%20migrations/%C3%BC.sql");
  EXPECT_EQ(place["region"]["startLine"], 2);
  EXPECT_EQ(place["region"]["endColumn"], 13);
  EXPECT_EQ(found["ruleIndex"], 0);
  EXPECT_EQ(found["partialFingerprints"]["bascule/v1"], "f1");
  EXPECT_EQ(found["suppressions"], json::array());
  EXPECT_EQ(run["results"][1]["suppressions"][0]["kind"], "inSource");
  EXPECT_EQ(run["results"][1]["suppressions"][0]["justification"], "forty rows");
  EXPECT_EQ(run["results"][2]["suppressions"][0]["kind"], "external");
}

TEST(LintSarif, ProblemsAreNotifications) {
  LintResult result;
  result.problems.add({"sql-syntax", Severity::kError, "not understood", {}, "", "", {}});
  const json run = parsed(lint_sarif(result))["runs"][0];
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["descriptor"]["id"], "sql-syntax");
  EXPECT_EQ(run["results"], json::array());
}

TEST(LintGithub, EscapesWhatWouldEndTheCommand) {
  LintResult result = one_finding();
  Finding& one = result.findings[0];
  one.location.file = file_of("a,b:c%.sql");
  one.message = "100% of\nit: ::error::x, y";
  one.help.clear();
  one.why.clear();
  EXPECT_EQ(lint_github(result),
            "::warning file=a%2Cb%3Ac%25.sql,line=2,endLine=2,col=1,endColumn=13,title=index-not-concurrent::"
            "100%25 of%0Ait: ::error::x, y\n"
            "1 warning in 1 of 14 migrations, 41 statements; PostgreSQL 15 (assumed)\n");
}

TEST(LintGithub, ColumnsOnlyWithinOneLine) {
  LintResult result = one_finding();
  result.findings[0].level = Level::kNote;
  result.findings[0].location.span.end = result.findings[0].location.file->at(kText.size() - 2);
  EXPECT_EQ(lint_github(result).rfind("::notice file=migrations/0002_index.sql,line=2,endLine=3,title=", 0), 0U)
      << lint_github(result);
}

TEST(LintGitlab, HasWhatGitlabReads) {
  LintResult result = one_finding();
  result.findings[0].location.file = file_of("./a.sql");
  result.findings[0].level = Level::kError;
  result.findings.push_back(result.findings[0]);
  const json out = parsed(lint_gitlab(result));
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0], json::parse(R"({"description":
      "CREATE INDEX keeps writes to orders waiting; it holds SHARE on orders",
      "check_name":"index-not-concurrent","fingerprint":"f1","severity":"critical",
      "location":{"path":"a.sql","lines":{"begin":2}}})"));
  EXPECT_EQ(out[1]["fingerprint"], "f1-2");  // GitLab shows one of those with the same
}

TEST(LintMarkdown, TellsWhatAPullRequestNeeds) {
  const std::string text = lint_markdown(one_finding());
  for (const char* wanted :
       {"Database migration included: `0002_index.sql`.\nRun `bascule upgrade head` before testing; roll back with "
        "`bascule downgrade -1`.\n",
        "**1 warning in 1 of 14 migrations, 41 statements; PostgreSQL 15 (assumed)**\n", "### `0002_index.sql` index\n",
        "**Runs** 1 statement, in one transaction\n",
        "| 1 | `CREATE INDEX orders_user ON orders (user_id)` | SHARE on `orders`, writes wait | reads all of `orders` "
        "|\n",
        "- **warning** `index-not-concurrent` CREATE INDEX keeps writes to orders waiting (line 2)<br>it holds SHARE "
        "on "
        "orders\n",
        "  ```sql\n  -- outside of a transaction\n",
        "**Rolling back** The way down that is written runs 1 statement, in one transaction. Up and down again gives "
        "the "
        "schema of before.\n"})
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << "\nin\n" << text;
}

TEST(LintMarkdown, SaysWhenThereIsNoWayBack) {
  LintResult result = one_finding();
  safety::RevisionView& revision = result.chain.revisions[1];
  revision.downgrade_end = revision.downgrade_begin;
  revision.downgrade_written = false;
  revision.left_over.reset();
  std::string text = lint_markdown(result);
  EXPECT_NE(text.find("**Rolling back** There is no way down."), std::string::npos) << text;
  EXPECT_EQ(text.find("downgrade -1"), std::string::npos) << text;
  revision.downgrade_possible = false;
  EXPECT_NE(lint_markdown(result).find("undo it with a new migration"), std::string::npos);
}

TEST(LintMarkdown, StaysUnderGithubsLimitAndSaysSo) {
  LintResult result = one_finding();
  const Finding pattern = result.findings[0];
  result.findings.clear();
  result.chain.revisions.clear();
  for (std::size_t i = 0; i < 3000; ++i) {
    safety::RevisionView revision;
    revision.path = "migrations/" + std::to_string(i) + ".sql";
    revision.selected = true;
    revision.upgrade_end = 1;
    result.chain.revisions.push_back(revision);
    if (i < 2900) continue;
    Finding one = pattern;
    one.path = revision.path;
    result.findings.push_back(one);
  }
  const std::string text = lint_markdown(result);
  EXPECT_LE(text.size(), 65'536U);
  EXPECT_GT(text.size(), 60'000U);
  EXPECT_NE(text.find("_Cut: a comment on GitHub may have 65,536 characters. "), std::string::npos);
  for (std::size_t i = 2900; i < 3000; ++i)  // those with findings are kept
    EXPECT_NE(text.find("### `" + std::to_string(i) + ".sql`"), std::string::npos) << i;
}

TEST(LintMarkdown, ShortensBeforeItCuts) {
  LintResult result = one_finding();
  safety::RevisionView& revision = result.chain.revisions[1];
  const safety::StatementView pattern = result.chain.statements[0];
  result.chain.statements.assign(2000, pattern);
  revision.upgrade_begin = 0;
  revision.upgrade_end = revision.downgrade_begin = revision.downgrade_end = 2000;
  const std::string text = lint_markdown(result);
  EXPECT_LE(text.size(), 65'536U);
  EXPECT_NE(text.find("| | 1990 more | | |\n"), std::string::npos);
  EXPECT_NE(text.find("_Shortened: "), std::string::npos);
}

TEST(Markdown, TextStaysText) {
  EXPECT_EQ(markdown_text("a | b <script> *x* `y` [z](http://e) & @bob _c_ d_e\nf"),
            "a \\| b &lt;script&gt; \\*x\\* \\`y\\` \\[z](http://e) &amp; @\u200Bbob \\_c\\_ d_e f");
  EXPECT_EQ(markdown_text("`VALIDATE` of a*b", true), "`VALIDATE` of a\\*b");
  EXPECT_EQ(markdown_code("a `b` | c"), "``a `b` \\| c``");
  EXPECT_EQ(markdown_code("`b`"), "`` `b` ``");
  EXPECT_EQ(markdown_code("\xC3\xBC\xC3\xBC", 3), "`\xC3\xBC ...`");
  EXPECT_EQ(markdown_block("```\nx", "sql"), "````sql\n```\nx\n````\n");
}

TEST(ImpactText, SaysWhoWaitsAndWhy) {
  plan::Impact impact = statement_of("", 0).impact;
  impact.locks[0].why = "what the index is built over";
  impact.transaction = plan::TransactionNeed::kForbidden;
  impact.causes = {"an index is built"};
  EXPECT_EQ(impact_text(impact, kPlain),
            "locks       SHARE on orders, what the index is built over: keeps writes waiting\n"
            "reads whole orders (to build the index)\n"
            "transaction cannot run inside a transaction\n"
            "because     an index is built\n");
  EXPECT_EQ(impact_text({}, kPlain), "takes no lock that anybody else could wait for\n");
  const json out = parsed(impact_json(impact));
  EXPECT_EQ(out["locks"][0]["blocks"]["writes"], true);
  EXPECT_EQ(out["scans"][0]["relation"], "orders");
  EXPECT_EQ(out["transaction"], "forbidden");
  EXPECT_EQ(out["refused"], nullptr);
}

}  // namespace
}  // namespace bascule::report
