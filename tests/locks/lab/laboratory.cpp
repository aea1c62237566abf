#include "lab/laboratory.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace bascule::lab {

namespace {

std::string text(const db::DbError& error) {
  return error.detail.empty() ? error.message : error.message + " (" + error.detail + ")";
}

}  // namespace

Result<void, std::string> run_script(db::Connection& connection, const std::string& script) {
  if (script.empty()) return {};
  auto done = db::execute_one(connection, script);
  if (!done) return failure(text(done.error()));
  return {};
}

Database::~Database() {
  const auto dropped = db::execute_one(*laboratory_.connection_, "DROP DATABASE IF EXISTS " + name_);
  static_cast<void>(dropped);  // a left-over does no harm to the other cases
}

db::DbResult<std::unique_ptr<db::Connection>> Database::connect(db::NoticeSink* notices) const {
  return laboratory_.connect(name_, notices);
}

Result<std::unique_ptr<Laboratory>, std::string> Laboratory::open(const db::Url& url, const std::string& base) {
  const dialects::Dialect* dialect = dialects::find_dialect(url.dialect);
  if (dialect == nullptr || dialect->name() != "postgresql") return failure(std::string("not a PostgreSQL server"));
  auto connection = dialect->connect(url, {});
  if (!connection) return failure(text(connection.error()));
  std::unique_ptr<Laboratory> laboratory(new Laboratory(url, *dialect, std::move(*connection)));
  BASCULE_TRY(laboratory->read_server());
  BASCULE_TRY_ASSIGN(laboratory->base_, laboratory->create("template0"));
  auto inside = laboratory->base_->connect();
  if (!inside) return failure(text(inside.error()));
  if (auto made = run_script(**inside, base); !made) return failure("the base schema: " + made.error());
  if (auto counted = run_script(**inside, "VACUUM ANALYZE"); !counted) return failure(counted.error());
  return laboratory;
}

db::DbResult<std::unique_ptr<db::Connection>> Laboratory::connect(const std::string& database,
                                                                  db::NoticeSink* notices) const {
  db::Url url = url_;
  url.database = database;
  dialects::ConnectOptions options;
  options.notices = notices;
  return dialect_.connect(url, options);
}

Result<void, std::string> Laboratory::read_server() {
  auto version = connection_->query("SHOW server_version_num");
  if (!version) return failure(text(version.error()));
  const long number = std::strtol(version->rows.at(0).at(0).value_or("").c_str(), nullptr, 10);
  server_.major = static_cast<int>(number / 10000);
  server_.minor = static_cast<int>(number % 10000);
  server_.version_assumed = false;
  return {};
}

Result<std::unique_ptr<Database>, std::string> Laboratory::create(const std::string& from) {
  std::string name = "bascule_lab_" + std::to_string(getpid()) + "_" + std::to_string(count_++);
  const std::string copied = server_.major >= 15 ? " STRATEGY file_copy" : "";
  auto made = db::execute_one(*connection_, "CREATE DATABASE " + name + " TEMPLATE " + from + copied);
  if (!made) return failure("CREATE DATABASE: " + text(made.error()));
  return std::make_unique<Database>(*this, std::move(name));
}

Result<std::unique_ptr<Database>, std::string> Laboratory::fresh(const std::string& set_up,
                                                                 const std::string& time_zone) {
  BASCULE_TRY_ASSIGN(std::unique_ptr<Database> database, create(base_->name()));
  if (set_up.empty()) return database;
  auto inside = database->connect();
  if (!inside) return failure(text(inside.error()));
  BASCULE_TRY(run_script(**inside, "SET TimeZone = '" + time_zone + "'"));
  if (auto done = run_script(**inside, set_up); !done) return failure("the set-up: " + done.error());
  return database;
}

}  // namespace bascule::lab
