// What: the cases of the lock lab as values, read from SQL files: what to make first, what to run, on which servers.
// Must not know: databases. Format: tests/locks/README.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bascule::lab {

struct Case {
  std::string id;
  int since = 0;                     ///< the first major version that has it
  int until = 0;                     ///< the last one; 0: none
  std::string time_zone = "UTC";     ///< of the session
  std::string set_up;                ///< SQL
  std::string statement;             ///< SQL; several statements run in one transaction
  std::vector<std::string> held_by;  ///< what another session has open, one after the other; see measure.h
};

/// The cases of one file, or what is wrong with it: "cases/x.sql:12: ...".
Result<std::vector<Case>, std::string> read_cases(const std::string& path);

}  // namespace bascule::lab
