// What: the folder of migrations: which there are, in which order, their texts and checksums, the lock file.
// Must not know: any database; what the SQL means.
// Invariants: the order is that of JavaScript's localeCompare, which Prisma sorts by, for names of ASCII characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"

namespace bascule::formats::prisma {

/// A folder in the folder of migrations. file: null when migration.sql is not there or cannot be read (why).
struct Migration {
  std::string name;  ///< the folder's: "20240131120000_add_users"
  std::string path;  ///< migration.sql, as the user should see it
  SourceFilePtr file;
  std::string why;
};

/// All of them, in Prisma's order; none where the folder is not there.
std::vector<Migration> list_migrations(const std::string& folder);

/// What stands before and after the name's first "_": the time and "add users"; the name itself where there is none.
std::string description_of(std::string_view name);

/// Prisma's order of names: blanks and signs, digits, letters whatever their case; then small letters first.
bool sorts_before(std::string_view a, std::string_view b);

/// SHA-256 of a migration's text, 64 hexadecimal digits.
std::string checksum_of(std::string_view script);
/// Whether a checksum is this script's: also with other line ends, and in the spelling of old versions, which left out
/// leading zeros of each byte.
bool checksum_matches(std::string_view script, std::string_view checksum);

/// The provider that migration_lock.toml names; nullopt: there is no such file.
std::optional<std::string> locked_provider(const std::string& folder);
/// What Prisma writes into a new migration_lock.toml.
std::string lock_file_text(const std::string& provider);

}  // namespace bascule::formats::prisma
