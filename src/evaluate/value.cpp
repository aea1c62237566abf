#include "evaluate/value.h"

#include <cmath>

#include "evaluate/error.h"
#include "evaluate/objects.h"

namespace bascule::evaluate {

namespace {

/// Below this size looking at every entry is faster than hashing.
constexpr std::size_t kIndexFrom = 9;
constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
constexpr int kMaxCompareDepth = 200;
/// Comparing has no interpreter to count its steps: it counts its own, down from what the evaluation allows.
thread_local std::uint64_t compare_work = 0;
thread_local bool bounded = false;

bool equal_at(const Value& a, const Value& b, int depth);

bool equal_items(const std::vector<Value>& a, const std::vector<Value>& b, int depth) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!equal_at(a[i], b[i], depth)) return false;
  }
  return true;
}

bool equal_dicts(const Dict& a, const Dict& b, int depth) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : a.entries()) {
    const Value* other = b.find(key);
    if (!other || !equal_at(value, *other, depth)) return false;
  }
  return true;
}

bool equal_sets(const Set& a, const Set& b) {
  if (a.items().size() != b.items().size()) return false;
  for (const Value& item : a.items()) {
    if (!b.contains(item)) return false;
  }
  return true;
}

/// bool, int and float compare by number; nullopt: not a number.
struct Number {
  bool is_float = false;
  std::int64_t integer = 0;
  double real = 0;
};

std::optional<Number> as_number(const Value& value) {
  if (const auto* flag = value.as_bool()) return Number{false, *flag ? 1 : 0, 0};
  if (const auto* integer = value.as_int()) return Number{false, *integer, 0};
  if (const auto* real = value.as_float()) return Number{true, 0, *real};
  return std::nullopt;
}

bool equal_numbers(const Number& a, const Number& b) {
  if (!a.is_float && !b.is_float) return a.integer == b.integer;
  double left = a.is_float ? a.real : static_cast<double>(a.integer);
  double right = b.is_float ? b.real : static_cast<double>(b.integer);
  return left == right;
}

bool equal_at(const Value& a, const Value& b, int depth) {
  if (bounded && compare_work-- == 0) {
    throw Refusal("too-many-steps", "comparing values takes too many steps", "look for a value that holds itself");
  }
  if (depth > kMaxCompareDepth) raise_python("RecursionError", "maximum recursion depth exceeded in comparison");
  if (const auto* left = a.as_str()) {
    if (const auto* right = b.as_str()) return *left == *right;
  }
  const Value* left_inner = payload_of(a);
  const Value* right_inner = payload_of(b);
  if (left_inner || right_inner) {
    if (left_inner && right_inner) {
      const auto& x = std::get<ObjectPtr>(a.payload());
      const auto& y = std::get<ObjectPtr>(b.payload());
      if (x == y) return true;
    }
    return equal_at(left_inner ? *left_inner : a, right_inner ? *right_inner : b, depth + 1);
  }
  if (auto left = as_number(a)) {
    auto right = as_number(b);
    return right && equal_numbers(*left, *right);
  }
  if (a.payload().index() != b.payload().index()) return false;
  if (a.is_none()) return true;
  if (const auto* bytes = a.as_bytes()) return *bytes == *b.as_bytes();
  if (auto* list = a.as_list()) return list == b.as_list() || equal_items(list->items, b.as_list()->items, depth + 1);
  if (const auto* tuple = a.as_tuple()) {
    return tuple == b.as_tuple() || equal_items(tuple->items, b.as_tuple()->items, depth + 1);
  }
  if (auto* dict = a.as_dict()) return dict == b.as_dict() || equal_dicts(*dict, *b.as_dict(), depth + 1);
  if (auto* set = a.as_set()) return set == b.as_set() || equal_sets(*set, *b.as_set());
  if (const auto* object = std::get_if<ObjectPtr>(&a.payload())) {
    const auto& other = std::get<ObjectPtr>(b.payload());
    return *object == other || (*object)->equals(*other);
  }
  return a.as_opaque() && a.as_opaque() == b.as_opaque();
}

std::size_t combine(std::size_t seed, std::size_t hash) {
  return seed ^ (hash + 0x9e3779b97f4a7c15ULL + (seed << 6U) + (seed >> 2U));
}

