#include "formats/alembic/live_connection.h"

#include <algorithm>

#include "evaluate/error.h"
#include "formats/alembic/live_cells.h"
#include "formats/alembic/live_result.h"
#include "formats/alembic/op.h"
#include "formats/alembic/orm_unit_of_work.h"
#include "formats/alembic/sa_dml_statement.h"
#include "formats/alembic/sa_exceptions.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::make_function;
using evaluate::Object;
using evaluate::ObjectPtr;

std::shared_ptr<ResultState> state_of(Interpreter& interpreter, const Context& context, const db::ResultSet& rows,
                                      const std::vector<ResultColumn>& columns) {
  auto state = std::make_shared<ResultState>();
  auto keys = rows.columns;
  for (std::size_t i = 0; i < keys.size() && i < columns.size(); ++i) {
    if (!columns[i].key.empty()) keys[i] = columns[i].key;
  }
  state->keys = std::make_shared<const std::vector<std::string>>(std::move(keys));
  state->rows = to_values(interpreter, rows, columns, context.dialect());
  state->gives_rows = !rows.columns.empty();
  state->affected = rows.affected;
  return state;
}

Value result_of(std::shared_ptr<ResultState> state) {
  return Value(ObjectPtr(std::make_shared<ResultObject>(std::move(state))));
}

/// A query with the values of its bindparam()s.
model::SelectExpr with_parameters(Interpreter& interpreter, const model::SelectExpr& query, const Value& parameters) {
  model::Expression filled = Box<model::SelectExpr>(query);
  model::replace_parameters(filled, [&](const model::ParameterExpr& parameter) -> model::Expression {
    const evaluate::Dict* dict = parameters.as_dict();
    const Value* value = dict == nullptr ? nullptr : dict->find(parameter.name);
    if (value == nullptr)
      raise_sqlalchemy("StatementError", "A value is required for bind parameter '" + parameter.name + "'");
    return to_expression(interpreter, *value, parameter.type ? &*parameter.type : nullptr,
                         "the parameter '" + parameter.name + "'");
  });
  return *std::get<Box<model::SelectExpr>>(filled);
}

Value run_query(Interpreter& interpreter, Context& context, const SelectObject& query, const Value& parameters,
                const Location& where, const std::string& name, UnitOfWork* work) {
  auto rows = context.recorder.live()->select(with_parameters(interpreter, query.query(), parameters));
  if (!rows) raise_failure(rows.error(), context.dialect(), where, name);
  auto state = state_of(interpreter, context, *rows, query.columns());
  if (work != nullptr && !query.entities().empty()) {
    std::vector<std::string> keys = *state->keys;
    work->make_entities(interpreter, query, keys, state->rows);
    state->keys = std::make_shared<const std::vector<std::string>>(std::move(keys));
  }
  return result_of(std::move(state));
}

/// The primary key's columns, whose values SQLAlchemy asks for when one row is inserted.
std::vector<Value> key_columns(const TableClause& table) {
  std::vector<Value> columns;
  if (const auto* item = dynamic_cast<const TableItem*>(&table)) {
    for (const auto& column : item->column_items()) {
      if (column->primary_key) columns.emplace_back(ObjectPtr(column));
    }
  }
  return columns;
}

Value run_statement(Interpreter& interpreter, Context& context, Value statement, const Value& parameters,
                    const Location& where, const std::string& name) {
  auto dml = statement.as<Statement>();
  bool wants_key = false;
  const auto* several = parameters.as_sequence();
  if (dml && dml->kind() == Statement::Kind::kInsert && dml->returned().empty() && !dml->inserts_query() &&
      dml->row_count() <= 1 && (several == nullptr || several->size() <= 1)) {
    if (const auto columns = key_columns(*dml->table()); !columns.empty()) {
      dml = dml->asking_for(interpreter, columns);
      statement = Value(ObjectPtr(dml));
      wants_key = true;
    }
  }
  auto operations = to_executables(interpreter, statement, parameters, "the statement of " + name);
  if (!operations)
    raise_sqlalchemy("ObjectNotExecutableError", "Not an executable object: " + interpreter.repr(statement));
  db::ResultSet all;
  std::int64_t affected = operations->empty() ? -1 : 0;
  for (model::Operation& operation : *operations) {
    context.recorder.record(std::move(operation), where, name);
    const std::int64_t changed = context.recorder.last_rows().affected;
    affected = affected < 0 || changed < 0 ? -1 : affected + changed;
  }
  if (!operations->empty()) all = context.recorder.last_rows();
  all.affected = affected;
  auto state = state_of(interpreter, context, all, dml ? dml->returned() : std::vector<ResultColumn>());
  if (wants_key) {
    state->inserted_key = evaluate::make_tuple(state->rows.empty() ? std::vector<Value>() : state->rows.front());
    state->rows.clear();
    state->gives_rows = false;
  } else if (dml && dml->kind() == Statement::Kind::kInsert) {
    state->inserted_key = evaluate::make_tuple({});
  }
  return result_of(std::move(state));
}

