// Building the revision graph: what it holds, and what it refuses.
#include "graph_support.h"

namespace bascule::graph::testing {
namespace {

/// The only diagnostic of a graph that must not build.
Diagnostic refused(std::vector<Revision> revisions) {
  BuiltGraph built = RevisionGraph::build(std::move(revisions));
  EXPECT_TRUE(built.graph.empty());
  EXPECT_EQ(built.diagnostics.list().size(), 1U);
  return built.diagnostics.empty() ? Diagnostic{} : built.diagnostics.list().front();
}

std::string labels(const RevisionGraph& graph, const std::string& id) {
  std::string text;
  for (const std::string& label : graph.labels(graph.find(id).value())) text += (text.empty() ? "" : " ") + label;
  return text;
}

TEST(GraphBuild, Empty) {
  const RevisionGraph graph = graph_of("");
  EXPECT_TRUE(graph.empty());
  EXPECT_TRUE(graph.heads().empty());
  EXPECT_EQ(upgrade(graph, "", "head"), "");
  EXPECT_EQ(upgrade(graph, "", "heads"), "");
  EXPECT_EQ(downgrade(graph, "", "base"), "");
}

TEST(GraphBuild, HeadsBasesBranchAndMergePoints) {
  const RevisionGraph graph = graph_of("a -> b -> c -> m -> e\nb -> d -> m\nx -> y");
  EXPECT_EQ(spelled(graph, graph.heads()), "e y");
  EXPECT_EQ(spelled(graph, graph.bases()), "a x");
  EXPECT_TRUE(graph.is_branch_point(graph.find("b").value()));
  EXPECT_FALSE(graph.is_branch_point(graph.find("c").value()));
  EXPECT_TRUE(graph.is_merge_point(graph.find("m").value()));
  EXPECT_FALSE(graph.is_merge_point(graph.find("e").value()));
}

TEST(GraphBuild, RealHeadsAreThoseThatNothingDependsOn) {
  const RevisionGraph graph = graph_of("a -> b\nx -> y\ny needs b");
  EXPECT_EQ(spelled(graph, graph.heads()), "b y");
  EXPECT_EQ(spelled(graph, graph.real_heads()), "y");
}

TEST(GraphBuild, NeededLeavesOutWhatAnAncestorDependsOn) {
  const RevisionGraph graph = graph_of("a\nx -> y -> z\ny needs a\nz needs a");
  const RevisionIndex z = graph.find("z").value();
  EXPECT_EQ(graph.dependencies(z).size(), 1U);
  ASSERT_EQ(graph.needed(z).size(), 1U);
  EXPECT_EQ(graph.id(graph.needed(z)[0]), "y");
}

TEST(GraphBuild, DependsOnMayNameALabel) {
  const RevisionGraph graph = graph_of("a : payments\nx needs payments");
  EXPECT_EQ(graph.id(graph.needed(graph.find("x").value())[0]), "a");
}

TEST(GraphBuild, LabelsReachDescendants) {
  const RevisionGraph graph = graph_of("a -> b -> c -> d\nb -> e\nc : pay\ne : ship");
  EXPECT_EQ(labels(graph, "d"), "pay");
  EXPECT_EQ(labels(graph, "e"), "ship");
  EXPECT_EQ(labels(graph, "b"), "") << "a branch point stops the way back";
}

TEST(GraphBuild, LabelReachesBackOnAnUnbranchedLine) {
  const RevisionGraph graph = graph_of("a -> b -> c -> d\nc : pay");
  EXPECT_EQ(labels(graph, "a"), "pay");
  const RevisionGraph branched = graph_of("a -> b -> c\nb -> d\nb : pay");
  EXPECT_EQ(labels(branched, "a"), "") << "the line of the label branches further up";
  EXPECT_EQ(labels(branched, "d"), "pay");
}

TEST(GraphBuild, DuplicateRevisionNamesBothFiles) {
  auto revisions = revisions_of("a -> b");
  revisions.push_back(revisions.back());
  revisions.back().path = "versions/copy.py";
  const Diagnostic diagnostic = refused(revisions);
  EXPECT_EQ(diagnostic.code, "duplicate-revision");
  EXPECT_EQ(diagnostic.message, "revision 'b' is defined twice: in versions/b.py and in versions/copy.py");
  EXPECT_EQ(diagnostic.related.size(), 1U);
}

TEST(GraphBuild, MissingParent) {
  auto revisions = revisions_of("ae1027a6acf1 -> b");
  revisions[1].down_revisions = {"ae10"};
  const Diagnostic diagnostic = refused(revisions);
  EXPECT_EQ(diagnostic.code, "missing-parent");
  EXPECT_EQ(diagnostic.message, "revision 'b' (versions/b.py) names 'ae10' in down_revision, which no file defines");
  EXPECT_EQ(diagnostic.help, "did you mean 'ae1027a6acf1'?");
}

TEST(GraphBuild, MissingDependency) {
  auto revisions = revisions_of("a -> b");
  revisions[1].depends_on = {"nowhere"};
  const Diagnostic diagnostic = refused(revisions);
  EXPECT_EQ(diagnostic.code, "missing-parent");
  EXPECT_EQ(diagnostic.message, "revision 'b' (versions/b.py) names 'nowhere' in depends_on, which no file defines");
}

TEST(GraphBuild, ALabelIsNoParent) {
  auto revisions = revisions_of("a -> b\na : pay");
  revisions[1].down_revisions = {"pay"};
  EXPECT_EQ(refused(revisions).help, "'pay' is a branch label; down_revision takes a revision id, such as 'a'");
}

TEST(GraphBuild, Cycle) {
  const Diagnostic diagnostic = refused(revisions_of("base -> a -> b -> c -> a\nc -> top"));
  EXPECT_EQ(diagnostic.code, "cycle");
  EXPECT_EQ(diagnostic.message,
            "3 revisions form a cycle: 'a' (versions/a.py) follows 'c' (versions/c.py) follows 'b' (versions/b.py) "
            "follows 'a'");
  EXPECT_EQ(diagnostic.related.size(), 2U);
}

TEST(GraphBuild, CycleThroughADependency) {
  EXPECT_EQ(refused(revisions_of("a -> b\nx -> y\na needs y\nx needs b")).code, "cycle");
}

TEST(GraphBuild, SelfLoop) {
  const Diagnostic diagnostic = refused(revisions_of("a -> b\nb needs b"));
  EXPECT_EQ(diagnostic.code, "cycle");
  EXPECT_EQ(diagnostic.message, "revision 'b' (versions/b.py) names itself as what it follows");
}

TEST(GraphBuild, EveryRingIsReportedOnce) {
  const BuiltGraph built = RevisionGraph::build(revisions_of("a -> b -> a\nx -> y -> x\nb -> c"));
  EXPECT_EQ(built.diagnostics.list().size(), 2U);
}

TEST(GraphBuild, DuplicateBranchLabel) {
  const Diagnostic diagnostic = refused(revisions_of("a -> b\na : pay\nb : pay"));
  EXPECT_EQ(diagnostic.code, "duplicate-branch-label");
  EXPECT_EQ(diagnostic.message,
            "branch label 'pay' of revision 'b' (versions/b.py) is already used by revision 'a' (versions/a.py)");
  EXPECT_EQ(refused(revisions_of("a -> b\nb : a")).message,
            "branch label 'a' of revision 'b' (versions/b.py) is already the id of revision 'a' (versions/a.py)");
}

TEST(GraphBuild, ReservedCharacters) {
  for (const std::string id : {"a@b", "a-b", "a+b", "a:b", ""}) {
    std::vector<Revision> revisions(1);
    revisions[0].id = id;
    EXPECT_EQ(refused(revisions).code, "invalid-revision-id") << id;
  }
}

TEST(GraphBuild, AllThatIsWrongAtOnce) {
  auto revisions = revisions_of("a -> b\na : pay\nb : pay");
  revisions[0].down_revisions = {"lost"};
  revisions.push_back(revisions[1]);
  revisions.back().branch_labels.clear();
  const BuiltGraph built = RevisionGraph::build(revisions);
  std::string codes;
  for (const Diagnostic& diagnostic : built.diagnostics.list()) codes += diagnostic.code + " ";
  EXPECT_EQ(codes, "duplicate-revision duplicate-branch-label missing-parent ");
}

TEST(GraphBuild, SurvivesAMove) {
  RevisionGraph first = graph_of("a -> b\nb : pay");
  const RevisionGraph second = std::move(first);
  EXPECT_TRUE(second.find("a").has_value());
  EXPECT_EQ(resolve(second, "pay"), "b");
}

TEST(GraphBuild, TenThousandRevisions) {
  std::vector<Revision> revisions(10000);
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    revisions[i].id = "r" + std::to_string(i);
    if (i > 0) revisions[i].down_revisions = {"r" + std::to_string(i - 1)};
  }
  const BuiltGraph built = RevisionGraph::build(std::move(revisions));
  const auto path = upgrade_path(built.graph, {}, "head");
  ASSERT_TRUE(path.has_value());
  EXPECT_EQ(path->size(), 10000U);
  EXPECT_EQ(built.graph.id(path->back()), "r9999");
}

}  // namespace
}  // namespace bascule::graph::testing
