// What: a revision's message as a part of its file's name.
// Must not know: any format.
#pragma once

#include <cstddef>
#include <string>

namespace bascule::formats {

/// "Add users' table!" becomes "add_users_table": words of letters, digits and underscores, cut at a word's end.
std::string slug_of(const std::string& message, std::size_t max_length);

}  // namespace bascule::formats
