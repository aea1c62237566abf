#include "formats/alembic/orm_query.h"

#include <algorithm>
#include <array>

#include "evaluate/error.h"
#include "formats/alembic/sa_dml_statement.h"
#include "formats/alembic/sa_exceptions.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::make_function;
using evaluate::ObjectPtr;

Value call_method(Interpreter& interpreter, const Value& object, std::string_view name, std::vector<Value> positional,
                  const Location& where = {}) {
  return interpreter.call(interpreter.attribute(object, name), Arguments{std::move(positional), {}, where});
}

class QueryObject final : public evaluate::Object {
 public:
  QueryObject(std::shared_ptr<UnitOfWork> work, std::shared_ptr<SelectObject> select)
      : work_(std::move(work)), select_(std::move(select)) {}
  std::string type_name() const override { return "Query"; }
  bool reaches_database() const override { return true; }

  std::optional<Value> attribute(Interpreter&, std::string_view name) override {
    if (name.starts_with("__")) return std::nullopt;
    const auto self = std::static_pointer_cast<QueryObject>(shared_from_this());
    const std::string full = "query." + std::string(name);
    struct Entry {
      std::string_view name;
      Value (QueryObject::*method)(Interpreter&, const Arguments&);
    };
    static constexpr Entry kMethods[] = {
        {"all", &QueryObject::all},       {"first", &QueryObject::first},
        {"one", &QueryObject::one},       {"one_or_none", &QueryObject::one_or_none},
        {"scalar", &QueryObject::scalar}, {"count", &QueryObject::count},
        {"get", &QueryObject::get},       {"delete", &QueryObject::remove},
        {"update", &QueryObject::update}, {"with_entities", &QueryObject::with_entities}};
    for (const Entry& entry : kMethods) {
      if (entry.name != name) continue;
      return make_function(full, [self, method = entry.method](Interpreter& in, Arguments& arguments) {
        return ((*self).*method)(in, arguments);
      });
    }
    if (name == "session") refuse_unsupported(full);
    for (const std::string_view quiet : {"yield_per", "populate_existing", "enable_eagerloads", "autoflush",
                                         "execution_options", "enable_assertions", "with_labels"}) {
      if (name == quiet)
        return make_function(full, [self](Interpreter&, Arguments&) { return Value(ObjectPtr(self)); });
    }
    if (name == "statement") return Value(ObjectPtr(select_));
    const std::string inner(name == "add_entity" || name == "add_column" ? "add_columns" : name);
    static constexpr std::array<std::string_view, 25> kPassed = {
        "filter",      "where",     "filter_by",       "order_by",  "limit",       "offset",          "join",
        "outerjoin",   "group_by",  "having",          "distinct",  "select_from", "with_for_update", "options",
        "add_columns", "correlate", "union",           "union_all", "intersect",   "except_",         "subquery",
        "cte",         "exists",    "scalar_subquery", "label"};
    if (std::find(kPassed.begin(), kPassed.end(), inner) == kPassed.end())
      refuse_unsupported(full, "write the query with sa.select(...) and session.execute(...)");
    return make_function(full, [self, inner](Interpreter& in, Arguments& arguments) {
      Arguments given = arguments;
      for (Value& value : given.positional) {
        if (const auto other = value.as<QueryObject>()) value = Value(ObjectPtr(other->select_));
      }
      const Value made = in.call(in.attribute(Value(ObjectPtr(self->select_)), inner), std::move(given));
      const auto select = made.as<SelectObject>();
      return select ? Value(ObjectPtr(std::make_shared<QueryObject>(self->work_, select))) : made;
    });
  }

  std::optional<std::vector<Value>> iterate(Interpreter& interpreter) override {
    const Value rows = all(interpreter, Arguments{{}, {}, interpreter.here()});
    if (rows.is_opaque()) interpreter.refuse_opaque(rows, "what this loop goes over");
    return interpreter.iterate(rows);
  }

