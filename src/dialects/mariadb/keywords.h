// What: the words that MariaDB takes as no name unless they are quoted.
// Must not know: anything else.
#pragma once

#include <span>
#include <string_view>

namespace bascule::dialects::mariadb {

/// Sorted, lower case.
std::span<const std::string_view> reserved_words();

}  // namespace bascule::dialects::mariadb
