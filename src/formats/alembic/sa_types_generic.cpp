// SQLAlchemy's own types: sqlalchemy.String, sqlalchemy.VARCHAR ...
#include <fmt/core.h>

#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/sa_types.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using model::ScalarKind;
using model::ScalarType;

TypeFactory plain_type(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter&, Arguments& arguments) {
    if (!arguments.positional.empty() || !arguments.keywords.empty()) {
      evaluate::raise_type_error(name + "() takes no arguments");
    }
    ScalarType type;
    type.kind = kind;
    return make_type(type, recorder, name);
  };
}

TypeFactory native_type(Recorder& recorder, std::string dialect, std::string sql) {
  return [&recorder, dialect = std::move(dialect), sql = std::move(sql)](Interpreter&, Arguments& arguments) {
    if (!arguments.positional.empty() || !arguments.keywords.empty()) {
      evaluate::raise_type_error(sql + "() takes no arguments");
    }
    return make_type(model::NativeType{dialect, sql, ""}, recorder, sql);
  };
}

TypeFactory string_type(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"length", "collation", "collation_schema"});
    bind.reject_extra();
    refuse_argument(bind, "collation_schema");
    ScalarType type;
    type.kind = kind;
    type.length = integer_argument(interpreter, bind, "length");
    type.collation = string_argument(interpreter, bind, "collation");
    return make_type(type, recorder, name);
  };
}

TypeFactory numeric_type(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"precision", "scale", "decimal_return_scale", "asdecimal"});
    bind.reject_extra();
    ScalarType type;
    type.kind = kind;
    type.precision = integer_argument(interpreter, bind, "precision");
    type.scale = integer_argument(interpreter, bind, "scale");
    return make_type(type, recorder, name);
  };
}

TypeFactory float_type(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"precision", "asdecimal", "decimal_return_scale"});
    bind.reject_extra();
    ScalarType type;
    type.kind = kind;
    type.precision = integer_argument(interpreter, bind, "precision");
    return make_type(type, recorder, name);
  };
}

TypeFactory datetime_type(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"timezone"});
    bind.reject_extra();
    ScalarType type;
    type.kind = kind;
    type.timezone = bool_argument(interpreter, bind, "timezone", false);
    return make_type(type, recorder, name);
  };
}

TypeFactory binary_type(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"length"});
    bind.reject_extra();
    ScalarType type;
    type.kind = kind;
    type.length = integer_argument(interpreter, bind, "length");
    return make_type(type, recorder, name);
  };
}

TypeFactory boolean_type(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"create_constraint", "name"}, {"_create_events", "_adapted_from"});
    bind.reject_extra();
    ScalarType type;
    type.kind = kind;
    type.create_constraint = bool_argument(interpreter, bind, "create_constraint", false);
    if (auto given = bind.present("name")) {
      type.constraint_name = to_identifier(interpreter, *given, "the constraint name of " + name);
    }
    auto made = make_type(type, recorder, name);
    made->constraint_name = type.constraint_name;
    return made;
  };
}

TypeFactory json_type(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"none_as_null"});
    bind.reject_extra();
    ScalarType type;
    type.kind = kind;
    auto made = make_type(type, recorder, name);
    made->none_as_null = bool_argument(interpreter, bind, "none_as_null", false);
    return made;
  };
}

TypeFactory array_type(Recorder& recorder, std::string name) {
  return [&recorder, name = std::move(name)](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"item_type", "as_tuple", "dimensions", "zero_indexes"});
    bind.reject_extra();
    auto item = to_type(interpreter, bind.required("item_type"), recorder, "the item type of " + name);
    if (std::holds_alternative<Box<model::ArrayType>>(item->type())) {
      evaluate::raise_python("ValueError",
                             "Do not nest ARRAY types; ARRAY(basetype) handles multi-dimensional arrays of basetype");
    }
    model::ArrayType type;
    type.item = item->type();
    type.dimensions = integer_argument(interpreter, bind, "dimensions").value_or(1);
    auto made = make_type(Box<model::ArrayType>(std::move(type)), recorder, name);
    made->inner = item;
    return made;
  };
}

namespace {

std::shared_ptr<TypeObject> make_uuid(Interpreter& interpreter, Arguments& arguments, Recorder& recorder) {
  Binder bind("Uuid", arguments, {"as_uuid", "native_uuid"});
  bind.reject_extra();
  ScalarType type;
  type.kind = ScalarKind::kUuid;
  type.native = bool_argument(interpreter, bind, "native_uuid", true);
  return make_type(type, recorder, "Uuid");
}

std::shared_ptr<TypeObject> make_sql_uuid(Arguments& arguments, Recorder& recorder) {
  Binder bind("UUID", arguments, {"as_uuid"});
  bind.reject_extra();
  ScalarType type;
  type.kind = ScalarKind::kSqlUuid;
  return make_type(type, recorder, "UUID");
}

std::shared_ptr<TypeObject> make_interval(Interpreter& interpreter, Arguments& arguments, Recorder& recorder) {
  Binder bind("Interval", arguments, {"native", "second_precision", "day_precision"});
  bind.reject_extra();
  ScalarType type;
  type.kind = ScalarKind::kInterval;
  type.native = bool_argument(interpreter, bind, "native", true);
  type.precision = integer_argument(interpreter, bind, "second_precision");
  return make_type(type, recorder, "Interval");
}

std::shared_ptr<TypeObject> make_pickle(Interpreter& interpreter, Arguments& arguments, Recorder& recorder) {
  Binder bind("PickleType", arguments, {"protocol", "pickler", "comparator", "impl"});
  bind.reject_extra();
  if (auto impl = bind.present("impl")) {
    return std::make_shared<TypeObject>(*to_type(interpreter, *impl, recorder, "the impl of PickleType"));
  }
  ScalarType type;
  type.kind = ScalarKind::kLargeBinary;
  return make_type(type, recorder, "PickleType");
}

TypeFactory abstract_type(std::string name) {
  return [name = std::move(name)](Interpreter&, Arguments&) -> std::shared_ptr<TypeObject> {
    refuse_unsupported(name + " itself, without a class of the project that derives from it,",
                       "name the column's type with a type that a database has, such as sa.String(255)");
  };
}

}  // namespace

