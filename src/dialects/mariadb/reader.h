// What: the parts of statements that several of them share: columns, keys, constraints, table options. Internal to the
// recogniser.
// Must not know: what statements they stand in.
#pragma once

#include <optional>

#include "dialects/mariadb/statement.h"
#include "dialects/mariadb/tokens.h"

namespace bascule::dialects::mariadb {

bool take_if_exists(Cursor& cursor);
bool take_if_not_exists(Cursor& cursor);

/// What follows a column's name: its type and properties, up to a comma or a bracket that closes.
ColumnDefinition read_column(Cursor& cursor, Identifier name);

/// What follows ADD in ALTER TABLE, or begins an element of CREATE TABLE, where it is a key or a constraint; nullopt:
/// it is a column, and the cursor did not move.
std::optional<Change> read_key_or_constraint(Cursor& cursor);

/// (a, b(10), c DESC) behind a key's name; USING before or behind it.
KeyDefinition read_key(Cursor& cursor, KeyDefinition::Kind kind);

/// A table option: "ENGINE=InnoDB", "DEFAULT CHARACTER SET utf8mb4"; nullopt: none stands here. Names are in lower
/// case: "charset", "collate", "engine", "row_format" ...
std::optional<Change> read_table_option(Cursor& cursor);

/// The changes of an ALTER TABLE, behind the table's name.
void read_changes(Cursor& cursor, Statement& into);

/// ALGORITHM= and LOCK=, in any order, anywhere. False: neither stands here.
bool read_wish(Cursor& cursor, Wishes& into);

/// The elements of CREATE TABLE and what follows them, behind the table's name.
void read_create_table(Cursor& cursor, Statement& into);

}  // namespace bascule::dialects::mariadb
