#include "safety/estimate.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

#include "model/lookup.h"

namespace bascule::safety {

namespace {

// Measured by bench/rates (docs/lint.md): a table of 400 MB that is read by one process, out of memory: 630 to 1,700
// MB/s; written anew with its log: 135 to 150 MB/s; indexed: 0.4 (text) to 2 (numbers) million rows/s. Orders of
// magnitude: a slow disk is slower by as much as it is slower, a volatile default by what its function takes.
constexpr double kScanBytes = 1000e6;
constexpr double kRewriteBytes = 140e6;
constexpr double kIndexRows = 1e6;
constexpr double kInstant = 0.05;

std::int64_t same_table(const std::vector<plan::Work>& works, const QualifiedName& table) {
  return std::count_if(works.begin(), works.end(), [&](const plan::Work& work) {
    return work.kind == plan::RelationKind::kTable && model::same_name(work.relation, table);
  });
}

std::string rows_text(std::int64_t rows) {
  const auto count = static_cast<double>(rows);
  if (rows >= 1'000'000'000) return fmt::format("{:.1f} billion rows", count / 1e9);
  if (rows >= 1'000'000) return fmt::format("{:.1f} million rows", count / 1e6);
  if (rows >= 10'000) return fmt::format("{:.0f} thousand rows", count / 1e3);
  return fmt::format("{} row{}", rows, rows == 1 ? "" : "s");
}

std::string blocked(const plan::LockUse& lock) {
  if (lock.blocks.reads) return "blocked reads and writes";
  if (lock.blocks.writes) return "blocked writes";
  if (lock.blocks.maintenance) return "blocked schema changes and vacuum";
  return "work";
}

struct Cost {
  double seconds = 0;
  std::string rates;
  void add(double more, const std::string& rate) {
    seconds += more;
    rates += (rates.empty() ? "" : ", ") + rate;
  }
};

Cost cost_of(const plan::Impact& impact, const plan::TableFacts& facts) {
  Cost cost;
  const auto bytes = static_cast<double>(facts.bytes);
  const auto rows = static_cast<double>(std::max<std::int64_t>(facts.rows, 0));
  std::size_t builds = impact.index_builds.size();
  if (same_table(impact.rewrites, facts.table) > 0) {
    cost.add(bytes / kRewriteBytes, "140 MB/s written");
    builds = std::max(builds, static_cast<std::size_t>(std::max<std::int64_t>(facts.indexes, 0)));
  } else if (const std::int64_t scans = same_table(impact.scans, facts.table); scans > 0) {
    cost.add(static_cast<double>(scans) * bytes / kScanBytes, "1,000 MB/s read");
  }
  if (builds > 0 && rows > 0) cost.add(static_cast<double>(builds) * rows / kIndexRows, "a million rows/s an index");
  return cost;
}

}  // namespace

std::string size_text(std::int64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return value < 10 && unit > 0 ? fmt::format("{:.1f} {}", value, kUnits.at(unit))
                                : fmt::format("{:.0f} {}", value, kUnits.at(unit));
}

std::string time_text(double seconds) {
  if (seconds < 1) return fmt::format("{:.0f} ms", std::max(1.0, seconds * 1000));
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.0f} h", seconds / 3600);
}

std::optional<Estimate> estimate(const plan::Impact& impact, const QualifiedName& table, const plan::LiveFacts& facts) {
  const plan::TableFacts* known = plan::find_facts(facts, table);
  const plan::LockUse* lock = plan::find_lock(impact, table);
  if (known == nullptr || lock == nullptr) return std::nullopt;
  const Cost cost = cost_of(impact, *known);
  Estimate out;
  out.seconds = cost.seconds;
  const std::string name = display(table);
  if (cost.seconds >= kInstant) {
    out.text = fmt::format("about {} of {} on {} ({})", time_text(cost.seconds), blocked(*lock), name,
                           size_text(known->bytes + known->index_bytes));
    out.basis = fmt::format("{}, {} with its indexes by the server's statistics; {}",
                            known->rows < 0 ? "rows not counted yet" : rows_text(known->rows),
                            size_text(known->bytes + known->index_bytes), cost.rates);
  }
  const bool stops_somebody = lock->blocks.reads || lock->blocks.writes;
  if (facts.longest_transaction && facts.longest_transaction->count() >= 1 &&
      (stops_somebody || impact.waits_for_transactions)) {
    const auto open = static_cast<double>(facts.longest_transaction->count());
    out.text += (out.text.empty() ? "" : "; ") +
                fmt::format("it may first wait for a transaction that has been open for {}{}", time_text(open),
                            stops_somebody ? ", with everybody behind it" : "");
    out.basis += (out.basis.empty() ? "" : "; ") + std::string("longest open transaction now");
    if (!facts.longest_transaction_query.empty()) out.basis += ": " + facts.longest_transaction_query.substr(0, 60);
    out.seconds += stops_somebody ? open : 0;
  }
  if (out.text.empty()) return std::nullopt;
  if (known->writes_per_second && *known->writes_per_second >= 0.5 && stops_somebody)
    out.basis += fmt::format("; {:.0f} writes/s on {}", *known->writes_per_second, name);
  return out;
}

}  // namespace bascule::safety
