#include "formats/alembic/live_result.h"

#include <algorithm>
#include <limits>

#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "formats/alembic/sa_exceptions.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::ObjectPtr;

namespace {

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

std::vector<Value> texts(const std::vector<std::string>& names) {
  std::vector<Value> out;
  for (const std::string& name : names) out.emplace_back(name);
  return out;
}

/// None in a result has no tuple of its own to compare with: rows compare by their cells.
std::vector<Value> cells_of(const Value& value) {
  if (const auto row = value.as<RowObject>()) return row->cells();
  if (const auto* items = value.as_sequence()) return *items;
  return {};
}

}  // namespace

Value RowObject::mapping() const {
  auto dict = std::make_shared<evaluate::Dict>();
  for (std::size_t i = 0; i < cells_.size(); ++i) dict->set(Value((*keys_)[i]), cells_[i]);
  return Value(dict);
}

std::optional<Value> RowObject::attribute(Interpreter& interpreter, std::string_view name) {
  if (const auto found = std::find(keys_->begin(), keys_->end(), name); found != keys_->end())
    return cells_[static_cast<std::size_t>(found - keys_->begin())];
  if (name == "_mapping") return mapping();
  if (name == "_fields") return evaluate::make_tuple(texts(*keys_));
  if (name == "_asdict") {
    return evaluate::make_function("Row._asdict", [held = mapping()](Interpreter&, Arguments&) { return held; });
  }
  if (name == "_tuple" || name == "tuple") {
    return evaluate::make_function("Row._tuple", [held = as_tuple()](Interpreter&, Arguments&) { return held; });
  }
  if (name == "_t" || name == "t") return as_tuple();
  // SQLAlchemy 1.x's rows were mappings too.
  if (name == "keys" || name == "values" || name == "items" || name == "get")
    return interpreter.attribute(mapping(), name);
  if (name == "count" || name == "index") return interpreter.attribute(as_tuple(), name);
  return std::nullopt;
}

std::optional<Value> RowObject::index(Interpreter& interpreter, const Value& key) {
  if (key.is_opaque()) interpreter.refuse_opaque(key, "the index of a row");
  if (const auto* position = key.as_int()) {
    const auto size = static_cast<std::int64_t>(cells_.size());
    const std::int64_t at = *position < 0 ? *position + size : *position;
    if (at < 0 || at >= size) evaluate::raise_python("IndexError", "tuple index out of range");
    return cells_[static_cast<std::size_t>(at)];
  }
  std::string name;
  if (const auto* text = key.as_str()) {
    name = *text;
  } else if (const auto wanted = key.as<evaluate::Object>()) {
    // A column of the query: row[table.c.id].
    if (const auto held = wanted->attribute(interpreter, "name"); held && held->as_str()) name = *held->as_str();
  }
  if (const auto found = std::find(keys_->begin(), keys_->end(), name); found != keys_->end() && !name.empty())
    return cells_[static_cast<std::size_t>(found - keys_->begin())];
  if (key.as_str()) raise_sqlalchemy("NoSuchColumnError", "Could not locate column in row for column '" + name + "'");
  return std::nullopt;
}

std::optional<bool> RowObject::contains(Interpreter&, const Value& item) {
  return std::any_of(cells_.begin(), cells_.end(), [&](const Value& cell) { return evaluate::equal(cell, item); });
}

std::optional<Value> RowObject::binary(Interpreter&, evaluate::BinaryOperator op, const Value& other, bool reflected) {
  if (!other.as<RowObject>() && other.as_tuple() == nullptr) return std::nullopt;
  const std::vector<Value> theirs = cells_of(other);
  if (op == evaluate::BinaryOperator::kAdd) {
    std::vector<Value> sum = reflected ? theirs : cells_;
    const std::vector<Value>& rest = reflected ? cells_ : theirs;
    sum.insert(sum.end(), rest.begin(), rest.end());
    return evaluate::make_tuple(std::move(sum));
  }
  const bool same = evaluate::equal(as_tuple(), evaluate::make_tuple(theirs));
  if (op == evaluate::BinaryOperator::kEq) return Value(same);
  if (op == evaluate::BinaryOperator::kNe) return Value(!same);
  return std::nullopt;
}

