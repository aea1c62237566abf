// sqlalchemy.orm's sessions, as far as they are a connection by another name: execute, scalars, commit, flush ...
#include "evaluate/error.h"
#include "formats/alembic/live_connection.h"
#include "formats/alembic/op.h"
#include "formats/alembic/sa_exceptions.h"
#include "formats/alembic/sa_types.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::make_function;
using evaluate::Object;
using evaluate::ObjectPtr;

Value nothing(Interpreter&, Arguments&) { return Value(); }

/// A session on the migration's connection. commit() flushes: the connection's transaction is the revision's own, and
/// SQLAlchemy's session that joins one does not end it (measured).
class SessionObject final : public Object {
 public:
  explicit SessionObject(Context& context) : context_(context) {}
  std::string type_name() const override { return "Session"; }
  bool reaches_database() const override { return true; }
  std::optional<Value> enter(Interpreter&) override { return Value(ObjectPtr(shared_from_this())); }
  std::optional<Value> attribute(Interpreter&, std::string_view name) override {
    const Value self{ObjectPtr(shared_from_this())};
    Context& context = context_;
    const std::string full = "session." + std::string(name);
    if (name == "execute" || name == "scalar" || name == "scalars" || name == "exec") {
      return make_function(full, [&context, full, kind = std::string(name)](Interpreter& in, Arguments& arguments) {
        const Value result = execute_statement(in, arguments, context, full);
        if (result.is_opaque() || kind == "execute" || kind == "exec") return result;
        return in.call(in.attribute(result, kind), Arguments{{}, {}, arguments.where});
      });
    }
    for (const std::string_view quiet :
         {"commit", "flush", "close", "expire_all", "expunge_all", "invalidate", "remove"}) {
      if (name == quiet) return make_function(full, nothing);
    }
    if (name == "rollback")
      return make_function(full, [&context, full](Interpreter&, Arguments& arguments) {
        break_transaction(context, arguments.where, full + "()");
        return Value();
      });
    if (name == "begin" || name == "begin_nested")
      return make_function(full, [&context, self, nested = name == "begin_nested"](Interpreter&, Arguments& arguments) {
        return make_transaction(context, arguments.where, nested, self);
      });
    if (name == "connection" || name == "get_bind")
      return make_function(full, [&context](Interpreter&, Arguments&) { return make_bind(context); });
    if (name == "bind") return make_bind(context);
    if (name == "is_active" || name == "autoflush") return Value(true);
    if (name == "no_autoflush") return make_transaction(context, {}, false, self);
    if (name == "in_transaction") return make_function(full, [](Interpreter&, Arguments&) { return Value(true); });
    if (name.starts_with("__")) return std::nullopt;
    refuse_unsupported(full,
                       "use Core: session.execute(sa.select(table.c.id, ...)), sa.update(table), sa.insert(table)");
  }

 private:
  Context& context_;
};

/// A bind that is not the migration's own would be another connection, which nobody has given us.
void check_bind(Interpreter& interpreter, const Binder& bind) {
  const auto given = bind.present("bind");
  if (!given) return;
  if (given->is_opaque()) interpreter.refuse_opaque(*given, "the bind of " + bind.function());
  const auto object = given->as<Object>();
  if (!object || (object->type_name() != "Connection" && object->type_name() != "Session"))
    raise_sqlalchemy("ArgumentError", bind.function() + " takes op.get_bind(), not " + interpreter.repr(*given));
}

/// sessionmaker(...), scoped_session(...): calling it makes a session, and so does using it as one.
class SessionFactory final : public Object {
 public:
  explicit SessionFactory(Context& context) : context_(context) {}
  std::string type_name() const override { return "sessionmaker"; }
  bool callable() const override { return true; }
  Value call(Interpreter& interpreter, Arguments& arguments) override {
    check_bind(interpreter, Binder("Session", arguments, {"bind"}));
    return Value(ObjectPtr(std::make_shared<SessionObject>(context_)));
  }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    if (name == "configure" || name == "remove" || name == "close_all")
      return make_function(std::string(name), nothing);
    if (name == "begin") {
      Context& context = context_;
      return make_function("sessionmaker.begin", [&context](Interpreter&, Arguments& arguments) {
        return make_transaction(context, arguments.where, false,
                                Value(ObjectPtr(std::make_shared<SessionObject>(context))));
      });
    }
    return std::make_shared<SessionObject>(context_)->attribute(interpreter, name);
  }

 private:
  Context& context_;
};

}  // namespace

std::unordered_map<std::string, Value> session_members(Context& context) {
  std::unordered_map<std::string, Value> members;
  members["Session"] = Value(ObjectPtr(std::make_shared<SessionFactory>(context)));
  for (const char* name : {"sessionmaker", "scoped_session"}) {
    members[name] = make_function(std::string("sqlalchemy.orm.") + name, [&context](Interpreter& in, Arguments& given) {
      const Binder bind("sessionmaker", given, {"bind"});
      if (const auto held = bind.present("bind"); held && !held->as<SessionFactory>()) check_bind(in, bind);
      return Value(ObjectPtr(std::make_shared<SessionFactory>(context)));
    });
  }
  return members;
}

}  // namespace bascule::formats::alembic
