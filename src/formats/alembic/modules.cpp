#include "formats/alembic/modules.h"

#include <algorithm>
#include <array>

#include "evaluate/error.h"
#include "evaluate/native_tools.h"
#include "formats/alembic/entities.h"
#include "formats/alembic/flask_database.h"
#include "formats/alembic/live_connection.h"
#include "formats/alembic/op.h"
#include "formats/alembic/orm_mapper.h"
#include "formats/alembic/sa_dml.h"
#include "formats/alembic/sa_exceptions.h"
#include "formats/alembic/text_packages.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::make_function;
using evaluate::make_namespace;
using Members = std::unordered_map<std::string, Value>;

/// Submodules whose names are all found in one place here: SQLAlchemy spreads them over many.
constexpr std::array<std::string_view, 15> kSqlalchemyModules = {"sqlalchemy",
                                                                 "sqlalchemy.types",
                                                                 "sqlalchemy.sql",
                                                                 "sqlalchemy.sql.expression",
                                                                 "sqlalchemy.sql.types",
                                                                 "sqlalchemy.sql.sqltypes",
                                                                 "sqlalchemy.sql.schema",
                                                                 "sqlalchemy.schema",
                                                                 "sqlalchemy.sql.ddl",
                                                                 "sqlalchemy.sql.elements",
                                                                 "sqlalchemy.sql.functions",
                                                                 "sqlalchemy.sql.naming",
                                                                 "sqlalchemy.sql.selectable",
                                                                 "sqlalchemy.sql.dml",
                                                                 "sqlalchemy.sql.operators"};

/// An engine made from the migration's own configuration is the migration's database by another way; any other is a
/// database that nobody has given us.
Value engine_maker(Context& context, const std::string& name) {
  return make_function(name, [&context, name](Interpreter&, Arguments& arguments) -> Value {
    const Value* from = arguments.positional.empty() ? nullptr : &arguments.positional.front();
    const auto* unknown = from == nullptr ? nullptr : from->as_opaque();
    static constexpr std::array<std::string_view, 3> kOwn = {"op.get_context().config", "alembic.context.config",
                                                             "context.config"};
    const bool own = unknown != nullptr && std::any_of(kOwn.begin(), kOwn.end(), [&](std::string_view config) {
                       return unknown->what.starts_with(config);
                     });
    if (own) return make_bind(context);
    refuse_needs_database(name + "(...)", arguments.where);
  });
}

Value make_orm(Context& context) {
  Members members = session_members(context);
  members["exc"] = exceptions_module("sqlalchemy.orm.exc");
  return make_namespace("sqlalchemy.orm", std::move(members));
}

/// sa.inspect(bind), Inspector(bind), Inspector.from_engine(bind).
Value inspector_of(Context& context, const std::string& name) {
  return make_function(name, [&context, name](Interpreter& interpreter, Arguments& arguments) {
    const evaluate::Binder bind(name, arguments, {"subject", "raiseerr"});
    const Value subject = bind.optional("subject").value_or(bind.optional("bind").value_or(Value()));
    if (subject.is_opaque()) interpreter.refuse_opaque(subject, "what " + name + " looks at");
    return make_inspector(context, arguments.where, name);
  });
}

