// What: what can be wrong with a Prisma project and its database, as diagnostics; Prisma's own number in the cause.
// Must not know: how it was found out.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "formats/prisma/history_table.h"
#include "formats/prisma/migrations.h"

namespace bascule::formats::prisma {

Diagnostic provider_switched(const std::string& provider, const Location& where, const std::string& locked,
                             const std::string& folder);
Diagnostic other_database(const std::string& provider, const Location& where, const std::string& dialect);
Diagnostic schema_not_empty(const std::vector<std::string>& tables, const std::string& first_migration);
Diagnostic migration_failed(const Record& record, const Migration* migration);
Diagnostic migration_edited(const Migration& migration);
Diagnostic migration_missing(const Record& record, const std::string& folder);
Diagnostic file_missing(const Migration& migration);
Diagnostic unknown_migration(const std::string& name, const std::vector<Migration>& migrations);
Diagnostic already_applied(const std::string& name);
Diagnostic never_applied(const std::string& name);
Diagnostic not_failed(const std::string& name);
Diagnostic resolve_usage(std::string message);

}  // namespace bascule::formats::prisma
