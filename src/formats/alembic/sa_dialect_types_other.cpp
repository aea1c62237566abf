// sqlalchemy.dialects.sqlite, mysql, mssql and oracle: their types. A type that other databases spell too
// (mysql.VARCHAR) is that database's own only there; one that no other has is a NativeType and an error anywhere else.
#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/error.h"
#include "formats/alembic/sa_dialect_types.h"
#include "formats/alembic/sa_dml.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using model::ScalarKind;
using model::ScalarType;

namespace {

/// sqlite.DATE, TIME and DATETIME. Their storage formats change how Python values are stored, not the column.
TypeFactory sqlite_temporal(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"storage_format", "regexp"}, {"timezone", "truncate_microseconds"});
    bind.reject_extra();
    std::string unread;
    if (recorder.target().dialect == "sqlite") {
      if (bind.present("storage_format")) unread = name + "(storage_format=)";
      if (bool_argument(interpreter, bind, "truncate_microseconds", false)) unread = name + "(truncate_microseconds=)";
    }
    ScalarType type;
    type.kind = kind;
    type.timezone = bool_argument(interpreter, bind, "timezone", false);
    auto made = make_type(type, recorder, name);
    made->unread_storage = std::move(unread);
    return made;
  };
}

/// On MySQL and MariaDB a type keeps all that its author said of it.
bool keeps_own_words(const Recorder& recorder) {
  return recorder.target().dialect == "mysql" || recorder.target().dialect == "mariadb";
}

/// " UNSIGNED", " CHARACTER SET latin1 COLLATE latin1_bin": what stands behind a type of MySQL.
std::string own_words(Interpreter& interpreter, const Binder& bind, bool numeric) {
  std::string out;
  if (numeric) {
    if (bool_argument(interpreter, bind, "unsigned", false)) out += " UNSIGNED";
    if (bool_argument(interpreter, bind, "zerofill", false)) out += " ZEROFILL";
    return out;
  }
  if (const std::string charset = string_argument(interpreter, bind, "charset"); !charset.empty())
    out += " CHARACTER SET " + charset;
  if (const std::string collation = string_argument(interpreter, bind, "collation"); !collation.empty())
    out += " COLLATE " + collation;
  return out;
}

std::string with_length(const std::string& name, const std::optional<std::int64_t>& length) {
  return length ? fmt::format("{}({})", name, *length) : name;
}

/// A type of MySQL that is spelled alike elsewhere. MySQL's own arguments (unsigned, charset ...) only matter there.
TypeFactory mysql_portable(Recorder& recorder, std::string name, ScalarKind kind) {
  return [&recorder, name = std::move(name), kind](Interpreter& interpreter, Arguments& arguments) {
    const auto native = [&](std::string sql) {
      return make_type(model::NativeType{"mysql", std::move(sql), ""}, recorder, name);
    };
    ScalarType type;
    type.kind = kind;
    const bool timed =
        kind == ScalarKind::kSqlDatetime || kind == ScalarKind::kSqlTime || kind == ScalarKind::kSqlTimestamp;
    const bool numeric = kind == ScalarKind::kSqlNumeric || kind == ScalarKind::kSqlDecimal ||
                         kind == ScalarKind::kSqlFloat || kind == ScalarKind::kSqlReal ||
                         kind == ScalarKind::kSqlDouble;
    const bool text = kind == ScalarKind::kSqlChar || kind == ScalarKind::kSqlVarchar ||
                      kind == ScalarKind::kSqlNchar || kind == ScalarKind::kSqlNvarchar || kind == ScalarKind::kSqlText;
    if (timed) {
      Binder bind(name, arguments, {"timezone", "fsp"});
      bind.reject_extra();
      type.timezone = bool_argument(interpreter, bind, "timezone", false);
      if (keeps_own_words(recorder) && kind != ScalarKind::kSqlTimestamp)
        return native(with_length(name, integer_argument(interpreter, bind, "fsp")));
    } else if (numeric) {
      Binder bind(name, arguments, {"precision", "scale", "asdecimal"}, {"unsigned", "zerofill"});
      bind.reject_extra();
      type.precision = integer_argument(interpreter, bind, "precision");
      type.scale = integer_argument(interpreter, bind, "scale");
      if (keeps_own_words(recorder)) {
        std::string sql = with_length(name, type.precision);
        if (type.precision && type.scale) sql = fmt::format("{}({}, {})", name, *type.precision, *type.scale);
        return native(sql + own_words(interpreter, bind, true));
      }
    } else if (text) {
      Binder bind(name, arguments, {"length"},
                  {"charset", "collation", "ascii", "unicode", "binary", "national", "collation_schema"});
      bind.reject_extra();
      type.length = integer_argument(interpreter, bind, "length");
      type.collation = string_argument(interpreter, bind, "collation");
      if (keeps_own_words(recorder))
        return native(with_length(name, type.length) + own_words(interpreter, bind, false));
    } else {
      Binder bind(name, arguments, {"display_width"}, {"unsigned", "zerofill"});
      bind.reject_extra();
      if (keeps_own_words(recorder))
        return native(with_length(name, integer_argument(interpreter, bind, "display_width")) +
                      own_words(interpreter, bind, true));
    }
    return make_type(type, recorder, name);
  };
}

