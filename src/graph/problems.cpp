#include "graph/problems.h"

#include <fmt/core.h>
#include <algorithm>

#include "base/text.h"

namespace bascule::graph {

namespace {

Diagnostic error(std::string code, std::string message, std::string cause, std::string help) {
  Diagnostic diagnostic;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  diagnostic.cause = std::move(cause);
  diagnostic.help = std::move(help);
  return diagnostic;
}

std::vector<std::string> all_names(const RevisionGraph& graph) {
  std::vector<std::string> names;
  names.reserve(graph.size());
  for (std::size_t i = 0; i < graph.size(); ++i) names.push_back(graph.id(index_of(i)));
  for (const auto& [label, declared_by] : graph.declared_labels()) names.emplace_back(label);
  return names;
}

std::string no_such_name_help(const RevisionGraph& graph, std::string_view name) {
  static const std::vector<std::string> kWords = {"head", "heads", "base"};
  if (graph.empty()) return "write the first one with: bascule revision -m \"create users\"";
  if (name == "current")
    return "`bascule history` and `bascule show` understand 'current'; a target is an id, 'head' or a step such as "
           "'+1'";
  if (const auto near = did_you_mean(name, kWords)) return fmt::format("did you mean '{}'?", *near);
  if (const auto near = did_you_mean(name, all_names(graph))) return fmt::format("did you mean '{}'?", *near);
  return "`bascule history` lists the revisions of this project";
}

/// A branch label that exactly one of the heads has.
std::optional<std::string> label_of_one(const RevisionGraph& graph, const RevisionIndices& heads) {
  for (const RevisionIndex head : heads) {
    for (const std::string& label : graph.labels(head)) {
      const auto has_it = [&](RevisionIndex other) { return graph.has_label(other, label); };
      if (std::count_if(heads.begin(), heads.end(), has_it) == 1) return label;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string quoted_list(const std::vector<std::string>& names, std::size_t limit) {
  std::string text;
  const std::size_t shown = names.size() > limit ? limit - 1 : names.size();
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += "'" + names[i] + "'";
  }
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

std::vector<std::string> ids_of(const RevisionGraph& graph, const RevisionIndices& indices) {
  std::vector<std::string> ids;
  ids.reserve(indices.size());
  for (const RevisionIndex index : indices) ids.push_back(graph.id(index));
  return ids;
}

namespace problem {

Diagnostic unknown_revision(const RevisionGraph& graph, std::string_view name) {
  if (name.empty()) {
    return error("unknown-revision", "the revision name is empty", {}, "name a revision id, 'head', 'heads' or 'base'");
  }
  return error("unknown-revision", fmt::format("no revision or branch is named '{}'", name),
               graph.empty() ? "the project has no revisions" : "", no_such_name_help(graph, name));
}

Diagnostic ambiguous_revision(std::string_view name, const std::vector<std::string>& candidates) {
  return error("ambiguous-revision",
               fmt::format("'{}' is short for {} revisions: {}", name, candidates.size(), quoted_list(candidates)), {},
               "type more characters of the id");
}

Diagnostic unknown_branch(const RevisionGraph& graph, std::string_view label) {
  std::vector<std::string> labels;
  for (const auto& [declared, declared_by] : graph.declared_labels()) labels.emplace_back(declared);
  std::string help;
  if (const auto near = did_you_mean(label, labels)) {
    help = fmt::format("did you mean '{}'?", *near);
  } else if (labels.empty()) {
    help = "no revision of this project has branch labels; name a revision id instead";
  } else {
    help = fmt::format("the branch labels of this project are {}", quoted_list(labels));
  }
  return error("unknown-branch", fmt::format("there is no branch '{}'", label), {}, std::move(help));
}

Diagnostic not_in_branch(std::string_view id, std::string_view label) {
  return error("not-in-branch", fmt::format("revision '{}' is not on branch '{}'", id, label), {},
               fmt::format("leave out '{}@', or `bascule heads -v` to see the branches", label));
}

Diagnostic multiple_heads(const RevisionGraph& graph, const RevisionIndices& heads, std::string_view argument) {
  std::string help = "name one of them";
  if (const auto label = label_of_one(graph, heads)) help += fmt::format(" (or its branch: '{}@head')", *label);
  help += ", 'heads' for all of them, or join them with `bascule merge heads`";
  return error(
      "multiple-heads",
      fmt::format("'{}' could be any of {} heads: {}", argument, heads.size(), quoted_list(ids_of(graph, heads))),
      "the revisions branch, and nothing merges the branches yet", std::move(help));
}

Diagnostic ambiguous_walk(const RevisionGraph& graph, std::string_view from, const RevisionIndices& ways, bool up) {
  const std::string start = from.empty() ? (up ? "the base" : "the heads") : fmt::format("'{}'", from);
  return error("ambiguous-walk",
               fmt::format("the way {} from {} is ambiguous: it could go to {}", up ? "up" : "down", start,
                           quoted_list(ids_of(graph, ways))),
               {}, up ? "name a branch ('label@+1') or a revision id" : "name a revision id");
}

Diagnostic relative_too_far(std::string_view relative) {
  return error("relative-too-far", fmt::format("there are not enough revisions for '{}'", relative), {},
               "`bascule history` lists the revisions, `bascule current` says where the database stands");
}

Diagnostic ambiguous_start(const RevisionGraph& graph, const RevisionIndices& current, std::string_view relative) {
  return error(
      "ambiguous-start",
      fmt::format("'{}' could count from any of {} revisions: {}", relative, current.size(),
                  quoted_list(ids_of(graph, current))),
      "the database stands on several branches",
      fmt::format("name the branch ('{2}@{0}') or the revision to count from ('{1}{0}')", relative,
                  current.empty() ? "id" : graph.id(current.front()), label_of_one(graph, current).value_or("label")));
}

Diagnostic overlapping(const RevisionGraph& graph, RevisionIndex upper, RevisionIndex lower) {
  return error("overlapping-revisions",
               fmt::format("revision '{}' already includes revision '{}'", graph.id(upper), graph.id(lower)),
               "two revisions can stand side by side only if neither follows or depends on the other",
               fmt::format("name only '{}'; if these are rows of the version table, `bascule stamp --purge {}`",
                           graph.id(upper), graph.id(upper)));
}

Diagnostic not_an_ancestor(std::string_view lower, std::string_view upper) {
  return error(
      "not-an-ancestor",
      fmt::format("revision {} does not come before revision {}", lower.empty() ? "base" : fmt::format("'{}'", lower),
                  upper.empty() ? "base" : fmt::format("'{}'", upper)),
      "a range goes from an earlier revision to a later one on the same branch", "`bascule history` shows the order");
}

Diagnostic not_on_the_way_up(std::string_view target) {
  return error("not-an-ancestor", fmt::format("'{}' cannot be reached by an upgrade from here", target), {},
               "`bascule history -i` shows where the database stands");
}

Diagnostic not_on_the_way_down(const RevisionGraph& graph, std::string_view target, const RevisionIndices& current) {
  const std::string where = current.empty() ? "the database has no revision applied"
                                            : "the database stands at " + quoted_list(ids_of(graph, current));
  return error("not-an-ancestor", fmt::format("'{}' cannot be reached by a downgrade from here", target), where,
               current.empty() ? "`bascule upgrade` applies revisions" : "`bascule history -i` shows what is below");
}

Diagnostic invalid_target(std::string_view target, std::string_view cause) {
  return error("invalid-target", fmt::format("'{}' is not a valid target here", target), std::string(cause),
               "name a revision id, 'head', 'heads', 'base', or a step such as '+1' or '-1'");
}

Diagnostic unknown_database_revisions(const RevisionGraph& graph, const std::vector<std::string>& ids,
                                      std::string_view place) {
  const std::string where = place.empty() ? "this project" : std::string(place);
  std::string help;
  if (ids.size() == 1) {
    if (const auto near = did_you_mean(ids.front(), all_names(graph))) help = fmt::format("'{}' is near; ", *near);
  }
  help +=
      "get the missing file from the branch that was deployed, or, if the schema is that of a revision you have, "
      "`bascule stamp --purge <revision>`";
  return error("unknown-database-revision",
               fmt::format("the database stands at revision{} {}, which no file in {} knows",
                           ids.size() == 1 ? "" : "s", quoted_list(ids), where),
               "the database was migrated from other files than these", std::move(help));
}

Diagnostic version_rows_mismatch(std::string_view id, std::string_view cause) {
  return error("version-rows-mismatch", fmt::format("the version rows do not allow for revision '{}'", id),
               std::string(cause),
               "`bascule current` shows the rows; `bascule stamp --purge <revision>` sets them anew");
}

}  // namespace problem

}  // namespace bascule::graph