Value make_engine(Context& context) {
  Members members;
  members["create_engine"] = engine_maker(context, "sqlalchemy.create_engine");
  members["engine_from_config"] = engine_maker(context, "sqlalchemy.engine_from_config");
  std::map<std::string, Value, std::less<>> methods = {{"from_engine", inspector_of(context, "Inspector.from_engine")}};
  const Value construct = inspector_of(context, "Inspector");
  members["Inspector"] = Value(evaluate::ObjectPtr(std::make_shared<evaluate::NativeClass>(
      "Inspector",
      [construct](Interpreter& interpreter, Arguments& arguments) { return interpreter.call(construct, arguments); },
      [](const Value& value) { return evaluate::type_name(value) == "Inspector"; }, std::move(methods))));
  members["reflection"] = make_namespace("sqlalchemy.engine.reflection", {{"Inspector", members["Inspector"]}});
  // Names for annotations and isinstance.
  members["Connection"] = Value(evaluate::ObjectPtr(std::make_shared<evaluate::NativeClass>(
      "Connection",
      [](Interpreter&, Arguments& arguments) -> Value {
        refuse_unsupported("Connection(...)", "use op.get_bind()");
        static_cast<void>(arguments);
      },
      [](const Value& value) { return evaluate::type_name(value) == "Connection"; },
      std::map<std::string, Value, std::less<>>())));
  return make_namespace("sqlalchemy.engine", std::move(members),
                        [](Interpreter& interpreter, std::string_view name) -> std::optional<Value> {
                          if (name.starts_with("__")) return std::nullopt;
                          return make_opaque("sqlalchemy.engine." + std::string(name), "it is not supported",
                                             interpreter.here(), true);
                        });
}

}  // namespace

Modules::Modules(model::NamingConvention naming) { context_.naming = std::move(naming); }

void Modules::begin(const std::string& revision, const EvaluationTarget& target) {
  context_.recorder = Recorder(target);
  context_.revision = revision;
  ++context_.evaluation;
  if (sources_) sources_->begin(target.dialect);
}

void Modules::use_sources(SourceSettings settings, const std::map<std::string, std::string>& environment) {
  sources_ = std::make_unique<SourceModules>(std::move(settings), context_, *this, environment);
}

std::string Modules::instead_of_unknown_call() const {
  return "write what it does with op.execute(...), or do it by hand and then record the revision: bascule stamp " +
         context_.revision;
}

const Value& Modules::op() {
  if (!op_) op_ = make_op(context_);
  return *op_;
}

std::optional<Value> Modules::import_module(std::string_view dotted_name) {
  const std::string name(dotted_name);
  if (const auto found = made_.find(name); found != made_.end()) return found->second;
  std::optional<Value> made = make(dotted_name);
  made_[name] = made;
  return made;
}

const Members& Modules::sqlalchemy_members() {
  if (!sqlalchemy_members_.empty()) return sqlalchemy_members_;
  Members members = schema_members(context_);
  members.merge(type_members(context_.recorder));
  members.merge(expression_members(context_.recorder));
  members.merge(dml_members(context_.recorder));
  members["create_engine"] = engine_maker(context_, "sqlalchemy.create_engine");
  members["engine_from_config"] = engine_maker(context_, "sqlalchemy.engine_from_config");
  members["inspect"] = inspector_of(context_, "sqlalchemy.inspect");
  members["exc"] = exceptions_module("sqlalchemy.exc");
  sqlalchemy_members_ = std::move(members);
  return sqlalchemy_members_;
}

Value Modules::make_sqlalchemy(const std::string& dotted_name) {
  return make_namespace(dotted_name, sqlalchemy_members(), [this, dotted_name](Interpreter&, std::string_view name) {
    return import_module(dotted_name + "." + std::string(name));
  });
}

Value Modules::make_dialects() {
  return make_namespace("sqlalchemy.dialects", {}, [this](Interpreter&, std::string_view name) {
    return import_module("sqlalchemy.dialects." + std::string(name));
  });
}

