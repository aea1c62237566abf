// What: when a name must be quoted, as SQLAlchemy decides it, given a dialect's reserved words.
// Must not know: any dialect's words.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/identifier.h"

namespace bascule::dialects {

/// The name as SQL: quoted where its author asked for it, or (unless they asked for the opposite) where it is empty, a
/// reserved word, begins with a digit or $, or holds anything but lower-case letters, digits, _ and $.
/// @param reserved sorted, lower case.
std::string quote_identifier(const Identifier& name, std::span<const std::string_view> reserved);

}  // namespace bascule::dialects
