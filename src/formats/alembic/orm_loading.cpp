// Objects of mapped classes from rows: a query's entities, columns that are read later, relationships.
#include <algorithm>

#include "evaluate/error.h"
#include "formats/alembic/orm_unit_of_work.h"
#include "formats/alembic/sa_exceptions.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Instance;
using evaluate::ObjectPtr;

namespace {

Value call_method(Interpreter& interpreter, const Value& object, std::string_view name, std::vector<Value> positional) {
  return interpreter.call(interpreter.attribute(object, name),
                          Arguments{std::move(positional), {}, interpreter.here()});
}

/// The mapped class that a relationship leads to.
std::shared_ptr<Mapper> target_of(Interpreter& interpreter, const Mapper& mapper, const std::string& name,
                                  const Relationship& relationship) {
  Value target = relationship.target;
  if (target.is_opaque()) interpreter.refuse_opaque(target, "what " + mapper.name + "." + name + " leads to");
  std::string word;
  if (target.as_str() != nullptr) {
    word = *target.as_str();
  } else if (target.is_none()) {
    // Mapped[list["Tag"]] says it.
    const std::string& text = relationship.annotation;
    const std::size_t begin = text.find_last_of("[\"'") + 1;
    std::size_t end = begin;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
    word = text.substr(begin, end - begin);
  } else if (!mapper_of(target)) {
    target = interpreter.call(target, Arguments{{}, {}, interpreter.here()});
  }
  auto found = mapper_of(target);
  if (!found && !word.empty()) {
    if (const auto klass = mapper.base().find_class(word)) found = mapper_of(Value(ObjectPtr(klass)));
  }
  if (!found)
    refuse_unsupported("the relationship " + mapper.name + "." + name + ": its class is not among those that were read",
                       "write its query out: session.query(...).filter(...)");
  return found;
}

struct Link {
  std::shared_ptr<ColumnItem> from;  ///< the column with the foreign key
  std::shared_ptr<ColumnClause> to;
};

/// The foreign keys of one table that point at another.
std::vector<Link> links(const TableItem& from, const TableClause& to) {
  std::vector<Link> out;
  for (const auto& column : from.column_items()) {
    for (const auto& key : column->foreign_keys) {
      if (!(key->target.table == to.table_name())) continue;
      const auto target = to.find_column(key->target.column ? key->target.column->text() : column->name().text());
      if (target) out.push_back({column, target});
    }
  }
  return out;
}

bool says_list(const std::string& annotation) {
  for (const char* word : {"list[", "List[", "set[", "Set[", "Sequence[", "Collection["}) {
    if (annotation.find(word) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

bool leads_to_one(Interpreter& interpreter, const Mapper& mapper, const std::string& name,
                  const Relationship& relationship) {
  if (!relationship.secondary.is_none()) return false;
  return !links(*mapper.table, *target_of(interpreter, mapper, name, relationship)->table).empty();
}

Value UnitOfWork::entity(Interpreter& interpreter, const SelectObject::Entity& slot, const std::vector<Value>& cells) {
  const Mapper& mapper = *slot.mapper;
  const auto keys = mapper.key();
  std::vector<Value> key;
  for (const Mapper::Attribute* part : keys) {
    const auto at = std::find(slot.names.begin(), slot.names.end(), part->name);
    key.push_back(cells[slot.first + static_cast<std::size_t>(at - slot.names.begin())]);
  }
  // An outer join found nothing.
  if (std::all_of(key.begin(), key.end(), [](const Value& part) { return part.is_none(); })) return {};
  auto& held = known_[identity(interpreter, mapper, key)];
  const bool fresh = held == nullptr;
  if (fresh) {
    held = std::make_shared<Instance>();
    held->type = mapper.class_object();
    auto state = std::make_shared<EntityState>();
    state->work = weak_from_this();
    state->persistent = true;
    held->attributes.set("_sa_instance_state", Value(ObjectPtr(state)));
    order_.push_back(held);
  }
  const auto state = state_of(*held);
  for (std::size_t i = 0; i < slot.names.size(); ++i) {
    const std::string& name = slot.names[i];
    if (std::find(state->wanted.begin(), state->wanted.end(), name) == state->wanted.end())
      state->wanted.push_back(name);
    // What the object already holds is not overwritten.
    if (!fresh && held->attributes.find(name) != nullptr) continue;
    held->attributes.set(name, cells[slot.first + i]);
    state->loaded[name] = cells[slot.first + i];
  }
  state->expired = false;
  return Value(ObjectPtr(held));
}

void UnitOfWork::make_entities(Interpreter& interpreter, const SelectObject& query, std::vector<std::string>& keys,
                               std::vector<std::vector<Value>>& rows) {
  const auto& slots = query.entities();
  std::vector<std::string> names;
  for (std::size_t i = 0, slot = 0; i < keys.size();) {
    if (slot < slots.size() && slots[slot].first == i) {
      names.push_back(slots[slot].mapper->name);
      i += slots[slot++].names.size();
    } else {
      names.push_back(keys[i++]);
    }
  }
  for (auto& row : rows) {
    std::vector<Value> cells;
    for (std::size_t i = 0, slot = 0; i < row.size();) {
      if (slot < slots.size() && slots[slot].first == i) {
        cells.push_back(entity(interpreter, slots[slot], row));
        i += slots[slot++].names.size();
      } else {
        cells.push_back(row[i++]);
      }
    }
    row = std::move(cells);
  }
  keys = std::move(names);
}

Value UnitOfWork::get(Interpreter& interpreter, const std::shared_ptr<Mapper>& mapper, const std::vector<Value>& key,
                      const Location& where) {
  mapper->check_usable(interpreter);
  const auto keys = mapper->key();
  if (key.size() != keys.size())
    raise_sqlalchemy("InvalidRequestError",
                     "Incorrect number of values in identifier to formulate primary key for "
                     "session.get()");
  for (const Value& part : key) {
    if (part.is_opaque()) interpreter.refuse_opaque(part, "the primary key of session.get()");
  }
  if (const auto found = known_.find(identity(interpreter, *mapper, key));
      found != known_.end() && !state_of(*found->second)->expired)
    return Value(ObjectPtr(found->second));
  auto query = std::make_shared<SelectObject>(context_.recorder);
  query->add_column(interpreter, Value(ObjectPtr(mapper->class_object())));
  for (std::size_t i = 0; i < keys.size(); ++i)
    query->add_condition(interpreter,
                         *keys[i]->column->binary(interpreter, evaluate::BinaryOperator::kEq, key[i], false));
  const Value result = execute(interpreter, Value(ObjectPtr(query)), Value(), where, "session.get");
  if (result.is_opaque()) return result;
  return call_method(interpreter, call_method(interpreter, result, "scalars", {}), "first", {});
}

void UnitOfWork::load(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper,
                      const std::vector<std::string>& names) {
  auto query = std::make_shared<SelectObject>(context_.recorder);
  for (const std::string& name : names) query->add_column(interpreter, Value(ObjectPtr(mapper.find(name)->column)));
  const auto keys = mapper.key();
  const std::vector<Value> key = key_of(*instance, mapper);
  for (std::size_t i = 0; i < keys.size(); ++i)
    query->add_condition(interpreter,
                         *keys[i]->column->binary(interpreter, evaluate::BinaryOperator::kEq, key[i], false));
  const Value result = execute(interpreter, Value(ObjectPtr(query)), Value(), interpreter.here(), "session.refresh");
  if (result.is_opaque()) interpreter.refuse_opaque(result, "the columns of '" + mapper.name + "'");
  const Value row = call_method(interpreter, result, "first", {});
  if (row.is_none())
    raise_sqlalchemy("ObjectDeletedError",
                     "Instance '<" + mapper.name + ">' has been deleted, or its row is otherwise not present.");
  const std::vector<Value> cells = interpreter.iterate(row);
  const auto state = state_of(*instance);
  for (std::size_t i = 0; i < names.size() && i < cells.size(); ++i) {
    instance->attributes.set(names[i], cells[i]);
    state->loaded[names[i]] = cells[i];
  }
  state->expired = false;
}

Value UnitOfWork::load_relationship(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper,
                                    const std::string& name, const Relationship& relationship) {
  const std::string full = mapper.name + "." + name;
  if (!relationship.unread.empty())
    refuse_unsupported("the relationship " + full + " with " + relationship.unread,
                       "write its query out: session.query(...).filter(...)");
  const auto target = target_of(interpreter, mapper, name, relationship);
  target->check_usable(interpreter);
  const auto value_of = [&](const ColumnClause& column) {
    const Mapper::Attribute* attribute = mapper.find(column);
    if (attribute == nullptr) refuse_unsupported("the relationship " + full + ": its column is not mapped");
    return interpreter.attribute(Value(ObjectPtr(instance)), attribute->name);
  };
  const auto equals = [&](const ColumnClause& column, const Value& value) {
    return *const_cast<ColumnClause&>(column).binary(interpreter, evaluate::BinaryOperator::kEq, value, false);
  };
  auto query = std::make_shared<SelectObject>(context_.recorder);
  query->add_column(interpreter, Value(ObjectPtr(target->class_object())));
  bool many = true;
  if (!relationship.secondary.is_none()) {
    Value through = relationship.secondary;
    if (through.is_opaque()) interpreter.refuse_opaque(through, "the table that " + full + " goes through");
    if (!through.as<TableItem>() && through.as_str() == nullptr)
      through = interpreter.call(through, Arguments{{}, {}, interpreter.here()});
    auto table = through.as<TableItem>();
    if (!table && through.as_str() != nullptr) table = mapper.base().metadata()->find(*through.as_str());
    const auto own = table ? links(*table, *mapper.table) : std::vector<Link>();
    const auto other = table ? links(*table, *target->table) : std::vector<Link>();
    if (own.empty() || other.empty())
      refuse_unsupported("the relationship " + full + ": its foreign keys are not known");
    for (const Link& link : own) query->add_condition(interpreter, equals(*link.from, value_of(*link.to)));
    for (const Link& link : other) query->add_condition(interpreter, equals(*link.to, Value(ObjectPtr(link.from))));
  } else {
    const auto own = links(*mapper.table, *target->table);
    const auto other = links(*target->table, *mapper.table);
    if (own.empty() == other.empty())
      refuse_unsupported("the relationship " + full + ": its foreign keys do not say its direction",
                         "write its query out: session.query(...).filter(...)");
    many = own.empty();
    if (!many) {
      std::vector<Value> key;
      for (const Mapper::Attribute* part : target->key()) {
        for (const Link& link : own) {
          if (link.to->name() == part->column->name()) key.push_back(value_of(*link.from));
        }
      }
      if (std::any_of(key.begin(), key.end(), [](const Value& part) { return part.is_none(); })) return {};
      if (key.size() == target->key().size() && own.size() == key.size())
        return get(interpreter, target, key, interpreter.here());
      for (const Link& link : own) query->add_condition(interpreter, equals(*link.to, value_of(*link.from)));
    } else {
      for (const Link& link : other) query->add_condition(interpreter, equals(*link.from, value_of(*link.to)));
    }
  }
  Value statement{ObjectPtr(query)};
  if (relationship.order_by) {
    if (relationship.order_by->as_str() != nullptr || relationship.order_by->as<UnnamedColumn>())
      refuse_unsupported("the relationship " + full + " with this order_by",
                         "write its query out: session.query(...).filter(...).order_by(...)");
    statement = call_method(interpreter, statement, "order_by", {*relationship.order_by});
  }
  const Value result = execute(interpreter, statement, Value(), interpreter.here(), "the relationship " + full);
  if (result.is_opaque()) return result;
  const bool annotated = relationship.annotation.find("Mapped[") != std::string::npos;
  const bool lists = relationship.uselist.value_or(many && (!annotated || says_list(relationship.annotation)));
  const Value objects = call_method(interpreter, result, "scalars", {});
  return lists ? call_method(interpreter, objects, "all", {}) : call_method(interpreter, objects, "first", {});
}

std::optional<Value> missing_attribute(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper,
                                       std::string_view wanted) {
  const std::string name(mapper.real_name(wanted));
  if (name != wanted) return interpreter.attribute(Value(ObjectPtr(instance)), name);
  const auto state = state_of(*instance);
  const auto work = state ? state->work.lock() : nullptr;
  const bool known = state && state->persistent;
  if (mapper.find(name) != nullptr) {
    if (!known) return Value();
    if (!work)
      raise_sqlalchemy("DetachedInstanceError", "Instance <" + mapper.name +
                                                    "> is not bound to a Session; attribute "
                                                    "refresh operation cannot proceed");
    std::vector<std::string> names;
    if (state->expired) {
      for (const std::string& one : state->wanted) {
        if (instance->attributes.find(one) == nullptr) names.push_back(one);
      }
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    work->load(interpreter, instance, mapper, names);
    return *instance->attributes.find(name);
  }
  if (const auto found = mapper.relationships.find(name); found != mapper.relationships.end()) {
    Value value;
    if (known && !work)
      raise_sqlalchemy("DetachedInstanceError", "Parent instance <" + mapper.name +
                                                    "> is not bound to a Session; lazy "
                                                    "load operation of attribute '" +
                                                    name + "' cannot proceed");
    if (known) {
      work->flush_for_query(interpreter, interpreter.here());
      value = work->load_relationship(interpreter, instance, mapper, name, *found->second);
    } else if (found->second->uselist.value_or(says_list(found->second->annotation) ||
                                               !found->second->secondary.is_none())) {
      value = evaluate::make_list({});
    }
    if (value.is_opaque()) return value;
    instance->attributes.set(name, value);
    if (state) {
      const auto* list = value.as_list();
      state->fetched[name] = list != nullptr ? evaluate::make_list(list->items) : value;
    }
    return value;
  }
  if (const auto found = mapper.unknown.find(name); found != mapper.unknown.end()) return found->second;
  return std::nullopt;
}

}  // namespace bascule::formats::alembic
