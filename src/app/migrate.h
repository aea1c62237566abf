// What: the main job: upgrade and downgrade, run, shown (plan) or written as a script (--sql).
// Must not know: the command line's syntax, printing.
#pragma once

#include <string>

#include "app/workspace.h"
#include "exec/run.h"
#include "plan/plan.h"

namespace bascule::app {

/// What a run did. plan: what it set out to do, in order; all of it was done.
struct RunReport {
  model::Direction direction = model::Direction::kUpgrade;  ///< that it went; a target may lie behind the database
  plan::Plan plan;
  std::vector<std::string> heads;  ///< where the database stands now
  Address address;
  Diagnostics warnings;  ///< what the user may not have meant
};

/// Runs revisions up or down to `target` (Alembic's names). Everything on the way is evaluated before the database is
/// changed. On failure the database stands at the last good revision.
Outcome<RunReport> migrate(const Request& request, model::Direction direction, const std::string& target,
                           exec::Progress& progress);

/// Runs this one revision up, which a run down has just taken back, and none that may be pending besides.
Outcome<RunReport> run_again(const Request& request, const std::string& revision, exec::Progress& progress);

/// What migrate would run, without running it. Reads the database's history unless target is a range "a:b".
/// warnings: what of it the user may not have meant.
Outcome<plan::Plan> plan_migration(const Request& request, model::Direction direction, const std::string& target,
                                   Diagnostics& warnings);

/// The same as a script for psql or sqlite3, for a target or a range "a:b" (down: "from:to"). Never connects.
Outcome<std::string> offline_script(const Request& request, model::Direction direction, const std::string& target,
                                    Diagnostics& warnings);

/// What `check` found.
struct CheckReport {
  std::size_t revisions = 0;
  std::size_t sound = 0;
  std::size_t operations = 0;
  /// Revisions that are sound but depend on rows: they are evaluated while they run.
  struct Live {
    std::string revision;
    model::Direction direction;
    Location location;
    std::string what;
  };
  std::vector<Live> live;
  /// Revisions that the project's own tool runs; they count as sound.
  struct HandedOver {
    std::string revision;
    model::Direction direction;
    plan::HandOver how;
  };
  std::vector<HandedOver> handed_over;
  std::string dialect;
  Diagnostics diagnostics;
};

/// Reads and evaluates every revision in both directions for the project's dialect; touches no database.
Outcome<CheckReport> check_project(const Request& request);

}  // namespace bascule::app
