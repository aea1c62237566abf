// What: what every use case starts from: the project, its graph, the database's address, a connection.
// Must not know: the command line's syntax, printing.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/failure.h"
#include "app/online_request.h"
#include "db/connection.h"
#include "db/url.h"
#include "dialects/dialect.h"
#include "formats/format.h"
#include "graph/graph.h"

namespace bascule::app {

/// What a use case is given. environment: a copy of the process's variables.
struct Request {
  std::string directory = ".";
  std::optional<std::string> config;           ///< -c: alembic.ini, bascule.toml, pyproject.toml
  std::optional<std::string> url;              ///< --url
  std::optional<std::string> format;           ///< --format, or the tool named before its words
  std::map<std::string, std::string> options;  ///< --set: settings of the format's own tool
  std::optional<bool> single_transaction;
  bool allow_data_loss = false;  ///< --allow-data-loss: derived ways down may destroy data
  std::chrono::milliseconds wait{30'000};
  std::optional<OnlineRequest> online;  ///< --online
  std::map<std::string, std::string> environment;
  db::NoticeSink* notices = nullptr;
};

/// A project that was read: every revision is in the graph. warnings: what was odd but not in the way.
struct Workspace {
  std::unique_ptr<formats::Project> project;
  graph::RevisionGraph graph;
  Diagnostics warnings;
};

/// Where the database is and who said so.
struct Address {
  db::Url url;
  const dialects::Dialect* dialect = nullptr;
  std::string text;    ///< the URL as it was given, with its password: never printed
  std::string source;  ///< "--url", "DATABASE_URL", "bascule.toml", "default"
};

/// Reads the project around request.directory. Fails (kUnsound) when the graph is not sound.
Outcome<Workspace> open_workspace(const Request& request);

/// --url, BASCULE_URL, DATABASE_URL, bascule.toml, alembic.ini, sqlite:///bascule.db: the first that is there. Refuses
/// a database that migrations do not run on yet (mariadb-lint-only).
Outcome<Address> find_address(const Request& request, const formats::Project& project);

/// The same for who only looks at migrations: any database that has a dialect.
Outcome<Address> look_up_address(const Request& request, const formats::Project& project);

/// Of a URL that somebody gave; source: who, as in Address.
Outcome<Address> parse_address(std::string text, std::string source);

/// Why nothing is done on this database.
Failure lint_only(const Address& address);

/// The same where a project is not needed: of the project that is there, else --url, BASCULE_URL, DATABASE_URL.
Outcome<Address> find_address(const Request& request);

enum class Access { kRead, kWrite };
Outcome<std::unique_ptr<db::Connection>> connect(const Address& address, const Request& request, Access access);

/// Takes the lock that keeps two runs apart. Fails (kBusy) when another run keeps it for longer than request.wait.
Outcome<db::RunLock> take_run_lock(db::Connection& connection, const Address& address, const Request& request);

/// The history table's rows and what they mean in the graph.
struct Standing {
  bool table_exists = false;
  std::vector<std::string> rows;  ///< sorted
  graph::RevisionIndices heads;
};
/// Fails (kUsage) on rows that no file knows.
Outcome<Standing> read_standing(const Workspace& workspace, const Address& address, db::Connection& connection);
/// The rows alone, whether files know them or not.
Outcome<Standing> read_rows(const Workspace& workspace, const Address& address, db::Connection& connection);

/// A database error while `doing` ("reading alembic_version"): kBusy where trying again may help, else kFailed.
Failure database_failure(const db::DbError& error, const std::string& doing, const Address& address);

}  // namespace bascule::app
