// What: the list of migrations and their states as text (a table) and as JSON (docs/commands.md).
// Must not know: where it was read, any format.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "history/entry.h"
#include "history/journal.h"
#include "plan/plan.h"
#include "report/style.h"

namespace bascule::report {

/// A table with the columns that hold anything: state, version, description, type, when.
std::string status_table(const std::vector<history::Entry>& entries, const Style& style);
Json to_json(const history::Entry& entry);

/// An online run that is not finished: its revision and the state of each step.
std::string unfinished_text(const history::JournaledRun& run, const plan::RevisionPlan& plan, const Style& style);
Json unfinished_json(const history::JournaledRun& run, const plan::RevisionPlan& plan);

/// Flyway's `info`: + and | around Category, Version, Description, Type, Installed On, State, Undoable.
std::string info_table(const std::vector<history::Entry>& entries);

}  // namespace bascule::report
