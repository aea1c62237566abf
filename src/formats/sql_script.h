// What: a stretch of a SQL file as operations: one for each statement, with its place; and the lines
// "-- migrate:up" and "-- migrate:down" that divide such a file.
// Must not know: what a statement means, history tables, dialects beyond how their texts are cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/source.h"
#include "model/authored.h"
#include "model/direction.h"

namespace bascule::formats {

/// [begin, end) in bytes; begin is the beginning of a line.
struct Stretch {
  SourceFilePtr file;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// How a stretch is to run. kTogether: outside of the transaction and sent as one text, which PostgreSQL then makes a
/// transaction of its own.
enum class Grouping { kInTransaction, kOutside, kTogether };

struct Statements {
  std::vector<model::AuthoredOperation> operations;
  Diagnostics diagnostics;
};

/// The statements of a stretch. A BEGIN before and a COMMIT behind all others are left out: the revision has its own
/// transaction, with the history in it. A text that begins or ends transactions otherwise is one operation, outside.
/// Error code: unclosed-sql.
Statements statements_of(const Stretch& stretch, const std::string& dialect, Grouping grouping);

/// A line "-- migrate:up WORDS".
struct SectionMark {
  model::Direction direction = model::Direction::kUpgrade;
  std::size_t line_begin = 0;
  std::size_t body_begin = 0;  ///< of the line after it
  std::string options;         ///< WORDS
};
std::vector<SectionMark> section_marks(std::string_view text);

/// Whether "transaction:false" is among the words of a mark.
bool without_transaction(std::string_view options);

/// Where, before `end`, the first line stands that is neither blank nor a comment; npos: nowhere.
std::size_t find_text_before(std::string_view text, std::size_t end);

/// The file as it stands in memory; bytes that are no UTF-8 and files that cannot be read are a diagnostic.
/// Error codes: unreadable-file, not-utf8.
Result<SourceFilePtr, Diagnostic> read_sql_file(const std::string& path);

}  // namespace bascule::formats
