// What: the list of migrations and their states as text (a table) and as JSON (docs/commands.md).
// Must not know: where it was read, any format.
#pragma once

#include <string>
#include <vector>

#include "history/entry.h"
#include "base/json.h"
#include "report/style.h"

namespace bascule::report {

/// A table with the columns that hold anything: state, version, description, type, when.
std::string status_table(const std::vector<history::Entry>& entries, const Style& style);
Json to_json(const history::Entry& entry);

/// Flyway's `info`: + and | around Category, Version, Description, Type, Installed On, State, Undoable.
std::string info_table(const std::vector<history::Entry>& entries);

}  // namespace bascule::report