bool RowObject::equals(const evaluate::Object& other) const {
  const auto* row = dynamic_cast<const RowObject*>(&other);
  return row != nullptr && evaluate::equal(as_tuple(), row->as_tuple());
}

std::size_t RowObject::hash() const { return evaluate::hash_of(as_tuple()); }

std::string RowObject::repr(Interpreter& interpreter) { return interpreter.repr(as_tuple()); }

std::string ResultObject::type_name() const {
  switch (shape_) {
    case Shape::kRows:
      return "CursorResult";
    case Shape::kScalars:
      return "ScalarResult";
    case Shape::kMappings:
      return "MappingResult";
  }
  return "";
}

void ResultObject::need_rows() const {
  if (state_->gives_rows) return;
  raise_sqlalchemy("ResourceClosedError", "This result object does not return rows. It has been closed automatically.");
}

Value ResultObject::shaped(std::vector<Value> cells) const {
  if (shape_ == Shape::kScalars) {
    if (column_ >= cells.size()) evaluate::raise_python("IndexError", "tuple index out of range");
    return cells[column_];
  }
  auto row = std::make_shared<RowObject>(state_->keys, std::move(cells));
  return shape_ == Shape::kMappings ? row->mapping() : Value(ObjectPtr(row));
}

std::vector<Value> ResultObject::take(std::size_t most) {
  need_rows();
  std::vector<Value> out;
  while (state_->next < state_->rows.size() && out.size() < most)
    out.push_back(shaped(std::move(state_->rows[state_->next++])));
  return out;
}

std::optional<std::vector<Value>> ResultObject::iterate(Interpreter&) { return take(kAll); }

/// The one row there is; what is left is dropped, as closing a result does.
std::optional<Value> ResultObject::only(bool none_allowed) {
  std::vector<Value> rows = take(kAll);
  if (rows.size() > 1) {
    raise_sqlalchemy("MultipleResultsFound", none_allowed ? "Multiple rows were found when one or none was required"
                                                          : "Multiple rows were found when exactly one was required");
  }
  if (rows.empty() && !none_allowed) raise_sqlalchemy("NoResultFound", "No row was found when one was required");
  if (rows.empty()) return std::nullopt;
  return rows.front();
}

std::size_t ResultObject::column_of(const Arguments& arguments, std::size_t otherwise) const {
  if (arguments.positional.empty()) return otherwise;
  const Value& wanted = arguments.positional.front();
  if (const auto* number = wanted.as_int()) return static_cast<std::size_t>(*number);
  if (const auto* name = wanted.as_str()) {
    const auto found = std::find(state_->keys->begin(), state_->keys->end(), *name);
    if (found != state_->keys->end()) return static_cast<std::size_t>(found - state_->keys->begin());
    raise_sqlalchemy("NoSuchColumnError", "Could not locate column in row for column '" + *name + "'");
  }
  return otherwise;
}

