// What: what the natives of one project share while its revisions are evaluated, and small helpers for arguments.
// Must not know: how modules are found (modules.h), files.
// Invariants: lives as long as every native that was made with it; `recorder` is given a new life by each evaluation
// but keeps its address, so that natives can be made once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "evaluate/arguments.h"
#include "evaluate/interpreter.h"
#include "formats/alembic/convert.h"
#include "formats/alembic/recorder.h"
#include "formats/alembic/sa_types.h"
#include "model/naming.h"

namespace bascule::formats::alembic {

struct Context {
  Recorder recorder{EvaluationTarget{}};
  model::NamingConvention naming;  ///< the project's, as env.py's target_metadata would bring it
  std::string revision;            ///< the id of the one that is evaluated
  std::uint64_t evaluation = 0;    ///< counts evaluations: what one of them made is not the next one's
  /// Enum types made by a table, and the revision that made each first: "schema.name" to its id.
  std::map<std::string, std::string> enum_makers;

  const std::string& dialect() const { return recorder.target().dialect; }
  bool on_sqlite() const { return dialect() == "sqlite"; }
  bool on_postgres() const { return dialect() == "postgresql"; }
  /// Characters that a name of a constraint or an index may have; 0: no limit (SQLite).
  std::size_t name_limit() const { return on_postgres() ? 63 : 0; }
};

/// The cause of every diagnostic about a value that only the database can give.
inline constexpr const char* kRowsCause = "the rows of a query are not known before the migration runs";
inline constexpr const char* kNeedsDatabase = "needs-database";

/// A value that is known only while the migration runs.
Value needs_database(const std::string& what, Location origin);
/// Refuses: code "needs-database".
[[noreturn]] void refuse_needs_database(const std::string& what, const Location& where);
/// Refuses with SQLAlchemy's own objection: code "invalid-schema".
[[noreturn]] void refuse_schema(std::string message, std::string help = "", Location where = {});

/// Typed arguments; None and not given are nullopt. A wrong type is a Python TypeError, an opaque one is refused.
std::optional<std::string> text_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name);
std::optional<bool> flag_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name);
bool flag_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name, bool otherwise);
Identifier identifier_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name);
/// Empty when None or not given.
Identifier optional_identifier(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name);
/// A name with whether conventions apply; None and not given are empty.
model::GivenName name_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name);
model::GivenName to_given_name(Interpreter& interpreter, const Value& value, const std::string& needed_for);
/// A list or tuple of names.
std::vector<Identifier> identifier_list(Interpreter& interpreter, const Value& value, const std::string& needed_for);
std::string to_text(Interpreter& interpreter, const Value& value, const std::string& needed_for);
/// list, tuple and whatever can be iterated; opaque is refused.
std::vector<Value> items_of(Interpreter& interpreter, const Value& value, const std::string& needed_for);
/// A dict's entries with text keys.
std::vector<std::pair<std::string, Value>> entries_of(Interpreter& interpreter, const Value& value,
                                                      const std::string& needed_for);

/// A final name by the conventions, or a refusal (name-required, identifier-too-long, invalid-naming-convention).
Identifier settle_name(const Context& context, const model::NamingConvention& naming,
                       const model::NamingSubject& subject, const model::GivenName& given, const Location& where);

/// "postgresql_where" is ("postgresql", "where").
struct DialectOption {
  std::string dialect;
  std::string name;
  Value value;
};
/// The keywords behind the parameters, taken apart. One that does not begin with the name of a dialect is refused:
/// SQLAlchemy warns about "if_not_exist" and goes on, Alembic's alter_column and drop_column say nothing.
std::vector<DialectOption> dialect_options(const evaluate::Binder& bind,
                                           std::initializer_list<std::string_view> ignored);
/// One of them. also_known: names besides the parameters that "did you mean" may suggest.
DialectOption to_dialect_option(const evaluate::Binder& bind, const std::string& keyword, const Value& value,
                                std::initializer_list<std::string_view> also_known = {});
/// SQLAlchemy's objection to an option that its dialect does not know.
[[noreturn]] void refuse_option(const evaluate::Binder& bind, const DialectOption& option);

}  // namespace bascule::formats::alembic
