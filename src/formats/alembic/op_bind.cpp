// The connection, the migration context and their dialect, as far as they are known before a migration runs.
#include "evaluate/error.h"
#include "formats/alembic/op.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::make_function;
using evaluate::Object;
using evaluate::ObjectPtr;

/// A with-block that changes nothing by itself: begin(), connect().
class PlainBlock final : public Object {
 public:
  PlainBlock(std::string type_name, Value given) : type_name_(std::move(type_name)), given_(std::move(given)) {}
  std::string type_name() const override { return type_name_; }
  std::optional<Value> enter(Interpreter&) override { return given_; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    // connect() may be used without `with`.
    if (given_.is_none()) return std::nullopt;
    return interpreter.attribute(given_, name);
  }

 private:
  std::string type_name_;
  Value given_;
};

class AutocommitBlock final : public Object {
 public:
  explicit AutocommitBlock(Context& context) : context_(context) {}
  std::string type_name() const override { return "autocommit_block"; }
  std::optional<Value> enter(Interpreter&) override {
    context_.recorder.enter_autocommit();
    return Value();
  }
  void exit(Interpreter&, bool) override { context_.recorder.leave_autocommit(); }

 private:
  Context& context_;
};

class DialectObject final : public Object {
 public:
  explicit DialectObject(Context& context) : context_(context) {}
  std::string type_name() const override { return context_.on_postgres() ? "PGDialect" : "SQLiteDialect"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    if (name == "name") return Value(context_.dialect());
    if (name == "driver") return Value(context_.on_postgres() ? "psycopg2" : "pysqlite");
    if (name == "max_identifier_length") return Value(context_.on_postgres() ? 63 : 9999);
    if (name.starts_with("__")) return std::nullopt;
    return needs_database("dialect." + std::string(name), interpreter.here());
  }

 private:
  Context& context_;
};

Value make_dialect(Context& context) { return Value(ObjectPtr(std::make_shared<DialectObject>(context))); }

/// What execute() gives back. The statement is recorded; its rows are not known.
Value execute(Interpreter& interpreter, Arguments& arguments, Context& context, const std::string& name) {
  const Binder bind(name, arguments, {"statement", "parameters"}, {"execution_options"}, true);
  const Value statement = bind.required("statement");
  if (statement.is_opaque()) interpreter.refuse_opaque(statement, "the statement of " + name);
  if (const auto element = statement.as<DdlElement>()) {
    for (const model::Operation& operation : element->operations)
      context.recorder.record(operation, bind.where(), name);
  } else if (statement.as_str() != nullptr) {
    // exec_driver_sql, and SQLAlchemy 1.x's execute("..."), hand the text to the driver as it is.
    if (bind.present("parameters"))
      throw evaluate::Refusal("unsupported-operation", name + " with parameters in the driver's own style is not read",
                              "write sa.text('... :name ...').bindparams(name=...)", bind.where());
    context.recorder.record(model::RawSql{*statement.as_str()}, bind.where(), name);
  } else {
    auto operations = to_executables(interpreter, statement, bind.present("parameters").value_or(Value()),
                                     "the statement of " + name);
    // A select runs for its rows only.
    if (!operations && evaluate::type_name(statement) != "Select") refuse_needs_database(name, bind.where());
    if (operations)
      for (model::Operation& operation : *operations) context.recorder.record(std::move(operation), bind.where(), name);
  }
  return needs_database("the result of " + name, bind.where());
}

