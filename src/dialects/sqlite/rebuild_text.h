// What: column names inside SQL text that SQLite keeps (checks, generated columns, indexes, triggers): whether a text
// speaks of a column, and the text with columns renamed.
// Must not know: connections, drafts.
// Invariants: works on tokens; texts within quotes and the words of SQL are never taken for columns.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace bascule::dialects::sqlite {

/// Old names (in lower case: SQLite's names know no case) to new ones.
using Renames = std::map<std::string, std::string>;

/// Whether an expression of the table speaks of the column.
bool mentions_column(std::string_view expression, std::string_view column);
/// The expression with columns renamed, and without the table's name before them: while a table is rebuilt it goes by
/// another name.
std::string rename_columns(std::string_view expression, std::string_view table, const Renames& renames);
/// Whether it is `column IN (...)`: what SQLAlchemy's Boolean and Enum bring along.
bool is_membership_test(std::string_view expression, std::string_view column);

/// As above, for the text of a CREATE INDEX: only what follows its table's name counts.
bool index_mentions_column(std::string_view sql, std::string_view column);
std::string rename_in_index(std::string_view sql, const Renames& renames);

/// As above, for the text of a CREATE TRIGGER on the table: NEW.column, OLD.column and UPDATE OF column. Statements in
/// its body that name the table again are left as they are.
bool trigger_mentions_column(std::string_view sql, std::string_view column);
std::string rename_in_trigger(std::string_view sql, const Renames& renames);

/// Whether the text has this name anywhere, as a name.
bool mentions_name(std::string_view sql, std::string_view name);

/// CREATE INDEX / TRIGGER x ... with its schema before its name. schema: quoted already; empty: unchanged.
std::string in_schema(std::string_view sql, std::string_view schema);

}  // namespace bascule::dialects::sqlite
