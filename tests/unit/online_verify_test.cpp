// The proof of online plans: it believes nothing but the statements' texts, and finds a rewrite that is broken.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "online_support.h"
#include "planner/rewrites/rewrite.h"
#include "planner/verify.h"

namespace bascule {
namespace {

using namespace online_test;  // NOLINT: test helpers

constexpr const char* kBefore =
    "CREATE TABLE users (id bigint PRIMARY KEY);"
    "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, note text)";

plan::Step step(const std::string& sql, plan::Pace pace = plan::Pace::kBrief, bool in_transaction = true) {
  plan::Step made;
  made.action = plan::Statement{sql};
  made.effect = model::RawSql{sql};
  made.in_transaction = in_transaction;
  made.conduct.pace = pace;
  return made;
}

/// The causes of what the proof does not believe.
std::vector<std::string> doubts(const std::string& migration, const std::vector<plan::Step>& online) {
  const model::Schema before = schema_of(kBefore);
  const dialects::Server of = server(15);
  planner::Claim claim{"r1", before, {}, {}, {}, postgres(), of};
  for (const planner::Piece& piece : planner::pieces_of(naive(migration).steps, postgres()))
    for (const model::Operation& operation : piece.operations) claim.naive.push_back(operation);
  for (const plan::Step& one : online) claim.online.push_back(&one);
  std::vector<std::string> causes;
  const Diagnostics found = planner::verify(claim);
  for (const Diagnostic& one : found.list()) {
    EXPECT_EQ(one.code, "online-plan-unproved");
    causes.push_back(one.cause);
  }
  return causes;
}

TEST(OnlineVerify, BelievesWhatIsTheSame) {
  EXPECT_EQ(doubts("CREATE INDEX i ON orders (note)",
                   {step("CREATE INDEX CONCURRENTLY i ON orders (note)", plan::Pace::kConcurrent, false)}),
            Lines{});
  EXPECT_EQ(doubts("ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users (id)",
                   {step("ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID"),
                    step("ALTER TABLE orders VALIDATE CONSTRAINT f", plan::Pace::kScan)}),
            Lines{});
}

TEST(OnlineVerify, FindsWhatIsMissing) {
  // Never validated.
  EXPECT_FALSE(
      doubts("ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users (id)",
             {step("ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID")})
          .empty());
  // A name of its own.
  EXPECT_FALSE(doubts("CREATE INDEX i ON orders (note)",
                      {step("CREATE INDEX CONCURRENTLY j ON orders (note)", plan::Pace::kConcurrent, false)})
                   .empty());
  // The helping check stays.
  EXPECT_FALSE(doubts("ALTER TABLE orders ALTER note SET NOT NULL",
                      {step("ALTER TABLE orders ADD CONSTRAINT h CHECK (note IS NOT NULL) NOT VALID"),
                       step("ALTER TABLE orders VALIDATE CONSTRAINT h", plan::Pace::kScan),
                       step("ALTER TABLE orders ALTER note SET NOT NULL")})
                   .empty());
  // Another order of columns.
  EXPECT_FALSE(doubts("ALTER TABLE orders ADD COLUMN a int, ADD COLUMN b int",
                      {step("ALTER TABLE orders ADD COLUMN b int"), step("ALTER TABLE orders ADD COLUMN a int")})
                   .empty());
}

TEST(OnlineVerify, FindsWhatKeepsOthersWaiting) {
  EXPECT_EQ(doubts("CREATE INDEX i ON orders (note)", {step("CREATE INDEX i ON orders (note)")}),
            (Lines{"the index i is built under SHARE on orders by: CREATE INDEX i ON orders (note)"}));
  EXPECT_EQ(doubts("ALTER TABLE orders ALTER note SET NOT NULL", {step("ALTER TABLE orders ALTER note SET NOT NULL")}),
            (Lines{"the whole of orders is read under ACCESS EXCLUSIVE on orders by: ALTER TABLE orders ALTER note SET "
                   "NOT NULL"}));
  // What the user has allowed is not doubted.
  EXPECT_EQ(
      doubts("CREATE INDEX i ON orders (note)", {step("CREATE INDEX i ON orders (note)", plan::Pace::kUnbounded)}),
      Lines{});
}

TEST(OnlineVerify, FindsWhatNoTransactionTakes) {
  EXPECT_EQ(
      doubts("CREATE INDEX i ON orders (note)",
             {step("CREATE INDEX CONCURRENTLY i ON orders (note)", plan::Pace::kConcurrent)}),
      (Lines{"the server takes this outside of transactions only: CREATE INDEX CONCURRENTLY i ON orders (note)"}));
}

TEST(OnlineRewriteList, IsTheFolderAndThePage) {
  namespace fs = std::filesystem;
  const fs::path root = BASCULE_SOURCE_DIR;
  std::ifstream file(root / "docs/online.md");
  std::stringstream page;
  page << file.rdbuf();
  std::size_t listed = 0;
  for (const planner::Rewrite* rewrite : planner::all_rewrites()) {
    const std::string row = "| `" + std::string(rewrite->id) + "` | " + std::string(rewrite->naive) + " | " +
                            std::string(rewrite->online) + " | " + std::string(rewrite->needs) + " | " +
                            std::string(rewrite->same) + " |";
    EXPECT_NE(page.str().find(row), std::string::npos) << "docs/online.md has no row\n" << row;
    EXPECT_TRUE(fs::exists(root / "src/planner/rewrites" / (std::string(rewrite->id) + ".cpp"))) << rewrite->id;
    ++listed;
  }
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(root / "src/planner/rewrites"))
    files += entry.path().extension() == ".cpp" && entry.path().filename() != "rewrite.cpp" ? 1 : 0;
  EXPECT_EQ(listed, files);
}

}  // namespace
}  // namespace bascule