std::optional<Value> Modules::make(std::string_view dotted_name) {
  const std::string name(dotted_name);
  if (name == "alembic")
    return make_namespace("alembic", {}, [this](Interpreter&, std::string_view member) {
      return import_module("alembic." + std::string(member));
    });
  if (name == "alembic.op") return op();
  if (name == "alembic.context") return make_alembic_context(context_);
  if (std::find(kSqlalchemyModules.begin(), kSqlalchemyModules.end(), dotted_name) != kSqlalchemyModules.end())
    return make_sqlalchemy(name);
  if (name == "sqlalchemy.dialects") return make_dialects();
  constexpr std::string_view kDialects = "sqlalchemy.dialects.";
  if (dotted_name.starts_with(kDialects)) {
    // sqlalchemy.dialects.postgresql.json and its like hold part of the same names.
    const std::string_view rest = dotted_name.substr(kDialects.size());
    const std::string_view dialect = rest.substr(0, rest.find('.'));
    Members members;
    if (dialect == "postgresql") {
      members = postgresql_members(context_.recorder);
      members.merge(postgresql_schema_members(context_));
    } else if (dialect == "sqlite") {
      members = sqlite_members(context_.recorder);
    } else if (dialect == "mysql" || dialect == "mariadb") {
      members = mysql_members(context_.recorder);
    } else if (dialect == "mssql") {
      members = mssql_members(context_.recorder);
    } else if (dialect == "oracle") {
      members = oracle_members(context_.recorder);
    } else {
      return std::nullopt;
    }
    const std::string whole = std::string(kDialects) + std::string(dialect);
    if (name != whole) {
      static constexpr std::array<std::string_view, 16> kParts = {
          "base",       "json",           "array",     "ranges",     "hstore",    "ext",
          "types",      "named_types",    "dml",       "pg_catalog", "bitstring", "psycopg2",
          "enumerated", "reserved_words", "operators", "asyncpg"};
      const std::string_view part = rest.substr(dialect.size() + 1);
      if (std::find(kParts.begin(), kParts.end(), part) == kParts.end()) return std::nullopt;
    }
    return make_namespace(name, std::move(members), [this, name](Interpreter&, std::string_view member) {
      return import_module(name + "." + std::string(member));
    });
  }
  if (name == "sqlalchemy.exc" || name == "sqlalchemy.orm.exc") return exceptions_module(name);
  if (name == "sqlalchemy.inspection")
    return make_namespace(name, {{"inspect", inspector_of(context_, "sqlalchemy.inspect")}});
  if (name == "sqlalchemy.orm" || name == "sqlalchemy.orm.session") return make_orm(context_);
  if (name == "sqlalchemy.engine" || name == "sqlalchemy.engine.reflection") return make_engine(context_);
  if (name == "sqlalchemy.ext.declarative" || name == "sqlalchemy.orm.decl_api") {
    Members members = declarative_members(context_);
    return make_namespace(name, std::move(members));
  }
  if (name == "sqlalchemy.ext")
    return make_namespace(name, {}, [this](Interpreter&, std::string_view member) {
      return import_module("sqlalchemy.ext." + std::string(member));
    });
  if (name == "sqlalchemy.ext.mutable") return mutable_module();
  if (auto texts = text_package_module(name)) return texts;
  if (name == "flask_sqlalchemy") {
    Members members = sqlalchemy_members();
    for (auto& [member, value] : session_members(context_)) members[member] = value;
    return flask_module(context_, std::move(members));
  }
  if (name == "sqlmodel") {
    Members members = sqlalchemy_members();
    members.merge(session_members(context_));
    members["AutoString"] = members["String"];
    return make_namespace("sqlmodel", std::move(members), [this](Interpreter&, std::string_view member) {
      return import_module("sqlmodel." + std::string(member));
    });
  }
  if (name == "sqlmodel.sql")
    return make_namespace("sqlmodel.sql", {}, [this](Interpreter&, std::string_view member) {
      return import_module("sqlmodel.sql." + std::string(member));
    });
  if (name == "sqlmodel.sql.sqltypes") {
    Members members = sqlalchemy_members();
    // sqlmodel's own string type is a String with another name.
    members["AutoString"] = members["String"];
    members["GUID"] = members["Uuid"];
    return make_namespace("sqlmodel.sql.sqltypes", std::move(members));
  }
  if (auto entities = entity_module(dotted_name)) return entities;
  if (auto enums = enum_sync_module(dotted_name)) return enums;
  // What bascule.toml says of a package's types comes first.
  if (sources_) {
    if (auto source = sources_->import_module(dotted_name)) return source;
  }
  return type_package_module(name, context_.recorder);
}

}  // namespace bascule::formats::alembic
