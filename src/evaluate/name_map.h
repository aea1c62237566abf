// What: an insertion-ordered map from names to values: scopes, class bodies, instance attributes.
// Must not know: the language.
// Invariant: few names are searched in line, many through a hash index.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "evaluate/value.h"

namespace bascule::evaluate {

class NameMap {
 public:
  NameMap() = default;
  NameMap(const NameMap&) = default;
  NameMap(NameMap&&) = default;
  NameMap& operator=(const NameMap&) = default;
  NameMap& operator=(NameMap&&) = default;
  ~NameMap();
  /// nullptr: there is no such name. The pointer is good until the next set or erase.
  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  void set(std::string_view name, Value value);
  bool erase(std::string_view name);
  void clear();
  const std::vector<std::pair<std::string, Value>>& entries() const { return entries_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::size_t position(std::string_view name) const;

  std::vector<std::pair<std::string, Value>> entries_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> index_;
};

}  // namespace bascule::evaluate
