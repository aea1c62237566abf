// What: new migrations on disk: the time in their names, the file itself.
// Must not know: any one format, what is in the file.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/result.h"

namespace bascule::formats {

/// The time in UTC as 14 digits.
std::string time_stamp();
/// Makes the folder and the file; refuses to overwrite. Error codes: cannot-write, file-exists.
Result<void, Diagnostic> write_new_file(const std::string& path, const std::string& text);

}  // namespace bascule::formats
