#include "graph/target.h"

#include <fmt/core.h>

#include "graph/resolver.h"

namespace bascule::graph {

Outcome<RevisionIndices> resolve_revisions(const RevisionGraph& graph, std::string_view name) {
  BASCULE_TRY_ASSIGN(const Stops stops, Resolver(graph).revisions(name));
  RevisionIndices result;
  for (const Stop stop : stops) {
    if (stop.kind == Stop::Kind::kNone) return failure(problem::relative_too_far(name));
    if (stop.is_revision()) result.push_back(stop.revision);
  }
  return result;
}

Outcome<std::optional<RevisionIndex>> resolve_revision(const RevisionGraph& graph, std::string_view name) {
  BASCULE_TRY_ASSIGN(const Stop stop, Resolver(graph).revision(name));
  return stop.is_revision() ? std::optional(stop.revision) : std::nullopt;
}

Outcome<RevisionIndices> resolve_database_rows(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                               std::string_view place) {
  RevisionIndices result;
  std::vector<std::string> unknown;
  for (const std::string& row : rows) {
    if (const auto found = graph.find(row)) {
      result.push_back(*found);
    } else {
      unknown.push_back(row);
    }
  }
  if (!unknown.empty()) return failure(problem::unknown_database_revisions(graph, unknown, place));
  return result;
}

RevisionIndices applied_tips(const RevisionGraph& graph, const RevisionIndices& database_heads) {
  return Resolver(graph).tips_of_applied(database_heads);
}

Outcome<std::optional<TargetRange>> split_range(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::optional<TargetRange>();
  if (text.find(':', colon + 1) != std::string_view::npos) {
    Diagnostic diagnostic;
    diagnostic.code = "invalid-range";
    diagnostic.message = fmt::format("'{}' has more than one colon", text);
    diagnostic.help = "write a range as 'from:to', 'from:' or ':to'";
    return failure(std::move(diagnostic));
  }
  return std::optional(TargetRange{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))});
}

Outcome<RevisionIndices> resolve_sql_start(const RevisionGraph& graph, std::string_view from) {
  if (from.empty()) return RevisionIndices{};
  BASCULE_TRY_ASSIGN(const auto found, resolve_revision(graph, from));
  return found ? RevisionIndices{*found} : RevisionIndices{};
}

}  // namespace bascule::graph
