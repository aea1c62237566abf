// What: SQL files as operations: one for each statement, with its place, for every tool that has such files; and the
// lines "-- migrate:up" and "-- migrate:down" that divide those of some.
// Must not know: what a statement means, history tables, any one tool's rules, dialects beyond how texts are cut.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/source.h"
#include "model/authored.h"
#include "model/direction.h"
#include "syntax/sql/statements.h"

namespace bascule::formats {

/// How a dialect's texts are cut.
syntax::sql::Flavour flavour_of(const std::string& dialect);

/// A statement as an operation: with the rows of a COPY ... FROM stdin, in the transaction. text: without them.
struct Piece {
  std::string_view text;    ///< of what was cut
  bool for_client = false;  ///< no statement but a line for psql or the like
  model::AuthoredOperation operation;
};
/// Cuts a text that came from the file `path`; where: the places of its positions. Error code: unclosed-sql.
Result<std::vector<Piece>, Diagnostic> cut(std::string_view text, syntax::sql::Flavour flavour, const std::string& path,
                                           const std::function<Location(const Position&)>& where);
/// SQL as an operation of a file's author.
model::AuthoredOperation sql_operation(std::string sql, Location where, bool outside);

/// At most so many first words of a statement in lower case; a token that is no word is "?".
std::vector<std::string> leading_words(std::string_view statement, syntax::sql::Flavour flavour, std::size_t most);

/// What a statement does to the transaction. kPlain...: no more than to begin or to end it.
enum class TransactionControl { kNone, kPlainBegin, kPlainCommit, kOther };
TransactionControl transaction_control(std::string_view statement, syntax::sql::Flavour flavour);

/// A finding at an offset of a file.
Diagnostic wrong_at(const SourceFilePtr& file, std::size_t offset, std::string code, std::string message,
                    std::string help);

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
/// From below a mark to the next one, or to the end of the file.
Stretch section_below(const SourceFilePtr& file, const std::vector<SectionMark>& marks, std::size_t index);
/// Code: missing-up-section.
Diagnostic no_way_up(const SourceFilePtr& file);

/// Whether "transaction:false" is among the words of a mark.
bool without_transaction(std::string_view options);

/// Where, before `end`, the first line stands that is neither blank nor a comment; npos: nowhere.
std::size_t find_text_before(std::string_view text, std::size_t end);

/// The file as it stands in memory; bytes that are no UTF-8 and files that cannot be read are a diagnostic.
/// Error codes: unreadable-file, not-utf8.
Result<SourceFilePtr, Diagnostic> read_sql_file(const std::string& path);

}  // namespace bascule::formats
