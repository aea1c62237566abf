// Subscripts and slices: reading, setting, deleting.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

/// Byte offsets of the characters of a text, for texts that are not all ASCII.
std::vector<std::size_t> character_offsets(const std::string& text) {
  std::vector<std::size_t> offsets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) offsets.push_back(i);
  }
  offsets.push_back(text.size());
  return offsets;
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::int64_t position_of(const Value& key, const char* kind) {
  if (const Value* inner = payload_of(key)) return position_of(*inner, kind);
  if (const auto* number = key.as_int()) return *number;
  if (const auto* flag = key.as_bool()) return *flag ? 1 : 0;
  if (std::string_view(kind) == "string") {
    raise_type_error(fmt::format("string indices must be integers, not '{}'", type_name(key)));
  }
  raise_type_error(fmt::format("{} indices must be integers or slices, not {}", kind, type_name(key)));
}

/// The position in a sequence of that size, counted from the end when negative; IndexError outside.
std::size_t checked(std::int64_t position, std::size_t size, const char* message) {
  const auto count = static_cast<std::int64_t>(size);
  if (position < 0) position += count;
  if (position < 0 || position >= count) raise_python("IndexError", message);
  return static_cast<std::size_t>(position);
}

/// The positions that a slice takes, in order.
struct Positions {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};

Positions positions(const Value& lower, const Value& upper, const Value& step, std::size_t size) {
  const auto length = static_cast<std::int64_t>(size);
  const auto number = [](const Value& value) -> std::optional<std::int64_t> {
    if (value.is_none()) return std::nullopt;
    if (const auto* integer = value.as_int()) return *integer;
    if (const auto* flag = value.as_bool()) return *flag ? 1 : 0;
    raise_type_error("slice indices must be integers or None or have an __index__ method");
  };
  Positions out;
  out.step = number(step).value_or(1);
  if (out.step == 0) raise_python("ValueError", "slice step cannot be zero");
  // Nothing is that long; keeps the sums below in 64 bits.
  out.step = std::clamp<std::int64_t>(out.step, -(std::int64_t{1} << 40), std::int64_t{1} << 40);
  const auto bound = [&](std::optional<std::int64_t> given, std::int64_t otherwise) {
    if (!given) return otherwise;
    std::int64_t at = *given;
    if (at < 0) at = at < -length ? -1 : at + length;
    const std::int64_t lowest = out.step > 0 ? 0 : -1;
    const std::int64_t highest = out.step > 0 ? length : length - 1;
    if (*given < 0 && *given < -length) at = lowest;
    return std::clamp(at, lowest, std::max(lowest, highest));
  };
  out.start = bound(number(lower), out.step > 0 ? 0 : length - 1);
  const std::int64_t stop = bound(number(upper), out.step > 0 ? length : -1);
  if (out.step > 0 && stop > out.start) out.count = (stop - out.start + out.step - 1) / out.step;
  if (out.step < 0 && stop < out.start) out.count = (out.start - stop - out.step - 1) / -out.step;
  return out;
}

std::vector<Value> taken(const std::vector<Value>& items, const Positions& where) {
  std::vector<Value> out;
  out.reserve(static_cast<std::size_t>(where.count));
  for (std::int64_t i = 0; i < where.count; ++i) {
    out.push_back(items[static_cast<std::size_t>(where.start + i * where.step)]);
  }
  return out;
}

}  // namespace