std::size_t hash_at(const Value& value, int depth) {
  if (bounded && compare_work-- == 0) {
    throw Refusal("too-many-steps", "hashing values takes too many steps", "look for a value that holds itself");
  }
  if (depth > kMaxCompareDepth) raise_python("RecursionError", "maximum recursion depth exceeded");
  if (const auto* text = value.as_str()) return std::hash<std::string>{}(*text);
  if (auto number = as_number(value)) {
    if (!number->is_float) return std::hash<std::int64_t>{}(number->integer);
    double real = number->real;
    if (std::floor(real) == real && std::fabs(real) < 9e18) {
      return std::hash<std::int64_t>{}(static_cast<std::int64_t>(real));
    }
    return std::hash<double>{}(real);
  }
  if (value.is_none()) return 0x517cc1b7;
  if (const auto* bytes = value.as_bytes()) return std::hash<std::string>{}(bytes->data) + 1;
  if (const auto* tuple = value.as_tuple()) {
    std::size_t seed = 0x345678;
    for (const Value& item : tuple->items) seed = combine(seed, hash_at(item, depth + 1));
    return seed;
  }
  if (auto* set = value.as_set(); set && set->frozen) {
    std::size_t sum = 0x9e37;
    for (const Value& item : set->items()) sum += hash_at(item, depth + 1) * 31;
    return sum;
  }
  if (const Value* inner = payload_of(value)) return hash_at(*inner, depth + 1);
  if (const auto* object = std::get_if<ObjectPtr>(&value.payload())) return (*object)->hash();
  if (const auto* opaque = value.as_opaque()) return std::hash<const void*>{}(opaque);
  raise_type_error("unhashable type: '" + type_name(value) + "'");
}

}  // namespace

List* Value::as_list() const {
  const auto* held = std::get_if<ListPtr>(&payload_);
  return held ? held->get() : nullptr;
}
const Tuple* Value::as_tuple() const {
  const auto* held = std::get_if<TuplePtr>(&payload_);
  return held ? held->get() : nullptr;
}
Dict* Value::as_dict() const {
  const auto* held = std::get_if<DictPtr>(&payload_);
  return held ? held->get() : nullptr;
}
Set* Value::as_set() const {
  const auto* held = std::get_if<SetPtr>(&payload_);
  return held ? held->get() : nullptr;
}
const Opaque* Value::as_opaque() const {
  const auto* held = std::get_if<OpaquePtr>(&payload_);
  return held ? held->get() : nullptr;
}
const std::vector<Value>* Value::as_sequence() const {
  if (const auto* list = as_list()) return &list->items;
  if (const auto* tuple = as_tuple()) return &tuple->items;
  return nullptr;
}

void bound_comparisons(std::uint64_t allowed) {
  bounded = true;
  compare_work = allowed;
}

void unbound_comparisons() { bounded = false; }

bool equal(const Value& a, const Value& b) { return equal_at(a, b, 0); }
std::size_t hash_of(const Value& value) { return hash_at(value, 0); }

void release(std::vector<Value>&& values) {
  thread_local int depth = 0;
  thread_local std::vector<std::vector<Value>>* deferred = nullptr;
  if (values.empty()) return;
  if (depth >= 64) {
    deferred->push_back(std::move(values));
    return;
  }
  std::vector<std::vector<Value>> waiting;
  const bool outermost = depth == 0;
  if (outermost) deferred = &waiting;
  ++depth;
  { const std::vector<Value> dying = std::move(values); }
  while (outermost && !waiting.empty()) {
    const std::vector<Value> dying = std::move(waiting.back());
    waiting.pop_back();
  }
  --depth;
  if (outermost) deferred = nullptr;
}

Dict::~Dict() { clear(); }

void Dict::clear() {
  index_.clear();
  std::vector<Value> values;
  values.reserve(entries_.size());
  for (auto& [key, value] : entries_) {
    if (key.as_tuple() || std::holds_alternative<ObjectPtr>(key.payload())) values.push_back(std::move(key));
    values.push_back(std::move(value));
  }
  entries_.clear();
  release(std::move(values));
}

