#include <algorithm>
#include <utility>

#include "app/migrate.h"
#include "app/online.h"
#include "app/schema_chain.h"
#include "planner/piece.h"
#include "safety/estimate.h"

namespace bascule::app {

namespace {

using report::ComparedPart;
using report::JudgedStatement;

bool same_place(const Location& a, const Location& b) {
  const std::string no_file;
  return (a.file ? a.file->path() : no_file) == (b.file ? b.file->path() : no_file) &&
         a.span.begin.line == b.span.begin.line;
}

/// Judges statement after statement, each on the schema that the ones before it leave.
class Judge {
 public:
  Judge(const dialects::Dialect& dialect, const dialects::Server& server, const plan::LiveFacts& facts,
        const model::Schema& before)
      : dialect_(dialect), server_(server), facts_(facts), schema_(before) {}

  JudgedStatement judge(const planner::Piece& piece) {
    JudgedStatement out;
    out.sql = piece.sql;
    out.impact = dialect_.impact(piece.sql, schema_, server_);
    if (const plan::LockUse* lock = plan::strongest_lock(out.impact))
      out.estimate = safety::estimate(out.impact, lock->relation, facts_);
    planner::advance(schema_, piece.operations, dialect_);
    return out;
  }
  model::Schema take_schema() { return std::move(schema_); }

 private:
  const dialects::Dialect& dialect_;
  const dialects::Server& server_;
  const plan::LiveFacts& facts_;
  model::Schema schema_;
};

ComparedPart& part_at(std::vector<ComparedPart>& parts, const Location& location) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [&](const ComparedPart& part) { return same_place(part.location, location); });
  if (found != parts.end()) return *found;
  parts.push_back({location, {}, {}});
  return parts.back();
}

}  // namespace

Outcome<report::ComparedPlans> compare_online(const Request& request, model::Direction direction,
                                              const std::string& target, Diagnostics& warnings) {
  Request as_written = request;
  as_written.online.reset();
  BASCULE_TRY_ASSIGN(const plan::Plan naive, plan_migration(as_written, direction, target, warnings));
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  BASCULE_TRY_ASSIGN(const auto connection, connect(address, request, Access::kRead));
  report::ComparedPlans out;
  BASCULE_TRY_ASSIGN(out.online, make_online(naive, workspace, address, *connection, request.online->allow, warnings));
  const dialects::Dialect& dialect = *address.dialect;
  auto server = dialect.server(*connection);
  if (!server) return failure(database_failure(server.error(), "asking for the server's version", address));
  auto schema = dialect.introspect(*connection, introspect_options(&workspace));
  if (!schema) return failure(database_failure(schema.error(), "reading the schema", address));
  auto facts = dialect.live_facts(*connection);
  if (!facts) return failure(database_failure(facts.error(), "reading the server's statistics", address));
  server->schema_complete = true;
  out.server = dialect.name() == "postgresql" ? "PostgreSQL " + std::to_string(server->major) : "SQLite";
  for (std::size_t i = 0; i < naive.revisions.size(); ++i) {
    const plan::RevisionPlan& online = out.online.revisions[i];
    if (online.auxiliary) continue;
    report::ComparedRevision& revision = out.revisions.emplace_back();
    revision.plan = online;
    const bool readable = std::none_of(online.steps.begin(), online.steps.end(), [](const plan::Step& step) {
      return std::holds_alternative<plan::Rebuild>(step.action);
    });
    if (!readable) continue;
    Judge written(dialect, *server, *facts, *schema);
    for (const planner::Piece& piece : planner::pieces_of(naive.revisions[i].steps, dialect))
      part_at(revision.parts, piece.cause.location).naive.push_back(written.judge(piece));
    Judge running(dialect, *server, *facts, *schema);
    for (const plan::Step& step : online.steps) {
      for (const planner::Piece& piece : planner::pieces_of({step}, dialect)) {
        JudgedStatement one = running.judge(piece);
        one.conduct = step.conduct;
        part_at(revision.parts, step.cause.location).online.push_back(std::move(one));
      }
    }
    *schema = written.take_schema();
  }
  return out;
}

}  // namespace bascule::app
