// What: a script of a Flyway project as the statements that run, and whether they run in a transaction.
// Must not know: the history, which scripts run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "formats/flyway/scripts.h"
#include "model/authored.h"

namespace bascule::formats::flyway {

struct Statements {
  std::vector<model::AuthoredOperation> operations;  ///< autocommit: all or none of them
  bool in_transaction = true;
  bool changes_session = false;  ///< sets the search path or the role, which Flyway puts back afterwards
};

/// Cuts a script for the dialect ("postgresql", "sqlite"). Codes: missing-placeholder, unclosed-sql,
/// mixed-transactions.
Result<Statements, Diagnostic> cut(const Settings& settings, const Script& script, const std::string& dialect,
                                   const std::map<std::string, std::string>& built_in);

}  // namespace bascule::formats::flyway
