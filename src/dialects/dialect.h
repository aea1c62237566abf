// What: what a database's folder offers: spelling, connecting, rebuilding. An open set, chosen at run time.
// Must not know: formats, the run loop.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "db/connection.h"
#include "db/url.h"
#include "dialects/server.h"
#include "dialects/understood.h"
#include "model/operation.h"
#include "plan/impact.h"
#include "plan/live_facts.h"
#include "plan/plan.h"
#include "syntax/sql/statements.h"

namespace bascule::dialects {

/// Why an operation cannot be done on this database, in the user's words.
struct Unsupported {
  std::string message;                 ///< "SQLite cannot add a foreign key to an existing table"
  std::string help;                    ///< the way out: "use op.batch_alter_table('orders') ..."
  std::vector<Unsupported> also = {};  ///< what else of the same operation cannot be done
};

template <class T>
using Rendered = Result<T, Unsupported>;

/// Why a rebuild could not be expanded: the database failed, or it cannot be done.
using ExpandError = std::variant<db::DbError, Unsupported>;

struct ConnectOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds busy_wait{30'000};  ///< how long SQLite waits for another writer (--wait)
  bool read_only = false;                       ///< current, history, plan: create nothing, change nothing
  db::NoticeSink* notices = nullptr;            ///< may be null; outlives the connection
};

/// What to read of a live database.
struct IntrospectOptions {
  std::vector<std::string> schemas;      ///< empty: every one that is not the system's
  std::vector<QualifiedName> leave_out;  ///< tables that are no part of the schema: history tables
};

class OnlineDialect;

class Dialect {
 public:
  virtual ~Dialect() = default;
  /// "postgresql", "sqlite": SQLAlchemy's names.
  virtual std::string_view name() const = 0;
  /// Whether DDL rolls back (both of ours do; MariaDB's does not).
  virtual bool transactional_ddl() const = 0;

  /// Spelling. Identifiers are quoted where they must be (or where their author asked); values always.
  virtual std::string quote(const Identifier& name) const = 0;
  std::string quote(const QualifiedName& name) const;
  virtual Rendered<std::string> type(const model::Type& type) const = 0;
  virtual Rendered<std::string> expression(const model::Expression& expression) const = 0;
  /// A query as a statement of its own: without the parentheses that it has as an expression.
  Rendered<std::string> query(const model::SelectExpr& query) const;

  /// One atomic operation as SQL: as planner/lower makes them (a CreateTable without indexes and comments, an
  /// AlterColumn with one change ...). Empty where this database has nothing to do (CREATE TYPE on SQLite, comments).
  virtual Rendered<std::vector<std::string>> render(const model::Operation& atomic) const = 0;

  /// Whether this operation has to run outside a transaction here even though its author did not say so
  /// (autocommit_block): CREATE INDEX CONCURRENTLY and its like, declared or written as SQL.
  virtual bool outside_transaction(const model::Operation& operation) const = 0;

  /// A script cut into its statements, as this database's own client would cut it.
  virtual syntax::sql::Script split(std::string_view script) const = 0;
  /// What one statement means, as far as its text tells.
  virtual Understood understand(std::string_view statement) const = 0;

  /// What a statement does to others while it runs, on a database that looks like `before`: the one model of locks
  /// (locks*.cpp), which rules, reports, planner and timeouts share. What neither the text nor the schema tells is
  /// assumed, and said in Impact::assumptions.
  virtual plan::Impact impact(std::string_view statement, const model::Schema& before, const Server& server) const = 0;
  /// The same of a rebuild, whose statements are not known yet.
  virtual plan::Impact impact(const model::BatchAlter& rebuild, const model::Schema& before,
                              const Server& server) const = 0;
  /// What is known of the server behind a connection.
  virtual db::DbResult<Server> server(db::Connection& connection) const = 0;
  /// How large and how busy the tables are, from the server's own statistics, in a handful of queries.
  virtual db::DbResult<plan::LiveFacts> live_facts(db::Connection& connection) const = 0;

  /// What this database offers to online plans; null: nothing.
  virtual const OnlineDialect* online() const { return nullptr; }

  /// Whether this batch has to rebuild the table here.
  virtual bool rebuilds(const model::BatchAlter& batch) const = 0;
  /// The statements of a rebuild, from the table as it is in the database, or from batch.copy_from; connection may be
  /// null (offline SQL): then copy_from is required.
  virtual Result<plan::Expansion, ExpandError> expand(const model::BatchAlter& batch,
                                                      db::Connection* connection) const = 0;

  virtual db::DbResult<std::unique_ptr<db::Connection>> connect(const db::Url& url,
                                                                const ConnectOptions& options) const = 0;
  /// Statements around a transaction of migrations, in offline SQL: {"BEGIN", "COMMIT"}; empty where none is wanted.
  virtual std::string begin_sql() const = 0;
  virtual std::string commit_sql() const = 0;
  /// The schema of a live database, in a handful of queries. Objects of extensions are left out.
  virtual db::DbResult<model::Schema> introspect(db::Connection& connection,
                                                 const IntrospectOptions& options) const = 0;
  /// What this database adds by itself when it has done `operation`, which was just applied to `schema`: names of
  /// unnamed constraints and indexes, a serial column's sequence, a foreign key's columns where none were said.
  virtual void complete(model::Schema& schema, const model::Operation& operation) const = 0;
  /// The schema in the one spelling that a schema from files and one read from the server share: types as the server
  /// names them, expressions as normalised text, defaults left out, every list sorted (columns and enum values keep
  /// their order). REQUIRES: every operation was completed, or the schema was introspected.
  virtual model::Schema canonical(model::Schema schema) const = 0;
  /// Reads whether the history table (or any table) exists. Bound, never spliced.
  virtual db::DbResult<bool> table_exists(db::Connection& connection, const QualifiedName& table) const = 0;
  /// The statements that drop everything in these schemas (none given: the default one), in an order that works;
  /// objects of extensions go with their extension.
  virtual db::DbResult<std::vector<std::string>> clean_sql(db::Connection& connection,
                                                           const std::vector<std::string>& schemas) const = 0;
  /// Whether VARCHAR(n) refuses longer texts.
  virtual bool checks_text_length() const = 0;
  /// The n of an existing VARCHAR(n) column; nullopt: it has none, or there is no such column.
  virtual db::DbResult<std::optional<std::size_t>> text_length(db::Connection& connection, const QualifiedName& table,
                                                               const Identifier& column) const = 0;
};

/// The dialect by SQLAlchemy's name; null if there is none. The one list of dialects.
const Dialect* find_dialect(std::string_view name);
std::vector<std::string> dialect_names();

}  // namespace bascule::dialects
