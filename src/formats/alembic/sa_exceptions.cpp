#include "formats/alembic/sa_exceptions.h"

#include <array>
#include <map>
#include <memory>

#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/objects.h"
#include "evaluate/python_error.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::ClassObject;
using evaluate::ObjectPtr;
using evaluate::Value;

struct Row {
  std::string_view name;
  std::string_view base;
};

constexpr std::array kClasses = {
    Row{"SQLAlchemyError", "Exception"},
    Row{"ArgumentError", "SQLAlchemyError"},
    Row{"NoForeignKeysError", "ArgumentError"},
    Row{"AmbiguousForeignKeysError", "ArgumentError"},
    Row{"ObjectNotExecutableError", "ArgumentError"},
    Row{"CompileError", "SQLAlchemyError"},
    Row{"UnsupportedCompilationError", "CompileError"},
    Row{"InvalidRequestError", "SQLAlchemyError"},
    Row{"ResourceClosedError", "InvalidRequestError"},
    Row{"PendingRollbackError", "InvalidRequestError"},
    Row{"NoSuchColumnError", "InvalidRequestError"},
    Row{"NoSuchTableError", "InvalidRequestError"},
    Row{"NoReferenceError", "InvalidRequestError"},
    Row{"NoReferencedTableError", "NoReferenceError"},
    Row{"NoReferencedColumnError", "NoReferenceError"},
    Row{"UnboundExecutionError", "InvalidRequestError"},
    Row{"UnmappedError", "InvalidRequestError"},
    Row{"UnmappedInstanceError", "UnmappedError"},
    Row{"ObjectDeletedError", "InvalidRequestError"},
    Row{"StaleDataError", "SQLAlchemyError"},
    Row{"FlushError", "SQLAlchemyError"},
    Row{"DetachedInstanceError", "SQLAlchemyError"},
    Row{"NoResultFound", "InvalidRequestError"},
    Row{"MultipleResultsFound", "InvalidRequestError"},
    Row{"TimeoutError", "SQLAlchemyError"},
    Row{"UnreflectableTableError", "InvalidRequestError"},
    Row{"StatementError", "SQLAlchemyError"},
    Row{"DBAPIError", "StatementError"},
    Row{"InterfaceError", "DBAPIError"},
    Row{"DatabaseError", "DBAPIError"},
    Row{"DataError", "DatabaseError"},
    Row{"OperationalError", "DatabaseError"},
    Row{"IntegrityError", "DatabaseError"},
    Row{"InternalError", "DatabaseError"},
    Row{"ProgrammingError", "DatabaseError"},
    Row{"NotSupportedError", "DatabaseError"},
};

using Classes = std::map<std::string, std::shared_ptr<ClassObject>, std::less<>>;

Classes make_classes() {
  Classes all;
  for (const Row& row : kClasses) {
    const auto known = all.find(row.base);
    const auto base = known == all.end() ? evaluate::builtin_class(row.base) : known->second;
    auto type = std::make_shared<ClassObject>();
    type->name = row.name;
    type->is_builtin = true;
    type->is_exception = true;
    type->bases.emplace_back(ObjectPtr(base));
    type->ancestors.push_back(base);
    type->ancestors.insert(type->ancestors.end(), base->ancestors.begin(), base->ancestors.end());
    all.emplace(row.name, std::move(type));
  }
  return all;
}

const Classes& classes() {
  static const Classes made = make_classes();
  return made;
}

