// What: a Prisma schema as blocks with their places, and its datasource block read.
// Must not know: which files there are; environment variables' values.
// Invariants: any text is taken; what cannot be read is a diagnostic; positions are those of the file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"

namespace bascule::formats::prisma {

/// `model User { ... }`: kind "model", name "User". body: the text between its braces.
struct SchemaBlock {
  std::string kind, name;
  std::size_t begin = 0, end = 0;            ///< byte offsets of the whole block
  std::size_t body_begin = 0, body_end = 0;  ///< of what is between the braces
};

/// The blocks of a file, in order. Error code: prisma-schema-invalid (a brace that is never closed, text outside of
/// blocks); what can be read is still there.
std::vector<SchemaBlock> read_blocks(const SourceFilePtr& file, Diagnostics& diagnostics);

/// "text" or env("NAME").
struct SchemaValue {
  std::string text;
  std::optional<std::string> variable;
  Location where;
};

struct Datasource {
  std::string name;
  Location where;
  std::optional<SchemaValue> provider, url, direct_url;
  std::vector<std::string> schemas;
};

/// The datasource block of a file; nullopt: it has none.
std::optional<Datasource> read_datasource(const SourceFilePtr& file, Diagnostics& diagnostics);

}  // namespace bascule::formats::prisma
