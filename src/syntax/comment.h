// What: a comment of a source file, whatever its language.
// Must not know: what it says.
#pragma once

#include <string_view>

#include "base/source.h"

namespace bascule::syntax {

/// text: what it says, without its marks and the blanks around. It points into the file's text.
struct Comment {
  std::string_view text;
  Span span;
  bool alone = false;  ///< nothing but blanks stands before it on its line
};

}  // namespace bascule::syntax
