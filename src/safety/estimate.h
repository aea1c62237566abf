// What: how long somebody would wait for a statement, from its impact and a live database's own statistics.
// Must not know: rules, connections.
#pragma once

#include <optional>
#include <string>

#include "plan/impact.h"
#include "plan/live_facts.h"
#include "safety/finding.h"

namespace bascule::safety {

/// nullopt: the statistics do not know the table, or nobody waits for longer than an instant.
std::optional<Estimate> estimate(const plan::Impact& impact, const QualifiedName& table, const plan::LiveFacts& facts);

/// "18 GB", "512 MB", "8 kB": as PostgreSQL's pg_size_pretty counts, in powers of 1024.
std::string size_text(std::int64_t bytes);
/// "40 s", "12 min", "3 h".
std::string time_text(double seconds);

}  // namespace bascule::safety
