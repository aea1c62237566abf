// sqlalchemy.orm's sessions on the migration's connection.
#include <utility>

#include "evaluate/error.h"
#include "formats/alembic/live_connection.h"
#include "formats/alembic/op.h"
#include "formats/alembic/orm_query.h"
#include "formats/alembic/sa_dml_statement.h"
#include "formats/alembic/sa_exceptions.h"
#include "formats/alembic/sa_expressions.h"
#include "formats/alembic/sa_types.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::make_function;
using evaluate::Object;
using evaluate::ObjectPtr;

Value nothing(Interpreter&, Arguments&) { return Value(); }

InstancePtr instance_argument(Interpreter& interpreter, const Arguments& arguments, const std::string& name) {
  const Binder bind(name, arguments, {"instance", "attribute_names", "with_for_update"});
  const Value given = bind.required("instance");
  if (given.is_opaque()) interpreter.refuse_opaque(given, "the object of " + name);
  auto instance = given.as<evaluate::Instance>();
  if (!instance || !mapper_of(*instance))
    raise_sqlalchemy("UnmappedInstanceError", "Class '" + evaluate::type_name(given) + "' is not mapped");
  return instance;
}

Value instances(const std::vector<InstancePtr>& held) {
  std::vector<Value> out;
  for (const InstancePtr& instance : held) out.emplace_back(ObjectPtr(instance));
  return evaluate::make_list(std::move(out));
}

