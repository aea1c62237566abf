// What: what a statement does to others on MariaDB: the one model of its algorithms and locks. Internal to this folder.
// Must not know: rules, connections.
// How: an ALTER TABLE takes the best of the algorithms INSTANT, NOCOPY, INPLACE and COPY that all of its changes allow,
// and the weakest of the locks NONE, SHARED and EXCLUSIVE. Whatever it takes, it needs the table's metadata lock for a
// moment: it waits there for every transaction that has touched the table, and who comes later waits behind it.
// Facts: measured on 10.11 (tests/locks/mariadb); what other versions do differently is said where it is judged.
#pragma once

#include <string_view>

#include "dialects/mariadb/statement.h"
#include "dialects/server.h"
#include "model/schema.h"
#include "plan/impact.h"

namespace bascule::dialects::mariadb {

plan::Impact impact_of(std::string_view statement, const model::Schema& before, const Server& server);

/// The judgement of ALTER TABLE, CREATE INDEX and DROP INDEX.
plan::Impact alteration(const Statement& statement, const model::Schema& before, const Server& server);

enum class Lock : std::uint8_t {
  kNone,      ///< LOCK=NONE: reads and writes go on
  kShared,    ///< LOCK=SHARED: reads go on
  kExclusive  ///< LOCK=EXCLUSIVE
};
plan::LockUse lock_on(const QualifiedName& table, Lock lock);
/// The metadata lock of DROP, RENAME, TRUNCATE: short, and alone with the table.
plan::LockUse exclusive_moment(const QualifiedName& table);
/// What a statement on the referring table needs of the table that a foreign key refers to, for a moment.
plan::LockUse parent_moment(const QualifiedName& parent);
/// The tables that the table's foreign keys refer to, each once, without itself.
std::vector<QualifiedName> parents_of(const model::Table& table);

/// Whether the server is this version or newer.
inline bool since(const Server& server, int major, int minor) {
  return server.major > major || (server.major == major && server.minor >= minor);
}

}  // namespace bascule::dialects::mariadb
