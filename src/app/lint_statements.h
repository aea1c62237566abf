// What: a migration's operations as the statements that will really be sent, each with its place and its transaction.
// Internal to app/.
// Must not know: rules, which migrations are looked at.
#pragma once

#include <cstddef>
#include <vector>

#include "dialects/dialect.h"
#include "model/authored.h"
#include "safety/analyse.h"

namespace bascule::app {

/// Numbers transactions as exec/run opens them: one a revision, or one for the run; a statement that has to run outside
/// ends the one that is open, and the next one begins behind it.
class TransactionNumbers {
 public:
  /// one_for_all: --single-transaction. last: the last number that was given to somebody else.
  explicit TransactionNumbers(bool one_for_all, std::size_t last = 0) : one_for_all_(one_for_all), last_(last) {}
  std::size_t last() const { return last_; }
  void begin_upgrade() {
    if (!one_for_all_ || upgrade_ == 0) upgrade_ = ++last_;
    current_ = upgrade_;
  }
  /// Ways down are run one at a time.
  void begin_downgrade() { current_ = ++last_; }
  void end_upgrade() { upgrade_ = current_; }
  std::size_t inside() const { return current_; }
  /// A number for what brings its own transaction.
  std::size_t own() { return ++last_; }
  /// What was open has been committed.
  void leave() { current_ = ++last_; }

 private:
  bool one_for_all_;
  std::size_t last_;
  std::size_t current_ = 0;
  std::size_t upgrade_ = 0;
};

/// Lowers and cuts. What the dialect cannot do is in diagnostics, and missing.
/// @param places: find out where in its file each statement stands; else only the operation's own place is known.
std::vector<safety::Authored> statements_to_judge(const std::vector<model::AuthoredOperation>& operations,
                                                  const dialects::Dialect& dialect, TransactionNumbers& numbers,
                                                  bool places, Diagnostics& diagnostics);

}  // namespace bascule::app