std::size_t Dict::position(const Value& key) const {
  if (index_.empty()) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (equal(entries_[i].first, key)) return i;
    }
    return kNowhere;
  }
  auto [first, last] = index_.equal_range(hash_of(key));
  for (; first != last; ++first) {
    if (equal(entries_[first->second].first, key)) return first->second;
  }
  return kNowhere;
}

const Value* Dict::find(const Value& key) const {
  const std::size_t at = position(key);
  return at == kNowhere ? nullptr : &entries_[at].second;
}

const Value* Dict::find(std::string_view key) const {
  if (index_.empty()) {
    for (const auto& [name, value] : entries_) {
      const auto* text = name.as_str();
      if (text && *text == key) return &value;
    }
    return nullptr;
  }
  return find(Value(key));
}

void Dict::set(Value key, Value value) {
  const std::size_t hash = hash_of(key);
  const std::size_t at = position(key);
  if (at != kNowhere) {
    entries_[at].second = std::move(value);
    return;
  }
  entries_.emplace_back(std::move(key), std::move(value));
  if (!index_.empty()) {
    index_.emplace(hash, entries_.size() - 1);
  } else if (entries_.size() >= kIndexFrom) {
    for (std::size_t i = 0; i < entries_.size(); ++i) index_.emplace(hash_of(entries_[i].first), i);
  }
}

bool Dict::erase(const Value& key) {
  const std::size_t at = position(key);
  if (at == kNowhere) return false;
  const bool last = at + 1 == entries_.size();
  if (!index_.empty()) {
    auto [first, end] = index_.equal_range(hash_of(key));
    for (; first != end; ++first) {
      if (first->second == at) {
        index_.erase(first);
        break;
      }
    }
    if (!last) {
      for (auto& [hash, where] : index_) {
        if (where > at) --where;
      }
    }
  }
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

void Set::clear() {
  index_.clear();
  items_.clear();
}

std::size_t Set::position(const Value& item) const {
  if (index_.empty()) {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (equal(items_[i], item)) return i;
    }
    return kNowhere;
  }
  auto [first, last] = index_.equal_range(hash_of(item));
  for (; first != last; ++first) {
    if (equal(items_[first->second], item)) return first->second;
  }
  return kNowhere;
}

bool Set::contains(const Value& item) const { return position(item) != kNowhere; }

bool Set::add(Value item) {
  const std::size_t hash = hash_of(item);
  if (position(item) != kNowhere) return false;
  items_.push_back(std::move(item));
  if (!index_.empty()) {
    index_.emplace(hash, items_.size() - 1);
  } else if (items_.size() >= kIndexFrom) {
    for (std::size_t i = 0; i < items_.size(); ++i) index_.emplace(hash_of(items_[i]), i);
  }
  return true;
}

bool Set::erase(const Value& item) {
  const std::size_t at = position(item);
  if (at == kNowhere) return false;
  const bool last = at + 1 == items_.size();
  if (!index_.empty()) {
    auto [first, end] = index_.equal_range(hash_of(item));
    for (; first != end; ++first) {
      if (first->second == at) {
        index_.erase(first);
        break;
      }
    }
    if (!last) {
      for (auto& [hash, where] : index_) {
        if (where > at) --where;
      }
    }
  }
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

Value make_list(std::vector<Value> items) { return std::make_shared<List>(std::move(items)); }
Value make_tuple(std::vector<Value> items) { return TuplePtr(std::make_shared<const Tuple>(std::move(items))); }

std::string type_name(const Value& value) {
  struct Visitor {
    std::string operator()(const NoneType&) const { return "NoneType"; }
    std::string operator()(bool) const { return "bool"; }
    std::string operator()(std::int64_t) const { return "int"; }
    std::string operator()(double) const { return "float"; }
    std::string operator()(const std::string&) const { return "str"; }
    std::string operator()(const Bytes&) const { return "bytes"; }
    std::string operator()(const ListPtr&) const { return "list"; }
    std::string operator()(const TuplePtr&) const { return "tuple"; }
    std::string operator()(const DictPtr&) const { return "dict"; }
    std::string operator()(const SetPtr& set) const { return set->frozen ? "frozenset" : "set"; }
    std::string operator()(const ObjectPtr& object) const { return object->type_name(); }
    std::string operator()(const OpaquePtr& opaque) const { return opaque->what; }
  };
  return std::visit(Visitor{}, value.payload());
}

}  // namespace bascule::evaluate
