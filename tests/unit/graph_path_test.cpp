// Which revisions run for an upgrade, a downgrade and a history range, and in which order.
#include "graph_support.h"

namespace bascule::graph::testing {
namespace {

std::string history(const RevisionGraph& graph, const std::string& from, const std::string& to) {
  return spelled(graph, history_path(graph, from, to));
}

TEST(GraphUpgrade, OneLine) {
  const RevisionGraph graph = graph_of("a -> b -> c -> d");
  EXPECT_EQ(upgrade(graph, "", "head"), "a b c d");
  EXPECT_EQ(upgrade(graph, "b", "head"), "c d");
  EXPECT_EQ(upgrade(graph, "d", "head"), "");
  EXPECT_EQ(upgrade(graph, "c", "a"), "") << "an upgrade to what is there already does nothing";
  EXPECT_EQ(upgrade(graph, "b", "base"), "");
}

TEST(GraphUpgrade, Relative) {
  const RevisionGraph graph = graph_of("a -> b -> c -> d");
  EXPECT_EQ(upgrade(graph, "", "+2"), "a b");
  EXPECT_EQ(upgrade(graph, "b", "+1"), "c");
  EXPECT_EQ(upgrade(graph, "", "b+1"), "a b c");
  EXPECT_EQ(upgrade(graph, "", "head-1"), "a b c");
  EXPECT_EQ(upgrade(graph, "", "c-1"), "a b");
  EXPECT_EQ(upgrade(graph, "", "base+1"), "a");
  EXPECT_EQ(upgrade(graph, "c", "+2"), "error: relative-too-far");
  EXPECT_EQ(upgrade(graph, "", "d+1"), "error: relative-too-far");
  EXPECT_EQ(upgrade(graph, "c", "-1"), "error: invalid-target");
  EXPECT_EQ(upgrade(graph, "c", "+0"), "error: invalid-target");
}

TEST(GraphUpgrade, BranchesAndMerges) {
  const RevisionGraph graph = graph_of("a -> b -> m\na -> c -> m\nm -> d");
  EXPECT_EQ(upgrade(graph, "", "head"), "a c b m d");
  EXPECT_EQ(upgrade(graph, "b", "m"), "c m");
  EXPECT_EQ(upgrade(graph, "b", "+1"), "c m");
  EXPECT_EQ(upgrade(graph, "b c", "+1"), "error: ambiguous-start");
  EXPECT_EQ(upgrade(graph, "a", "+1"), "error: ambiguous-walk");
}

TEST(GraphUpgrade, Labels) {
  const RevisionGraph graph = graph_of("a -> b -> c\na -> x -> y\nb : pay\nx : ship");
  EXPECT_EQ(upgrade(graph, "", "head"), "error: multiple-heads");
  EXPECT_EQ(upgrade(graph, "", "heads"), "a x y b c");
  EXPECT_EQ(upgrade(graph, "", "pay@head"), "a b c");
  EXPECT_EQ(upgrade(graph, "", "ship@+2"), "a x");
  EXPECT_EQ(upgrade(graph, "b x", "ship@+1"), "y");
  EXPECT_EQ(upgrade(graph, "a", "pay@+1"), "b");
  EXPECT_EQ(upgrade(graph, "", "pay"), "a b");
}

TEST(GraphUpgrade, DependenciesComeAlong) {
  const RevisionGraph graph = graph_of("a -> b -> c\nx -> y\ny needs b");
  EXPECT_EQ(upgrade(graph, "", "y"), "a b x y");
  EXPECT_EQ(upgrade(graph, "y", "heads"), "c");
  EXPECT_EQ(upgrade(graph, "y", "c"), "c");
}

TEST(GraphUpgrade, RowsThatIncludeEachOther) {
  const RevisionGraph graph = graph_of("a -> b -> c");
  EXPECT_EQ(upgrade(graph, "a b", "head"), "error: overlapping-revisions");
}

TEST(GraphDowngrade, OneLine) {
  const RevisionGraph graph = graph_of("a -> b -> c -> d");
  EXPECT_EQ(downgrade(graph, "d", "base"), "d c b a");
  EXPECT_EQ(downgrade(graph, "d", "b"), "d c");
  EXPECT_EQ(downgrade(graph, "d", "-1"), "d");
  EXPECT_EQ(downgrade(graph, "d", "-4"), "d c b a");
  EXPECT_EQ(downgrade(graph, "d", "-5"), "error: relative-too-far");
  EXPECT_EQ(downgrade(graph, "", "-1"), "error: relative-too-far");
  EXPECT_EQ(downgrade(graph, "d", "a+1"), "d c");
  EXPECT_EQ(downgrade(graph, "d", "c-1"), "d c");
  EXPECT_EQ(downgrade(graph, "d", "+1"), "error: invalid-target");
  EXPECT_EQ(downgrade(graph, "b", "b"), "");
  EXPECT_EQ(downgrade(graph, "b", "c"), "error: not-an-ancestor");
}

TEST(GraphDowngrade, Branches) {
  const RevisionGraph graph = graph_of("a -> b -> c\na -> x -> y\nb : pay\nx : ship");
  EXPECT_EQ(downgrade(graph, "c y", "ship@-1"), "y");
  EXPECT_EQ(downgrade(graph, "c y", "ship@a"), "y x");
  EXPECT_EQ(downgrade(graph, "c y", "a"), "c b y x");
  EXPECT_EQ(downgrade(graph, "c y", "pay@base"), "c b y x a") << "they share their base";
  EXPECT_EQ(downgrade(graph, "c y", "-1"), "c") << "the first row's line";
}

TEST(GraphDowngrade, WarnsWhenItCountsFromOneOfSeveralRows) {
  const RevisionGraph graph = graph_of("a -> b\na -> c");
  const auto caution = downgrade_caution(graph, indices(graph, "b c"), "-1");
  ASSERT_TRUE(caution.has_value());
  EXPECT_EQ(caution->severity, Severity::kWarning);
  EXPECT_EQ(caution->cause, "the database stands on several branches; it counts from 'b', the first row");
  EXPECT_FALSE(downgrade_caution(graph, indices(graph, "b c"), "b@-1").has_value());
  EXPECT_FALSE(downgrade_caution(graph, indices(graph, "b"), "-1").has_value());
}

TEST(GraphDowngrade, BaseOfOneOfSeveralTrees) {
  const RevisionGraph graph = graph_of("a -> b\nx -> y\na : pay\nx : ship");
  EXPECT_EQ(downgrade(graph, "b y", "ship@base"), "y x");
  EXPECT_EQ(downgrade(graph, "b y", "base"), "b a y x");
}

TEST(GraphDowngrade, WhatDependsOnItGoesFirst) {
  const RevisionGraph graph = graph_of("a -> b\nx -> y\ny needs b");
  EXPECT_EQ(downgrade(graph, "y", "a"), "y b");
}

TEST(GraphDowngrade, MergeWalksAreAmbiguous) {
  const RevisionGraph graph = graph_of("a -> b -> m\na -> c -> m");
  EXPECT_EQ(downgrade(graph, "m", "-1"), "error: ambiguous-walk");
  EXPECT_EQ(downgrade(graph, "m", "b"), "m");
}

TEST(GraphHistory, Ranges) {
  const RevisionGraph graph = graph_of("a -> b -> c -> d");
  EXPECT_EQ(history(graph, "", ""), "d c b a");
  EXPECT_EQ(history(graph, "b", "c"), "c b");
  EXPECT_EQ(history(graph, "c", ""), "d c");
  EXPECT_EQ(history(graph, "", "b"), "b a");
  EXPECT_EQ(history(graph, "-2", ""), "d c b");
  EXPECT_EQ(history(graph, "a", "+1"), "b a");
  EXPECT_EQ(history(graph, "c", "b"), "error: not-an-ancestor");
  EXPECT_EQ(spelled(graph, history_path(graph, indices(graph, "c"), "")), "d c");
  EXPECT_EQ(spelled(graph, history_path(graph, "", indices(graph, "b"))), "b a");
}

TEST(GraphHistory, SeveralHeads) {
  const RevisionGraph graph = graph_of("a -> b -> c\na -> x -> y");
  EXPECT_EQ(spelled(graph, whole_history(graph)), "c b y x a");
  EXPECT_EQ(history(graph, "", ""), "c b y x a");
}

}  // namespace
}  // namespace bascule::graph::testing
