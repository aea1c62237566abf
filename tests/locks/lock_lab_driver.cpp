// The lock lab: each case on a live server, what the lock model said of it beside what the server did.
// Usage: lock_lab_driver URL BASE.sql [--shard I/N] [--only ID] [--json FILE] [--lesser] CASES.sql...
//        lock_lab_driver URL --prepare CLUSTER.sql   runs a script, statement by statement, before the first case
//   The URL's user may create databases. Two lines a difference, then the count. Exit 1: misses; 2: it could not run.
//   --json     what was measured, for other programs
//   --lesser   also differences that are not counted: the relations that are made, the indexes that are built
#include <cstddef>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "db/url.h"
#include "lab/case_file.h"
#include "lab/effect.h"
#include "lab/laboratory.h"
#include "lab/measure.h"
#include "lab/predict.h"

namespace {

using namespace bascule;  // NOLINT(google-build-using-namespace): a test's tool

struct Settings {
  std::string url, base, only, json, prepare;
  std::size_t shard = 0, shards = 1;
  bool lesser = false;
  std::vector<std::string> files;
};

bool read_settings(const std::vector<std::string>& words, Settings& settings) {
  std::vector<std::string> plain;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "--lesser") {
      settings.lesser = true;
    } else if (word.starts_with("--")) {
      if (++at == words.size()) return false;
      if (word == "--only") settings.only = words[at];
      if (word == "--json") settings.json = words[at];
      if (word == "--prepare") settings.prepare = words[at];
      if (word == "--shard") {
        const auto slash = words[at].find('/');
        if (slash == std::string::npos) return false;
        settings.shard = std::stoul(words[at].substr(0, slash)) - 1;
        settings.shards = std::stoul(words[at].substr(slash + 1));
      }
    } else {
      plain.push_back(word);
    }
  }
  if (plain.size() < (settings.prepare.empty() ? 3U : 1U)) return false;
  settings.url = plain[0];
  if (!settings.prepare.empty()) return true;
  settings.base = plain[1];
  settings.files.assign(plain.begin() + 2, plain.end());
  return true;
}

int give_up(const std::string& why) {
  std::cerr << "lock lab: " << why << '\n';
  return 2;
}

/// Cases that share a database: one of the same set-up, in which each leaves no trace.
using Groups = std::map<std::pair<std::string, std::string>, std::vector<lab::Case>>;

class Run {
 public:
  Run(const Settings& settings, lab::Laboratory& laboratory, std::string base)
      : settings_(settings), laboratory_(laboratory), base_(std::move(base)) {}

  void group(const std::vector<lab::Case>& cases) {
    auto done = try_group(cases);
    if (!done)
      for (const lab::Case& one : cases) fail(one, done.error());
  }

  int finish() const {
    if (!settings_.json.empty()) std::ofstream(settings_.json) << measured_.dump(1) << '\n';
    std::cout << cases_ << " cases, " << cases_ - misses_ << " predicted exactly, " << misses_ << " misses\n";
    return misses_ == 0 ? 0 : 1;
  }

 private:
  Result<void, std::string> try_group(const std::vector<lab::Case>& cases) {
    const lab::Case& first = cases.front();
    BASCULE_TRY_ASSIGN(const auto database, laboratory_.fresh(first.set_up, first.time_zone));
    const dialects::Dialect& dialect = laboratory_.dialect();
    BASCULE_TRY_ASSIGN(const model::Schema from_server, schema_of(*database));
    model::Schema from_files;
    lab::replay(from_files, base_, dialect);
    lab::replay(from_files, first.set_up, dialect);
    BASCULE_TRY_ASSIGN(const auto bench, lab::Bench::open(*database, first.time_zone));
    for (const lab::Case& one : cases) this->one(one, *bench, from_server, from_files);
    return {};
  }

  Result<model::Schema, std::string> schema_of(const lab::Database& database) const {
    auto connection = database.connect();
    if (!connection) return failure(connection.error().message);
    auto schema = laboratory_.dialect().introspect(**connection, {});
    if (!schema) return failure("reading the schema: " + schema.error().message);
    return std::move(*schema);
  }

