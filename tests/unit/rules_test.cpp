// Every rule's record: its file, its name, and its examples judged as a project's migrations would be.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "safety/analyse.h"
#include "safety/rule.h"
#include "safety/suppressions.h"
#include "syntax/sql/comments.h"

namespace bascule::safety {
namespace {

namespace fs = std::filesystem;

/// Reads an example (see safety/rule.h) into a chain of migrations and judges it. A line "-- default= users.active"
/// stands for what SQL cannot say: sa.Column("active", default=...) in a revision of Alembic's.
class ExampleReader {
 public:
  ExampleReader(const Rule& rule, Example example)
      : dialect_(*dialects::find_dialect((rule.databases & kPostgres) != 0 ? "postgresql"
                                         : (rule.databases & kSqlite) != 0 ? "sqlite"
                                                                           : "mariadb")),
        file_(std::make_shared<const SourceFile>("example.sql", std::string(example))) {
    Chain chain;
    chain.dialect = &dialect_;
    chain.server.major = dialect_.name() == "sqlite" ? 3 : dialect_.name() == "mariadb" ? 10 : 15;
    if (dialect_.name() == "mariadb") chain.server.minor = 11;
    std::size_t at = 0;
    for (const std::string_view line : split(example, '\n')) {
      take(line, at, chain.server);
      at += line.size() + 1;
    }
    end_part(std::min(at, example.size()));
    end_migration();
    // Rules that are off unless asked for have been asked for.
    const LevelOf level_of = [](const Rule& one, const Finding&) {
      return one.level == Level::kOff ? Level::kNote : one.level;
    };
    Analysis analysis(std::move(chain), {}, level_of);
    for (Migration& one : migrations_) analysis.add(std::move(one));
    result_ = std::move(analysis).finish();
    suppress(result_, comments(), level_of);
  }

  std::vector<Finding> of(const Rule& rule) const {
    std::vector<Finding> out;
    for (const Finding& one : result_.findings)
      if (one.rule == rule.id) out.push_back(one);
    return out;
  }

 private:
  void take(std::string_view line, std::size_t at, dialects::Server& server) {
    constexpr std::string_view kMigration = "-- migration:";
    constexpr std::string_view kServer = "-- server:";
    constexpr std::string_view kDefault = "-- default=";
    if (line.starts_with(kServer)) {
      const std::string version(trim(line.substr(kServer.size())));
      server.major = std::stoi(version);
      if (const auto dot = version.find('.'); dot != std::string::npos)
        server.minor = std::stoi(version.substr(dot + 1));
      server.version_assumed = false;
      part_begin_ = at + line.size();
    } else if (line.starts_with(kMigration)) {
      end_part(at);
      end_migration();
      now_.revision.id = now_.revision.message = trim(line.substr(kMigration.size()));
      now_.revision.path = file_->path();
      now_.revision.selected = true;
      part_begin_ = std::min(at + line.size() + 1, file_->text().size());
    } else if (line.starts_with(kDefault)) {
      now_.revision.python_defaults.insert(std::string(trim(line.substr(kDefault.size()))));
    } else if (trim(line) == "-- downgrade") {
      end_part(at);
      now_.revision.downgrade_written = down_ = true;
      part_begin_ = std::min(at + line.size() + 1, file_->text().size());
    }
  }

  /// BEGIN and COMMIT are the example's own; what stands outside of them runs alone.
  void end_part(std::size_t end) {
    const std::string_view text = file_->text().substr(part_begin_, end - part_begin_);
    const syntax::sql::Script script = dialect_.split(text);
    std::size_t transaction = 0;
    for (const syntax::sql::StatementSpan& span : script.statements) {
      if (&span == &script.statements.front() && !down_) describe(span.leading);
      const std::string word = to_lower_ascii(span.text.substr(0, span.text.find_first_of(" \n")));
      if ((word == "begin" || word == "start") && transaction == 0) transaction = ++transactions_;
      Authored one;
      one.sql = std::string(span.text);
      const std::size_t offset = part_begin_ + static_cast<std::size_t>(span.text.data() - text.data());
      one.location = {file_, {file_->at(offset), file_->at(offset + span.text.size())}};
      one.operation = "raw_sql";
      one.authored_sql = true;
      one.transaction = transaction;
      if (word == "commit" || word == "end") transaction = 0;
      (down_ ? now_.downgrade : now_.upgrade).push_back(std::move(one));
    }
    part_begin_ = end;
  }

