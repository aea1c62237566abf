#include "dialects/sqlite/keywords.h"

#include <algorithm>
#include <array>

namespace bascule::dialects::sqlite {

namespace {

constexpr auto kReserved = std::to_array<std::string_view>({
    "add",       "after",      "all",           "alter",     "analyze",      "and",          "as",
    "asc",       "attach",     "autoincrement", "before",    "begin",        "between",      "by",
    "cascade",   "case",       "cast",          "check",     "collate",      "column",       "commit",
    "conflict",  "constraint", "create",        "cross",     "current_date", "current_time", "current_timestamp",
    "database",  "default",    "deferrable",    "deferred",  "delete",       "desc",         "detach",
    "distinct",  "drop",       "each",          "else",      "end",          "escape",       "except",
    "exclusive", "exists",     "explain",       "fail",      "false",        "for",          "foreign",
    "from",      "full",       "glob",          "group",     "having",       "if",           "ignore",
    "immediate", "in",         "index",         "indexed",   "initially",    "inner",        "insert",
    "instead",   "intersect",  "into",          "is",        "isnull",       "join",         "key",
    "left",      "like",       "limit",         "match",     "natural",      "not",          "notnull",
    "null",      "of",         "offset",        "on",        "or",           "order",        "outer",
    "plan",      "pragma",     "primary",       "query",     "raise",        "references",   "reindex",
    "rename",    "replace",    "restrict",      "right",     "rollback",     "row",          "select",
    "set",       "table",      "temp",          "temporary", "then",         "to",           "transaction",
    "trigger",   "true",       "union",         "unique",    "update",       "using",        "vacuum",
    "values",    "view",       "virtual",       "when",      "where",
});
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

}  // namespace

std::span<const std::string_view> reserved_words() { return kReserved; }

}  // namespace bascule::dialects::sqlite
