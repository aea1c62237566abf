// What: the comments of a Python file: what its lexer passes over, so that a literal that looks like one is none.
// Must not know: what they say.
#pragma once

#include <vector>

#include "syntax/comment.h"

namespace bascule::syntax::python {

/// In order; none where the text is not Python. text must outlive the result.
std::vector<Comment> comments(std::string_view text);

}  // namespace bascule::syntax::python
