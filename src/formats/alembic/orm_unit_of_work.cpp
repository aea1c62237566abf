#include "formats/alembic/orm_unit_of_work.h"

#include <algorithm>

#include "evaluate/error.h"
#include "formats/alembic/live_connection.h"
#include "formats/alembic/sa_dml_statement.h"
#include "formats/alembic/sa_exceptions.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Instance;
using evaluate::ObjectPtr;

namespace {

constexpr const char* kState = "_sa_instance_state";

std::shared_ptr<EntityState> make_state(const InstancePtr& instance) {
  if (auto known = state_of(*instance)) return known;
  auto state = std::make_shared<EntityState>();
  instance->attributes.set(kState, Value(ObjectPtr(state)));
  return state;
}

std::shared_ptr<Mapper> need_mapper(const InstancePtr& instance) {
  auto mapper = mapper_of(*instance);
  if (!mapper) raise_sqlalchemy("UnmappedInstanceError", "Class '" + instance->type->name + "' is not mapped");
  return mapper;
}

Value call_method(Interpreter& interpreter, const Value& object, std::string_view name, std::vector<Value> positional) {
  return interpreter.call(interpreter.attribute(object, name),
                          Arguments{std::move(positional), {}, interpreter.here()});
}

bool refers_to(const Mapper& mapper, const QualifiedName& table) {
  const auto& columns = mapper.table->column_items();
  return std::any_of(columns.begin(), columns.end(), [&](const auto& column) {
    return std::any_of(column->foreign_keys.begin(), column->foreign_keys.end(),
                       [&](const auto& key) { return key->target.table == table; });
  });
}

/// Tables that others refer to come first; of those that go in circles, the first one met.
std::vector<std::shared_ptr<Mapper>> writing_order(const std::vector<InstancePtr>& instances) {
  std::vector<std::shared_ptr<Mapper>> left;
  for (const InstancePtr& instance : instances) {
    auto mapper = mapper_of(*instance);
    if (mapper && std::find(left.begin(), left.end(), mapper) == left.end()) left.push_back(std::move(mapper));
  }
  std::vector<std::shared_ptr<Mapper>> out;
  while (!left.empty()) {
    auto ready = std::find_if(left.begin(), left.end(), [&](const auto& one) {
      return std::none_of(left.begin(), left.end(), [&](const auto& other) {
        return other != one && refers_to(*one, other->table->table_name());
      });
    });
    if (ready == left.end()) ready = left.begin();
    out.push_back(*ready);
    left.erase(ready);
  }
  return out;
}

void drop(std::vector<InstancePtr>& from, const InstancePtr& instance) { std::erase(from, instance); }

}  // namespace

std::shared_ptr<EntityState> state_of(const Instance& instance) {
  const Value* held = instance.attributes.find(kState);
  return held == nullptr ? nullptr : held->as<EntityState>();
}

void UnitOfWork::add(const InstancePtr& instance) {
  static_cast<void>(need_mapper(instance));
  const auto state = make_state(instance);
  if (const auto other = state->work.lock(); other && other.get() != this && state->persistent)
    raise_sqlalchemy("InvalidRequestError", "Object '<" + instance->type->name + ">' is already attached to a session");
  state->work = weak_from_this();
  drop(deleted_, instance);
  if (state->persistent || std::find(pending_.begin(), pending_.end(), instance) != pending_.end()) return;
  pending_.push_back(instance);
}

void UnitOfWork::remove(Interpreter& interpreter, const InstancePtr& instance) {
  const auto state = state_of(*instance);
  if (!state || !state->persistent)
    raise_sqlalchemy("InvalidRequestError", "Instance '<" + instance->type->name + ">' is not persisted");
  const auto mapper = need_mapper(instance);
  for (const auto& [name, relationship] : mapper->relationships) {
    // SQLAlchemy would look for what refers to the object, and change or delete it.
    if (!leads_to_one(interpreter, *mapper, name, *relationship))
      refuse_unsupported("session.delete() of an object with the relationship " + mapper->name + "." + name,
                         "delete the rows with session.execute(sa.delete(...))");
  }
  if (std::find(deleted_.begin(), deleted_.end(), instance) == deleted_.end()) deleted_.push_back(instance);
}

void UnitOfWork::expunge(const InstancePtr& instance) {
  drop(pending_, instance);
  drop(deleted_, instance);
  drop(order_, instance);
  std::erase_if(known_, [&](const auto& held) { return held.second == instance; });
}

void UnitOfWork::clear() {
  known_.clear();
  order_.clear();
  pending_.clear();
  deleted_.clear();
}

bool UnitOfWork::holds(const InstancePtr& instance) const {
  const auto in = [&](const std::vector<InstancePtr>& all) {
    return std::find(all.begin(), all.end(), instance) != all.end();
  };
  return in(pending_) || (in(order_) && !in(deleted_));
}

