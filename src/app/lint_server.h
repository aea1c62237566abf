// What: the server that statements are judged for: said, read from a database, or assumed. Internal to app/lint and
// app/explain.
// Must not know: rules, statements.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/workspace.h"
#include "dialects/dialect.h"
#include "model/schema.h"
#include "plan/live_facts.h"

namespace bascule::app {

/// What is said about the server besides the URL.
struct ServerWish {
  std::optional<std::string> dialect, version, time_zone;
  bool connect = false;  ///< also without --url: where the project's database is
};

struct Surroundings {
  std::optional<Address> address;
  std::unique_ptr<db::Connection> connection;  ///< null: no database is asked
  const dialects::Dialect* dialect = nullptr;
  dialects::Server server;
  std::unique_ptr<plan::LiveFacts> live;  ///< null without a connection
  std::string words;                      ///< "PostgreSQL 15 (assumed: say which with --server-version)"
};

/// A database is asked only where a URL was given, or where connect says so. Error codes: those of find_address and
/// connect, unknown-dialect, bad-server-version.
Outcome<Surroundings> look_at_server(const Request& request, const Workspace* workspace, const ServerWish& wish);

/// The schema of the database that is asked, history tables and all.
Outcome<model::Schema> schema_of_server(const Surroundings& around);
/// Whether what that schema does not have is not there for a statement: nothing lies in other schemas, to which a
/// search path might lead, and no extension has brought tables of its own, which are not read.
bool is_known_in_full(const model::Schema& schema);

}  // namespace bascule::app
