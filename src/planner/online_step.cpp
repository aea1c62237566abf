#include "planner/online_step.h"

#include <algorithm>

#include "model/lookup.h"

namespace bascule::planner {

namespace {

template <class... Kinds>
bool is_one_of(const model::Operation& operation) {
  return (std::holds_alternative<Kinds>(operation) || ...);
}

/// Whether that is so of each thing that the step does; of a step that is not understood it never is.
template <class Predicate>
bool each(const OnlineStep& one, Predicate is_so) {
  return !one.operations.empty() && std::all_of(one.operations.begin(), one.operations.end(), is_so);
}

/// What writes into the catalog only, however many rows there are (an impact tells of rows besides): nobody waits long
/// behind a lock that is kept meanwhile.
bool in_catalog_only(const model::Operation& operation) {
  // A materialized view has rows, an extension a script.
  if (const auto* made = std::get_if<model::CreateObject>(&operation)) {
    const model::ObjectKind kind = made->object.kind;
    return kind != model::ObjectKind::kMaterializedView && kind != model::ObjectKind::kExtension &&
           kind != model::ObjectKind::kOther;
  }
  return is_one_of<model::CreateTable, model::DropTable, model::RenameTable, model::AddColumn, model::DropColumn,
                   model::AlterColumn, model::AddConstraint, model::DropConstraint, model::RenameConstraint,
                   model::CreateIndex, model::DropIndex, model::SetTableComment, model::SetColumnComment,
                   model::SetConstraintComment, model::CreateEnum, model::DropEnum, model::RenameEnumValue,
                   model::CreateDomain, model::DropDomain, model::CreateSequence, model::DropSequence,
                   model::AttachPartition, model::DetachPartition, model::TruncateTables, model::SetTableOption,
                   model::DropObject, model::RenameObject, model::MoveToSchema>(operation);
}

/// Objects that are gone for a moment when they are made anew: all of it is seen at once.
bool is_object(const model::Operation& operation) {
  return in_catalog_only(operation) && is_one_of<model::CreateObject, model::DropObject>(operation);
}

/// Steps that write a word into the catalog and are done.
bool takes_a_moment(const model::Operation& operation) {
  return is_one_of<model::SetTableComment, model::SetColumnComment, model::SetConstraintComment>(operation);
}

bool can_share(const OnlineStep& one) {
  const plan::Pace pace = one.step.conduct.pace;
  return one.step.in_transaction && !one.alone && pace != plan::Pace::kConcurrent && pace != plan::Pace::kBatches;
}

bool is_unbounded(const OnlineStep& one) { return one.step.conduct.pace == plan::Pace::kUnbounded; }

class Sharing {
 public:
  explicit Sharing(const NewRelations& fresh) : fresh_(fresh) {}

  bool takes(const OnlineStep& one, const OnlineStep& previous) const {
    if (!can_share(one) || !can_share(previous)) return false;
    if (previous.with_next) return true;
    if (is_unbounded(one) || is_unbounded(previous)) return false;
    // What one of them breaks the other may mend.
    if (one.defers && previous.defers) return true;
    // What may be in the way is looked for before the transaction begins: all that it looks at has to be there.
    if (!one.step.conduct.guard.rows_against.empty()) return false;
    if (each(one, is_object) && each(previous, is_object)) return true;
    const std::vector<const plan::LockUse*> strong = strong_locks(one);
    if (held_.empty()) {
      // Nobody waits yet: whatever comes may come, but what is read for long ends with a commit.
      return !works(one) && !works(previous);
    }
    if (each(one, takes_a_moment)) return true;
    if (!each(one, in_catalog_only) || works(one) || since_held_ >= kMostSinceHeld) return false;
    if (strong.empty()) return one.step.conduct.pace == plan::Pace::kBrief && on_new_only(one);
    return std::all_of(strong.begin(), strong.end(), [&](const plan::LockUse* lock) {
      return std::any_of(held_.begin(), held_.end(), [&](const plan::LockUse& held) {
        return model::same_name(held.relation, lock->relation) && held.strength >= lock->strength;
      });
    });
  }

  void begin(const OnlineStep& one) {
    held_.clear();
    since_held_ = 0;
    join(one);
  }
  void join(const OnlineStep& one) {
    if (!held_.empty()) ++since_held_;
    for (const plan::LockUse* lock : strong_locks(one)) held_.push_back(*lock);
  }

 private:
  std::vector<const plan::LockUse*> strong_locks(const OnlineStep& one) const {
    std::vector<const plan::LockUse*> found;
    for (const plan::LockUse& lock : one.impact.locks)
      if (is_strong(lock) && !fresh_.has(lock)) found.push_back(&lock);
    return found;
  }
  /// Whether it reads or writes more than the catalog of tables that were there before.
  bool works(const OnlineStep& one) const {
    const auto old = [&](const plan::Work& work) { return !fresh_.has(work.relation); };
    return one.step.conduct.pace == plan::Pace::kScan &&
           (std::any_of(one.impact.scans.begin(), one.impact.scans.end(), old) ||
            std::any_of(one.impact.rewrites.begin(), one.impact.rewrites.end(), old));
  }

  bool on_new_only(const OnlineStep& one) const {
    return std::all_of(one.impact.locks.begin(), one.impact.locks.end(),
                       [&](const plan::LockUse& lock) { return fresh_.has(lock); });
  }

  /// Each takes a millisecond or so.
  static constexpr std::size_t kMostSinceHeld = 5;

  const NewRelations& fresh_;
  std::size_t since_held_ = 0;       ///< steps since the first strong lock
  std::vector<plan::LockUse> held_;  ///< strong locks of the transaction at hand
};

}  // namespace

void share_transactions(std::vector<OnlineStep>& steps, const NewRelations& fresh) {
  Sharing sharing(fresh);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool shares = i > 0 && sharing.takes(steps[i], steps[i - 1]);
    steps[i].step.conduct.with_previous = shares;
    if (shares)
      sharing.join(steps[i]);
    else
      sharing.begin(steps[i]);
  }
}

}  // namespace bascule::planner
