// What: `bind` as scripts use it: op.get_bind(), a session's connection. Statements are recorded, or with a live
// database run at once.
// Must not know: drivers, transactions' own statements beyond savepoints.
#pragma once

#include <string>

#include "formats/alembic/op_context.h"

namespace bascule::formats::alembic {

/// What execute() of a connection, a session or the context gives: a result with a live database; else something that
/// is not known yet. name: "connection.execute".
/// work: the session's objects, which a query of mapped classes gives; null: it gives columns.
Value execute_statement(Interpreter& interpreter, evaluate::Arguments& arguments, Context& context,
                        const std::string& name, class UnitOfWork* work = nullptr);
/// begin() (savepoint: false: what it does is part of the revision's own transaction) and begin_nested(). given: what
/// `with` gives.
Value make_transaction(Context& context, const Location& where, bool savepoint, const Value& given);
/// rollback() of a session or a transaction: it undoes the revision's own transaction, and nothing may follow.
void break_transaction(Context& context, const Location& where, const std::string& name);

/// sa.inspect(bind), Inspector.from_engine(bind). Refused without a live database.
Value make_inspector(Context& context, const Location& where, const std::string& name);
/// The columns of Table(autoload_with=bind), added to a table that has none of those names.
void reflect_table(Interpreter& interpreter, Context& context, class TableItem& table, const Location& where);
/// MetaData.reflect(bind): one TableItem for each table of the schema. only: their names; empty: all.
void reflect_metadata(Interpreter& interpreter, Context& context, const std::shared_ptr<class MetaDataItem>& metadata,
                      const std::vector<std::string>& only, const Identifier& schema, const Location& where);

/// Session, sessionmaker, scoped_session: what belongs in sqlalchemy.orm.
std::unordered_map<std::string, Value> session_members(Context& context);
/// What scoped_session(...) gives: one session by its own name.
Value make_scoped_session(Context& context);

}  // namespace bascule::formats::alembic
