// What: the command words of a format's own tool, so that fingers which know it need not learn others.
// Must not know: how a command line is parsed or what a command does.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"

namespace bascule::formats {

/// One of the tool's commands, for `bascule help`.
struct Word {
  std::string usage;  ///< "migrate deploy"
  std::string help;   ///< "run what is pending"
};

/// A tool's command line as Bascule's. Arguments stand without the program's name.
using Words = std::vector<std::string>;

/// translate: the tool's words as Bascule's own; unknown ones are handed on as they are (so that Bascule's own words
/// work everywhere). A setting of the tool becomes `--set KEY=VALUE`. Errors: usage.
struct Vocabulary {
  std::string tool;                ///< "flyway"; may stand before the words
  std::vector<std::string> alias;  ///< other spellings of the tool: "npx prisma" is {"npx", "prisma"}
  std::vector<Word> words;
  Result<Words, Diagnostic> (*translate)(const Words& words) = nullptr;
};

}  // namespace bascule::formats
