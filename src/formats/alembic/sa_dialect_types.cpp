// sqlalchemy.dialects.postgresql.
#include <fmt/core.h>

#include "evaluate/error.h"
#include "formats/alembic/sa_dialect_types.h"
#include "formats/alembic/sa_dml.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using model::ScalarKind;
using model::ScalarType;

namespace {

constexpr const char* kPostgres = "postgresql";

/// Types without arguments.
constexpr const char* kPlain[] = {
    "CIDR",           "INET",          "MACADDR",        "MACADDR8",     "MONEY",          "OID",
    "REGCLASS",       "REGCONFIG",     "TSVECTOR",       "TSQUERY",      "JSONPATH",       "INT4RANGE",
    "INT8RANGE",      "NUMRANGE",      "DATERANGE",      "TSRANGE",      "TSTZRANGE",      "INT4MULTIRANGE",
    "INT8MULTIRANGE", "NUMMULTIRANGE", "DATEMULTIRANGE", "TSMULTIRANGE", "TSTZMULTIRANGE",
};

std::shared_ptr<TypeObject> native(Recorder& recorder, std::string class_name, std::string sql) {
  return make_type(model::NativeType{kPostgres, std::move(sql), ""}, recorder, std::move(class_name));
}

/// TIMESTAMP and TIME with PostgreSQL's precision; without it they are the standard types, and so they are elsewhere.
TypeFactory timed(Recorder& recorder, const std::string& name, ScalarKind kind) {
  return [&recorder, name, kind](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"timezone", "precision"});
    bind.reject_extra();
    ScalarType type;
    type.kind = kind;
    type.timezone = bool_argument(interpreter, bind, "timezone", false);
    auto precision = integer_argument(interpreter, bind, "precision");
    if (!precision || recorder.target().dialect != kPostgres) return make_type(type, recorder, name);
    return native(recorder, name,
                  fmt::format("{}({}) {} TIME ZONE", name, *precision, type.timezone ? "WITH" : "WITHOUT"));
  };
}

TypeFactory json(Recorder& recorder, bool binary) {
  return [&recorder, binary](Interpreter& interpreter, Arguments& arguments) {
    const std::string name = binary ? "JSONB" : "JSON";
    Binder bind(name, arguments, {"none_as_null", "astext_type"});
    bind.reject_extra();
    std::shared_ptr<TypeObject> made;
    if (binary) {
      made = make_jsonb(recorder);
    } else {
      ScalarType type;
      type.kind = ScalarKind::kJson;
      made = make_type(type, recorder, name);
    }
    made->none_as_null = bool_argument(interpreter, bind, "none_as_null", false);
    return made;
  };
}

}  // namespace

std::shared_ptr<TypeObject> make_jsonb(Recorder& recorder) {
  // SQLAlchemy 2.1 spells JSONB on SQLite too, whichever dialect's class is used.
  const std::string dialect = recorder.target().dialect == "sqlite" ? "sqlite" : kPostgres;
  return make_type(model::NativeType{dialect, "JSONB", ""}, recorder, "JSONB");
}

Members postgresql_members(Recorder& recorder) {
  Members members;
  const Members generic = type_members(recorder);
  for (const char* same : {"BIGINT", "BOOLEAN", "CHAR", "DATE", "DOUBLE_PRECISION", "FLOAT", "INTEGER", "NUMERIC",
                           "REAL", "SMALLINT", "TEXT", "UUID", "VARCHAR"}) {
    members[same] = generic.at(same);
  }
  for (const char* name : kPlain) add_type(members, name, native_type(recorder, kPostgres, name));
  add_type(members, "ARRAY", array_type(recorder, "ARRAY"));
  add_type(members, "ENUM", enum_type(recorder, "ENUM", true));
  add_type(members, "DOMAIN", domain_type(recorder));
  add_type(members, "JSON", json(recorder, false));
  add_type(members, "JSONB", json(recorder, true));
  add_type(members, "TIMESTAMP", timed(recorder, "TIMESTAMP", ScalarKind::kSqlTimestamp));
  add_type(members, "TIME", timed(recorder, "TIME", ScalarKind::kSqlTime));
  add_type(members, "BYTEA", [&recorder](Interpreter&, Arguments& arguments) {
    Binder bind("BYTEA", arguments, {"length"});
    bind.reject_extra();
    return native(recorder, "BYTEA", "BYTEA");
  });
  add_type(members, "CITEXT", [&recorder](Interpreter&, Arguments& arguments) {
    Binder bind("CITEXT", arguments, {"length", "collation", "collation_schema"});
    bind.reject_extra();
    return native(recorder, "CITEXT", "CITEXT");
  });
  add_type(members, "HSTORE", [&recorder](Interpreter&, Arguments& arguments) {
    Binder bind("HSTORE", arguments, {"text_type"});
    bind.reject_extra();
    return native(recorder, "HSTORE", "HSTORE");
  });
  add_type(members, "BIT", [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("BIT", arguments, {"length", "varying"});
    bind.reject_extra();
    auto length = integer_argument(interpreter, bind, "length");
    if (bool_argument(interpreter, bind, "varying", false)) {
      return native(recorder, "BIT", length ? fmt::format("BIT VARYING({})", *length) : "BIT VARYING");
    }
    return native(recorder, "BIT", fmt::format("BIT({})", length.value_or(1)));
  });
  add_type(members, "INTERVAL", [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("INTERVAL", arguments, {"precision", "fields"});
    bind.reject_extra();
    std::string sql = "INTERVAL";
    if (auto fields = string_argument(interpreter, bind, "fields"); !fields.empty()) sql += " " + fields;
    if (auto precision = integer_argument(interpreter, bind, "precision")) sql += fmt::format(" ({})", *precision);
    return native(recorder, "INTERVAL", sql);
  });
  add_postgresql_functions(members, recorder);
  add_dialect_insert(members, recorder);
  return members;
}

}  // namespace bascule::formats::alembic
