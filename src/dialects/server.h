// What: what the meaning of a statement depends on besides its text and the schema: the server's version and settings
// of the session that runs it.
// Must not know: connections.
#pragma once

#include <string>

namespace bascule::dialects {

/// assumed: nobody said so; reports name what was assumed.
struct Server {
  int major = 15;  ///< of SQLite: 3
  int minor = 0;
  std::string time_zone;  ///< PostgreSQL's TimeZone; empty: not known
  bool version_assumed = true;
  bool foreign_keys = true;  ///< SQLite: PRAGMA foreign_keys
  /// The schema that comes with it is all that the database holds: what it lacks is not there. False: it is what
  /// files tell, and what they do not speak of may be there.
  bool schema_complete = false;
};

}  // namespace bascule::dialects
