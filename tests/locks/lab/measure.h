// What: the measuring half of the lab: runs a case's statement on a server and sees what it did to others.
// Must not know: the lock model.
// How: in a transaction that is rolled back, with the session's own pg_locks, files and counters before and after. What
// may not run in a transaction runs in one session while a second keeps it waiting (Case::held_by) and a third looks
// at its locks, held and wanted; for each hold-up once, on a database of its own; the locks are taken together.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "lab/case_file.h"
#include "lab/effect.h"
#include "lab/laboratory.h"

namespace bascule::lab {

/// A session in which one case after the other runs and is rolled back; all of the same set-up and time zone.
class Bench {
 public:
  static Result<std::unique_ptr<Bench>, std::string> open(const Database& database, const std::string& time_zone);
  /// The database is left as it was. The error: the lab itself failed.
  Result<Effect, std::string> measure(const Case& one, Laboratory& laboratory);

 private:
  Bench() = default;
  Result<std::optional<Effect>, std::string> measure_inside(const Case& one);

  Talk talk_;
  std::unique_ptr<db::Connection> connection_;
};

}  // namespace bascule::lab
