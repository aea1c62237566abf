// What: where SQL statements begin and end: a script cut as the database's own client would cut it.
// Must not know: what a statement means; files.
// Invariants: the spans lie in the script in order; what lies before, between and after them are blanks, comments,
// terminators and the lines that end COPY data. Any bytes are taken; linear time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "syntax/sql/lexer.h"

namespace bascule::syntax::sql {

enum class SpanKind : std::uint8_t {
  kStatement,
  kClientCommand,  ///< a line for the client, which no server takes: psql's "\connect", MySQL's "DELIMITER"
};

struct StatementSpan {
  std::string_view text;     ///< from its first token to its last, without the terminator
  std::string_view leading;  ///< the blanks and comments before it
  Position begin;            ///< of the text
  SpanKind kind = SpanKind::kStatement;
  bool copy_from_stdin = false;  ///< COPY ... FROM stdin: its rows are in copy_data
  std::string_view copy_data;    ///< the lines after the statement, without the line "\."
};

/// Why the end of a script is not where it should be.
struct SplitProblem {
  enum class What : std::uint8_t {
    kUnclosedString,
    kUnclosedDollarQuote,
    kUnclosedComment,
    kUnclosedQuotedName,
    kUnclosedCopyData,  ///< no line "\." after the rows
    kTextAfterCopy,     ///< a statement between COPY ... FROM stdin; and the end of its line
  };
  What what = What::kUnclosedString;
  Position begin;  ///< where it was opened
};
/// "this string is not closed", for messages.
std::string_view describe(SplitProblem::What what);

struct Script {
  std::vector<StatementSpan> statements;
  std::optional<SplitProblem> problem;  ///< the first one; the last statement then reaches to the end of the script
};

/// Cuts a script. It must outlive the result.
///  - PostgreSQL, as psql: not inside parentheses, nor in the body between BEGIN and END of a function; COPY data and
///    backslash commands are known.
///  - SQLite, as its shell: a trigger ends at "; END;".
///  - MySQL, as its client: at the terminator that DELIMITER has set last.
Script split(std::string_view script, Flavour flavour);

/// Whether the text is one statement, or none. Cheaper than split: it stops at the second.
bool is_single_statement(std::string_view text, Flavour flavour);

}  // namespace bascule::syntax::sql
