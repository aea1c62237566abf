// What the lock model says of MariaDB's statements. Reads {"base": SQL, "cases": [{"id", "set_up", "statement",
// "version", "foreign_keys"}]} on standard input and writes {id: {...}} on standard output.
#include <iostream>
#include <iterator>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "dialects/mariadb/mariadb.h"
#include "lab/predict.h"

namespace {

using namespace bascule;  // NOLINT(google-build-using-namespace): a test's tool

nlohmann::json predicted(const nlohmann::json& one, const model::Schema& base) {
  const dialects::Dialect& dialect = dialects::mariadb_dialect();
  model::Schema schema = base;
  lab::replay(schema, one.at("set_up").get<std::string>(), dialect);
  dialects::Server server;
  server.major = one.at("version").at(0).get<int>();
  server.minor = one.at("version").at(1).get<int>();
  server.foreign_keys = one.at("foreign_keys").get<bool>();
  server.schema_complete = true;
  const plan::Impact impact = dialect.impact(one.at("statement").get<std::string>(), schema, server);
  nlohmann::json locks = nlohmann::json::object();
  for (const plan::LockUse& lock : impact.locks) locks[display(lock.relation)] = lock.mode;
  std::set<std::string> rewrites;
  for (const plan::Work& work : impact.rewrites)
    if (work.kind == plan::RelationKind::kTable) rewrites.insert(display(work.relation));
  const std::string lock = impact.locks.empty() ? std::string() : impact.locks.front().mode;
  return {{"known", impact.known},     {"refused", impact.refused}, {"algorithm", impact.algorithm}, {"lock", lock},
          {"locks", std::move(locks)}, {"rewrites", rewrites},      {"causes", impact.causes}};
}

}  // namespace

int main() {
  const std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  const nlohmann::json input = nlohmann::json::parse(text);
  model::Schema base;
  lab::replay(base, input.at("base").get<std::string>(), dialects::mariadb_dialect());
  nlohmann::json output = nlohmann::json::object();
  for (const nlohmann::json& one : input.at("cases")) output[one.at("id").get<std::string>()] = predicted(one, base);
  std::cout << output.dump(1) << '\n';
}
