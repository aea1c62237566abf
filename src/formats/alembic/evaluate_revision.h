// What: evaluates one revision file: its ids where the quick scan was unsure, and its upgrade or downgrade.
// Must not know: where files are listed, databases.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "evaluate/interpreter.h"
#include "formats/alembic/header_scan.h"
#include "formats/alembic/modules.h"
#include "formats/alembic/read_ahead.h"
#include "formats/alembic/settings.h"
#include "formats/format.h"

namespace bascule::formats::alembic {

/// What every evaluation of a project is given.
struct Evaluator {
  Modules& modules;
  const std::map<std::string, std::string>& environment;
  evaluate::Limits limits;
  const std::map<std::string, Argument>* arguments = nullptr;  ///< what env.py passes besides op; null: nothing known
  ReadAhead* ahead = nullptr;  ///< holds what evaluate_file evaluates; null: it parses the file itself
};

/// The ids as they are after the module's top level ran. Errors: syntax errors, whatever the top level stumbles over,
/// invalid-revision-header for ids that are not strings.
Result<Header, Diagnostic> evaluate_header(const SourceFilePtr& file, const Evaluator& evaluator);

/// Runs upgrade() or downgrade() and gives what it did. Codes: no-upgrade-function, no-downgrade-function, and all that
/// the Python reader, the interpreter and the natives refuse.
Evaluation evaluate_file(const SourceFilePtr& file, const std::string& revision, model::Direction direction,
                         const EvaluationTarget& target, const Evaluator& evaluator);

/// The file beside a revision's .py that holds the SQL of one direction: "x.py" to "x.up.sql".
std::string sql_file_path(const std::string& python_path, model::Direction direction);
/// A .up.sql / .down.sql as one operation. Errors: unreadable-file, not-utf8.
Evaluation evaluate_sql_file(const std::string& path);

/// A file that may be read as source: valid UTF-8. Errors: unreadable-file, not-utf8.
Result<SourceFilePtr, Diagnostic> read_source(const std::string& path);

}  // namespace bascule::formats::alembic
