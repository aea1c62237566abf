#include "evaluate/name_map.h"

namespace bascule::evaluate {

namespace {
constexpr std::size_t kIndexFrom = 13;
constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
}  // namespace

NameMap::~NameMap() { clear(); }

void NameMap::clear() {
  index_.clear();
  std::vector<Value> values;
  values.reserve(entries_.size());
  for (auto& [name, value] : entries_) values.push_back(std::move(value));
  entries_.clear();
  release(std::move(values));
}

std::size_t NameMap::position(std::string_view name) const {
  if (!index_.empty()) {
    auto found = index_.find(name);
    return found == index_.end() ? kNowhere : found->second;
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].first == name) return i;
  }
  return kNowhere;
}

const Value* NameMap::find(std::string_view name) const {
  const std::size_t at = position(name);
  return at == kNowhere ? nullptr : &entries_[at].second;
}

Value* NameMap::find(std::string_view name) {
  const std::size_t at = position(name);
  return at == kNowhere ? nullptr : &entries_[at].second;
}

void NameMap::set(std::string_view name, Value value) {
  if (Value* held = find(name)) {
    // The old value dies last: its destruction may look at this map.
    std::swap(*held, value);
    return;
  }
  entries_.emplace_back(std::string(name), std::move(value));
  if (!index_.empty()) {
    index_.emplace(std::string(name), entries_.size() - 1);
  } else if (entries_.size() >= kIndexFrom) {
    for (std::size_t i = 0; i < entries_.size(); ++i) index_.emplace(entries_[i].first, i);
  }
}

bool NameMap::erase(std::string_view name) {
  const std::size_t at = position(name);
  if (at == kNowhere) return false;
  if (!index_.empty()) {
    index_.erase(index_.find(name));
    for (auto& [key, where] : index_) {
      if (where > at) --where;
    }
  }
  const Value dying = std::move(entries_[at].second);
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

}  // namespace bascule::evaluate
