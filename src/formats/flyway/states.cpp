#include "formats/flyway/states.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"

namespace bascule::formats::flyway {

const char* state_word(State state) {
  switch (state) {
    case State::kPending:
      return "Pending";
    case State::kAboveTarget:
      return "Above Target";
    case State::kBelowBaseline:
      return "Below Baseline";
    case State::kBaselineIgnored:
      return "Ignored (Baseline)";
    case State::kBaseline:
      return "Baseline";
    case State::kIgnored:
      return "Ignored";
    case State::kMissing:
      return "Missing";
    case State::kMissingFailed:
      return "Failed (Missing)";
    case State::kSuccess:
      return "Success";
    case State::kUndone:
      return "Undone";
    case State::kFailed:
      return "Failed";
    case State::kOutOfOrder:
      return "Out of Order";
    case State::kFuture:
      return "Future";
    case State::kFutureFailed:
      return "Failed (Future)";
    case State::kOutdated:
      return "Outdated";
    case State::kSuperseded:
      return "Superseded";
    case State::kDeleted:
      return "Deleted";
  }
  return "";
}

bool is_failed(State state) {
  return state == State::kFailed || state == State::kMissingFailed || state == State::kFutureFailed;
}

bool is_applied(State state) {
  return !(state == State::kPending || state == State::kAboveTarget || state == State::kBelowBaseline ||
           state == State::kBaselineIgnored || state == State::kIgnored);
}

namespace {

bool synthetic(const std::string& type) { return type == "SCHEMA" || type == "BASELINE" || type == "DELETE"; }
bool baseline_type(const std::string& type) { return type == "BASELINE" || type == "SQL_BASELINE"; }
bool undo_type(const std::string& type) { return type.starts_with("UNDO_"); }

/// "2.1" or "create_table", as cherryPick takes them.
bool picks(const std::string& pattern, const std::optional<Version>& version, const std::string& description) {
  if (version)
    if (const auto wanted = Version::parse(pattern)) return *wanted == *version;
  return replace_all(pattern, "_", " ") == description;
}

class ListMaker {
 public:
  ListMaker(const Scripts& scripts, const Judged& judged, const Reach& reach)
      : scripts_(scripts), judged_(judged), reach_(reach), taken_(scripts.migrations.size(), false) {}

  List make(const std::vector<HistoryRow>& rows) {
    find_last_resolved();
    pair_rows(rows);
    limit_ = reach_.kind == Reach::Kind::kVersion   ? reach_.version
             : reach_.kind == Reach::Kind::kCurrent ? last_applied_
                                                    : std::nullopt;
    // target=current before anything ran: nothing may run.
    nothing_ = reach_.kind == Reach::Kind::kCurrent && !last_applied_;
    judge_rows();
    add_pending();
    sort();
    find_current();
    if (reach_.kind == Reach::Kind::kNext) stop_after_first();
    return std::move(list_);
  }

 private:
  void find_last_resolved() {
    for (const Script& script : scripts_.migrations)
      if (script.name.version && (!last_resolved_ || *script.name.version > *last_resolved_))
        last_resolved_ = script.name.version;
  }

  std::optional<std::size_t> find_script(const HistoryRow& row) const {
    const auto& all = scripts_.migrations;
    if (!row.version) {
      // Repeatables stand behind all versions, sorted by description.
      const auto first = std::partition_point(all.begin(), all.end(), [](const Script& s) { return !s.repeatable(); });
      const auto at = std::lower_bound(first, all.end(), row.description,
                                       [](const Script& s, const std::string& d) { return s.name.description < d; });
      if (at == all.end() || at->name.description != row.description) return std::nullopt;
      return static_cast<std::size_t>(at - all.begin());
    }
    const auto at = std::partition_point(
        all.begin(), all.end(), [&](const Script& s) { return s.name.version && *s.name.version < *row.version; });
    for (auto script = at; script != all.end() && script->name.version && *script->name.version == *row.version;
         ++script)
      if (script->type == row.type) return static_cast<std::size_t>(script - all.begin());
    return std::nullopt;
  }

