// What: one thing that a rule has to say about a migration. Data only.
// Must not know: how it was found, how it is printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.h"
#include "base/source.h"
#include "model/direction.h"

namespace bascule::safety {

/// kOff: not reported. kNote: worth knowing. kWarning: may hurt. kError: will hurt, or does not do what it says.
enum class Level : std::uint8_t { kOff, kNote, kWarning, kError };
/// "off", "note", "warning", "error".
std::string_view level_name(Level level);
std::optional<Level> level_named(std::string_view name);

/// How long somebody would wait, and how that is known.
struct Estimate {
  double seconds = 0;
  std::string text;   ///< "about 40 s of blocked writes on orders (18 GB)"
  std::string basis;  ///< "pg_class: 18 GB; 300 MB/s read"
};

struct Finding {
  std::string rule;  ///< "index-not-concurrent"
  Level level = Level::kWarning;
  std::string message;  ///< one sentence without a full stop: "CREATE INDEX keeps all writes to orders waiting"
  std::string why;      ///< the lock model's cause, with names
  std::string help;     ///< the safe way, several lines, in the project's own words
  Location location;
  std::string revision;
  std::string path;  ///< the migration's file
  model::Direction direction = model::Direction::kUpgrade;
  QualifiedName table;    ///< what it is about; empty: nothing in particular
  std::string statement;  ///< its SQL, cut to a line
  std::optional<Estimate> estimate;
  std::vector<std::string> assumptions;
  std::string fingerprint;  ///< stays the same when lines move: for baselines and code-quality reports
};

}  // namespace bascule::safety
