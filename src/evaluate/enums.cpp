// Enum classes: making their members, finding one by value, the functional form.
#include <fmt/core.h>

#include <limits>

#include "base/text.h"
#include "evaluate/arguments.h"
#include "evaluate/core_modules.h"
#include "evaluate/interpreter_impl.h"
#include "evaluate/natives.h"

namespace bascule::evaluate {

namespace {

using MemberPtr = std::shared_ptr<Instance>;

/// enum.auto() until its class is made.
class AutoValue final : public Object {
 public:
  std::string type_name() const override { return "auto"; }
};

MemberPtr as_member(const Value& value) {
  auto instance = value.as<Instance>();
  return instance && instance->is_member() ? instance : nullptr;
}

Value next_auto(const ClassObject& type, const std::string& name) {
  if (type.enum_kind == EnumKind::kStrEnum) return Value(to_lower_ascii(name));
  std::int64_t highest = 0;
  for (const auto& [key, value] : type.members) {
    if (const auto* number = as_member(value)->member_value.as_int()) highest = std::max(highest, *number);
  }
  if (type.enum_kind == EnumKind::kFlag) {
    std::int64_t bit = 1;
    while (bit <= highest && bit < (std::int64_t{1} << 61)) bit *= 2;
    return Value(bit);
  }
  if (highest == std::numeric_limits<std::int64_t>::max())
    throw Refusal("integer-too-large", "the next auto() does not fit in 64 bits", "give the member a value");
  return Value(highest + 1);
}

bool is_plain_member(const std::string& name, const Value& value) {
  if (name.starts_with("_")) return false;
  return !value.as<FunctionObject>() && !value.as<Descriptor>() && !value.as<ClassObject>();
}

}  // namespace

void Interpreter::Implementation::make_members(ClassObject& type) {
  const std::shared_ptr<ClassObject> held_type = type.self();
  NameMap given = std::move(type.names);
  type.names = NameMap();
  // Methods first: making a member may call __init__.
  for (const auto& [name, value] : given.entries()) {
    if (!is_plain_member(name, value)) type.names.set(name, value);
  }
  for (const auto& [name, raw] : given.entries()) {
    if (!is_plain_member(name, raw)) continue;
    const Value value = raw.as<AutoValue>() ? next_auto(type, name) : raw;
    bool alias = false;
    for (const auto& [other_name, other] : type.members) {
      if (same_or_equal(as_member(other)->member_value, value)) {
        type.names.set(name, Value(other));
        alias = true;
        break;
      }
    }
    if (alias) continue;
    auto member = std::make_shared<Instance>();
    member->type = held_type;
    member->member_name = name;
    member->member_value = value;
    if (!type.payload_type.empty()) {
      if (const Value* builtin = find_builtin(type.payload_type)) {
        std::vector<Value> arguments = value.as_tuple() ? value.as_tuple()->items : std::vector<Value>{value};
        member->payload = call(*builtin, std::move(arguments));
        if (type.payload_type != "tuple" && !value.as_tuple()) member->member_value = *member->payload;
      }
    }
    if (type.lookup("__init__")) {
      call_special(*member, "__init__", value.as_tuple() ? value.as_tuple()->items : std::vector<Value>{value});
    }
    type.names.set(name, Value(ObjectPtr(member)));
    type.members.emplace_back(name, Value(ObjectPtr(member)));
    type.has_members = true;
  }
}

std::optional<Value> Interpreter::Implementation::member_attribute(Instance& member, std::string_view name) {
  if (name == "name" || name == "_name_") return Value(member.member_name);
  if (name == "value" || name == "_value_") return member.member_value;
  return std::nullopt;
}

Value Interpreter::Implementation::find_member(ClassObject& type, Arguments& arguments) {
  if (!type.has_members) {
    // Enum("Colour", "red green"): the functional form.
    const Binder bind("Enum", arguments, {"value", "names"}, {"module", "qualname", "type", "start"});
    const Value name = bind.required("value");
    const Value names = bind.optional("names").value_or(Value(""));
    if (!name.as_str()) raise_type_error("Enum() needs a name");
    if (names.is_opaque()) refuse_opaque(names, "the members of enum " + *name.as_str());
    std::vector<Value> bases;
    if (auto mixin = bind.present("type")) bases.push_back(*mixin);
    bases.emplace_back(type.shared_from_this());
    const Value made = make_class(*name.as_str(), std::move(bases), nullptr, {});
    auto held = made.as<ClassObject>();
    std::vector<Value> listed;
    if (const auto* text = names.as_str()) {
      std::string word;
      for (const char c : *text + " ") {
        if (c != ' ' && c != ',' && c != '\n' && c != '\t') {
          word += c;
        } else if (!word.empty()) {
          listed.emplace_back(std::exchange(word, ""));
        }
      }
    } else if (const Dict* dict = names.as_dict()) {
      for (const auto& [key, value] : dict->entries()) listed.push_back(make_tuple({key, value}));
    } else {
      listed = items_of(names, "the members of this enum");
    }
    Value first = 1;
    if (auto start = bind.present("start"); start && start->as_int()) first = *start;
    std::int64_t numbered = 0;
    for (const Value& one : listed) {
      const auto* pair = one.as_sequence();
      const Value key = pair && pair->size() == 2 ? (*pair)[0] : one;
      if (!key.as_str()) raise_type_error("the names of enum members are strings");
      Value value = pair && pair->size() == 2 ? (*pair)[1] : binary(BinaryOperator::kAdd, first, Value(numbered++));
      if (!pair && held->enum_kind == EnumKind::kStrEnum) value = Value(to_lower_ascii(*key.as_str()));
      held->names.set(*key.as_str(), std::move(value));
    }
    make_members(*held);
    return made;
  }
  const Binder bind(type.name, arguments, {"value"});
  const Value wanted = bind.required("value");
  if (wanted.is_opaque()) return opaque(type.name + "(" + wanted.as_opaque()->what + ")", *wanted.as_opaque());
  for (const auto& [name, member] : type.members) {
    auto held = as_member(member);
    if (wanted.as<Instance>() == held || same_or_equal(held->member_value, wanted)) return member;
  }
  if (type.lookup("_missing_")) {
    const Value found = call(attribute(Value(type.shared_from_this()), "_missing_"), {wanted});
    if (!found.is_none()) return found;
  }
  raise_python("ValueError", repr(wanted) + " is not a valid " + type.name);
}

Value make_auto() { return ObjectPtr(std::make_shared<AutoValue>()); }

std::optional<EnumClass> as_enum_class(const Value& value) {
  auto type = value.as<ClassObject>();
  if (!type || type->enum_kind == EnumKind::kNone || type->is_builtin) return std::nullopt;
  EnumClass out{type->name, {}};
  for (const auto& [name, member] : type->members) out.members.emplace_back(name, as_member(member)->member_value);
  return out;
}

std::optional<EnumMember> as_enum_member(const Value& value) {
  auto member = as_member(value);
  if (!member) return std::nullopt;
  return EnumMember{member->type->name, member->member_name, member->member_value};
}

}  // namespace bascule::evaluate
