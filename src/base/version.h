// What: the version of the program.
#pragma once

#include <string_view>

namespace bascule {

/// "0.1.0": the version that CMakeLists.txt gives the project.
std::string_view version();

}  // namespace bascule
