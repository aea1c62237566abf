// What: the comments of a Python file: what its lexer passes over, so that a literal that looks like one is none; and
// its literals. Must not know: what they say.
#pragma once

#include <vector>

#include "syntax/comment.h"

namespace bascule::syntax::python {

/// In order; none where the text is not Python. text must outlive the result.
std::vector<Comment> comments(std::string_view text);

/// What stands between a string literal's quotes: [begin, end) of the text. raw: a backslash is only a backslash.
struct Literal {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool raw = false;
};
/// In order; none where the text is not Python.
std::vector<Literal> literals(std::string_view text);

}  // namespace bascule::syntax::python
