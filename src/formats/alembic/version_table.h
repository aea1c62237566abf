// What: Alembic's own table of applied revisions, so that the two tools can take turns on one database.
// Must not know: dialects, the graph's rules.
#pragma once

#include <string>
#include <utility>

#include "formats/heads_table.h"

namespace bascule::formats::alembic {

class VersionTable final : public HeadsTable {
 public:
  /// schema may be empty: the search path's.
  VersionTable(std::string table, std::string schema)
      : HeadsTable({std::move(table), std::move(schema), "version_num", 32, ""}) {}
};

}  // namespace bascule::formats::alembic
