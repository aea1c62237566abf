// What: the use cases that throw everything away: clean, and reset (clean, then up again). For development databases.
// Must not know: the command line's syntax, printing.
#pragma once

#include <string>
#include <vector>

#include "app/migrate.h"
#include "app/workspace.h"

namespace bascule::app {

struct CleanReport {
  std::vector<std::string> dropped;  ///< the statements that ran
  Address address;
};

/// Drops everything in the project's schemas. Refused (kUsage) unless `confirmed` or the project's own settings allow
/// it, and always where these forbid it.
Outcome<CleanReport> clean(const Request& request, bool confirmed);

}  // namespace bascule::app
