// What: reads the CREATE statements that SQLite keeps in sqlite_master: tokens, and the parts of a CREATE TABLE.
// Must not know: connections, rebuilding.
// Invariants: tokens lie in the text in order, comments and blanks between them; expressions are slices of the text,
// never interpreted, from their first token to their last (so that a comment at their end cannot swallow what follows).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.h"
#include "base/result.h"
#include "model/schema.h"

namespace bascule::dialects::sqlite {

enum class TokenKind { kWord, kQuotedName, kString, kNumber, kOther };

/// text: a name without its quotes, else as written.
struct Token {
  TokenKind kind = TokenKind::kOther;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
  /// An unquoted word, whatever its case. word: in upper case.
  bool is_word(std::string_view word) const;
  bool is(char symbol) const { return kind == TokenKind::kOther && text.size() == 1 && text[0] == symbol; }
  bool is_name() const { return kind == TokenKind::kWord || kind == TokenKind::kQuotedName; }
};

std::vector<Token> tokenize(std::string_view sql);

/// A constraint as the table's text has it. suffixes: what follows each column of a key ("COLLATE NOCASE DESC"), as
/// many as columns; empty for other kinds.
struct StoredConstraint {
  model::Constraint value;
  std::vector<std::string> suffixes;
};

struct StoredColumn {
  model::Column column;  ///< its type is a RawType: the text as written; sqlite_options hold ON CONFLICT of NOT NULL
  std::string collation;
};

struct StoredTable {
  std::vector<StoredColumn> columns;
  std::vector<StoredConstraint> constraints;
  model::Table::Sqlite options;
};

/// The parts of an ordinary table. The error says what could not be read ("a virtual table", "near 'x'").
Result<StoredTable, std::string> read_create_table(std::string_view sql);

}  // namespace bascule::dialects::sqlite
