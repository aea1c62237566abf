// What: where SQL statements end: just enough lexing to know strings, comments and dollar quotes.
// Must not know: what a statement means.
#pragma once

#include <string_view>
#include <vector>

namespace bascule::syntax::sql {

/// The statements of a PostgreSQL script, split at top-level semicolons, blanks and comments around them kept with the
/// statement that follows; empty ones dropped. A body between BEGIN ATOMIC and END is not known and splits: callers use
/// this to decide how to send a text, never to rewrite it.
std::vector<std::string_view> split_postgres(std::string_view script);

}  // namespace bascule::syntax::sql
