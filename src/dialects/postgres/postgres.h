// What: the PostgreSQL dialect: how it spells operations, connects and looks for a table.
// Must not know: formats, the run loop.
// Invariants: stateless; one instance serves every thread. Where a method lives: spelling in render*.cpp, types.cpp and
// literals.cpp; connect and table_exists in connection.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"

namespace bascule::dialects {

class PostgresDialect final : public Dialect {
 public:
  std::string_view name() const override { return "postgresql"; }
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
  const OnlineDialect* online() const override;

  /// Never: PostgreSQL alters in place, also where the author said recreate="always" (a difference by design: Alembic
  /// would copy the table, to the same result).
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
  bool checks_text_length() const override { return true; }
  db::DbResult<std::optional<std::size_t>> text_length(db::Connection& connection, const QualifiedName& table,
                                                       const Identifier& column) const override;
};

/// The one instance.
const PostgresDialect& postgres_dialect();

}  // namespace bascule::dialects