/// begin_nested(): a savepoint, from the call to its end.
class Savepoint final : public Object {
 public:
  Savepoint(Context& context, Value given, std::string name)
      : context_(context), given_(std::move(given)), name_(std::move(name)) {}
  std::string type_name() const override { return "NestedTransaction"; }
  std::optional<Value> enter(Interpreter&) override {
    return given_.is_none() ? Value(ObjectPtr(shared_from_this())) : given_;
  }
  void exit(Interpreter& interpreter, bool failing) override {
    if (!ended_) end(failing, interpreter.here());
  }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    if (name == "commit" || name == "rollback" || name == "close") {
      const auto self = std::static_pointer_cast<Savepoint>(shared_from_this());
      return make_function("NestedTransaction." + std::string(name),
                           [self, back = name != "commit"](Interpreter&, Arguments& arguments) {
                             if (!self->ended_) self->end(back, arguments.where);
                             return Value();
                           });
    }
    if (name == "is_active") return Value(!ended_);
    return given_.is_none() ? std::nullopt : std::optional(interpreter.attribute(given_, name));
  }

 private:
  void end(bool back, const Location& where) {
    ended_ = true;
    auto done = context_.recorder.live()->run((back ? "ROLLBACK TO SAVEPOINT " : "RELEASE SAVEPOINT ") + name_);
    if (!done) raise_failure(done.error(), context_.dialect(), where, "begin_nested");
  }

  Context& context_;
  Value given_;
  std::string name_;
  bool ended_ = false;
};

/// begin(): part of the revision's own transaction, which ends with the revision.
class InnerTransaction final : public Object {
 public:
  InnerTransaction(Context& context, Value given) : context_(context), given_(std::move(given)) {}
  std::string type_name() const override { return "Transaction"; }
  std::optional<Value> enter(Interpreter&) override { return given_; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    Context& context = context_;
    if (name == "commit" || name == "close")
      return make_function("Transaction." + std::string(name), [](Interpreter&, Arguments&) { return Value(); });
    if (name == "rollback")
      return make_function("Transaction.rollback", [&context](Interpreter&, Arguments& arguments) {
        break_transaction(context, arguments.where, "Transaction.rollback()");
        return Value();
      });
    if (name == "is_active") return Value(true);
    return given_.is_none() ? std::nullopt : std::optional(interpreter.attribute(given_, name));
  }

 private:
  Context& context_;
  Value given_;
};

class BindObject final : public Object {
 public:
  explicit BindObject(Context& context) : context_(context) {}
  std::string type_name() const override { return "Connection"; }
  bool reaches_database() const override { return true; }
  std::optional<Value> enter(Interpreter&) override { return Value(ObjectPtr(shared_from_this())); }
  std::optional<Value> attribute(Interpreter&, std::string_view name) override {
    const Value self{ObjectPtr(shared_from_this())};
    Context& context = context_;
    if (name == "dialect") return make_dialect(context_);
    if (name == "engine" || name == "connection") return self;
    if (name == "name") return Value(context_.dialect());
    const std::string full = "connection." + std::string(name);
    if (name == "execute" || name == "exec_driver_sql" || name == "scalar" || name == "scalars") {
      return make_function(full, [&context, full, kind = std::string(name)](Interpreter& in, Arguments& arguments) {
        const Value result = execute_statement(in, arguments, context, full);
        if (result.is_opaque() || (kind != "scalar" && kind != "scalars")) return result;
        return in.call(in.attribute(result, kind), Arguments{{}, {}, arguments.where});
      });
    }
    if (name == "begin" || name == "begin_nested") {
      return make_function(full, [&context, self, nested = name == "begin_nested"](Interpreter&, Arguments& arguments) {
        return make_transaction(context, arguments.where, nested, self);
      });
    }
    // The connection of the migration is the only one there is.
    if (name == "connect" || name == "execution_options")
      return make_function(full, [self](Interpreter&, Arguments&) { return self; });
    if (name == "close" || name == "dispose")
      return make_function(full, [](Interpreter&, Arguments&) { return Value(); });
    if (name == "in_transaction") return make_function(full, [](Interpreter&, Arguments&) { return Value(true); });
    if (name == "closed" || name == "invalidated") return Value(false);
    if (name == "has_table")
      return make_function(full, [&context](Interpreter& in, Arguments& arguments) {
        return in.call(in.attribute(make_inspector(context, arguments.where, "connection.has_table"), "has_table"),
                       arguments);
      });
    if (name == "commit" || name == "rollback")
      return make_function(full, [full](Interpreter&, Arguments& arguments) -> Value {
        throw evaluate::Refusal("unsupported-operation",
                                full + "() would end the transaction that the revision runs in",
                                "take it out; for what must be committed at once use "
                                "`with op.get_context().autocommit_block():`",
                                arguments.where);
      });
    if (name.starts_with("__")) return std::nullopt;
    refuse_unsupported(full, "say it in SQL with op.execute(...)");
  }

