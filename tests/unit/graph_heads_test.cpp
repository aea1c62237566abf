// What becomes of the version rows when a revision runs, is taken back, or is stamped.
#include "graph_support.h"

namespace bascule::graph::testing {
namespace {

TEST(GraphHeads, OneLine) {
  const RevisionGraph graph = graph_of("a -> b");
  EXPECT_EQ(rows_up(graph, "", "a"), "+a | a");
  EXPECT_EQ(rows_up(graph, "a", "b"), "a>b | b");
  EXPECT_EQ(rows_down(graph, "b", "b"), "b>a | a");
  EXPECT_EQ(rows_down(graph, "a", "a"), "-a | ");
}

TEST(GraphHeads, BranchPoint) {
  const RevisionGraph graph = graph_of("a -> b\na -> c");
  EXPECT_EQ(rows_up(graph, "a", "b"), "a>b | b");
  EXPECT_EQ(rows_up(graph, "b", "c"), "+c | b c");
  EXPECT_EQ(rows_down(graph, "b c", "c"), "-c | b") << "the other row still includes a";
  EXPECT_EQ(rows_down(graph, "b", "b"), "b>a | a");
}

TEST(GraphHeads, Merge) {
  const RevisionGraph graph = graph_of("a -> b\na -> c\na -> d\nb + c -> m");
  EXPECT_EQ(rows_up(graph, "b c", "m"), "-b c>m | m");
  EXPECT_EQ(rows_up(graph, "d b c", "m"), "-b c>m | d m");
  EXPECT_EQ(rows_down(graph, "m", "m"), "+b m>c | c b");
}

TEST(GraphHeads, Dependencies) {
  const RevisionGraph graph = graph_of("a -> b\nx -> y\ny needs b");
  EXPECT_EQ(rows_up(graph, "b x", "y"), "-x b>y | y");
  EXPECT_EQ(rows_down(graph, "y", "y"), "+x y>b | b x");
  const RevisionGraph lone = graph_of("a -> b -> c\nx\nx needs b");
  EXPECT_EQ(rows_up(lone, "b", "x"), "b>x | x");
  EXPECT_EQ(rows_up(lone, "x", "c"), "+c | x c");
  EXPECT_EQ(rows_down(lone, "x c", "x"), "-x | c");
}

TEST(GraphHeads, MergeOfARevisionThatAnotherPartIncludes) {
  // Alembic 1.20 fails here: it looks for a row of 'a'.
  const RevisionGraph graph = graph_of("a -> b\nx\nb + x -> m\nm needs a");
  EXPECT_EQ(rows_up(graph, "b x", "m"), "-b x>m | m");
}

TEST(GraphHeads, RowsThatDoNotFit) {
  const RevisionGraph graph = graph_of("a -> b");
  EXPECT_EQ(rows_down(graph, "a", "b"), "error: version-rows-mismatch");
  EXPECT_EQ(rows_up(graph, "b", "b"), "error: version-rows-mismatch");
}

TEST(GraphStamp, OneLine) {
  const RevisionGraph graph = graph_of("a -> b -> c");
  EXPECT_EQ(stamp(graph, "", {"b"}), "+b | b");
  EXPECT_EQ(stamp(graph, "a", {"head"}), "a>c | c");
  EXPECT_EQ(stamp(graph, "c", {"a"}), "c>a | a");
  EXPECT_EQ(stamp(graph, "b", {"b"}), "| b");
  EXPECT_EQ(stamp(graph, "b", {"base"}), "-b | ");
  EXPECT_EQ(stamp(graph, "b", {"zzzz"}), "error: unknown-revision");
}

TEST(GraphStamp, Branches) {
  const RevisionGraph graph = graph_of("a -> b -> c\na -> x -> y\nb : pay\nx : ship");
  EXPECT_EQ(stamp(graph, "", {"heads"}), "+c +y | c y");
  EXPECT_EQ(stamp(graph, "c", {"y"}), "+y | c y");
  EXPECT_EQ(stamp(graph, "c y", {"a"}), "-c y>a | a");
  EXPECT_EQ(stamp(graph, "c y", {"b"}), "c>b | b y");
  EXPECT_EQ(stamp(graph, "c y", {"ship@base"}), "-y | c");
  EXPECT_EQ(stamp(graph, "", {"b", "x"}), "+b +x | b x");
  EXPECT_EQ(stamp(graph, "a", {"head"}), "error: multiple-heads");
}

}  // namespace
}  // namespace bascule::graph::testing
