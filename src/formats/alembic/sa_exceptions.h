// What: SQLAlchemy's exceptions as classes that `except` knows, and database errors raised as them.
// Must not know: connections.
#pragma once

#include <string>

#include "base/source.h"
#include "evaluate/value.h"
#include "formats/live.h"

namespace bascule::formats::alembic {

/// The code of the diagnostic that a database error becomes when no `except` catches it.
inline constexpr const char* kStatementFailed = "statement-failed";

/// The module sqlalchemy.exc. https://docs.sqlalchemy.org/en/20/core/exceptions.html
evaluate::Value exceptions_module(const std::string& name);
/// Raises one of them: raise_sqlalchemy("NoResultFound", "No row was found when one was required").
[[noreturn]] void raise_sqlalchemy(const std::string& name, const std::string& message, const std::string& help = "");
/// Raises what a live database said: the exception that psycopg2 or sqlite3 has for it, as SQLAlchemy wraps it; the
/// user's own interrupt and what could not be tried at all as refusals. doing: "connection.execute".
[[noreturn]] void raise_failure(const LiveFailure& failure, const std::string& dialect, const Location& where,
                                const std::string& doing);

}  // namespace bascule::formats::alembic
