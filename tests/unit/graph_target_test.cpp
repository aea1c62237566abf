// Target names: what they stand for, and what is said of those that stand for nothing.
#include "graph_support.h"

namespace bascule::graph::testing {
namespace {

TEST(GraphTarget, IdsWholeAndShort) {
  const RevisionGraph graph = graph_of("ae1027 -> ae10fe -> b2c3d4");
  EXPECT_EQ(resolve(graph, "ae1027"), "ae1027");
  EXPECT_EQ(resolve(graph, "b2"), "b2c3d4");
  EXPECT_EQ(resolve(graph, "ae102"), "ae1027");
  const auto ambiguous = resolve_revisions(graph, "ae10");
  ASSERT_FALSE(ambiguous.has_value());
  EXPECT_EQ(ambiguous.error().code, "ambiguous-revision");
  EXPECT_EQ(ambiguous.error().message, "'ae10' is short for 2 revisions: 'ae1027' and 'ae10fe'");
}

TEST(GraphTarget, IdsOfThreeCharactersHaveNoShortForm) {
  const RevisionGraph graph = graph_of("001 -> 002");
  EXPECT_EQ(resolve(graph, "001"), "001");
  EXPECT_EQ(resolve(graph, "00"), "error: unknown-revision");
}

TEST(GraphTarget, Unknown) {
  const RevisionGraph graph = graph_of("ae1027 -> ae10fe");
  const auto unknown = resolve_revisions(graph, "zzzz");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().message, "no revision or branch is named 'zzzz'");
  EXPECT_FALSE(unknown.error().help.empty());
  EXPECT_EQ(resolve(graph, ""), "error: unknown-revision");
}

TEST(GraphTarget, Words) {
  const RevisionGraph graph = graph_of("a -> b -> c");
  EXPECT_EQ(resolve(graph, "head"), "c");
  EXPECT_EQ(resolve(graph, "heads"), "c");
  EXPECT_EQ(resolve(graph, "base"), "");
  EXPECT_EQ(resolve(graph, "-1"), "b") << "counted from the heads";
  EXPECT_EQ(resolve(graph, "-9"), "error: relative-too-far");
}

TEST(GraphTarget, SeveralHeads) {
  const RevisionGraph graph = graph_of("a -> b\na -> c\nc : pay");
  const auto head = resolve_revisions(graph, "head");
  ASSERT_FALSE(head.has_value());
  EXPECT_EQ(head.error().code, "multiple-heads");
  EXPECT_EQ(head.error().message, "'head' could be any of 2 heads: 'b' and 'c'");
  EXPECT_EQ(head.error().help,
            "name one of them (or its branch: 'pay@head'), 'heads' for all of them, or join them with "
            "`bascule merge heads`");
  EXPECT_EQ(resolve(graph, "heads"), "b c");
  EXPECT_EQ(resolve(graph, "pay@head"), "c");
  EXPECT_EQ(resolve(graph, "b@head"), "b");
  EXPECT_EQ(resolve(graph, "a@heads"), "b c");
  EXPECT_EQ(resolve(graph, "pay@base"), "");
  EXPECT_EQ(resolve(graph, "pay@a"), "a");
  EXPECT_EQ(resolve(graph, "pay@b"), "error: not-in-branch");
  EXPECT_EQ(resolve(graph, "ship@a"), "error: unknown-branch");
}

TEST(GraphTarget, SuggestsOnlyALabelThatTellsTheHeadsApart) {
  const RevisionGraph graph = graph_of("a -> b\na -> c\na : pay");
  EXPECT_EQ(resolve_revisions(graph, "pay@head").error().help,
            "name one of them, 'heads' for all of them, or join them with `bascule merge heads`");
}

TEST(GraphTarget, One) {
  const RevisionGraph graph = graph_of("a -> b\na -> c");
  EXPECT_EQ(resolve_revision(graph, "base").value(), std::nullopt);
  EXPECT_EQ(resolve_revision(graph, "b").value(), graph.find("b"));
  EXPECT_EQ(resolve_revision(graph, "heads").error().code, "multiple-heads");
}

TEST(GraphTarget, DatabaseRows) {
  const RevisionGraph graph = graph_of("abcdef -> b");
  EXPECT_EQ(spelled(graph, resolve_database_rows(graph, {"b"}, "versions")), "b");
  const auto unknown = resolve_database_rows(graph, {"b", "gone"}, "migrations/versions");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, "unknown-database-revision");
  EXPECT_EQ(unknown.error().message,
            "the database stands at revision 'gone', which no file in migrations/versions knows");
  EXPECT_FALSE(resolve_database_rows(graph, {"abc"}, "").has_value()) << "rows are never abbreviated";
}

TEST(GraphTarget, AppliedTips) {
  const RevisionGraph graph = graph_of("a -> b\nx -> y\ny needs b");
  EXPECT_EQ(spelled(graph, applied_tips(graph, indices(graph, "y"))), "b y");
}

TEST(GraphTarget, Ranges) {
  EXPECT_FALSE(split_range("head").value().has_value());
  const auto both = split_range("a:b").value();
  EXPECT_EQ(both->from + "," + both->to, "a,b");
  EXPECT_EQ(split_range("a:").value()->to, "");
  EXPECT_EQ(split_range(":b").value()->from, "");
  EXPECT_EQ(split_range("a:b:c").error().code, "invalid-range");
  const RevisionGraph graph = graph_of("abcdef -> b");
  EXPECT_EQ(spelled(graph, resolve_sql_start(graph, "abc")), "abcdef");
  EXPECT_EQ(spelled(graph, resolve_sql_start(graph, "base")), "");
  EXPECT_EQ(spelled(graph, resolve_sql_start(graph, "")), "");
}

}  // namespace
}  // namespace bascule::graph::testing
