// What: one line of a project's list of migrations beside a database's: which it is and how far it got.
// Must not know: any format, any database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bascule::history {

/// What a migration's place in the list means, in words that all formats share.
enum class EntryState {
  kPending,
  kApplied,
  kFailed,      ///< started, not finished
  kMissing,     ///< applied, its file is gone
  kOutdated,    ///< a repeatable whose file has changed: it will run again
  kUndone,      ///< applied, then taken back
  kRolledBack,  ///< failed, then marked as dealt with
  kSkipped,     ///< will not run: below the baseline, above the target, ignored
  kBaseline,
};

/// One line of the list.
struct Entry {
  std::string id;  ///< version or name; empty where the format has none (repeatables)
  std::string description;
  std::string category;  ///< in the format's words: "Versioned", "Repeatable"
  std::string type;      ///< in the format's words: "SQL"
  EntryState state = EntryState::kPending;
  std::string state_word;  ///< in the format's words: "Success", "Out of Order"
  std::string applied_at;  ///< as the history table says; empty: not applied
  std::optional<std::int64_t> took_milliseconds;
  std::string path;         ///< the file; empty: there is none
  bool reversible = false;  ///< the format has a way down for it
};

/// "pending", "applied" ...: the same in all formats, for JSON.
constexpr std::string_view entry_state_name(EntryState state) {
  switch (state) {
    case EntryState::kPending:
      return "pending";
    case EntryState::kApplied:
      return "applied";
    case EntryState::kFailed:
      return "failed";
    case EntryState::kMissing:
      return "missing";
    case EntryState::kOutdated:
      return "outdated";
    case EntryState::kUndone:
      return "undone";
    case EntryState::kRolledBack:
      return "rolled_back";
    case EntryState::kSkipped:
      return "skipped";
    case EntryState::kBaseline:
      return "baseline";
  }
  return "";
}

}  // namespace bascule::history
