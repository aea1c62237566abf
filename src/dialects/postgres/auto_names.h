// What: the names that PostgreSQL gives to what its author left unnamed, and what else it fills in when a table is made
// or altered.
// Must not know: connections. Internal to this folder.
// Invariants: the same names as the server's for the same history (measured on PostgreSQL 15, also where they are cut
// or numbered); names of identity columns' sequences are not kept and so do not clash.
#pragma once

#include <string>
#include <string_view>

#include "model/schema.h"

namespace bascule::dialects::postgres {

/// table_columns_label, the longer part cut byte by byte until it fits into 63, never inside a character. columns may
/// be empty.
std::string object_name(std::string_view table, std::string_view columns, std::string_view label);

/// Whether the column is made with SERIAL: it numbers itself and is an integer.
bool is_serial(const model::Column& column);

/// Names every unnamed constraint and index of the table, records its serial columns' sequences, and says which columns
/// its foreign keys refer to.
void fill_in(model::Schema& schema, const QualifiedName& table);

}  // namespace bascule::dialects::postgres
