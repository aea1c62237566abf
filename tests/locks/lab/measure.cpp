#include "lab/measure.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/text.h"

namespace bascule::lab {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kNotInTransaction = "25001";
constexpr auto kPatience = 10s;
constexpr auto kPause = 10ms;

struct Relation {
  std::string name;
  plan::RelationKind kind = plan::RelationKind::kTable;
  std::string file;
  std::int64_t rows_read = 0;
};
using Relations = std::map<std::string, Relation>;  ///< by oid

plan::RelationKind kind_of(const std::string& code) {
  if (code == "i" || code == "I") return plan::RelationKind::kIndex;
  if (code == "S") return plan::RelationKind::kSequence;
  if (code == "v") return plan::RelationKind::kView;
  if (code == "m") return plan::RelationKind::kMaterializedView;
  return plan::RelationKind::kTable;
}

std::string text(const db::DbError& error) { return error.message; }

template <class T>
Result<T, std::string> plain(db::DbResult<T> result) {
  if (!result) return failure(text(result.error()));
  return std::move(*result);
}

/// The users' relations; the counters are those of the session's transaction, or of the whole database.
Result<Relations, std::string> relations(db::Connection& connection, bool of_session) {
  const std::string counter = of_session ? "pg_stat_get_xact_tuples_returned" : "pg_stat_get_tuples_returned";
  BASCULE_TRY_ASSIGN(
      const db::ResultSet result,
      plain(connection.query("SELECT c.oid, n.nspname, c.relname, c.relkind, c.relfilenode,"
                             " CASE WHEN c.relkind IN ('r', 'm') THEN " +
                             counter +
                             "(c.oid) END FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
                             " n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'"
                             " AND c.relkind <> 'c'")));
  Relations found;
  for (const auto& row : result.rows) {
    Relation relation;
    relation.name = shown(QualifiedName{Identifier(row[1].value_or("")), Identifier(row[2].value_or(""))});
    relation.kind = kind_of(row[3].value_or(""));
    relation.file = row[4].value_or("");
    relation.rows_read = std::strtoll(row[5].value_or("0").c_str(), nullptr, 10);
    found.emplace(row[0].value_or(""), std::move(relation));
  }
  return found;
}

/// "AccessExclusiveLock" as SQL has it: "ACCESS EXCLUSIVE".
std::string mode_of(const std::string& name) {
  std::string mode;
  for (const char c : name.substr(0, name.size() - std::string_view("Lock").size())) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !mode.empty()) mode += ' ';
    mode += capital ? c : static_cast<char>(c - 'a' + 'A');
  }
  return mode;
}

/// The locks of a session, those that it waits for among them.
Result<void, std::string> see_locks(db::Connection& connection, const std::string& process, const Relations& before,
                                    Effect& effect) {
  BASCULE_TRY_ASSIGN(
      const db::ResultSet result,
      plain(connection.query("SELECT locktype, relation, mode, granted FROM pg_locks WHERE pid = " + process +
                             " AND locktype IN ('relation', 'virtualxid') AND (relation IS"
                             " NULL OR database = (SELECT oid FROM pg_database WHERE datname ="
                             " current_database()))")));
  for (const auto& row : result.rows) {
    if (row[0] == "virtualxid") {
      if (row[3] == "f") effect.waits_for_transactions = true;
      continue;
    }
    const auto relation = before.find(row[1].value_or(""));
    if (relation == before.end()) continue;
    add_lock(effect, label(relation->second.name, relation->second.kind), mode_of(row[2].value_or("")));
  }
  return {};
}

/// What is different afterwards: files, counters, new relations.
void compare(const Relations& before, const Relations& after, Effect& effect) {
  std::map<std::string, std::string> old_by_name;
  for (const auto& [oid, relation] : before) old_by_name[relation.name] = oid;
  for (const auto& [oid, relation] : after) {
    const auto same = before.find(oid);
    if (same != before.end()) {
      if (relation.file != same->second.file) effect.rewrites.insert(same->second.name);
      if (relation.rows_read > same->second.rows_read) effect.scans.insert(same->second.name);
    } else if (relation.kind == plan::RelationKind::kIndex && old_by_name.contains(relation.name) &&
               !after.contains(old_by_name[relation.name])) {
      // Another index took its place: REINDEX CONCURRENTLY, a change of type. It may have kept the file.
      if (relation.file != before.at(old_by_name[relation.name]).file) effect.rewrites.insert(relation.name);
    } else {
      effect.creates.insert(relation.name);
    }
  }
}

/// building index "i" on table "t" serially.
void see_builds(const Talk& talk, const Relations& before, Effect& effect) {
  for (const std::string& line : talk.debug) {
    if (!line.starts_with("building index \"")) continue;
    const auto parts = split(line, '"');
    if (parts.size() < 4) continue;
    for (const auto& [oid, relation] : before)
      if (relation.name == parts[3] && relation.kind != plan::RelationKind::kIndex)
        effect.index_builds.insert(std::string(parts[1]));
  }
}

std::string session_settings(const std::string& time_zone) {
  return "SET TimeZone = '" + time_zone +
         "'; SET allow_in_place_tablespaces = on; SET max_parallel_workers_per_gather = 0; SET "
         "max_parallel_maintenance_workers = 0; SET client_min_messages = debug1; SET statement_timeout = '30s'";
}