Value Interpreter::Implementation::get_item(const Value& object, const Value& key) {
  if (const Opaque* unknown = object.as_opaque()) {
    const bool plain = key.as_str() || key.as_int();
    return opaque(unknown->what + (plain ? "[" + repr(key) + "]" : "[...]"), *unknown);
  }
  if (std::holds_alternative<ObjectPtr>(object.payload())) {
    if (auto found = std::get<ObjectPtr>(object.payload())->index(owner_, key)) return *std::move(found);
    if (const Value* inner = payload_of(object)) return get_item(*inner, key);
    raise_type_error("'" + type_name(object) + "' object is not subscriptable");
  }
  if (const Opaque* unknown = key.as_opaque()) return opaque(unknown->what, *unknown);
  if (Dict* dict = object.as_dict()) {
    if (const Value* found = dict->find(key)) return *found;
    raise_key_error(key);
  }
  if (List* list = object.as_list()) {
    return list->items[checked(position_of(key, "list"), list->items.size(), "list index out of range")];
  }
  if (const Tuple* tuple = object.as_tuple()) {
    return tuple->items[checked(position_of(key, "tuple"), tuple->items.size(), "tuple index out of range")];
  }
  if (const auto* text = object.as_str()) {
    const std::int64_t at = position_of(key, "string");
    charge(text->size() / 64);
    if (is_ascii(*text)) return std::string(1, (*text)[checked(at, text->size(), "string index out of range")]);
    const auto offsets = character_offsets(*text);
    const std::size_t character = checked(at, offsets.size() - 1, "string index out of range");
    return text->substr(offsets[character], offsets[character + 1] - offsets[character]);
  }
  if (const auto* bytes = object.as_bytes()) {
    const std::size_t at = checked(position_of(key, "byte"), bytes->data.size(), "index out of range");
    return static_cast<std::int64_t>(static_cast<unsigned char>(bytes->data[at]));
  }
  raise_type_error("'" + type_name(object) + "' object is not subscriptable");
}

Value Interpreter::Implementation::get_slice(const Value& object, const py::Slice& slice) {
  const Span place = current_;
  const Value lower = slice.lower ? eval(*slice.lower) : Value();
  const Value upper = slice.upper ? eval(*slice.upper) : Value();
  const Value step_value = slice.step ? eval(*slice.step) : Value();
  current_ = place;
  if (const Opaque* unknown = object.as_opaque()) return opaque(unknown->what + "[:]", *unknown);
  for (const Value* bound : {&lower, &upper, &step_value}) {
    if (const Opaque* unknown = bound->as_opaque()) return opaque(unknown->what, *unknown);
  }
  if (const auto* items = object.as_sequence()) {
    const Positions where = positions(lower, upper, step_value, items->size());
    charge(static_cast<std::uint64_t>(where.count));
    return object.as_list() ? make_list(taken(*items, where)) : make_tuple(taken(*items, where));
  }
  if (object.as_str() || object.as_bytes()) {
    const std::string& text = object.as_str() ? *object.as_str() : object.as_bytes()->data;
    charge(text.size() / 64);
    std::string out;
    if (object.as_bytes() || is_ascii(text)) {
      const Positions where = positions(lower, upper, step_value, text.size());
      for (std::int64_t i = 0; i < where.count; ++i) {
        out += text[static_cast<std::size_t>(where.start + i * where.step)];
      }
    } else {
      const auto offsets = character_offsets(text);
      const Positions where = positions(lower, upper, step_value, offsets.size() - 1);
      for (std::int64_t i = 0; i < where.count; ++i) {
        const auto at = static_cast<std::size_t>(where.start + i * where.step);
        out.append(text, offsets[at], offsets[at + 1] - offsets[at]);
      }
    }
    return object.as_str() ? Value(std::move(out)) : Value(Bytes{std::move(out)});
  }
  if (auto range = object.as<RangeObject>()) {
    return get_slice(make_list(*range->iterate(owner_)), slice);
  }
  if (const Value* inner = payload_of(object)) return get_slice(*inner, slice);
  raise_type_error("'" + type_name(object) + "' object is not subscriptable");
}

void Interpreter::Implementation::set_item(const Value& object, const Value& key, Value value) {
  if (object.is_opaque()) return;
  may_form_ring(object, value);
  if (Dict* dict = object.as_dict()) {
    if (key.is_opaque()) refuse_opaque(key, "the key of this dict");
    dict->set(key, std::move(value));
    check_items(dict->size());
    return;
  }
  if (List* list = object.as_list()) {
    if (key.is_opaque()) refuse_opaque(key, "the index into this list");
    const auto at = checked(position_of(key, "list"), list->items.size(), "list assignment index out of range");
    std::swap(list->items[at], value);
    return;
  }
  if (const auto* held = std::get_if<ObjectPtr>(&object.payload())) {
    if ((*held)->set_index(owner_, key, value)) return;
    if (const Value* inner = payload_of(object)) {
      set_item(*inner, key, std::move(value));
      return;
    }
  }
  raise_type_error("'" + type_name(object) + "' object does not support item assignment");
}

