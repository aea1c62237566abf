// What: `bascule backfill`: one UPDATE or DELETE of a whole table in batches, without a migration.
// Must not know: the command line's syntax, printing.
#pragma once

#include <cstdint>
#include <string>

#include "app/workspace.h"

namespace bascule::app {

/// assignments and condition are SQL, as they stand in an UPDATE; assignments empty: rows are deleted.
struct BackfillRequest {
  std::string table;
  std::string assignments;
  std::string condition;
  bool remove = false;  ///< --delete
  bool forget = false;  ///< give an unfinished one up: what is done stays
};

struct BackfillReport {
  Address address;
  std::string statement;
  bool resumed = false;
  bool forgotten = false;
  std::int64_t rows = 0;
};

/// Runs it, or goes on with the one that is unfinished. Fails (kUsage) when splitting it would not be the same.
Outcome<BackfillReport> backfill(const Request& request, const BackfillRequest& wanted);

}  // namespace bascule::app
