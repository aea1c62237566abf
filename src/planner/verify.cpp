#include "planner/verify.h"

#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "model/lookup.h"
#include "planner/hazard.h"
#include "planner/piece.h"
#include "safety/way_back.h"

namespace bascule::planner {

namespace {

class Proof {
 public:
  explicit Proof(const Claim& claim) : claim_(claim), fresh_(claim.fresh), schema_(claim.before) {}

  Diagnostics run() {
    for (const plan::Step* step : claim_.online) replay(*step);
    model::Schema naive = claim_.before;
    advance(naive, claim_.naive, claim_.dialect);
    const std::vector<std::string> differences = safety::left_over(naive, schema_, claim_.dialect);
    if (!differences.empty())
      doubt("it does not leave the schema that the revision would: " + join(differences, "; "), {});
    else if (claim_.dialect.canonical(naive) != claim_.dialect.canonical(schema_))
      doubt("it does not leave the schema that the revision would", {});
    return std::move(diagnostics_);
  }

 private:
  void replay(const plan::Step& step) {
    const std::string& sql = std::get<plan::Statement>(step.action).sql;
    const dialects::Understood understood = claim_.dialect.understand(sql);
    const plan::Pace pace = step.conduct.pace;
    const plan::Impact impact = claim_.dialect.impact(sql, schema_, claim_.server);
    if (pace != plan::Pace::kUnbounded && pace != plan::Pace::kBatches)
      if (const auto hazard = lasting_hazard(impact, fresh_, understood.operations))
        doubt(hazard_text(*hazard) + " by: " + sql, step.cause.location);
    if (impact.transaction == plan::TransactionNeed::kForbidden && step.in_transaction)
      doubt("the server takes this outside of transactions only: " + sql, step.cause.location);
    fresh_.note(impact, schema_);
    for (const model::Operation& operation : understood.operations) {
      fresh_.note(operation, schema_);
      advance(schema_, {operation}, claim_.dialect);
    }
  }

  void doubt(std::string cause, const Location& location) {
    Diagnostic diagnostic;
    diagnostic.code = "online-plan-unproved";
    diagnostic.message = fmt::format("the online plan of revision {} could not be proved", claim_.revision);
    diagnostic.location = location;
    diagnostic.cause = std::move(cause);
    diagnostic.help = "run this revision without --online, when few use the database, and report it";
    diagnostics_.add(std::move(diagnostic));
  }

  const Claim& claim_;
  NewRelations fresh_;
  model::Schema schema_;
  Diagnostics diagnostics_;
};

}  // namespace

Diagnostics verify(const Claim& claim) { return Proof(claim).run(); }

model::Schema part_for(const model::Schema& schema, std::span<const std::string> statements,
                       const dialects::Dialect& dialect) {
  std::set<std::string> names;
  for (const std::string& sql : statements)
    for (const dialects::Touch& touch : dialect.understand(sql).touches) names.insert(model::name_key(touch.relation));
  // What DROP INDEX names is no table: its table is found by it.
  for (const model::Table& table : schema.tables)
    for (const model::Index& index : table.indexes)
      if (names.contains(model::name_key({table.name.schema, index.name}))) names.insert(model::name_key(table.name));
  return safety::part_of(schema, safety::with_neighbours(schema, names));
}

}  // namespace bascule::planner
