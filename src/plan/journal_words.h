// What: the journal's tables in one database's SQL. Data only.
// Must not know: what is written into them.
#pragma once

#include <string>
#include <vector>

namespace bascule::plan {

/// Names are SQL. create makes what is missing, in the newest version, and puts no version row in.
struct JournalWords {
  std::string version, run, step, range;
  std::string exists;  ///< one cell: whether there is a journal
  std::vector<std::string> create;
  /// migrate[n]: from version n+1 to n+2.
  std::vector<std::vector<std::string>> migrate;
};

/// The version that `create` makes and that this program reads.
inline constexpr int kJournalVersion = 1;

}  // namespace bascule::plan