  void one(const lab::Case& one, lab::Bench& bench, const model::Schema& from_server, const model::Schema& from_files) {
    auto measured = bench.measure(one, laboratory_);
    if (!measured) return fail(one, measured.error());
    keep(one, *measured);
    dialects::Server server = laboratory_.server();
    server.time_zone = one.time_zone;
    server.schema_complete = true;
    const auto by_server = lab::predict(one.statement, from_server, laboratory_.dialect(), server);
    const auto by_files = lab::predict(one.statement, from_files, laboratory_.dialect(), server);
    ++cases_;
    auto lines = lab::differences(by_server, *measured);
    const auto lines_of_files = lab::differences(by_files, *measured);
    const bool miss = !lines.empty() || !lines_of_files.empty();
    if (miss) ++misses_;
    report(one, lines == lines_of_files ? "" : "schema of the server", lines);
    if (lines != lines_of_files) report(one, "schema from files", lines_of_files);
    if (settings_.lesser) report(one, "not counted", lab::lesser_differences(by_server, *measured));
  }

  /// The lab itself could not do it: nothing was proved.
  void fail(const lab::Case& one, const std::string& why) {
    ++cases_;
    ++misses_;
    report(one, "", {"- the lab", "+ the lab: " + why});
  }

  static void report(const lab::Case& one, const std::string& note, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    std::cout << one.id << ": " << one.statement << (note.empty() ? "" : "   [" + note + "]") << '\n';
    for (const std::string& line : lines) std::cout << "  " << line << '\n';
  }

  void keep(const lab::Case& one, const lab::Effect& effect) {
    if (settings_.json.empty()) return;
    measured_[one.id] = {{"statement", one.statement},
                         {"set_up", one.set_up},
                         {"locks", effect.locks},
                         {"rewrites", effect.rewrites},
                         {"scans", effect.scans},
                         {"creates", effect.creates},
                         {"index_builds", effect.index_builds},
                         {"transaction_forbidden", effect.transaction_forbidden},
                         {"waits_for_transactions", effect.waits_for_transactions},
                         {"refused", effect.refused},
                         {"trouble", effect.trouble}};
  }

  const Settings& settings_;
  lab::Laboratory& laboratory_;
  std::string base_;
  std::size_t cases_ = 0, misses_ = 0;
  nlohmann::json measured_ = nlohmann::json::object();
};

int prepare(const db::Url& url, const std::string& path) {
  const auto script = read_file(path);
  if (!script) return give_up(script.error().message);
  const dialects::Dialect* dialect = dialects::find_dialect(url.dialect);
  if (dialect == nullptr) return give_up("no such database: " + url.dialect);
  const auto connection = dialect->connect(url, {});
  if (!connection) return give_up(connection.error().message);
  for (const auto& statement : dialect->split(*script).statements)
    if (auto done = lab::run_script(**connection, std::string(statement.text)); !done) return give_up(done.error());
  return 0;
}

int run(const Settings& settings) {
  const auto url = db::parse_url(settings.url);
  if (!url) return give_up(url.error().message);
  if (!settings.prepare.empty()) return prepare(*url, settings.prepare);
  auto base = read_file(settings.base);
  if (!base) return give_up(base.error().message);
  auto laboratory = lab::Laboratory::open(*url, *base);
  if (!laboratory) return give_up(laboratory.error());
  const int major = (*laboratory)->server().major;
  Groups groups;
  for (const std::string& file : settings.files) {
    auto cases = lab::read_cases(file);
    if (!cases) return give_up(cases.error());
    for (lab::Case& one : *cases) {
      const bool on_this = one.since <= major && (one.until == 0 || one.until >= major);
      const bool wanted = settings.only.empty() || one.id == settings.only;
      auto key = std::pair(one.set_up, one.time_zone);
      if (on_this && wanted) groups[std::move(key)].push_back(std::move(one));
    }
  }
  Run run(settings, **laboratory, std::move(*base));
  std::size_t at = 0;
  for (const auto& [key, cases] : groups) {
    if (at++ % settings.shards != settings.shard) continue;
    run.group(cases);
  }
  return run.finish();
}

}  // namespace

int main(int count, char** arguments) {
  Settings settings;
  if (!read_settings({arguments + 1, arguments + count}, settings)) {
    std::cerr << "usage: lock_lab_driver URL BASE.sql [--shard I/N] [--only ID] [--json FILE] [--lesser] CASES.sql...\n"
                 "       lock_lab_driver URL --prepare CLUSTER.sql\n";
    return 2;
  }
  return run(settings);
}
