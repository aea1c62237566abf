// What: the MariaDB dialect: how it spells operations, what its statements mean and do to others. For looking at
// migrations only: nothing connects to a MariaDB server yet.
// Must not know: formats, the run loop.
// Invariants: stateless; one instance a name serves every thread. Both names are judged as MariaDB: MySQL's own server
// was not measured. What the model has no word for is kept where it keeps PostgreSQL's likeness of it (statement.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"

namespace bascule::dialects {

class MariadbDialect final : public Dialect {
 public:
  explicit MariadbDialect(std::string_view name) : name_(name) {}

  /// "mariadb" or "mysql".
  std::string_view name() const override { return name_; }
  bool transactional_ddl() const override { return false; }

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
  bool rebuilds(const model::BatchAlter& batch) const override;
  std::string begin_sql() const override { return {}; }
  std::string commit_sql() const override { return {}; }
  void complete(model::Schema& schema, const model::Operation& operation) const override;
  model::Schema canonical(model::Schema schema) const override;
  bool checks_text_length() const override { return true; }

  // What needs a server: each answers that Bascule does not run on MariaDB yet.
  db::DbResult<Server> server(db::Connection& connection) const override;
  db::DbResult<plan::LiveFacts> live_facts(db::Connection& connection) const override;
  Result<plan::Expansion, ExpandError> expand(const model::BatchAlter& batch,
                                              db::Connection* connection) const override;
  db::DbResult<std::unique_ptr<db::Connection>> connect(const db::Url& url,
                                                        const ConnectOptions& options) const override;
  db::DbResult<model::Schema> introspect(db::Connection& connection, const IntrospectOptions& options) const override;
  db::DbResult<bool> table_exists(db::Connection& connection, const QualifiedName& table) const override;
  db::DbResult<std::vector<std::string>> clean_sql(db::Connection& connection,
                                                   const std::vector<std::string>& schemas) const override;
  db::DbResult<std::optional<std::size_t>> text_length(db::Connection& connection, const QualifiedName& table,
                                                       const Identifier& column) const override;

 private:
  std::string_view name_;
};

/// The instances: SQLAlchemy names the dialect after the URL.
const MariadbDialect& mariadb_dialect();
const MariadbDialect& mysql_dialect();
/// Whether it is one of them.
bool is_mariadb(std::string_view dialect);

}  // namespace bascule::dialects