/// A session on the migration's connection. commit() flushes: the connection's transaction is the revision's own, and
/// SQLAlchemy's session that joins one does not end it (measured).
class SessionObject final : public Object {
 public:
  explicit SessionObject(Context& context) : context_(context), work_(std::make_shared<UnitOfWork>(context)) {}
  UnitOfWork& work() { return *work_; }
  std::string type_name() const override { return "Session"; }
  bool reaches_database() const override { return true; }
  std::optional<Value> enter(Interpreter&) override { return Value(ObjectPtr(shared_from_this())); }
  void exit(Interpreter&, bool) override { work_->clear(); }
  std::optional<bool> contains(Interpreter&, const Value& item) override {
    const auto instance = item.as<evaluate::Instance>();
    return instance && work_->holds(instance);
  }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    const auto held = std::static_pointer_cast<SessionObject>(shared_from_this());
    const Value self{ObjectPtr(held)};
    Context& context = context_;
    const std::string full = "session." + std::string(name);
    struct Entry {
      std::string_view name;
      Value (SessionObject::*method)(Interpreter&, const Arguments&);
    };
    static constexpr Entry kMethods[] = {{"query", &SessionObject::query},
                                         {"get", &SessionObject::get},
                                         {"get_one", &SessionObject::get_one},
                                         {"add", &SessionObject::add},
                                         {"add_all", &SessionObject::add_all},
                                         {"bulk_save_objects", &SessionObject::add_all_now},
                                         {"bulk_insert_mappings", &SessionObject::bulk_insert},
                                         {"bulk_update_mappings", &SessionObject::bulk_update},
                                         {"delete", &SessionObject::remove},
                                         {"refresh", &SessionObject::refresh},
                                         {"expire", &SessionObject::expire},
                                         {"expunge", &SessionObject::expunge},
                                         {"flush", &SessionObject::flush},
                                         {"commit", &SessionObject::commit},
                                         {"expire_all", &SessionObject::expire_all},
                                         {"close", &SessionObject::close},
                                         {"expunge_all", &SessionObject::close},
                                         {"invalidate", &SessionObject::close},
                                         {"remove", &SessionObject::close}};
    for (const Entry& entry : kMethods) {
      if (entry.name != name) continue;
      return make_function(full, [held, method = entry.method](Interpreter& in, Arguments& arguments) {
        return ((*held).*method)(in, arguments);
      });
    }
    if (name == "execute" || name == "scalar" || name == "scalars" || name == "exec") {
      return make_function(full, [held, full, kind = std::string(name)](Interpreter& in, Arguments& arguments) {
        const Value result = held->execute(in, arguments, full);
        if (result.is_opaque() || kind == "execute" || kind == "exec") return result;
        return in.call(in.attribute(result, kind), Arguments{{}, {}, arguments.where});
      });
    }
    if (name == "rollback")
      return make_function(full, [held, full](Interpreter&, Arguments& arguments) {
        held->work_->clear();
        break_transaction(held->context_, arguments.where, full + "()");
        return Value();
      });
    if (name == "begin" || name == "begin_nested")
      return make_function(full, [held, self, nested = name == "begin_nested"](Interpreter& in, Arguments& arguments) {
        held->work_->flush(in, arguments.where);
        return make_transaction(held->context_, arguments.where, nested, self);
      });
    if (name == "connection" || name == "get_bind")
      return make_function(full, [&context](Interpreter&, Arguments&) { return make_bind(context); });
    if (name == "bind") return make_bind(context);
    if (name == "is_active") return Value(true);
    if (name == "autoflush") return Value(work_->autoflush);
    if (name == "new") return instances(work_->pending());
    if (name == "dirty") return instances(work_->changed(interpreter));
    if (name == "deleted") return instances(work_->deleted());
    if (name == "no_autoflush") return Value(ObjectPtr(std::make_shared<NoAutoflush>(held)));
    if (name == "in_transaction") return make_function(full, [](Interpreter&, Arguments&) { return Value(true); });
    if (name.starts_with("__")) return std::nullopt;
    refuse_unsupported(full,
                       "use Core: session.execute(sa.select(table.c.id, ...)), sa.update(table), sa.insert(table)");
  }
  bool set_attribute(Interpreter& interpreter, std::string_view name, Value value) override {
    if (name != "autoflush" && name != "expire_on_commit") return false;
    (name == "autoflush" ? work_->autoflush : work_->expires_on_commit) = interpreter.truth(value);
    return true;
  }

 private:
  /// `with session.no_autoflush:`
  class NoAutoflush final : public Object {
   public:
    explicit NoAutoflush(std::shared_ptr<SessionObject> session) : session_(std::move(session)) {}
    std::string type_name() const override { return "no_autoflush"; }
    std::optional<Value> enter(Interpreter&) override {
      before_ = std::exchange(session_->work_->autoflush, false);
      return Value(ObjectPtr(session_));
    }
    void exit(Interpreter&, bool) override { session_->work_->autoflush = before_; }

   private:
    std::shared_ptr<SessionObject> session_;
    bool before_ = true;
  };

  Value execute(Interpreter& interpreter, const Arguments& given, const std::string& full) {
    Arguments arguments = given;
    if (!arguments.positional.empty()) {
      Value& statement = arguments.positional.front();
      // SQLAlchemy 1.x's sessions took a str for text(...).
      if (statement.as_str() != nullptr)
        statement = Value(ObjectPtr(std::make_shared<TextClause>(*statement.as_str(), context_.dialect())));
      const auto select = statement.as<SelectObject>();
      if (select && !select->entities().empty()) work_->flush_for_query(interpreter, arguments.where);
      const auto changes = statement.as<alembic::Statement>();
      if (changes) work_->flush_for_query(interpreter, arguments.where);
      const Value result = execute_statement(interpreter, arguments, context_, full, work_.get());
      if (changes) work_->expire_table(changes->table()->table_name());
      return result;
    }
    return execute_statement(interpreter, arguments, context_, full, work_.get());
  }
  Value query(Interpreter& interpreter, const Arguments& arguments) {
    return make_query(interpreter, work_, arguments.positional);
  }
  Value get(Interpreter& interpreter, const Arguments& arguments) {
    const Binder bind("session.get", arguments, {"entity", "ident"},
                      {"options", "populate_existing", "with_for_update", "identity_token", "execution_options"});
    const Value entity = bind.required("entity");
    if (entity.is_opaque()) interpreter.refuse_opaque(entity, "the class of session.get");
    const auto mapper = mapper_of(entity);
    if (!mapper) raise_sqlalchemy("ArgumentError", "Expected mapped class or mapper, got: " + interpreter.repr(entity));
    const Value key = bind.required("ident");
    return work_->get(interpreter, mapper, key.as_sequence() != nullptr ? *key.as_sequence() : std::vector<Value>{key},
                      arguments.where);
  }
  Value get_one(Interpreter& interpreter, const Arguments& arguments) {
    const Value found = get(interpreter, arguments);
    if (found.is_none()) raise_sqlalchemy("NoResultFound", "No row was found when one was required");
    return found;
  }
  Value add(Interpreter& interpreter, const Arguments& arguments) {
    work_->add(instance_argument(interpreter, arguments, "session.add"));
    return {};
  }
  Value add_all(Interpreter& interpreter, const Arguments& arguments) {
    const Binder bind("session.add_all", arguments, {"instances"});
    for (const Value& one : items_of(interpreter, bind.required("instances"), "the objects of session.add_all"))
      work_->add(instance_argument(interpreter, Arguments{{one}, {}, arguments.where}, "session.add_all"));
    return {};
  }
  Value add_all_now(Interpreter& interpreter, const Arguments& arguments) {
    Arguments first;
    first.positional = arguments.positional;
    first.where = arguments.where;
    add_all(interpreter, first);
    return flush(interpreter, first);
  }
  std::shared_ptr<Mapper> bulk_mapper(Interpreter& interpreter, const Value& entity) const {
    if (entity.is_opaque()) interpreter.refuse_opaque(entity, "the class of a bulk operation");
    auto mapper = mapper_of(entity);
    if (!mapper) raise_sqlalchemy("ArgumentError", "Expected mapped class or mapper, got: " + interpreter.repr(entity));
    return mapper;
  }
  Value bulk_insert(Interpreter& interpreter, const Arguments& arguments) {
    const Binder bind("session.bulk_insert_mappings", arguments, {"mapper", "mappings"},
                      {"return_defaults", "render_nulls"});
    const auto mapper = bulk_mapper(interpreter, bind.required("mapper"));
    for (const Value& row : items_of(interpreter, bind.required("mappings"), "the rows of bulk_insert_mappings")) {
      const Value statement{ObjectPtr(std::make_shared<Statement>(Statement::Kind::kInsert, mapper->table))};
      work_->execute(interpreter, statement, by_column(interpreter, *mapper, row), arguments.where,
                     "session.bulk_insert_mappings");
    }
    return {};
  }
  Value bulk_update(Interpreter& interpreter, const Arguments& arguments) {
    const Binder bind("session.bulk_update_mappings", arguments, {"mapper", "mappings"});
    const auto mapper = bulk_mapper(interpreter, bind.required("mapper"));
    for (const Value& row : items_of(interpreter, bind.required("mappings"), "the rows of bulk_update_mappings")) {
      Value statement{ObjectPtr(std::make_shared<Statement>(Statement::Kind::kUpdate, mapper->table))};
      const Value cells = by_column(interpreter, *mapper, row);
      auto values = std::make_shared<evaluate::Dict>(*cells.as_dict());
      const auto call = [&](const char* method, Value given) {
        statement = interpreter.call(interpreter.attribute(statement, method), Arguments{{std::move(given)}, {}, {}});
      };
      for (const Mapper::Attribute* part : mapper->key()) {
        const Value* key = cells.as_dict()->find(part->column->key);
        if (key == nullptr) raise_sqlalchemy("InvalidRequestError", "No primary key value supplied for bulk_update");
        call("where", *part->column->binary(interpreter, evaluate::BinaryOperator::kEq, *key, false));
        values->erase(Value(part->column->key));
      }
      call("values", Value(values));
      work_->execute(interpreter, statement, Value(), arguments.where, "session.bulk_update_mappings");
    }
    work_->expire_table(mapper->table->table_name());
    return {};
  }
  /// A row by attributes as a row by columns.
  static Value by_column(Interpreter& interpreter, const Mapper& mapper, const Value& row) {
    auto out = std::make_shared<evaluate::Dict>();
    for (const auto& [key, value] : entries_of(interpreter, row, "a row of a bulk operation")) {
      const auto* attribute = mapper.find(mapper.real_name(key));
      if (attribute != nullptr) out->set(Value(attribute->column->key), value);
    }
    return Value(out);
  }
  Value remove(Interpreter& interpreter, const Arguments& arguments) {
    work_->remove(interpreter, instance_argument(interpreter, arguments, "session.delete"));
    return {};
  }
  Value refresh(Interpreter& interpreter, const Arguments& arguments) {
    const InstancePtr instance = instance_argument(interpreter, arguments, "session.refresh");
    work_->flush_for_query(interpreter, arguments.where);
    const auto state = state_of(*instance);
    if (!state || !state->persistent)
      raise_sqlalchemy("InvalidRequestError", "Instance '<" + instance->type->name +
                                                  ">' is not persistent within this "
                                                  "Session");
    work_->expire(instance);
    work_->load(interpreter, instance, *mapper_of(*instance), state->wanted);
    return {};
  }
  Value expire(Interpreter& interpreter, const Arguments& arguments) {
    work_->expire(instance_argument(interpreter, arguments, "session.expire"));
    return {};
  }
  Value expunge(Interpreter& interpreter, const Arguments& arguments) {
    work_->expunge(instance_argument(interpreter, arguments, "session.expunge"));
    return {};
  }
  Value flush(Interpreter& interpreter, const Arguments& arguments) {
    work_->flush(interpreter, arguments.where);
    return {};
  }
  Value commit(Interpreter& interpreter, const Arguments& arguments) {
    work_->flush(interpreter, arguments.where);
    if (work_->expires_on_commit) work_->expire_all();
    return {};
  }
  Value expire_all(Interpreter&, const Arguments&) {
    work_->expire_all();
    return {};
  }
  Value close(Interpreter&, const Arguments&) {
    work_->clear();
    return {};
  }

  Context& context_;
  std::shared_ptr<UnitOfWork> work_;
};

