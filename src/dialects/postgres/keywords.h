// What: the words that SQLAlchemy 2.1 quotes as names on this database, so that the same names come out quoted.
// Must not know: anything else.
#pragma once

#include <span>
#include <string_view>

namespace bascule::dialects::postgres {

/// Sorted, lower case.
std::span<const std::string_view> reserved_words();

}  // namespace bascule::dialects::postgres