Members type_members(Recorder& recorder) {
  Members members;
  const auto plain = [&](const char* name, ScalarKind kind) {
    add_type(members, name, plain_type(recorder, name, kind));
  };
  plain("Integer", ScalarKind::kInteger);
  plain("SmallInteger", ScalarKind::kSmallInteger);
  plain("BigInteger", ScalarKind::kBigInteger);
  plain("Date", ScalarKind::kDate);
  plain("INTEGER", ScalarKind::kSqlInteger);
  members["INT"] = members["INTEGER"];
  plain("SMALLINT", ScalarKind::kSqlSmallint);
  plain("BIGINT", ScalarKind::kSqlBigint);
  plain("DATE", ScalarKind::kSqlDate);
  plain("NullType", ScalarKind::kNull);

  const auto string = [&](const char* name, ScalarKind kind) {
    add_type(members, name, string_type(recorder, name, kind));
  };
  string("String", ScalarKind::kString);
  string("Text", ScalarKind::kText);
  string("Unicode", ScalarKind::kUnicode);
  string("UnicodeText", ScalarKind::kUnicodeText);
  string("CHAR", ScalarKind::kSqlChar);
  string("VARCHAR", ScalarKind::kSqlVarchar);
  string("NCHAR", ScalarKind::kSqlNchar);
  string("NVARCHAR", ScalarKind::kSqlNvarchar);
  string("TEXT", ScalarKind::kSqlText);
  string("CLOB", ScalarKind::kSqlClob);

  const auto numeric = [&](const char* name, ScalarKind kind) {
    add_type(members, name, numeric_type(recorder, name, kind));
  };
  numeric("Numeric", ScalarKind::kNumeric);
  numeric("NUMERIC", ScalarKind::kSqlNumeric);
  numeric("DECIMAL", ScalarKind::kSqlDecimal);

  const auto floating = [&](const char* name, ScalarKind kind) {
    add_type(members, name, float_type(recorder, name, kind));
  };
  floating("Float", ScalarKind::kFloat);
  floating("Double", ScalarKind::kDouble);
  floating("FLOAT", ScalarKind::kSqlFloat);
  floating("REAL", ScalarKind::kSqlReal);
  floating("DOUBLE", ScalarKind::kSqlDouble);
  floating("DOUBLE_PRECISION", ScalarKind::kSqlDoublePrecision);

  const auto datetime = [&](const char* name, ScalarKind kind) {
    add_type(members, name, datetime_type(recorder, name, kind));
  };
  datetime("DateTime", ScalarKind::kDateTime);
  datetime("Time", ScalarKind::kTime);
  datetime("DATETIME", ScalarKind::kSqlDatetime);
  datetime("TIME", ScalarKind::kSqlTime);
  datetime("TIMESTAMP", ScalarKind::kSqlTimestamp);

  const auto binary = [&](const char* name, ScalarKind kind) {
    add_type(members, name, binary_type(recorder, name, kind));
  };
  binary("LargeBinary", ScalarKind::kLargeBinary);
  binary("BLOB", ScalarKind::kSqlBlob);
  binary("BINARY", ScalarKind::kSqlBinary);
  binary("VARBINARY", ScalarKind::kSqlVarbinary);

  add_type(members, "Boolean", boolean_type(recorder, "Boolean", ScalarKind::kBoolean));
  add_type(members, "BOOLEAN", boolean_type(recorder, "BOOLEAN", ScalarKind::kSqlBoolean));
  add_type(members, "MatchType", boolean_type(recorder, "MatchType", ScalarKind::kBoolean));
  add_type(members, "JSON", json_type(recorder, "JSON", ScalarKind::kJson));
  add_type(members, "ARRAY", array_type(recorder, "ARRAY"));
  add_type(members, "Enum", enum_type(recorder, "Enum", false));
  add_type(members, "Uuid",
           [&recorder](Interpreter& in, Arguments& arguments) { return make_uuid(in, arguments, recorder); });
  add_type(members, "UUID",
           [&recorder](Interpreter&, Arguments& arguments) { return make_sql_uuid(arguments, recorder); });
  add_type(members, "Interval",
           [&recorder](Interpreter& in, Arguments& arguments) { return make_interval(in, arguments, recorder); });
  add_type(members, "PickleType",
           [&recorder](Interpreter& in, Arguments& arguments) { return make_pickle(in, arguments, recorder); });
  add_type(members, "TypeDecorator", abstract_type("TypeDecorator"), TypeClass::Role::kTypeDecorator);
  add_type(members, "UserDefinedType", abstract_type("UserDefinedType"), TypeClass::Role::kUserDefined);
  add_type(members, "TypeEngine", abstract_type("TypeEngine"), TypeClass::Role::kUserDefined);
  add_type(members, "TupleType", abstract_type("TupleType"));
  add_type(members, "Variant", abstract_type("Variant"));
  ScalarType null;
  members["NULLTYPE"] = Value(evaluate::ObjectPtr(make_type(null, recorder, "NullType")));
  return members;
}

}  // namespace bascule::formats::alembic
