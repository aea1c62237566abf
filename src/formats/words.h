// What: the command words of a format's own tool, so that fingers which know it need not learn others; and such a
// command line taken apart.
// Must not know: how Bascule's own command line is parsed or what a command does.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
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
  /// Whether the words can only be the tool's, though their first may be one of Bascule's too ("validate
  /// -outOfOrder=true"). Null: never.
  bool (*claims)(const Words& words) = nullptr;
};

/// A command line. ours: options of all of Bascule's commands, as they stood; of_command: of single ones. Names of the
/// tool's options are without dashes.
struct Arguments {
  Words ours, of_command;
  Words words;
  std::map<std::string, std::string> values;
  std::set<std::string> flags;

  bool has(const std::string& flag) const { return flags.count(flag) > 0; }
  /// The option's value; empty: it is not there.
  std::string value(const std::string& option) const;
  /// Bascule's command line: its options, the tool's settings, the command.
  Words whole(const Words& settings, const Words& command) const;
  /// --set KEY=VALUE for each of these options that is there.
  void pass_on(const std::vector<std::pair<std::string, std::string>>& options, Words& out) const;
};

/// with_value: the tool's options that take one; they may have one dash or two. Error code: usage.
Result<Arguments, Diagnostic> read_arguments(const Words& words, const std::set<std::string>& with_value);

/// Whether one of these options, named without dashes, is among the words.
bool holds_option(const Words& words, const std::set<std::string>& names);

/// Whether it is an option of Bascule whose value is the next word.
bool is_own_option_with_value(std::string_view word);

Diagnostic usage(std::string message, std::string help);

}  // namespace bascule::formats
