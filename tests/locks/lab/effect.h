// What: what a statement did, or is said to do, in one comparable form; both halves of the lab end here.
// Must not know: how it was found out.
// Invariants: names are those from before the statement; an object in "public" is named without its schema.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/impact.h"

namespace bascule::lab {

struct Effect {
  std::map<std::string, std::string> locks;  ///< "t_b (index)" to "ACCESS EXCLUSIVE": relations that were there before
  std::set<std::string> rewrites;            ///< relations with another file than before
  std::set<std::string> scans;               ///< tables read whole
  std::set<std::string> creates;             ///< relations that were not there before
  std::set<std::string> index_builds;        ///< indexes built over rows, whether old or new
  bool transaction_forbidden = false;
  bool waits_for_transactions = false;
  std::string refused;               ///< the message; empty: it ran
  std::vector<std::string> trouble;  ///< what makes the comparison worthless: "not known", "blocks"
};

/// The name as the lab writes it: without the schema where that is "public", or one of a session's own.
std::string shown(const QualifiedName& name);
/// "t_b (index)"; a table is its name alone.
std::string label(const std::string& name, plan::RelationKind kind);
/// Orders PostgreSQL's lock modes; 0: no such mode.
int strength(const std::string& mode);
/// Whom a lock of this mode keeps out.
plan::Blocks blocks(const std::string& mode);

/// Keeps the stronger of what is there and `mode`.
void add_lock(Effect& effect, const std::string& relation, const std::string& mode);

/// The differences, two lines each: "-" what was predicted, "+" what was measured. Empty: predicted exactly.
std::vector<std::string> differences(const Effect& predicted, const Effect& measured);
/// Differences in what is told besides: relations made, indexes built.
std::vector<std::string> lesser_differences(const Effect& predicted, const Effect& measured);

}  // namespace bascule::lab