/// The class that psycopg2 has for an SQLSTATE. https://www.psycopg.org/docs/errors.html
std::string_view postgres_class(std::string_view sqlstate) {
  const std::string_view group = sqlstate.substr(0, 2);
  if (sqlstate.empty()) return "OperationalError";
  if (group == "0A") return "NotSupportedError";
  if (group == "22") return "DataError";
  if (group == "23") return "IntegrityError";
  for (const std::string_view one : {"21", "3D", "3F", "42", "44"}) {
    if (group == one) return "ProgrammingError";
  }
  for (const std::string_view one : {"08", "26", "27", "28", "34", "40", "53", "54", "55", "57", "58", "HV"}) {
    if (group == one) return "OperationalError";
  }
  for (const std::string_view one : {"24", "25", "2B", "2D", "2F", "38", "39", "3B", "F0", "P0", "XX"}) {
    if (group == one) return "InternalError";
  }
  return "DatabaseError";
}

/// The class that Python's sqlite3 has for a result code.
std::string_view sqlite_class(std::string_view code) {
  if (code.starts_with("SQLITE_CONSTRAINT") || code.starts_with("SQLITE_MISMATCH")) return "IntegrityError";
  if (code.starts_with("SQLITE_TOOBIG")) return "DataError";
  if (code.starts_with("SQLITE_MISUSE")) return "ProgrammingError";
  if (code.starts_with("SQLITE_INTERNAL") || code.starts_with("SQLITE_NOTFOUND")) return "InternalError";
  if (code.starts_with("SQLITE_CORRUPT")) return "DatabaseError";
  return "OperationalError";
}

/// What the driver itself would have raised: e.orig.
Value driver_error(const std::shared_ptr<ClassObject>& type, const db::DbError& error) {
  auto original = evaluate::make_exception(type, {Value(error.message)});
  original->exception_text = error.message;
  original->attributes.set("pgcode", error.sqlstate.empty() ? Value() : Value(error.sqlstate));
  original->attributes.set("sqlstate", error.sqlstate.empty() ? Value() : Value(error.sqlstate));
  original->attributes.set("pgerror", Value(error.message));
  return Value(ObjectPtr(original));
}

}  // namespace

Value exceptions_module(const std::string& name) {
  std::unordered_map<std::string, Value> members;
  for (const auto& [key, type] : classes()) members[key] = Value(ObjectPtr(type));
  members["DBAPIError"] = Value(ObjectPtr(classes().at("DBAPIError")));
  return evaluate::make_namespace(name, std::move(members));
}

void raise_sqlalchemy(const std::string& name, const std::string& message, const std::string& help) {
  const auto found = classes().find(name);
  if (found == classes().end()) evaluate::raise_python(name, message, help);
  auto exception = evaluate::make_exception(found->second, {Value(message)});
  exception->exception_text = message;
  evaluate::PythonError error(std::move(exception));
  error.help = help;
  throw error;
}

void raise_failure(const LiveFailure& failure, const std::string& dialect, const Location& where,
                   const std::string& doing) {
  if (failure.refusal) {
    Diagnostic refusal = *failure.refusal;
    if (!refusal.location.file) refusal.location = where;
    throw evaluate::Refusal(std::move(refusal));
  }
  const db::DbError& said = failure.error;
  // Nobody may catch the user's own Ctrl-C, nor go on without a connection.
  if (said.interrupted || !said.connection_usable || !said.outcome_known)
    throw evaluate::Refusal(kStatementFailed, doing + ": " + said.message, said.hint, where);
  const std::string_view name = dialect == "postgresql" ? postgres_class(said.sqlstate) : sqlite_class(said.sqlstate);
  const auto type = classes().find(name)->second;
  const std::string driver = dialect == "postgresql" ? "psycopg2.errors." : "sqlite3.";
  auto exception = evaluate::make_exception(type, {Value("(" + driver + std::string(name) + ") " + said.message)});
  exception->exception_text = "(" + driver + std::string(name) + ") " + said.message;
  exception->attributes.set("orig", driver_error(type, said));
  exception->attributes.set("code", Value());
  evaluate::PythonError error(std::move(exception));
  error.location = where;
  error.code = kStatementFailed;
  error.message = doing + ": " + said.message;
  error.help = said.hint;
  throw error;
}

}  // namespace bascule::formats::alembic
