// What: a revision of a plain SQL project as a file: its header of comments, its two sections.
// Must not know: folders, any database, what the SQL means.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "formats/format.h"
#include "graph/revision.h"

namespace bascule::formats::sql {

/// [begin, end) in bytes. outside: "-- transaction: off" stands in it or in the header.
struct Section {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool outside = false;
};

struct RevisionFile {
  graph::Revision revision;
  std::optional<Section> up, down;
};

/// Whether the text begins with comments of which one is "-- revision: ...".
bool has_header(std::string_view text);

/// diagnostics: errors of the header alone (incomplete-revision-header, unknown-header, invalid-revision-header).
std::optional<RevisionFile> read_revision_file(const SourceFilePtr& file, Diagnostics& diagnostics);
/// What is wrong with the sections: missing-up-section, several-sections, statement-outside-section.
Diagnostics check_sections(const SourceFilePtr& file);

/// The text of a new file.
std::string revision_text(const NewRevision& revision);

}  // namespace bascule::formats::sql