std::vector<InstancePtr> UnitOfWork::changed(Interpreter&) const {
  std::vector<InstancePtr> out;
  for (const InstancePtr& instance : order_) {
    const auto mapper = mapper_of(*instance);
    const auto state = state_of(*instance);
    if (std::find(deleted_.begin(), deleted_.end(), instance) != deleted_.end()) continue;
    const bool differs =
        std::any_of(mapper->attributes.begin(), mapper->attributes.end(), [&](const Mapper::Attribute& one) {
          const Value* now = instance->attributes.find(one.name);
          if (now == nullptr) return false;
          const auto before = state->loaded.find(one.name);
          return before == state->loaded.end() || !evaluate::equal(*now, before->second);
        });
    if (differs) out.push_back(instance);
  }
  return out;
}

std::string UnitOfWork::identity(Interpreter& interpreter, const Mapper& mapper, const std::vector<Value>& key) const {
  std::string text = display(mapper.table->table_name());
  for (const Value& part : key) text += '\n' + interpreter.str(part);
  return text;
}

std::vector<Value> UnitOfWork::key_of(const Instance& instance, const Mapper& mapper) const {
  const auto state = state_of(instance);
  std::vector<Value> out;
  for (const Mapper::Attribute* part : mapper.key()) {
    const auto before = state ? state->loaded.find(part->name) : decltype(state->loaded.find(part->name)){};
    const Value* now = instance.attributes.find(part->name);
    if (state && before != state->loaded.end()) {
      out.push_back(before->second);
    } else {
      out.push_back(now == nullptr ? Value() : *now);
    }
  }
  return out;
}

Value UnitOfWork::execute(Interpreter& interpreter, const Value& statement, const Value& parameters,
                          const Location& where, const std::string& name) {
  Arguments arguments;
  arguments.positional = {statement};
  if (!parameters.is_none()) arguments.positional.push_back(parameters);
  arguments.where = where;
  return execute_statement(interpreter, arguments, context_, name, this);
}

Value UnitOfWork::with_key(Interpreter& interpreter, Value statement, const Instance& instance, const Mapper& mapper) {
  const std::vector<Value> key = key_of(instance, mapper);
  const auto parts = mapper.key();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto is_it = parts[i]->column->binary(interpreter, evaluate::BinaryOperator::kEq, key[i], false);
    statement = call_method(interpreter, statement, "where", {*is_it});
  }
  return statement;
}

void UnitOfWork::follow_relationships(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper) {
  const auto state = make_state(instance);
  for (const auto& [name, relationship] : mapper.relationships) {
    const Value* now = instance->attributes.find(name);
    if (now == nullptr) continue;
    const auto before = state->fetched.find(name);
    const bool same = before != state->fetched.end() && evaluate::equal(*now, before->second);
    const bool nothing =
        before == state->fetched.end() && (now->is_none() || (now->as_list() && now->as_list()->items.empty()));
    if (same || nothing) continue;
    static_cast<void>(interpreter);
    refuse_unsupported("writing the relationship " + mapper.name + "." + name,
                       "set the columns of its foreign key instead");
  }
}

void UnitOfWork::insert(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper,
                        const Location& where) {
  mapper.check_usable(interpreter);
  auto values = std::make_shared<evaluate::Dict>();
  for (const Mapper::Attribute& one : mapper.attributes) {
    const ColumnItem& column = *one.column;
    const Value* given = instance->attributes.find(one.name);
    // None counts as not given: defaults apply to it.
    if (given != nullptr && !given->is_none()) {
      values->set(Value(column.key), *given);
    } else if (!column.primary_key && !column.insert_default && !column.has_server_default && !column.identity &&
               !column.computed && !column.sequence) {
      // SQLAlchemy says NULL where the class knows of no default, whatever the table says.
      values->set(Value(column.key), Value());
    } else {
      instance->attributes.erase(one.name);
    }
  }
  const Value statement{ObjectPtr(std::make_shared<Statement>(Statement::Kind::kInsert, mapper.table))};
  const Value result = execute(interpreter, statement, Value(values), where, "session.flush");
  const auto state = make_state(instance);
  state->persistent = true;
  state->expired = false;
  state->loaded.clear();
  state->wanted.clear();
  const auto keys = mapper.key();
  if (result.is_opaque()) {
    for (const Mapper::Attribute* part : keys) {
      if (instance->attributes.find(part->name) == nullptr) instance->attributes.set(part->name, result);
    }
  } else {
    const Value made = interpreter.attribute(result, "inserted_primary_key");
    const auto* cells = made.as_sequence();
    for (std::size_t i = 0; cells != nullptr && i < keys.size() && i < cells->size(); ++i)
      instance->attributes.set(keys[i]->name, (*cells)[i]);
  }
  for (const Mapper::Attribute& one : mapper.attributes) {
    if (const Value* now = instance->attributes.find(one.name)) state->loaded[one.name] = *now;
    if (!one.deferred) state->wanted.push_back(one.name);
  }
  if (result.is_opaque()) return;
  known_[identity(interpreter, mapper, key_of(*instance, mapper))] = instance;
  order_.push_back(instance);
}