  std::optional<Value> index(Interpreter& interpreter, const Value& key) override {
    if (key.as_int() == nullptr || *key.as_int() < 0) refuse_unsupported("a query's index besides 0, 1, 2 ...");
    Value one = call_method(interpreter, Value(ObjectPtr(select_)), "limit", {Value(1)});
    if (*key.as_int() > 0) one = call_method(interpreter, one, "offset", {key});
    const Value rows =
        QueryObject(work_, one.as<SelectObject>()).all(interpreter, Arguments{{}, {}, interpreter.here()});
    if (rows.is_opaque()) return rows;
    if (rows.as_list() == nullptr || rows.as_list()->items.empty())
      evaluate::raise_python("IndexError", "list index out of range");
    return rows.as_list()->items.front();
  }

 private:
  /// The result, as entities where one mapped class is asked for.
  Value result(Interpreter& interpreter, const Location& where) {
    work_->flush_for_query(interpreter, where);
    const Value rows = work_->execute(interpreter, Value(ObjectPtr(select_)), Value(), where, "session.query");
    if (rows.is_opaque() || !select_->is_one_entity()) return rows;
    return call_method(interpreter, rows, "scalars", {}, where);
  }
  Value taken(Interpreter& interpreter, const Arguments& arguments, const char* method) {
    const Value rows = result(interpreter, arguments.where);
    return rows.is_opaque() ? rows : call_method(interpreter, rows, method, {}, arguments.where);
  }

  Value all(Interpreter& interpreter, const Arguments& arguments) {
    const bool several_rows_of_one = select_->is_one_entity() && !select_->query().froms.empty();
    const Value rows = taken(interpreter, arguments, "all");
    if (rows.is_opaque() || !several_rows_of_one || rows.as_list() == nullptr) return rows;
    // A query of one class gives each object once, however many rows a join made of it.
    std::vector<Value> kept;
    for (const Value& item : rows.as_list()->items) {
      if (std::none_of(kept.begin(), kept.end(), [&](const Value& other) { return evaluate::equal(other, item); }))
        kept.push_back(item);
    }
    return evaluate::make_list(std::move(kept));
  }
  Value first(Interpreter& interpreter, const Arguments& arguments) {
    const Value one = call_method(interpreter, Value(ObjectPtr(select_)), "limit", {Value(1)});
    return QueryObject(work_, one.as<SelectObject>()).taken(interpreter, arguments, "first");
  }
  Value one(Interpreter& interpreter, const Arguments& arguments) { return taken(interpreter, arguments, "one"); }
  Value one_or_none(Interpreter& interpreter, const Arguments& arguments) {
    return taken(interpreter, arguments, "one_or_none");
  }
  Value scalar(Interpreter& interpreter, const Arguments& arguments) {
    const Value row = taken(interpreter, arguments, "one_or_none");
    if (row.is_opaque() || row.is_none() || select_->is_one_entity()) return row;
    return interpreter.iterate(row).front();
  }
  Value count(Interpreter& interpreter, const Arguments& arguments) {
    SelectObject whole(work_->context().recorder);
    whole.add_column(interpreter, make_expression(Box<model::FunctionExpr>({"count", {model::TextExpr{"*"}}})));
    whole.add_from(interpreter, Value(ObjectPtr(select_->named("", false))));
    work_->flush_for_query(interpreter, arguments.where);
    const Value rows = work_->execute(interpreter, Value(ObjectPtr(std::make_shared<SelectObject>(whole))), Value(),
                                      arguments.where, "query.count");
    return rows.is_opaque() ? rows : call_method(interpreter, rows, "scalar", {}, arguments.where);
  }
  Value get(Interpreter& interpreter, const Arguments& arguments) {
    const Binder bind("query.get", arguments, {"ident"});
    if (!select_->is_one_entity()) refuse_unsupported("query.get() of something besides one mapped class");
    const Value key = bind.required("ident");
    return work_->get(interpreter, select_->entities().front().mapper,
                      key.as_sequence() != nullptr ? *key.as_sequence() : std::vector<Value>{key}, arguments.where);
  }

