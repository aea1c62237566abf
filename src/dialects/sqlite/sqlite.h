// What: the SQLite dialect: how it spells operations, which batches rebuild a table, and how.
// Must not know: formats, the run loop.
// Invariants: stateless; one instance serves every thread. Where a method lives: spelling and rebuilds() in
// render*.cpp, types.cpp and literals.cpp; connect and table_exists in connection.cpp; expand in rebuild.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"

namespace bascule::dialects {

class SqliteDialect final : public Dialect {
 public:
  std::string_view name() const override { return "sqlite"; }
  bool transactional_ddl() const override { return true; }

  using Dialect::quote;
  std::string quote(const Identifier& name) const override;
  Rendered<std::string> type(const model::Type& type) const override;
  Rendered<std::string> expression(const model::Expression& expression) const override;
  Rendered<std::vector<std::string>> render(const model::Operation& atomic) const override;
  bool outside_transaction(const model::Operation& operation) const override;
  syntax::sql::Script split(std::string_view script) const override;
  Understood understand(std::string_view statement) const override;
  plan::Impact impact(std::string_view statement, const model::Schema& before, const Server& server) const override;
  plan::Impact impact(const model::BatchAlter& rebuild, const model::Schema& before,
                      const Server& server) const override;
  db::DbResult<Server> server(db::Connection& connection) const override;
  db::DbResult<plan::LiveFacts> live_facts(db::Connection& connection) const override;

  /// Alembic's rule for recreate="auto": everything but adding a plain column and indexes rebuilds.
  bool rebuilds(const model::BatchAlter& batch) const override;
  Result<plan::Expansion, ExpandError> expand(const model::BatchAlter& batch,
                                              db::Connection* connection) const override;

  db::DbResult<std::unique_ptr<db::Connection>> connect(const db::Url& url,
                                                        const ConnectOptions& options) const override;
  std::string begin_sql() const override { return "BEGIN"; }
  std::string commit_sql() const override { return "COMMIT"; }
  db::DbResult<model::Schema> introspect(db::Connection& connection, const IntrospectOptions& options) const override;
  void complete(model::Schema& schema, const model::Operation& operation) const override;
  model::Schema canonical(model::Schema schema) const override;
  db::DbResult<std::vector<std::string>> clean_sql(db::Connection& connection,
                                                   const std::vector<std::string>& schemas) const override;
  db::DbResult<bool> table_exists(db::Connection& connection, const QualifiedName& table) const override;
  bool checks_text_length() const override { return false; }
  db::DbResult<std::optional<std::size_t>> text_length(db::Connection&, const QualifiedName&,
                                                       const Identifier&) const override {
    return std::optional<std::size_t>();
  }
};

/// The one instance.
const SqliteDialect& sqlite_dialect();

}  // namespace bascule::dialects
