// What: a failed run in the user's words: which revision, which operation, which line, what the server said, what
// stands. Must not know: printing.
#pragma once

#include "app/workspace.h"
#include "exec/run.h"

namespace bascule::app {

Failure describe(const exec::RunFailure& failure, const plan::Plan& plan, const Address& address);

}  // namespace bascule::app
