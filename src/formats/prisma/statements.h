// What: a migration's file as operations: its statements as they stand, and which of them leave the transaction.
// Must not know: what a statement means beyond that; the history table.
#pragma once

#include <string>

#include "base/source.h"
#include "formats/sql_script.h"

namespace bascule::formats::prisma {

/// A statement an operation. The whole file is one operation outside of the transaction when it brings its own BEGIN or
/// COMMIT, as Prisma sends every file. On SQLite a file that turns foreign keys off has that done before its
/// transaction, where alone it works, and on again after it. Error code: unclosed-sql.
Statements operations_of(const SourceFilePtr& file, const std::string& dialect);

}  // namespace bascule::formats::prisma
