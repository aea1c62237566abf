// What: whether the history table can hold the ids of a project's revisions, before a server has to say no half way.
// Must not know: the command line's syntax, printing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/workspace.h"

namespace bascule::app {

/// How long an id may be in a history table that a run would make now; nullopt: as long as it likes (SQLite).
std::optional<std::size_t> id_limit(const formats::Project& project, const dialects::Dialect& dialect);

/// Fails (kUnsound) when one of the ids is too long for the history table: as it is in the database, or as it would be
/// made. connection: null where there is no database to look at; then an existing table is taken to be wide enough.
Outcome<void> check_id_lengths(const Workspace& workspace, const Address& address, const std::vector<std::string>& ids,
                               bool table_exists, db::Connection* connection);

/// A warning for each revision whose id is too long for a history table made by a run.
Diagnostics long_id_warnings(const Workspace& workspace, const dialects::Dialect& dialect);

}  // namespace bascule::app
