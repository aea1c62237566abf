// What: the comments of a SQL script: what its lexer passes over, so that a literal that looks like one is none.
// Must not know: what they say.
#pragma once

#include <vector>

#include "syntax/comment.h"
#include "syntax/sql/lexer.h"

namespace bascule::syntax::sql {

/// In order. script must outlive the result. Rows behind COPY hold none.
std::vector<Comment> comments(std::string_view script, Flavour flavour);

}  // namespace bascule::syntax::sql
