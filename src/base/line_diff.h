// What: two texts, line by line.
#pragma once

#include <string>
#include <string_view>

namespace bascule {

/// Every line of both: "  same", "- only before", "+ only after". Meant for short texts: takes time and space that grow
/// with the product of their lengths.
std::string line_diff(std::string_view before, std::string_view after);

}  // namespace bascule