 private:
  Context& context_;
};

}  // namespace

Value execute_statement(Interpreter& interpreter, Arguments& arguments, Context& context, const std::string& name,
                        UnitOfWork* work) {
  const Binder bind(name, arguments, {"statement", "parameters"}, {"execution_options", "params", "bind_arguments"},
                    true);
  const Value statement = bind.required("statement");
  if (statement.is_opaque()) interpreter.refuse_opaque(statement, "the statement of " + name);
  Value parameters = bind.present("parameters").value_or(bind.present("params").value_or(Value()));
  // SQLAlchemy 1.x took several dicts one after the other, and the parameters of one execution as keywords too.
  if (!bind.rest().empty()) {
    std::vector<Value> sets = {parameters};
    sets.insert(sets.end(), bind.rest().begin(), bind.rest().end());
    parameters = evaluate::make_list(std::move(sets));
  }
  if (parameters.is_none() && !bind.extra().empty()) {
    auto dict = std::make_shared<evaluate::Dict>();
    for (const auto& [key, value] : bind.extra()) dict->set(Value(key), value);
    parameters = Value(dict);
  }
  LiveDatabase* live = context.recorder.live();
  if (live != nullptr) context.recorder.require_transaction();
  if (const auto element = statement.as<DdlElement>()) {
    for (const model::Operation& operation : element->operations)
      context.recorder.record(operation, bind.where(), name);
    if (live != nullptr) return result_of(state_of(interpreter, context, {}, {}));
  } else if (statement.as_str() != nullptr) {
    // exec_driver_sql, and SQLAlchemy 1.x's execute("..."), hand the text to the driver as it is.
    if (!parameters.is_none())
      throw evaluate::Refusal("unsupported-operation", name + " with parameters in the driver's own style is not read",
                              "write sa.text('... :name ...').bindparams(name=...)", bind.where());
    context.recorder.record(model::RawSql{*statement.as_str()}, bind.where(), name);
    if (live != nullptr) return result_of(state_of(interpreter, context, context.recorder.last_rows(), {}));
  } else if (const auto query = statement.as<SelectObject>()) {
    // What is done to an object that is not known yet would be lost without a word.
    if (live == nullptr && work != nullptr && !query->entities().empty())
      refuse_needs_database("the result of " + name, bind.where());
    if (live != nullptr) return run_query(interpreter, context, *query, parameters, bind.where(), name, work);
  } else if (statement.as<ExpressionObject>() && !statement.as<TextClause>()) {
    // connection.scalar(func.now())
    SelectObject whole(context.recorder);
    whole.add_column(interpreter, statement);
    if (live != nullptr) return run_query(interpreter, context, whole, parameters, bind.where(), name, nullptr);
  } else if (live != nullptr) {
    return run_statement(interpreter, context, statement, parameters, bind.where(), name);
  } else {
    auto operations = to_executables(interpreter, statement, parameters, "the statement of " + name);
    if (!operations)
      raise_sqlalchemy("ObjectNotExecutableError", "Not an executable object: " + interpreter.repr(statement));
    for (model::Operation& operation : *operations) context.recorder.record(std::move(operation), bind.where(), name);
  }
  return needs_database("the result of " + name, bind.where());
}

Value make_transaction(Context& context, const Location& where, bool savepoint, const Value& given) {
  LiveDatabase* live = context.recorder.live();
  if (!savepoint || live == nullptr) return Value(ObjectPtr(std::make_shared<InnerTransaction>(context, given)));
  const std::string name = "sa_savepoint_" + std::to_string(context.recorder.next_alias());
  auto done = live->run("SAVEPOINT " + name);
  if (!done) raise_failure(done.error(), context.dialect(), where, "begin_nested");
  return Value(ObjectPtr(std::make_shared<Savepoint>(context, given, name)));
}

void break_transaction(Context& context, const Location& where, const std::string& name) {
  if (context.recorder.live() == nullptr) refuse_needs_database(name, where);
  context.recorder.break_transaction(where);
}

Value make_bind(Context& context) { return Value(ObjectPtr(std::make_shared<BindObject>(context))); }

}  // namespace bascule::formats::alembic
