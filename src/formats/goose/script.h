// What: a goose script cut as goose cuts it: by its "-- +goose" lines, and statements at semicolons that end a line.
// Must not know: what SQL means, any database.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"

namespace bascule::formats::goose {

/// [begin, end) in bytes of the file. text: with variables put in, where that was on and has changed it; else empty.
struct Chunk {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

struct GooseScript {
  std::vector<Chunk> up, down;
  bool has_down = false;    ///< there is a line "-- +goose Down"
  bool transaction = true;  ///< there is no "-- +goose NO TRANSACTION"
  Diagnostics diagnostics;  ///< error codes: goose-annotation, unset-variable
};

/// Whether a line "-- +goose" is in the text.
bool is_goose_script(std::string_view text);
GooseScript read_script(const SourceFilePtr& file, const std::map<std::string, std::string>& environment);

}  // namespace bascule::formats::goose
