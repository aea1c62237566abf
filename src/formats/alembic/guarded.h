// What: where a module's `except` clauses would catch a database's error.
// Must not know: evaluation, databases.
#pragma once

#include <vector>

#include "base/source.h"
#include "syntax/python/ast.h"

namespace bascule::formats::alembic {

/// The bodies of `try` statements with an `except` that catches what a database raises and does not raise it again.
std::vector<Span> guarded_by_except(const syntax::python::Module& module);

}  // namespace bascule::formats::alembic
