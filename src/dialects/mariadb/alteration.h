// What: what the changes of one ALTER TABLE ask of the storage engine together. Internal to the lock model.
// Must not know: how an Impact spells it.
// Invariants: the hardest wish wins; each reason is kept with the algorithm that it forces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/mariadb/locks.h"

namespace bascule::dialects::mariadb {

enum class Algorithm : std::uint8_t { kInstant, kNoCopy, kInplace, kCopy };
std::string_view algorithm_name(Algorithm algorithm);

/// What the changes need, collected one by one.
class Needs {
 public:
  /// The whole table is written anew through the SQL layer, under LOCK=SHARED.
  void copy(std::string why) { need(Algorithm::kCopy, std::move(why)); }
  /// The engine writes the table anew.
  void rebuild(std::string why) { need(Algorithm::kInplace, std::move(why)); }
  /// An index is built or dropped.
  void index(std::string why, bool builds) {
    builds_index = builds_index || builds;
    need(Algorithm::kNoCopy, std::move(why));
  }
  /// Columns come, go or move.
  void layout(std::string why) {
    changes_layout = true;
    if (layout_why.empty()) layout_why = std::move(why);
  }
  /// Writes wait although rows are not copied.
  void shared(std::string why) {
    if (lock < Lock::kShared) lock = Lock::kShared;
    lock_reasons.push_back(std::move(why));
  }
  void exclusive(std::string why) {
    lock = Lock::kExclusive;
    lock_reasons.push_back(std::move(why));
  }

  Algorithm algorithm = Algorithm::kInstant;
  Lock lock = Lock::kNone;
  std::vector<std::pair<Algorithm, std::string>> reasons;
  std::vector<std::string> lock_reasons;
  std::string layout_why;
  bool changes_layout = false, builds_index = false;
  bool does_something = false;  ///< not all changes are there already

 private:
  void need(Algorithm least, std::string why) {
    if (least > algorithm) algorithm = least;
    reasons.emplace_back(least, std::move(why));
  }
};

// Parts of tables.

/// "orders.total", for messages.
std::string column_name(const QualifiedName& table, const Identifier& column);
/// The SQL of an expression as its author wrote it; empty: it has none.
std::string sql_of(const model::Expression& expression);
/// Whether a text names this column.
bool mentions(std::string_view sql, const Identifier& column);
bool is_virtual(const model::Column& column);
bool is_stored(const model::Column& column);
/// The columns that an index begins with, whole or by a prefix.
std::vector<Identifier> columns_of(const model::Index& index);
/// Whether the index's leading columns are these, in their order.
bool leads(const std::vector<Identifier>& index, const std::vector<Identifier>& key);

/// Whether a column's default gives each row that is there a value of its own, so that rows must be written.
/// Measured: functions that are constant within a statement (NOW, RAND, CURRENT_USER ...) are computed once.
bool default_per_row(std::string_view sql, const model::Table* table);

}  // namespace bascule::dialects::mariadb
