// What: the scripts beside the history: which belongs to which row, and the state that Flyway's `info` gives it.
// Must not know: SQL, databases.
// Invariants: items are in the order in which Flyway's `info` prints them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "formats/flyway/history_table.h"
#include "formats/flyway/scripts.h"

namespace bascule::formats::flyway {

enum class State {
  kPending,
  kAboveTarget,
  kBelowBaseline,
  kBaselineIgnored,
  kBaseline,
  kIgnored,
  kMissing,
  kMissingFailed,
  kSuccess,
  kUndone,
  kFailed,
  kOutOfOrder,
  kFuture,
  kFutureFailed,
  kOutdated,
  kSuperseded,
  kDeleted,
};
/// Flyway's words: "Out of Order".
const char* state_word(State state);
bool is_failed(State state);
bool is_applied(State state);

/// checksum: what a run writes; of a repeatable, of its text after placeholders were replaced. equivalent: of its text
/// before that, which Flyway takes as well.
struct Sums {
  std::optional<std::int64_t> checksum, equivalent;
  bool match(const std::optional<std::int64_t>& applied) const {
    return applied == checksum || (equivalent && applied == equivalent);
  }
};

struct Item {
  const Script* script = nullptr;   ///< null: there is no file
  const HistoryRow* row = nullptr;  ///< null: it has not run
  Sums sums;                        ///< of script
  bool deleted = false, undone = false, out_of_order = false;
  bool should_execute = true;
  State state = State::kPending;

  const std::optional<Version>& version() const { return row ? row->version : script->name.version; }
  const std::string& description() const { return row ? row->description : script->name.description; }
  const std::string& type() const { return row ? row->type : script->type; }
};

/// How far a run may go.
struct Reach {
  enum class Kind { kLatest, kCurrent, kNext, kVersion };
  Kind kind = Kind::kLatest;
  std::optional<Version> version;
  bool out_of_order = false;
  std::vector<std::string> cherry_pick;
};

struct List {
  std::vector<Item> items;
  std::optional<Version> current;  ///< the highest version that is applied and not taken back
  std::optional<Version> applied_baseline;
};

/// sums: one for each of the scripts' migrations, in their order; executes: what shouldExecute says of each.
struct Judged {
  std::vector<Sums> sums;
  std::vector<bool> executes;
};

List make_list(const Scripts& scripts, const Judged& judged, const std::vector<HistoryRow>& rows, const Reach& reach);

/// The undo script of a version; null: there is none.
const Script* undo_of(const Scripts& scripts, const Version& version);

}  // namespace bascule::formats::flyway
