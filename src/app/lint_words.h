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

/// The file's comments, where one of them may be a suppression; else none.
std::vector<safety::SourceComment> comments_of(const SourceFilePtr& file, const std::string& dialect);

}  // namespace bascule::app