Value ResultObject::all(Interpreter&, const Arguments&) { return evaluate::make_list(take(kAll)); }
Value ResultObject::first(Interpreter&, const Arguments&) {
  std::vector<Value> rows = take(1);
  state_->next = state_->rows.size();
  return rows.empty() ? Value() : rows.front();
}
Value ResultObject::one(Interpreter&, const Arguments&) { return *only(false); }
Value ResultObject::one_or_none(Interpreter&, const Arguments&) { return only(true).value_or(Value()); }
Value ResultObject::fetch_one(Interpreter&, const Arguments&) {
  std::vector<Value> rows = take(1);
  return rows.empty() ? Value() : rows.front();
}
Value ResultObject::fetch_many(Interpreter&, const Arguments& arguments) {
  const Binder bind("fetchmany", arguments, {"size"});
  const Value size = bind.optional("size").value_or(Value());
  const std::size_t most = size.as_int() && *size.as_int() >= 0 ? static_cast<std::size_t>(*size.as_int()) : kAll;
  return evaluate::make_list(take(most));
}
Value ResultObject::partitions(Interpreter&, const Arguments& arguments) {
  const Binder bind("partitions", arguments, {"size"});
  const Value size = bind.required("size");
  if (size.as_int() == nullptr || *size.as_int() < 1) evaluate::raise_python("ValueError", "partitions() needs a size");
  std::vector<Value> parts;
  while (true) {
    std::vector<Value> rows = take(static_cast<std::size_t>(*size.as_int()));
    if (rows.empty()) return evaluate::make_list(std::move(parts));
    parts.push_back(evaluate::make_list(std::move(rows)));
  }
}
Value ResultObject::scalar(Interpreter& interpreter, const Arguments& arguments) {
  return ResultObject(state_, Shape::kScalars, column_of(arguments, column_)).first(interpreter, arguments);
}
Value ResultObject::scalar_one(Interpreter&, const Arguments&) {
  return *ResultObject(state_, Shape::kScalars).only(false);
}
Value ResultObject::scalar_one_or_none(Interpreter&, const Arguments&) {
  return ResultObject(state_, Shape::kScalars).only(true).value_or(Value());
}
Value ResultObject::scalars(Interpreter&, const Arguments& arguments) {
  return Value(ObjectPtr(std::make_shared<ResultObject>(state_, Shape::kScalars, column_of(arguments, 0))));
}
Value ResultObject::mappings(Interpreter&, const Arguments&) {
  return Value(ObjectPtr(std::make_shared<ResultObject>(state_, Shape::kMappings)));
}
Value ResultObject::unique(Interpreter&, const Arguments&) {
  std::vector<std::vector<Value>> kept;
  for (std::size_t i = state_->next; i < state_->rows.size(); ++i) {
    const Value row = evaluate::make_tuple(state_->rows[i]);
    const auto same = [&](const auto& other) { return evaluate::equal(evaluate::make_tuple(other), row); };
    if (std::none_of(kept.begin(), kept.end(), same)) kept.push_back(state_->rows[i]);
  }
  state_->rows = std::move(kept);
  state_->next = 0;
  return Value(ObjectPtr(shared_from_this()));
}
Value ResultObject::keys(Interpreter&, const Arguments&) { return evaluate::make_list(texts(*state_->keys)); }
Value ResultObject::close(Interpreter&, const Arguments&) {
  state_->next = state_->rows.size();
  return Value();
}
Value ResultObject::itself(Interpreter&, const Arguments&) { return Value(ObjectPtr(shared_from_this())); }

ResultObject::Method ResultObject::find_method(std::string_view name) {
  struct Entry {
    std::string_view name;
    Method method;
  };
  static constexpr Entry kMethods[] = {{"all", &ResultObject::all},
                                       {"fetchall", &ResultObject::all},
                                       {"first", &ResultObject::first},
                                       {"one", &ResultObject::one},
                                       {"one_or_none", &ResultObject::one_or_none},
                                       {"fetchone", &ResultObject::fetch_one},
                                       {"fetchmany", &ResultObject::fetch_many},
                                       {"partitions", &ResultObject::partitions},
                                       {"scalar", &ResultObject::scalar},
                                       {"scalar_one", &ResultObject::scalar_one},
                                       {"scalar_one_or_none", &ResultObject::scalar_one_or_none},
                                       {"scalars", &ResultObject::scalars},
                                       {"mappings", &ResultObject::mappings},
                                       {"unique", &ResultObject::unique},
                                       {"keys", &ResultObject::keys},
                                       {"close", &ResultObject::close},
                                       {"tuples", &ResultObject::itself},
                                       {"yield_per", &ResultObject::itself},
                                       {"execution_options", &ResultObject::itself}};
  for (const Entry& entry : kMethods) {
    if (entry.name == name) return entry.method;
  }
  return nullptr;
}

std::optional<Value> ResultObject::attribute(Interpreter&, std::string_view name) {
  if (const Method method = find_method(name)) {
    const auto self = std::static_pointer_cast<ResultObject>(shared_from_this());
    return evaluate::make_function(
        type_name() + "." + std::string(name),
        [self, method](Interpreter& in, Arguments& arguments) { return ((*self).*method)(in, arguments); });
  }
  if (name == "rowcount") return Value(state_->affected);
  if (name == "returns_rows") return Value(state_->gives_rows);
  if (name == "closed") return Value(!state_->gives_rows || state_->next >= state_->rows.size());
  if (name == "inserted_primary_key") return state_->inserted_key.value_or(Value());
  if (name == "lastrowid" && state_->inserted_key) {
    const auto* key = state_->inserted_key->as_tuple();
    return key != nullptr && !key->items.empty() ? key->items.front() : Value();
  }
  return std::nullopt;
}

}  // namespace bascule::formats::alembic
