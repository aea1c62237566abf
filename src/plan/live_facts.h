// What: how large and how busy a live database's tables are, as its own statistics tell. Data only.
// Must not know: where it was read, what follows from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/identifier.h"

namespace bascule::plan {

struct TableFacts {
  QualifiedName table;
  std::int64_t rows = 0;   ///< estimated by the server; -1: it has never looked
  std::int64_t bytes = 0;  ///< of the table alone
  std::int64_t index_bytes = 0;
  std::int64_t indexes = 0;
  std::optional<double> writes_per_second;  ///< over the time that the server's statistics cover
};

struct LiveFacts {
  std::vector<TableFacts> tables;
  std::optional<std::chrono::seconds> longest_transaction;  ///< of all that are open now, ours left out
  std::string longest_transaction_query;
  std::optional<std::chrono::seconds> statistics_since;  ///< how long the statistics have been gathered
  std::vector<QualifiedName> invalid_indexes;
};

/// The facts of this table; null where there are none.
const TableFacts* find_facts(const LiveFacts& facts, const QualifiedName& table);

}  // namespace bascule::plan