  /// The last row of the same that an undo or a deletion is about.
  Item* last_of(const HistoryRow& row) {
    for (auto item = list_.items.rbegin(); item != list_.items.rend(); ++item) {
      if (synthetic(item->row->type) || item->version().has_value() != row.version.has_value()) continue;
      if (row.version ? *item->version() == *row.version : item->description() == row.description) return &*item;
    }
    return nullptr;
  }

  void pair_rows(const std::vector<HistoryRow>& rows) {
    for (const HistoryRow& row : rows) {
      if (undo_type(row.type)) {
        if (Item* item = last_of(row); item != nullptr && row.success) item->undone = true;
        continue;
      }
      if (row.type == "DELETE" && row.success) {
        if (Item* item = last_of(row)) item->deleted = true;
        if (row.version) continue;
      }
      if (row.version && baseline_type(row.type) && (!list_.applied_baseline || *row.version > *list_.applied_baseline))
        list_.applied_baseline = row.version;
      Item item;
      item.row = &row;
      if (const auto at = find_script(row)) set_script(item, *at);
      list_.items.push_back(item);
    }
    for (Item& item : list_.items) {
      if (!item.version()) {
        latest_[item.description()] = item.row->rank;
        continue;
      }
      if (last_applied_ && *item.version() <= *last_applied_) {
        item.out_of_order = true;
      } else if (!item.deleted && !item.undone && item.row->type != "DELETE") {
        last_applied_ = item.version();
      }
    }
  }

  void set_script(Item& item, std::size_t at) {
    item.script = &scripts_.migrations[at];
    item.sums = judged_.sums[at];
    item.should_execute = judged_.executes[at];
  }

  std::size_t index_of(const Item& item) const {
    return static_cast<std::size_t>(item.script - scripts_.migrations.data());
  }

  void judge_rows() {
    for (Item& item : list_.items) {
      item.state = state_of_row(item);
      if (item.script == nullptr) continue;
      const bool stays = item.version()
                             ? !item.deleted && !item.undone && item.row->type != "DELETE"
                             : !item.deleted && item.row->type != "DELETE" &&
                                   item.row->rank == latest_[item.description()] && item.sums.match(item.row->checksum);
      if (stays) taken_[index_of(item)] = true;
    }
  }

  State state_of_row(const Item& item) {
    const HistoryRow& row = *item.row;
    if (item.undone) return State::kUndone;
    if (item.deleted) return State::kDeleted;
    if (row.type == "DELETE") return State::kSuccess;
    if (baseline_type(row.type)) return State::kBaseline;
    const auto latest = latest_.find(row.description);
    const bool is_latest = row.version || latest == latest_.end() || latest->second == row.rank;
    if (item.script == nullptr && is_latest) {
      if (row.type == "SCHEMA") return State::kSuccess;
      if (!row.version || (last_resolved_ && *row.version < *last_resolved_))
        return row.success ? State::kMissing : State::kMissingFailed;
      return row.success ? State::kFuture : State::kFutureFailed;
    }
    if (!reach_.cherry_pick.empty() && !picked(item)) return State::kIgnored;
    if (!row.success) return State::kFailed;
    if (row.type == "SCHEMA") return State::kSuccess;
    if (!row.version) {
      if (!is_latest) return State::kSuperseded;
      return item.script != nullptr && item.sums.match(row.checksum) ? State::kSuccess : State::kOutdated;
    }
    return item.out_of_order ? State::kOutOfOrder : State::kSuccess;
  }

  bool picked(const Item& item) const { return pick_order(item) < reach_.cherry_pick.size(); }
  std::size_t pick_order(const Item& item) const {
    const auto found = std::find_if(reach_.cherry_pick.begin(), reach_.cherry_pick.end(), [&](const std::string& one) {
      return picks(one, item.version(), item.description());
    });
    return static_cast<std::size_t>(found - reach_.cherry_pick.begin());
  }

  bool above_target(const Version& version) const { return nothing_ || (limit_ && version > *limit_); }

