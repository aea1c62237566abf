// What: what rules read off a statement's own words where the model has none for it: settings, transaction commands,
// rows that are changed.
// Must not know: single rules, the lock model.
// Invariants: any text is taken; what is not recognised is nullopt, never a guess. Linear time, no recursion.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/identifier.h"
#include "model/sql_words.h"

namespace bascule::safety {

/// A word with the number of brackets around it; a bracket itself is as deep as what it encloses.
struct Word {
  model::SqlWord word;
  int depth = 0;
  const std::string& text() const { return word.text; }
  bool is(std::string_view keyword) const { return word.is_word(keyword); }
  bool is(char symbol) const { return word.is(std::string_view(&symbol, 1)); }
  bool is_name() const { return word.is_name(); }
  bool is_string() const { return word.kind == model::WordKind::kString; }
  /// A value that is written out.
  bool is_literal() const { return is_string() || word.kind == model::WordKind::kNumber; }
};
using Words = std::vector<Word>;

Words words_of(std::string_view sql);

/// SET, RESET, or SELECT set_config(...) of one setting, PRAGMA on SQLite.
struct SettingChange {
  std::string name;   ///< in lower case
  std::string value;  ///< as written, without quotes; empty: back to the default
  bool local = false;
};
std::optional<SettingChange> setting_change(const Words& words);
/// A PostgreSQL time setting in milliseconds: "5s", "500", "2 min". nullopt: it is no such value.
std::optional<std::int64_t> milliseconds(std::string_view value);

enum class TransactionCommand : std::uint8_t { kBegin, kCommit, kRollback };
/// nullopt: another statement (a savepoint's commands are others too).
std::optional<TransactionCommand> transaction_command(const Words& words);

/// A statement that changes rows of one table.
struct RowChange {
  enum class Kind : std::uint8_t { kInsert, kUpdate, kDelete, kMerge, kCopy };
  Kind kind = Kind::kUpdate;
  QualifiedName table = {};
  std::vector<std::pair<Identifier, Words>> assignments = {};  ///< of an UPDATE: column, value
  std::optional<Words> where = {};                             ///< of the statement itself
  bool from_query = false;                                     ///< INSERT ... SELECT, MERGE
  bool bounded_query = false;                                  ///< its query has a WHERE or a LIMIT
};
std::optional<RowChange> row_change(const Words& words);

/// Whether the words name this column (or another thing of that name).
bool names(const Words& words, const Identifier& column);
/// The column of a condition that is nothing but "column IS NULL".
std::optional<Identifier> only_is_null(const Words& condition);
/// A condition that is true for every row: TRUE, 1 = 1.
bool always_true(const Words& condition);
/// Whether the condition compares this column with values that are written out, or bounds it, and nothing is ORed.
bool picks_by(const Words& condition, const Identifier& column);

}  // namespace bascule::safety