  /// The comment at the top says what the migration is for.
  void describe(std::string_view leading) {
    for (const std::string_view line : split(leading, '\n')) {
      const std::string_view words = trim(line);
      if (!words.starts_with("--") || words.find("bascule:") != std::string_view::npos) continue;
      now_.revision.description += (now_.revision.description.empty() ? "" : " ") + std::string(trim(words.substr(2)));
    }
  }

  void end_migration() {
    now_.revision.location = {file_, {file_->at(0), file_->at(0)}};
    now_.revision.has_upgrade = !now_.upgrade.empty();
    if (now_.revision.selected || !now_.upgrade.empty()) migrations_.push_back(std::move(now_));
    now_ = {};
    down_ = false;
  }

  std::vector<SourceComment> comments() const {
    std::vector<SourceComment> out;
    for (const syntax::Comment& one : syntax::sql::comments(file_->text(), syntax::sql::Flavour::kPostgres)) {
      SourceComment comment;
      comment.text = std::string(one.text);
      comment.alone = one.alone;
      comment.location = {file_, one.span};
      out.push_back(std::move(comment));
    }
    return out;
  }

  const dialects::Dialect& dialect_;
  SourceFilePtr file_;
  std::vector<Migration> migrations_;
  Migration now_;
  bool down_ = false;
  std::size_t part_begin_ = 0;
  std::size_t transactions_ = 0;
  LintResult result_;
};

class EveryRule : public testing::TestWithParam<const Rule*> {};

TEST_P(EveryRule, SaysEverything) {
  const Rule& rule = *GetParam();
  EXPECT_TRUE(std::regex_match(std::string(rule.id), std::regex("[a-z0-9]+(-[a-z0-9]+)*"))) << rule.id;
  for (const std::string_view text : {rule.title, rule.catches, rule.why, rule.safe_sql, rule.bad, rule.good})
    EXPECT_FALSE(text.empty());
  EXPECT_FALSE(rule.title.ends_with('.')) << rule.title;
  EXPECT_TRUE(rule.catches.ends_with('.')) << rule.catches;
  EXPECT_TRUE(rule.why.ends_with('.')) << rule.why;
  EXPECT_NE(rule.databases, 0U);
}

TEST_P(EveryRule, FindsItsBadExample) {
  const Rule& rule = *GetParam();
  const std::vector<Finding> found = ExampleReader(rule, rule.bad).of(rule);
  ASSERT_FALSE(found.empty());
  for (const Finding& one : found) {
    EXPECT_FALSE(one.message.empty());
    EXPECT_FALSE(one.message.ends_with('.')) << one.message;
    EXPECT_FALSE(one.help.empty()) << one.message;
    // A name that the rule did not give.
    EXPECT_FALSE(std::regex_search(one.help, std::regex("<[a-z_]+>|\\{[a-z_]+\\}"))) << one.help;
    EXPECT_GT(one.location.span.begin.line, 0U) << one.message;
    EXPECT_FALSE(one.fingerprint.empty());
  }
}

TEST_P(EveryRule, DoesNotFindItsGoodExample) {
  const Rule& rule = *GetParam();
  for (const Finding& one : ExampleReader(rule, rule.good).of(rule)) ADD_FAILURE() << one.message << "\n" << one.why;
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryRule, testing::ValuesIn(all_rules()),
                         [](const auto& one) { return replace_all(one.param->id, "-", "_"); });

TEST(Rules, EachHasItsFileAndEachFileItsLineInTheList) {
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator(fs::path(BASCULE_SOURCE_DIR) / "src" / "safety" / "rules"))
    if (entry.path().extension() == ".cpp") files.insert(replace_all(entry.path().stem().string(), "_", "-"));
  std::set<std::string> ids;
  for (const Rule* rule : all_rules()) EXPECT_TRUE(ids.insert(std::string(rule->id)).second) << rule->id << " twice";
  EXPECT_EQ(files, ids);
}

TEST(Rules, AreFoundByName) {
  for (const Rule* rule : all_rules()) EXPECT_EQ(find_rule(rule->id), rule);
  EXPECT_EQ(find_rule("no-such-rule"), nullptr);
}

}  // namespace
}  // namespace bascule::safety
