// The migration context and the dialect, as far as they are known without env.py.
#include "base/text.h"
#include "evaluate/error.h"
#include "formats/alembic/live_connection.h"
#include "formats/alembic/op.h"
#include "formats/live.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::make_function;
using evaluate::Object;
using evaluate::ObjectPtr;

class AutocommitBlock final : public Object {
 public:
  explicit AutocommitBlock(Context& context) : context_(context) {}
  std::string type_name() const override { return "autocommit_block"; }
  std::optional<Value> enter(Interpreter& interpreter) override {
    context_.recorder.enter_autocommit(interpreter.here());
    return Value();
  }
  void exit(Interpreter& interpreter, bool) override { context_.recorder.leave_autocommit(interpreter.here()); }

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
    if (name == "has_table") {
      Context& context = context_;
      return make_function("dialect.has_table", [&context](Interpreter& inner, Arguments& arguments) {
        const Binder bind("dialect.has_table", arguments, {"connection", "table_name", "schema"});
        const Value inspector = make_inspector(context, arguments.where, "dialect.has_table");
        return inner.call(
            inner.attribute(inspector, "has_table"),
            Arguments{{bind.required("table_name"), bind.optional("schema").value_or(Value())}, {}, arguments.where});
      });
    }
    if (name == "server_version_info") {
      LiveDatabase* live = context_.recorder.live();
      if (live == nullptr) return needs_database("dialect.server_version_info", interpreter.here());
      std::vector<Value> numbers;
      const std::string version = live->server_version();
      for (const std::string_view part : split(version, '.')) {
        const std::string digits(part.substr(0, part.find_first_not_of("0123456789")));
        if (digits.empty()) break;
        numbers.emplace_back(static_cast<std::int64_t>(std::stoll(digits)));
      }
      return evaluate::make_tuple(std::move(numbers));
    }
    if (name.starts_with("__")) return std::nullopt;
    refuse_unsupported("dialect." + std::string(name), "compare dialect.name with \"postgresql\" or \"sqlite\"");
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
      return make_function("context.begin_transaction", [&context](Interpreter&, Arguments& arguments) {
        return make_transaction(context, arguments.where, false, Value());
      });
    if (name == "execute")
      return make_function("context.execute", [&context](Interpreter& inner, Arguments& arguments) {
        return execute_statement(inner, arguments, context, "context.execute");
      });
    if (name == "impl" || name == "opts" || name == "config" || name == "script" || name == "environment_context")
      return make_opaque("op.get_context()." + std::string(name), "it is made by env.py, which is never run",
                         interpreter.here());
    if (name == "get_current_revision" || name == "get_current_heads" || name == "stamp" || name == "run_migrations")
      refuse_unsupported("op.get_context()." + std::string(name) + "()",
                         "it belongs to env.py, which is never run; leave the history to the runner");
    return std::nullopt;
  }

 private:
  Context& context_;
};

}  // namespace

Value make_dialect(Context& context) { return Value(ObjectPtr(std::make_shared<DialectObject>(context))); }

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
    return execute_statement(interpreter, arguments, context, "context.execute");
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
