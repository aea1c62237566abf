#include "app/lint_server.h"

#include <algorithm>
#include <utility>

#include "app/lint_settings.h"
#include "base/text.h"
#include "dialects/mariadb/mariadb.h"

namespace bascule::app {

namespace {

/// The project takes its URL from a variable that nobody has set: nothing is wrong until a database is asked.
bool has_unset_url(const Request& request, const formats::Project& project) {
  const auto is_set = [&](const char* name) {
    const auto found = request.environment.find(name);
    return found != request.environment.end() && !found->second.empty();
  };
  const auto& url = project.settings().url;
  return url && url->empty() && !request.url && !is_set("BASCULE_URL");
}

Outcome<std::optional<Address>> address_of(const Request& request, const Workspace* workspace, bool connect) {
  if (workspace != nullptr) {
    if (!connect && has_unset_url(request, *workspace->project)) return std::optional<Address>();
    BASCULE_TRY_ASSIGN(Address found, look_up_address(request, *workspace->project));
    return std::optional(std::move(found));
  }
  if (!request.url) return std::optional<Address>();
  BASCULE_TRY_ASSIGN(Address said, parse_address(*request.url, "--url"));
  return std::optional(std::move(said));
}

/// The version that is judged for where nobody says one.
void assume_version(Surroundings& around) {
  if (around.dialect->name() == "sqlite") around.server.major = 3;
  if (!dialects::is_mariadb(around.dialect->name())) return;
  around.server.major = 10;
  around.server.minor = 11;
}

std::string words_of_mariadb(const Surroundings& around) {
  std::string out = "MariaDB " + std::to_string(around.server.major) + "." + std::to_string(around.server.minor);
  if (around.server.version_assumed) out += " (assumed: say which with --server-version)";
  return out;
}

std::string words_of(const Surroundings& around) {
  if (dialects::is_mariadb(around.dialect->name())) return words_of_mariadb(around);
  const bool postgres = around.dialect->name() == "postgresql";
  std::string out = postgres ? "PostgreSQL " + std::to_string(around.server.major) : "SQLite";
  if (around.connection) return out + " (" + around.address->url.display() + ")";
  if (around.server.version_assumed && postgres) out += " (assumed: say which with --server-version)";
  return out;
}

}  // namespace

Outcome<Surroundings> look_at_server(const Request& request, const Workspace* workspace, const ServerWish& wish) {
  Surroundings around;
  BASCULE_TRY_ASSIGN(around.address, address_of(request, workspace, wish.connect));
  around.dialect = dialects::find_dialect("postgresql");
  // Nobody has said where the database is: bascule.db is only where it would be made.
  const bool said = around.address && (around.address->source != "default" || wish.connect);
  if (said) around.dialect = around.address->dialect;
  const bool asks = request.url || (wish.connect && around.address);
  // Bascule does not connect to MariaDB: a URL says no more than which database it is.
  const bool mariadb = said && dialects::is_mariadb(around.dialect->name());
  if (mariadb && wish.connect) return failure(lint_only(*around.address));
  const bool connects = asks && !mariadb;
  std::optional<std::string> wanted = asks ? std::nullopt : wish.dialect;
  if (!wanted && !around.address && workspace != nullptr) wanted = workspace->project->settings().dialect;
  if (wanted) {
    around.dialect = dialects::find_dialect(*wanted);
    if (around.dialect == nullptr)
      return failure(usage_failure("unknown-dialect", "there is no dialect '" + *wanted + "'",
                                   "there are " + join(dialects::dialect_names(), " and ")));
  }
  assume_version(around);
  if (connects) {
    BASCULE_TRY_ASSIGN(around.connection, connect(*around.address, request, Access::kRead));
    auto server = around.dialect->server(*around.connection);
    if (!server) return failure(database_failure(server.error(), "asking for the server's version", *around.address));
    around.server = std::move(*server);
    auto facts = around.dialect->live_facts(*around.connection);
    if (!facts) return failure(database_failure(facts.error(), "reading the server's statistics", *around.address));
    around.live = std::make_unique<plan::LiveFacts>(std::move(*facts));
  }
  if (wish.version) BASCULE_TRY(set_version(around.server, *wish.version));
  if (wish.time_zone) around.server.time_zone = *wish.time_zone;
  around.words = words_of(around);
  return around;
}

Outcome<model::Schema> schema_of_server(const Surroundings& around) {
  auto schema = around.dialect->introspect(*around.connection, {});
  if (!schema) return failure(database_failure(schema.error(), "reading the schema", *around.address));
  return std::move(*schema);
}

bool is_known_in_full(const model::Schema& schema) {
  const auto elsewhere = [](const auto& one) { return !one.name.schema.empty() && one.name.schema.text() != "public"; };
  const auto brings_more = [&](const model::SchemaObject& one) {
    if (one.kind == model::ObjectKind::kSchema) return one.name.name.text() != "public";
    return elsewhere(one) || (one.kind == model::ObjectKind::kExtension && one.name.name.text() != "plpgsql");
  };
  return std::none_of(schema.tables.begin(), schema.tables.end(), elsewhere) &&
         std::none_of(schema.sequences.begin(), schema.sequences.end(), elsewhere) &&
         std::none_of(schema.objects.begin(), schema.objects.end(), brings_more);
}

}  // namespace bascule::app