void Interpreter::Implementation::set_slice(const Value& object, const py::Slice& slice, const Value& value) {
  const Span place = current_;
  const Value lower = slice.lower ? eval(*slice.lower) : Value();
  const Value upper = slice.upper ? eval(*slice.upper) : Value();
  const Value step_value = slice.step ? eval(*slice.step) : Value();
  current_ = place;
  if (object.is_opaque()) return;
  if (!object.as_list()) raise_type_error("'" + type_name(object) + "' object does not support slice assignment");
  for (const Value* bound : {&lower, &upper, &step_value}) {
    if (bound->is_opaque()) refuse_opaque(*bound, "a bound of this slice");
  }
  std::vector<Value> items = items_of(value, "what is assigned to this slice");
  for (const Value& item : items) may_form_ring(object, item);
  const ListPtr list = std::get<ListPtr>(object.payload());
  const Positions where = positions(lower, upper, step_value, list->items.size());
  if (where.step != 1) {
    if (items.size() != static_cast<std::size_t>(where.count)) {
      raise_python("ValueError", fmt::format("attempt to assign sequence of size {} to extended slice of size {}",
                                             items.size(), where.count));
    }
    for (std::int64_t i = 0; i < where.count; ++i) {
      list->items[static_cast<std::size_t>(where.start + i * where.step)] = items[static_cast<std::size_t>(i)];
    }
    return;
  }
  charge(list->items.size());
  check_items(list->items.size() + items.size());
  const auto begin = list->items.begin() + static_cast<std::ptrdiff_t>(where.start);
  list->items.insert(list->items.erase(begin, begin + static_cast<std::ptrdiff_t>(where.count)), items.begin(),
                     items.end());
}

void Interpreter::Implementation::remove_item(const Value& object, const Value& key) {
  if (object.is_opaque()) return;
  if (Dict* dict = object.as_dict()) {
    charge(dict->size() / 8);
    if (!dict->erase(key)) raise_key_error(key);
    return;
  }
  if (List* list = object.as_list()) {
    charge(list->items.size() / 8);
    const auto at = checked(position_of(key, "list"), list->items.size(), "list assignment index out of range");
    const Value dying = std::move(list->items[at]);
    list->items.erase(list->items.begin() + static_cast<std::ptrdiff_t>(at));
    return;
  }
  if (auto instance = object.as<Instance>()) {
    if (call_special(*instance, "__delitem__", {key})) return;
    if (instance->payload) {
      remove_item(*instance->payload, key);
      return;
    }
  }
  raise_type_error("'" + type_name(object) + "' object does not support item deletion");
}

void Interpreter::Implementation::remove_slice(const Value& object, const py::Slice& slice) {
  const Span place = current_;
  const Value lower = slice.lower ? eval(*slice.lower) : Value();
  const Value upper = slice.upper ? eval(*slice.upper) : Value();
  const Value step_value = slice.step ? eval(*slice.step) : Value();
  current_ = place;
  if (object.is_opaque()) return;
  if (!object.as_list()) raise_type_error("'" + type_name(object) + "' object does not support item deletion");
  const ListPtr list = std::get<ListPtr>(object.payload());
  const Positions where = positions(lower, upper, step_value, list->items.size());
  charge(list->items.size());
  std::vector<bool> gone(list->items.size());
  for (std::int64_t i = 0; i < where.count; ++i) gone[static_cast<std::size_t>(where.start + i * where.step)] = true;
  std::vector<Value> kept;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    if (!gone[i]) kept.push_back(list->items[i]);
  }
  std::swap(list->items, kept);
}

std::int64_t Interpreter::Implementation::length(const Value& value) {
  if (const auto* items = value.as_sequence()) return static_cast<std::int64_t>(items->size());
  if (const auto* text = value.as_str()) {
    charge(text->size() / 64);
    return static_cast<std::int64_t>(utf8_length(*text));
  }
  if (const auto* bytes = value.as_bytes()) return static_cast<std::int64_t>(bytes->data.size());
  if (const Dict* dict = value.as_dict()) return static_cast<std::int64_t>(dict->size());
  if (const Set* set = value.as_set()) return static_cast<std::int64_t>(set->items().size());
  if (value.is_opaque()) refuse_opaque(value, "the length of `" + value.as_opaque()->what + "`");
  if (const auto* object = std::get_if<ObjectPtr>(&value.payload())) {
    if (auto count = (*object)->length(owner_)) return *count;
  }
  raise_type_error("object of type '" + type_name(value) + "' has no len()");
}

}  // namespace bascule::evaluate