/// Session(autoflush=False, expire_on_commit=False)
void apply_options(Interpreter& interpreter, const Arguments& arguments, UnitOfWork& work) {
  for (const auto& [name, value] : arguments.keywords) {
    if (name == "autoflush") work.autoflush = interpreter.truth(value);
    if (name == "expire_on_commit") work.expires_on_commit = interpreter.truth(value);
  }
}

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
  explicit SessionFactory(Context& context, Arguments options = {}, bool scoped = false)
      : context_(context), options_(std::move(options)), scoped_(scoped) {}
  bool reaches_database() const override { return true; }
  std::string type_name() const override { return "sessionmaker"; }
  bool callable() const override { return true; }
  Value call(Interpreter& interpreter, Arguments& arguments) override {
    check_bind(interpreter, Binder("Session", arguments, {"bind"}));
    if (scoped_) return Value(ObjectPtr(own(interpreter)));
    auto session = std::make_shared<SessionObject>(context_);
    apply_options(interpreter, options_, session->work());
    apply_options(interpreter, arguments, session->work());
    return Value(ObjectPtr(session));
  }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    if (name.starts_with("__")) return std::nullopt;
    if (name == "configure" || name == "close_all" || (name == "remove" && !own_))
      return make_function(std::string(name), nothing);
    if (name == "begin") {
      Context& context = context_;
      return make_function("sessionmaker.begin", [&context](Interpreter&, Arguments& arguments) {
        return make_transaction(context, arguments.where, false,
                                Value(ObjectPtr(std::make_shared<SessionObject>(context))));
      });
    }
    return own(interpreter)->attribute(interpreter, name);
  }

 private:
  /// The session that a scoped one stands for.
  std::shared_ptr<SessionObject> own(Interpreter& interpreter) {
    if (!own_ || made_in_ != context_.evaluation) {
      made_in_ = context_.evaluation;
      own_ = std::make_shared<SessionObject>(context_);
      apply_options(interpreter, options_, own_->work());
    }
    return own_;
  }

  Context& context_;
  Arguments options_;
  bool scoped_;
  std::shared_ptr<SessionObject> own_;
  std::uint64_t made_in_ = 0;
};

}  // namespace

std::unordered_map<std::string, Value> session_members(Context& context) {
  std::unordered_map<std::string, Value> members;
  members["Session"] = Value(ObjectPtr(std::make_shared<SessionFactory>(context)));
  for (const char* name : {"sessionmaker", "scoped_session"}) {
    const bool scoped = std::string_view(name) == "scoped_session";
    members[name] =
        make_function(std::string("sqlalchemy.orm.") + name, [&context, scoped](Interpreter& in, Arguments& given) {
          const Binder bind("sessionmaker", given, {"bind"});
          if (const auto held = bind.present("bind"); held && !held->as<SessionFactory>()) check_bind(in, bind);
          return Value(ObjectPtr(std::make_shared<SessionFactory>(context, given, scoped)));
        });
  }
  members.merge(declarative_members(context));
  members["object_session"] = make_function("orm.object_session", [](Interpreter&, Arguments&) -> Value {
    refuse_unsupported("object_session()", "hand the session over");
  });
  return members;
}

Value make_scoped_session(Context& context) {
  return Value(ObjectPtr(std::make_shared<SessionFactory>(context, Arguments{}, true)));
}

}  // namespace bascule::formats::alembic
