// What: a part of a table that a backfill walks along, and the SQL of its steps.
// Must not know: who runs it.
// Invariants: a range is (at, end] in the order of the key, or blocks [at, end) where there is no key. What a range has
// passed is never looked at again; without a key rows move, and the whole is walked again with new ranges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/online.h"

namespace bascule::exec {

/// The key's cells as text; of a table without a key: a number of a block.
using Key = std::vector<std::string>;

struct Range {
  int part = 0;
  Key at;   ///< empty: at the table's beginning
  Key end;  ///< as it was when the backfill began: what is inserted behind it is not walked
  std::int64_t rows = 0;
  bool done() const { return at == end; }
};

/// What the journal keeps of it.
std::string write_position(const Range& range);
/// nullopt: it is none of ours.
std::optional<Range> read_position(const std::string& text);

class RangeSql {
 public:
  explicit RangeSql(const plan::Backfill& batches);
  bool by_block() const { return batches_.key_sql.empty(); }
  /// One row: the last key, or the number of blocks; none where the table is empty.
  std::string last_key() const;
  /// One number: about how many rows the table has, as the server last counted; not above 0: it does not know.
  std::string about_rows() const;
  /// Keys of about a hundredth of the rows, in order. REQUIRES: !by_block()
  std::string sample() const;
  /// The last key of the next `size` rows; none: the range's end. REQUIRES: !by_block()
  std::string next_key(const Range& range, std::int64_t size) const;
  /// Changes the rows from the range's `at` up to `upper`.
  std::string change(const Range& range, const Key& upper) const;
  /// How many rows are not yet as they shall be; empty: it cannot be told. by_block(): it always can.
  std::string still_wrong() const;

 private:
  std::string value(const Key& key) const;
  std::string between(const Range& range, const Key& upper) const;
  /// The table, and what the author's texts call it.
  std::string named() const;
  /// The condition for rows that are to be changed; empty: all are.
  std::string still_to_do() const;

  const plan::Backfill& batches_;
  std::string keys_;  ///< "a, b"
  std::string row_;   ///< "a", "(a, b)"
};

}  // namespace bascule::exec