class BindObject final : public Object {
 public:
  explicit BindObject(Context& context) : context_(context) {}
  std::string type_name() const override { return "Connection"; }
  bool reaches_database() const override { return true; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    if (name == "dialect") return make_dialect(context_);
    if (name == "engine" || name == "connection") return Value(ObjectPtr(shared_from_this()));
    if (name == "name") return Value(context_.dialect());
    Context& context = context_;
    if (name == "execute" || name == "exec_driver_sql" || name == "scalar" || name == "scalars") {
      const std::string full = "connection." + std::string(name);
      return make_function(full, [&context, full](Interpreter& inner, Arguments& arguments) {
        return execute(inner, arguments, context, full);
      });
    }
    if (name == "begin" || name == "begin_nested" || name == "connect" || name == "execution_options") {
      const Value self{ObjectPtr(shared_from_this())};
      const std::string kind(name);
      return make_function("connection." + kind, [self, kind](Interpreter&, Arguments&) {
        if (kind == "execution_options") return self;
        return Value(ObjectPtr(std::make_shared<PlainBlock>("Transaction", self)));
      });
    }
    if (name == "in_transaction")
      return make_function("connection.in_transaction", [](Interpreter&, Arguments&) { return Value(true); });
    if (name == "closed" || name == "invalidated") return Value(false);
    if (name.starts_with("__")) return std::nullopt;
    refuse_needs_database("connection." + std::string(name), interpreter.here());
  }

 private:
  Context& context_;
};

class MigrationContextObject final : public Object {
 public:
  explicit MigrationContextObject(Context& context) : context_(context) {}
  std::string type_name() const override { return "MigrationContext"; }
  bool reaches_database() const override { return true; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    Context& context = context_;
    if (name == "dialect") return make_dialect(context_);
    if (name == "bind" || name == "connection")
      return context_.recorder.target().offline ? Value() : make_bind(context_);
    if (name == "as_sql") return Value(context_.recorder.target().offline);
    if (name == "autocommit_block")
      return make_function("context.autocommit_block", [&context](Interpreter&, Arguments&) {
        return Value(ObjectPtr(std::make_shared<AutocommitBlock>(context)));
      });
    if (name == "begin_transaction")
      return make_function("context.begin_transaction", [](Interpreter&, Arguments&) {
        return Value(ObjectPtr(std::make_shared<PlainBlock>("Transaction", Value())));
      });
    if (name == "execute")
      return make_function("context.execute", [&context](Interpreter& inner, Arguments& arguments) {
        return execute(inner, arguments, context, "context.execute");
      });
    if (name == "impl" || name == "opts" || name == "config" || name == "script" || name == "environment_context")
      return make_opaque("op.get_context()." + std::string(name), "it is made by env.py, which is never run",
                         interpreter.here());
    if (name == "get_current_revision" || name == "get_current_heads" || name == "stamp" || name == "run_migrations")
      refuse_needs_database("op.get_context()." + std::string(name) + "()", interpreter.here());
    return std::nullopt;
  }

 private:
  Context& context_;
};

}  // namespace

Value make_bind(Context& context) { return Value(ObjectPtr(std::make_shared<BindObject>(context))); }

Value make_migration_context(Context& context) {
  return Value(ObjectPtr(std::make_shared<MigrationContextObject>(context)));
}

Value make_alembic_context(Context& context) {
  std::unordered_map<std::string, Value> members;
  members["get_context"] = make_function(
      "context.get_context", [&context](Interpreter&, Arguments&) { return make_migration_context(context); });
  members["get_bind"] =
      make_function("context.get_bind", [&context](Interpreter&, Arguments&) { return make_bind(context); });
  members["is_offline_mode"] = make_function("context.is_offline_mode", [&context](Interpreter&, Arguments&) {
    return Value(context.recorder.target().offline);
  });
  // -x arguments are Alembic's own; there are none here.
  members["get_x_argument"] =
      make_function("context.get_x_argument", [](Interpreter& interpreter, Arguments& arguments) {
        const Binder bind("context.get_x_argument", arguments, {"as_dictionary"});
        if (flag_argument(interpreter, bind, "as_dictionary", false)) return Value(std::make_shared<evaluate::Dict>());
        return evaluate::make_list({});
      });
  members["execute"] = make_function("context.execute", [&context](Interpreter& interpreter, Arguments& arguments) {
    return execute(interpreter, arguments, context, "context.execute");
  });
  return evaluate::make_namespace(
      "alembic.context", std::move(members),
      [](Interpreter& interpreter, std::string_view name) -> std::optional<Value> {
        if (name.starts_with("__")) return std::nullopt;
        return make_opaque("alembic.context." + std::string(name), "it is made by env.py, which is never run",
                           interpreter.here());
      },
      true);
}

}  // namespace bascule::formats::alembic
