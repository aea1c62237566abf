// What: a whole-table UPDATE or DELETE in batches: along a key, up to where the table ended when it began, the cursor
// kept with each batch's commit.
// Must not know: any dialect: plan::Backfill brings the SQL.
// Invariants: a row that is there at the start and fulfils the condition is changed once; rows that come later are not
// waited for. A batch's rows and the cursor behind it are committed together.
// Thread rules: with several jobs each has a connection and a thread of its own; the first works on the run's own.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "exec/online_state.h"
#include "plan/online.h"

namespace bascule::exec {

struct BackfillTask {
  const plan::Backfill& batches;
  std::size_t step = 0;  ///< index in the plan
  std::int64_t run = 0;  ///< in the journal
};

/// rows: changed since the backfill began, by all runs of it.
struct BackfillEnd {
  Attempt attempt = {};
  std::int64_t rows = 0;
};

Result<BackfillEnd, RunFailure> run_backfill(const BackfillTask& task, OnlineSession& session);

}  // namespace bascule::exec
