// What: an online run as OpenMetrics text, for a node exporter's textfile collector or a push gateway.
// Must not know: where it goes.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "plan/event.h"

namespace bascule::report {

/// Counts events.
class Metrics {
 public:
  void add(const plan::Event& event);
  /// In the format of https://openmetrics.io, "# EOF" and all.
  std::string text() const;

 private:
  std::map<std::string, std::uint64_t> steps_;  ///< by outcome
  std::uint64_t revisions_ = 0;
  std::uint64_t retries_ = 0;
  std::uint64_t terminated_ = 0;
  std::uint64_t reconnects_ = 0;
  std::uint64_t failures_ = 0;
  std::int64_t rows_ = 0;
  double step_seconds_ = 0;
  double pause_seconds_ = 0;
  double blocked_seconds_ = 0;
};

}  // namespace bascule::report
