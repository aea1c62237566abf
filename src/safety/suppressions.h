// What: comments by which the author of a migration answers for findings: "bascule: ignore RULE, RULE -- reason" on the
// statement's line, on the line before it or inside it; "bascule: ignore-file [RULE, RULE] -- reason" for the file.
// Must not know: languages of files (comments come as data), configuration beyond levels.
// Invariants: a suppression without a reason, or of a rule that there is not, suppresses nothing and is a finding.
#pragma once

#include <string>
#include <vector>

#include "base/source.h"
#include "safety/analyse.h"
#include "safety/result.h"

namespace bascule::safety {

/// text: without the language's marks. alone: nothing else stands before it on its line.
struct SourceComment {
  std::string text;
  Location location;
  bool alone = false;
};

/// Whether a text can hold a suppression at all: spares reading the comments of most files.
bool may_hold_suppression(std::string_view text);

/// Moves what is answered for from findings to suppressed, and adds what is wrong with the comments themselves.
/// comments: of the files of selected revisions, each file's in order.
void suppress(LintResult& result, const std::vector<SourceComment>& comments, const LevelOf& level_of);

}  // namespace bascule::safety