/// The statement in a session of its own, on a thread of its own.
class Runner {
 public:
  Runner(std::unique_ptr<db::Connection> connection, std::string process)
      : connection_(std::move(connection)), process_(std::move(process)) {}
  ~Runner() {
    if (!result_.valid()) return;
    connection_->cancel();
    result_.wait();
  }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start(const std::string& statement) {
    result_ = std::async(std::launch::async, [this, statement] { return db::execute_one(*connection_, statement); });
  }
  bool finished() const { return result_.wait_for(0s) == std::future_status::ready; }
  db::DbResult<void> wait() { return result_.get(); }
  const std::string& process() const { return process_; }
  db::Connection& connection() { return *connection_; }

 private:
  std::unique_ptr<db::Connection> connection_;
  std::string process_;
  std::future<db::DbResult<void>> result_;
};

/// Waits until the runner waits for somebody, or is through.
Result<void, std::string> wait_until_held(db::Connection& observer, const Runner& runner) {
  int seen = 0;
  for (const auto end = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < end;) {
    if (runner.finished()) return {};
    BASCULE_TRY_ASSIGN(const db::ResultSet waits,
                       plain(observer.query("SELECT FROM pg_stat_activity WHERE pid = " + runner.process() +
                                            " AND wait_event_type IN ('Lock', 'BufferPin')")));
    seen = waits.rows.empty() ? 0 : seen + 1;
    if (seen == 3) return {};
    std::this_thread::sleep_for(kPause);
  }
  return failure(std::string("it neither waited for anybody nor ended"));
}

/// What a session has counted gets into the views when it says so (15 and later), or when it ends and time passes.
Result<void, std::string> hand_in_counters(Runner& runner, int major) {
  if (major >= 15) return run_script(runner.connection(), "SELECT pg_stat_force_next_flush()");
  std::this_thread::sleep_for(700ms);
  BASCULE_TRY(
      run_script(runner.connection(), "SELECT 1"));  // an idle session hands in what is older than half a second
  std::this_thread::sleep_for(700ms);
  return {};
}

Result<void, std::string> measure_held(const Case& one, const std::string& hold, Laboratory& laboratory,
                                       Effect& effect) {
  BASCULE_TRY_ASSIGN(const auto database, laboratory.fresh(one.set_up, one.time_zone));
  const int major = laboratory.server().major;
  Talk talk;
  BASCULE_TRY_ASSIGN(auto runs, plain(database->connect(&talk)));
  BASCULE_TRY_ASSIGN(const auto observer, plain(database->connect()));
  BASCULE_TRY_ASSIGN(const auto holder, plain(database->connect()));
  BASCULE_TRY(run_script(*runs, session_settings(one.time_zone)));
  BASCULE_TRY_ASSIGN(const db::ResultSet process, plain(runs->query("SELECT pg_backend_pid()")));
  Runner runner(std::move(runs), process.rows.at(0).at(0).value_or(""));
  if (major < 15) std::this_thread::sleep_for(700ms);  // what the set-up counted
  BASCULE_TRY_ASSIGN(const Relations before, relations(*observer, false));
  if (!hold.empty()) {
    BASCULE_TRY(run_script(*holder, "BEGIN"));
    if (auto held = run_script(*holder, hold); !held) return failure("the hold-up: " + held.error());
  }
  talk.debug.clear();
  runner.start(one.statement);
  if (!hold.empty()) {
    BASCULE_TRY(wait_until_held(*observer, runner));
    if (runner.finished()) effect.trouble.push_back("nothing held it up: " + hold);
    BASCULE_TRY(see_locks(*observer, runner.process(), before, effect));
    holder->rollback();
  }
  if (const auto done = runner.wait(); !done) {
    effect.refused = text(done.error());
    return {};
  }
  see_builds(talk, before, effect);
  BASCULE_TRY(hand_in_counters(runner, major));
  BASCULE_TRY_ASSIGN(const Relations after, relations(*observer, false));
  compare(before, after, effect);
  return {};
}

}  // namespace

Result<std::unique_ptr<Bench>, std::string> Bench::open(const Database& database, const std::string& time_zone) {
  std::unique_ptr<Bench> bench(new Bench());
  BASCULE_TRY_ASSIGN(bench->connection_, plain(database.connect(&bench->talk_)));
  BASCULE_TRY(run_script(*bench->connection_, session_settings(time_zone)));
  return bench;
}

/// nullopt: it may not run in a transaction.
Result<std::optional<Effect>, std::string> Bench::measure_inside(const Case& one) {
  BASCULE_TRY(run_script(*connection_, "BEGIN"));
  BASCULE_TRY_ASSIGN(const Relations before, relations(*connection_, true));
  Effect effect;
  talk_.debug.clear();
  if (const auto done = db::execute_one(*connection_, one.statement); !done) {
    connection_->rollback();
    if (done.error().sqlstate == kNotInTransaction) return std::optional<Effect>();
    effect.refused = text(done.error());
    return std::optional(std::move(effect));
  }
  see_builds(talk_, before, effect);
  BASCULE_TRY(see_locks(*connection_, "pg_backend_pid()", before, effect));
  BASCULE_TRY_ASSIGN(const Relations after, relations(*connection_, true));
  compare(before, after, effect);
  connection_->rollback();
  return std::optional(std::move(effect));
}

Result<Effect, std::string> Bench::measure(const Case& one, Laboratory& laboratory) {
  BASCULE_TRY_ASSIGN(std::optional<Effect> inside, measure_inside(one));
  if (inside) return std::move(*inside);
  Effect effect;
  effect.transaction_forbidden = true;
  if (one.held_by.empty()) BASCULE_TRY(measure_held(one, "", laboratory, effect));
  for (const std::string& hold : one.held_by) BASCULE_TRY(measure_held(one, hold, laboratory, effect));
  return effect;
}

}  // namespace bascule::lab
