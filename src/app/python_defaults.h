// What: columns of an Alembic file that ask for a default which only SQLAlchemy knows: Column(default=...). Internal to
// app/lint.
// Must not know: evaluation. What is not written as literals in the call itself is not seen.
#pragma once

#include <set>
#include <string>

#include "base/source.h"

namespace bascule::app {

/// "table.column" of each op.create_table and add_column whose Column has default= and no server_default=.
std::set<std::string> python_defaults(const SourceFilePtr& file);

}  // namespace bascule::app