void UnitOfWork::update(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper,
                        const Location& where) {
  const auto state = state_of(*instance);
  auto values = std::make_shared<evaluate::Dict>();
  for (const Mapper::Attribute& one : mapper.attributes) {
    const Value* now = instance->attributes.find(one.name);
    if (now == nullptr) continue;
    const auto before = state->loaded.find(one.name);
    if (before == state->loaded.end() || !evaluate::equal(*now, before->second))
      values->set(Value(one.column->key), *now);
  }
  if (values->size() == 0) return;
  Value statement{ObjectPtr(std::make_shared<Statement>(Statement::Kind::kUpdate, mapper.table))};
  statement = with_key(interpreter, statement, *instance, mapper);
  statement = call_method(interpreter, statement, "values", {Value(values)});
  const Value result = execute(interpreter, statement, Value(), where, "session.flush");
  if (!result.is_opaque()) {
    const Value count = interpreter.attribute(result, "rowcount");
    if (count.as_int() != nullptr && *count.as_int() == 0)
      raise_sqlalchemy("StaleDataError", "UPDATE statement on table '" + display(mapper.table->table_name()) +
                                             "' expected to update 1 row(s); 0 were matched.");
  }
  for (const Mapper::Attribute& one : mapper.attributes) {
    // What the database or a default changed besides is read when it is asked for.
    if (one.column->update_default && values->find(one.column->key) == nullptr) {
      instance->attributes.erase(one.name);
      state->loaded.erase(one.name);
    }
    if (const Value* now = instance->attributes.find(one.name)) state->loaded[one.name] = *now;
  }
}

void UnitOfWork::erase(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper,
                       const Location& where) {
  Value statement{ObjectPtr(std::make_shared<Statement>(Statement::Kind::kDelete, mapper.table))};
  statement = with_key(interpreter, statement, *instance, mapper);
  static_cast<void>(execute(interpreter, statement, Value(), where, "session.flush"));
  expunge(instance);
  state_of(*instance)->persistent = false;
}

void UnitOfWork::flush(Interpreter& interpreter, const Location& where) {
  const std::vector<InstancePtr> updated = changed(interpreter);
  for (const auto* group : {&pending_, &order_}) {
    for (const InstancePtr& instance : *group) follow_relationships(interpreter, instance, *mapper_of(*instance));
  }
  const std::vector<InstancePtr> created = std::exchange(pending_, {});
  const std::vector<InstancePtr> removed = deleted_;
  if (created.empty() && updated.empty() && removed.empty()) return;
  std::vector<InstancePtr> all = created;
  all.insert(all.end(), updated.begin(), updated.end());
  all.insert(all.end(), removed.begin(), removed.end());
  const auto mappers = writing_order(all);
  for (const auto& mapper : mappers) {
    for (const InstancePtr& instance : updated) {
      if (mapper_of(*instance) == mapper) update(interpreter, instance, *mapper, where);
    }
    for (const InstancePtr& instance : created) {
      if (mapper_of(*instance) == mapper) insert(interpreter, instance, *mapper, where);
    }
  }
  for (auto mapper = mappers.rbegin(); mapper != mappers.rend(); ++mapper) {
    for (const InstancePtr& instance : removed) {
      if (mapper_of(*instance) == *mapper) erase(interpreter, instance, **mapper, where);
    }
  }
  deleted_.clear();
}

void UnitOfWork::expire(const InstancePtr& instance) {
  const auto mapper = mapper_of(*instance);
  const auto state = state_of(*instance);
  if (!state || !state->persistent) return;
  const auto keys = mapper->key();
  for (const Mapper::Attribute& one : mapper->attributes) {
    const bool is_key = std::any_of(keys.begin(), keys.end(), [&](const auto* part) { return part->name == one.name; });
    if (is_key) continue;
    instance->attributes.erase(one.name);
    state->loaded.erase(one.name);
  }
  for (const auto& [name, relationship] : mapper->relationships) {
    static_cast<void>(relationship);
    instance->attributes.erase(name);
  }
  state->fetched.clear();
  state->expired = true;
}

void UnitOfWork::expire_all() {
  for (const InstancePtr& instance : order_) expire(instance);
  forget_unused();
}

void UnitOfWork::expire_table(const QualifiedName& table) {
  for (const InstancePtr& instance : order_) {
    if (mapper_of(*instance)->table->table_name() == table) expire(instance);
  }
}

void UnitOfWork::forget_unused() {
  // Held here twice: by its identity and by its order.
  constexpr long kOurs = 2;
  std::erase_if(order_, [](const InstancePtr& instance) { return instance.use_count() <= kOurs; });
  std::erase_if(known_, [](const auto& held) { return held.second.use_count() <= 1; });
}

}  // namespace bascule::formats::alembic
