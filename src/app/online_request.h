// What: what --online asks for.
// Must not know: how it is spelled on the command line.
#pragma once

#include <string>
#include <vector>

#include "exec/online.h"

namespace bascule::app {

struct OnlineRequest {
  exec::OnlineSettings settings;
  std::vector<std::string> allow;      ///< names of planner::check_allowances
  exec::Listener* listener = nullptr;  ///< REQUIRED for a run
};

}  // namespace bascule::app
