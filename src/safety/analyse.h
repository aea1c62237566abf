// What: runs the rules over a chain of migrations.
// Must not know: single rules, where the chain's files were, configuration files, printing.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "safety/belt.h"
#include "safety/finding.h"
#include "safety/result.h"
#include "safety/rule.h"
#include "safety/scene.h"

namespace bascule::safety {

/// A statement on its way into the chain: what is not yet known of a StatementView is worked out by the Analysis.
struct Authored {
  std::string sql;
  Location location;
  std::string_view operation;
  bool authored_sql = false;
  std::size_t transaction = 0;
  /// Set: no statement but a rebuild; sql is then what the user should see of it.
  std::optional<model::BatchAlter> rebuild;
};

/// One migration on its way into the chain.
struct Migration {
  RevisionView revision;  ///< its statement ranges are filled in by the Analysis
  std::vector<Authored> upgrade, downgrade;
};

/// Which rules speak, and how loud. A rule's level for one finding.
using LevelOf = std::function<Level(const Rule& rule, const Finding& finding)>;

/// Reads migrations one by one, in the order in which they run, keeping the schema; rules look at selected ones.
/// Statements are understood in the caller's thread while another one replays and asks the rules, or in that one, where
/// it would wait otherwise; level_of is called there.
class Analysis {
 public:
  /// @param start the schema before the first migration. chain.revisions and .statements are empty.
  /// @param new_in: what counts as one deploy: tables that are made in it are nobody's yet.
  enum class NewIn { kRevision, kRun };
  Analysis(Chain chain, model::Schema start, LevelOf level_of, NewIn new_in = NewIn::kRevision);
  ~Analysis();
  Analysis(const Analysis&) = delete;
  Analysis& operator=(const Analysis&) = delete;

  void add(Migration migration);
  /// Ends the chain: rules over the whole chain speak. Nothing may be added afterwards.
  LintResult finish() &&;

 private:
  class State;
  struct Piece;
  std::unique_ptr<State> state_;
  std::unique_ptr<Belt<Piece>> belt_;  ///< after state_: ends before it goes
};

}  // namespace bascule::safety