  void add_pending() {
    // The newest baseline script stands for all before it, in a database where nothing has run.
    const Script* baseline = nullptr;
    if (!last_applied_) {
      for (const Script& script : scripts_.migrations)
        if (script.baseline() && !above_target(*script.name.version)) baseline = &script;
    }
    for (std::size_t i = 0; i < scripts_.migrations.size(); ++i) {
      if (taken_[i] || scripts_.migrations[i].undo()) continue;
      Item item;
      set_script(item, i);
      item.state = state_of_script(item, baseline);
      list_.items.push_back(item);
    }
  }

  State state_of_script(const Item& item, const Script* baseline) const {
    if (!reach_.cherry_pick.empty() && !picked(item)) return State::kIgnored;
    if (!item.should_execute) return State::kIgnored;
    if (!item.version()) return State::kPending;
    const Version& version = *item.version();
    if (item.script->baseline()) {
      if (last_applied_) return State::kIgnored;
      if (above_target(version)) return State::kAboveTarget;
      return item.script == baseline ? State::kPending : State::kBelowBaseline;
    }
    const std::optional<Version>& floor = last_applied_
                                              ? list_.applied_baseline
                                              : (baseline != nullptr ? baseline->name.version : list_.applied_baseline);
    if (floor && version < *floor) return State::kBelowBaseline;
    if (floor && version == *floor) return State::kBaselineIgnored;
    if (above_target(version)) return State::kAboveTarget;
    if (!reach_.cherry_pick.empty()) return State::kPending;
    if (last_applied_ && version < *last_applied_ && !reach_.out_of_order) return State::kIgnored;
    return State::kPending;
  }

  bool before(const Item& a, const Item& b) const {
    if (!reach_.cherry_pick.empty() && a.row == nullptr && b.row == nullptr) {
      const std::size_t left = pick_order(a);
      const std::size_t right = pick_order(b);
      if (left != right) return left < right;
    }
    if (a.row && b.row) return a.row->rank < b.row->rank;
    const auto below = [](const Item& item) {
      return item.state == State::kBelowBaseline || item.state == State::kBaselineIgnored;
    };
    if (below(a) && is_applied(b.state)) return true;
    if (is_applied(a.state) && below(b)) return false;
    if (a.row || b.row) return a.row != nullptr;
    if (a.version() && b.version()) {
      if (*a.version() != *b.version()) return *a.version() < *b.version();
      return !a.script->baseline() && b.script->baseline();
    }
    if (a.version() || b.version()) return a.version().has_value();
    return a.description() < b.description();
  }

  void sort() {
    std::stable_sort(list_.items.begin(), list_.items.end(),
                     [&](const Item& a, const Item& b) { return before(a, b); });
  }

  void find_current() {
    for (const Item& item : list_.items) {
      if (!is_applied(item.state) || item.state == State::kDeleted || item.state == State::kUndone) continue;
      if (item.type() == "DELETE" || !item.version()) continue;
      if (!list_.current || *item.version() > *list_.current) list_.current = item.version();
    }
  }

  void stop_after_first() {
    const auto first = std::find_if(list_.items.begin(), list_.items.end(),
                                    [](const Item& item) { return item.state == State::kPending; });
    if (first == list_.items.end() || !first->version()) return;
    const Version limit = *first->version();
    for (Item& item : list_.items)
      if (item.state == State::kPending && item.version() && *item.version() > limit) item.state = State::kAboveTarget;
  }

  const Scripts& scripts_;
  const Judged& judged_;
  const Reach& reach_;
  List list_;
  std::vector<bool> taken_;
  std::optional<Version> last_resolved_, last_applied_, limit_;
  bool nothing_ = false;
  std::map<std::string, std::int64_t> latest_;
};

}  // namespace

List make_list(const Scripts& scripts, const Judged& judged, const std::vector<HistoryRow>& rows, const Reach& reach) {
  return ListMaker(scripts, judged, reach).make(rows);
}

const Script* undo_of(const Scripts& scripts, const Version& version) {
  for (const Script& script : scripts.migrations)
    if (script.undo() && *script.name.version == version) return &script;
  return nullptr;
}

}  // namespace bascule::formats::flyway
