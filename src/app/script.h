// What: a Plan as a script for psql or sqlite3: what `--sql` prints.
// Must not know: connections, files.
#pragma once

#include <string>

#include "app/failure.h"
#include "dialects/dialect.h"
#include "plan/plan.h"

namespace bascule::app {

/// Fails (kUnsound) where a rebuild would need to look at the database.
Outcome<std::string> script_of(const plan::Plan& plan, const dialects::Dialect& dialect, bool single_transaction);

}  // namespace bascule::app
