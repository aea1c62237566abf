// What: what a migration's file says about itself: its description, its comments. Internal to app/lint.
// Must not know: what a migration does.
#pragma once

#include <string>
#include <vector>

#include "base/source.h"
#include "safety/suppressions.h"

namespace bascule::app {

/// Whether a file is read as Python; everything else is SQL.
bool is_python(const std::string& path);

/// The docstring or the comments at the top, without the message and without the lines that a tool reads or writes.
std::string description_of(const SourceFile& file, const std::string& message);

/// The file's comments in order, where one of them may be a suppression; else none.
/// @param calls: of a Python file, the calls that send SQL: comments of SQL that stands in their literals count too.
std::vector<safety::SourceComment> comments_of(const SourceFilePtr& file, const std::string& dialect,
                                               const std::vector<Span>& calls = {});

}  // namespace bascule::app