/// A type that only that dialect has. Its arguments are kept in the name: integers, as in VARCHAR2(20).
TypeFactory foreign(Recorder& recorder, std::string dialect, std::string name) {
  return [&recorder, dialect = std::move(dialect), name = std::move(name)](Interpreter& interpreter,
                                                                           Arguments& arguments) {
    std::vector<std::string> shown;
    for (const Value& value : arguments.positional) {
      if (auto* number = value.as_int()) shown.push_back(std::to_string(*number));
      if (auto* text = value.as_str()) shown.push_back("'" + replace_all(*text, "'", "''") + "'");
    }
    bool is_unsigned = false;
    for (const auto& [word, value] : arguments.keywords) {
      if (word == "unsigned") is_unsigned = interpreter.truth(value);
      if ((word == "display_width" || word == "length") && value.as_int())
        shown.push_back(std::to_string(*value.as_int()));
    }
    std::string sql = shown.empty() ? name : fmt::format("{}({})", name, join(shown, ", "));
    if (is_unsigned) sql += " UNSIGNED";
    return make_type(model::NativeType{dialect, std::move(sql), ""}, recorder, name);
  };
}

void add_same(Members& members, const Members& generic, std::initializer_list<const char*> names) {
  for (const char* name : names) members[name] = generic.at(name);
}

void add_foreign(Members& members, Recorder& recorder, const std::string& dialect,
                 std::initializer_list<const char*> names) {
  for (const char* name : names) add_type(members, name, foreign(recorder, dialect, name));
}

}  // namespace

Members sqlite_members(Recorder& recorder) {
  Members members;
  add_same(members, type_members(recorder),
           {"BLOB", "BOOLEAN", "CHAR", "DECIMAL", "FLOAT", "INTEGER", "JSON", "NUMERIC", "REAL", "SMALLINT", "TEXT",
            "TIMESTAMP", "VARCHAR"});
  add_type(members, "JSONB", [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("JSONB", arguments, {"none_as_null"});
    bind.reject_extra();
    auto made = make_jsonb(recorder);
    made->none_as_null = bool_argument(interpreter, bind, "none_as_null", false);
    return made;
  });
  // Measured: on PostgreSQL these are the generic types (TIMESTAMP WITHOUT TIME ZONE ...).
  add_type(members, "DATE", sqlite_temporal(recorder, "DATE", ScalarKind::kDate));
  add_type(members, "TIME", sqlite_temporal(recorder, "TIME", ScalarKind::kTime));
  add_type(members, "DATETIME", sqlite_temporal(recorder, "DATETIME", ScalarKind::kDateTime));
  add_dialect_insert(members, recorder);
  return members;
}

Members mysql_members(Recorder& recorder) {
  Members members;
  add_same(members, type_members(recorder), {"BINARY", "BLOB", "BOOLEAN", "DATE", "JSON", "VARBINARY"});
  const auto portable = [&](const char* name, ScalarKind kind) {
    add_type(members, name, mysql_portable(recorder, name, kind));
  };
  portable("BIGINT", ScalarKind::kSqlBigint);
  portable("INTEGER", ScalarKind::kSqlInteger);
  portable("SMALLINT", ScalarKind::kSqlSmallint);
  portable("CHAR", ScalarKind::kSqlChar);
  portable("VARCHAR", ScalarKind::kSqlVarchar);
  portable("NCHAR", ScalarKind::kSqlNchar);
  portable("NVARCHAR", ScalarKind::kSqlNvarchar);
  portable("TEXT", ScalarKind::kSqlText);
  portable("DATETIME", ScalarKind::kSqlDatetime);
  portable("TIME", ScalarKind::kSqlTime);
  portable("TIMESTAMP", ScalarKind::kSqlTimestamp);
  portable("NUMERIC", ScalarKind::kSqlNumeric);
  portable("DECIMAL", ScalarKind::kSqlDecimal);
  portable("FLOAT", ScalarKind::kSqlFloat);
  portable("REAL", ScalarKind::kSqlReal);
  portable("DOUBLE", ScalarKind::kSqlDouble);
  add_foreign(members, recorder, "mysql",
              {"BIT", "ENUM", "INET4", "INET6", "LONGBLOB", "LONGTEXT", "MEDIUMBLOB", "MEDIUMINT", "MEDIUMTEXT", "SET",
               "TINYBLOB", "TINYINT", "TINYTEXT", "YEAR"});
  return members;
}

Members mssql_members(Recorder& recorder) {
  Members members;
  add_same(members, type_members(recorder),
           {"BIGINT", "BINARY", "CHAR", "DATE", "DATETIME", "DECIMAL", "DOUBLE_PRECISION", "FLOAT", "INTEGER", "JSON",
            "NCHAR", "NUMERIC", "NVARCHAR", "REAL", "SMALLINT", "TEXT", "VARBINARY", "VARCHAR"});
  add_foreign(members, recorder, "mssql",
              {"BIT", "DATETIME2", "DATETIMEOFFSET", "IMAGE", "MONEY", "NTEXT", "ROWVERSION", "SMALLDATETIME",
               "SMALLMONEY", "SQL_VARIANT", "TIME", "TIMESTAMP", "TINYINT", "UNIQUEIDENTIFIER", "XML"});
  return members;
}

Members oracle_members(Recorder& recorder) {
  Members members;
  add_same(members, type_members(recorder),
           {"BLOB", "BOOLEAN", "CHAR", "CLOB", "DATE", "DOUBLE_PRECISION", "NCHAR", "NVARCHAR", "REAL", "TIMESTAMP",
            "VARCHAR", "JSON", "FLOAT"});
  add_foreign(members, recorder, "oracle",
              {"BFILE", "BINARY_DOUBLE", "BINARY_FLOAT", "INTERVAL", "LONG", "NCLOB", "NUMBER", "NVARCHAR2", "RAW",
               "ROWID", "VARCHAR2", "VECTOR"});
  return members;
}

}  // namespace bascule::formats::alembic
