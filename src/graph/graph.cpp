#include "graph/graph.h"

#include <algorithm>

namespace bascule::graph {

Links Links::reversed() const {
  const std::size_t count = end_.size();
  // A repeated link (`down_revision = ("a", "a")`) must not make a revision its parent's child twice.
  const auto is_repeat = [](std::span<const RevisionIndex> list, std::size_t k) {
    return std::find(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(k), list[k]) !=
           list.begin() + static_cast<std::ptrdiff_t>(k);
  };
  Links result;
  result.end_.assign(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto list = of(index_of(i));
    for (std::size_t k = 0; k < list.size(); ++k) {
      if (!is_repeat(list, k)) ++result.end_[slot(list[k])];
    }
  }
  std::vector<std::uint32_t> next(count, 0);
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    next[i] = total;
    total += result.end_[i];
    result.end_[i] = total;
  }
  result.to_.resize(total);
  for (std::size_t i = 0; i < count; ++i) {
    const auto list = of(index_of(i));
    for (std::size_t k = 0; k < list.size(); ++k) {
      if (!is_repeat(list, k)) result.to_[next[slot(list[k])]++] = index_of(i);
    }
  }
  return result;
}

std::optional<RevisionIndex> RevisionGraph::find(std::string_view id) const {
  const auto it = ids_.find(id);
  return it == ids_.end() ? std::nullopt : std::optional(it->second);
}

std::optional<RevisionIndex> RevisionGraph::find_name(std::string_view id_or_label) const {
  if (const auto found = find(id_or_label)) return found;
  const auto it = label_index_.find(id_or_label);
  return it == label_index_.end() ? std::nullopt : std::optional(it->second);
}

bool RevisionGraph::has_label(RevisionIndex index, std::string_view label) const {
  const auto& list = labels(index);
  return std::find(list.begin(), list.end(), label) != list.end();
}

}  // namespace bascule::graph
