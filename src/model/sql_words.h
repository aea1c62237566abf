// What: the words of a piece of SQL that the model holds as text (a default, a check, an index's predicate): enough to
// see which names it speaks of, and to rename them.
// Must not know: grammar, statements, one database's rules.
// Invariants: words lie in the text in order; never fails: what is odd is a symbol.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.h"
#include "model/expression.h"

namespace bascule::model {

enum class WordKind { kName, kQuotedName, kString, kNumber, kOperator, kSymbol };

/// text: a name as the database sees it (unquoted ones in lower case, quoted ones without their quotes), a string's
/// content (escapes and dollar quotes resolved), else as written. kOperator: "<=", "->>", "::"; kSymbol: "(", ",", "[".
struct SqlWord {
  WordKind kind = WordKind::kSymbol;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
  bool is(std::string_view symbol) const {
    return (kind == WordKind::kSymbol || kind == WordKind::kOperator) && text == symbol;
  }
  bool is_word(std::string_view lower) const { return kind == WordKind::kName && text == lower; }
  bool is_name() const { return kind == WordKind::kName || kind == WordKind::kQuotedName; }
};

std::vector<SqlWord> sql_words(std::string_view sql);

/// Whether the text has this name as a name (not as a function's).
bool mentions_name(std::string_view sql, const Identifier& name);
std::string rename_in_text(std::string_view sql, const Identifier& from, const Identifier& to);

/// Whether an expression, of whatever kind, speaks of the column.
bool mentions_column(const Expression& expression, const Identifier& column);
Expression rename_column(const Expression& expression, const Identifier& from, const Identifier& to);

/// A name as SQL text: in double quotes unless it is plain lower case.
std::string name_text(const Identifier& name);

}  // namespace bascule::model
