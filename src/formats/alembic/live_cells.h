// What: cells of a result as Python values, as psycopg2, sqlite3 and SQLAlchemy's types give them.
// Must not know: connections.
#pragma once

#include "db/connection.h"
#include "evaluate/interpreter.h"
#include "formats/alembic/sa_select.h"

namespace bascule::formats::alembic {

/// A cell as the driver gives it: int, float, Decimal, datetime, dict of JSON, list of an array ...
Value driver_value(Interpreter& interpreter, const db::Cell& cell, db::CellType type);
/// The same through the type of its column: SQLite's numbers and texts become bool, datetime, Decimal, dict; texts of
/// an Enum its members; a TypeDecorator's process_result_value is called.
Value typed_value(Interpreter& interpreter, Value value, const ResultColumn& column, const std::string& dialect);
/// What a project's TypeDecorator makes of a cell: its process_result_value. REQUIRES: type.decorator.
/// (sa_types_user.cpp)
Value decorated_result(Interpreter& interpreter, const Value& value, const TypeObject& type);
/// A whole result set.
std::vector<std::vector<Value>> to_values(Interpreter& interpreter, const db::ResultSet& rows,
                                          const std::vector<ResultColumn>& columns, const std::string& dialect);

}  // namespace bascule::formats::alembic