  /// UPDATE or DELETE of what the query selects.
  Value change(Interpreter& interpreter, Statement::Kind kind, const std::optional<Value>& values,
               const Location& where) {
    const std::string name = kind == Statement::Kind::kUpdate ? "query.update" : "query.delete";
    const model::SelectExpr& query = select_->query();
    if (!select_->is_one_entity() || !query.froms.empty() || query.limit || query.offset || query.distinct ||
        !query.group_by.empty() || !query.order_by.empty() || !query.parts.empty())
      refuse_unsupported(name + "() of a query that is more than one mapped class and conditions",
                         "use sa.update(...) or sa.delete(...)");
    const auto mapper = select_->entities().front().mapper;
    work_->flush_for_query(interpreter, where);
    Value statement{ObjectPtr(std::make_shared<Statement>(kind, mapper->table))};
    if (query.where) statement = call_method(interpreter, statement, "where", {make_expression(*query.where)});
    if (values) {
      auto given = std::make_shared<evaluate::Dict>();
      for (const auto& [key, value] : interpreter_entries(interpreter, *values)) {
        const auto column = key.as<ColumnClause>();
        const auto* attribute = column                    ? mapper->find(*column)
                                : key.as_str() != nullptr ? mapper->find(mapper->real_name(*key.as_str()))
                                                          : nullptr;
        if (attribute == nullptr)
          raise_sqlalchemy("InvalidRequestError",
                           "Entity namespace for \"" + mapper->name + "\" has no property " + interpreter.repr(key));
        given->set(Value(attribute->column->key), value);
      }
      statement = call_method(interpreter, statement, "values", {Value(given)});
    }
    const Value result = work_->execute(interpreter, statement, Value(), where, name);
    work_->expire_table(mapper->table->table_name());
    return result.is_opaque() ? result : interpreter.attribute(result, "rowcount");
  }
  static const std::vector<std::pair<Value, Value>>& interpreter_entries(Interpreter& interpreter,
                                                                         const Value& values) {
    if (values.is_opaque()) interpreter.refuse_opaque(values, "the values of query.update");
    if (values.as_dict() == nullptr) evaluate::raise_type_error("query.update() takes a dict");
    return values.as_dict()->entries();
  }
  Value remove(Interpreter& interpreter, const Arguments& arguments) {
    return change(interpreter, Statement::Kind::kDelete, std::nullopt, arguments.where);
  }
  Value update(Interpreter& interpreter, const Arguments& arguments) {
    const Binder bind("query.update", arguments, {"values", "synchronize_session", "update_args"});
    return change(interpreter, Statement::Kind::kUpdate, bind.required("values"), arguments.where);
  }
  Value with_entities(Interpreter& interpreter, const Arguments& arguments) {
    const Value made =
        interpreter.call(interpreter.attribute(Value(ObjectPtr(select_)), "with_only_columns"), arguments);
    return Value(ObjectPtr(std::make_shared<QueryObject>(work_, made.as<SelectObject>())));
  }

  std::shared_ptr<UnitOfWork> work_;
  std::shared_ptr<SelectObject> select_;
};

}  // namespace

Value make_query(Interpreter& interpreter, const std::shared_ptr<UnitOfWork>& work,
                 const std::vector<Value>& subjects) {
  auto select = std::make_shared<SelectObject>(work->context().recorder);
  for (const Value& subject : subjects) {
    const auto query = subject.as<QueryObject>();
    select->add_column(interpreter, query ? *query->attribute(interpreter, "statement") : subject);
  }
  return Value(ObjectPtr(std::make_shared<QueryObject>(work, select)));
}

}  // namespace bascule::formats::alembic
