// What: a failed run in the user's words: which revision, which operation, which line, what the server said, what
// stands. Must not know: printing.
#pragma once

#include "app/workspace.h"
#include "exec/run.h"

namespace bascule::app {

/// settle: what the format wants done before the next run, if anything; it then is the help.
Failure describe(const exec::RunFailure& failure, const plan::Plan& plan, const Address& address,
                 const std::string& settle);

}  // namespace bascule::app
