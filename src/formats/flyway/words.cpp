// Flyway's command line as Bascule's: `flyway -url=... -locations=... migrate`.
#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "base/text.h"
#include "formats/flyway/project.h"

namespace bascule::formats::flyway {

namespace {

/// -key=value with one dash and a name; Bascule's own options have two dashes or one letter.
bool is_setting(const std::string& word) {
  const auto equals = word.find('=');
  return word.size() > 2 && word[0] == '-' && word[1] != '-' && equals != std::string::npos && equals > 2 &&
         std::isalpha(static_cast<unsigned char>(word[1])) != 0;
}

/// The words that Bascule has for one of Flyway's commands; empty: Flyway has no such command.
Words command_of(const std::string& word) {
  static const std::map<std::string, Words> kCommands = {
      {"migrate", {"upgrade", "head"}},
      {"info", {"status", "--table"}},
      {"validate", {"validate", "--set", "pendingIsAProblem=true"}},
      {"baseline", {"baseline"}},
      {"repair", {"repair"}},
      {"undo", {"downgrade", "-1"}},
      {"clean", {"clean"}},
      {"version", {"--version"}},
  };
  const auto found = kCommands.find(word);
  return found == kCommands.end() ? Words() : found->second;
}

Result<Words, Diagnostic> translate(const Words& words) {
  Words settings;
  Words commands;
  Words rest;
  bool json = false;
  bool value_follows = false;
  for (const std::string& word : words) {
    if (value_follows) {
      rest.push_back(word);
      value_follows = false;
    } else if (is_setting(word)) {
      const auto equals = word.find('=');
      std::string key = word.substr(1, equals - 1);
      const std::string value = word.substr(equals + 1);
      if (key == "configFiles") {
        settings.insert(settings.end(), {"-c", value});
      } else if (key == "workingDirectory") {
        settings.insert(settings.end(), {"-d", value});
      } else if (key == "outputType") {
        json = value == "json";
      } else if (key != "color" && key != "outputFile") {
        settings.insert(settings.end(), {"--set", key + "=" + value});
      }
    } else if (word == "-X" || word == "-n" || word == "-community" || word == "-teams" || word == "-enterprise") {
      continue;
    } else if (word == "-v") {
      commands.emplace_back("version");
    } else if (word == "-?") {
      rest.emplace_back("--help");
    } else if (!word.starts_with("-") && !command_of(word).empty()) {
      commands.push_back(word);
    } else {
      value_follows = is_own_option_with_value(word);
      rest.push_back(word);
    }
  }
  if (json) rest.emplace_back("--json");
  Words out;
  if (commands == Words{"clean", "migrate"}) {
    out = {"reset"};
  } else if (commands.size() > 1) {
    return failure(usage("bascule runs one command at a time, not '" + join(commands, " ") + "'",
                         "run bascule " + commands[0] + ", then bascule " + commands[1]));
  } else if (commands.size() == 1) {
    out = command_of(commands[0]);
  }
  const bool undo = commands == Words{"undo"};
  for (std::string& setting : settings) {
    if (undo && setting.starts_with("target=")) setting = "undoTarget=" + setting.substr(7);
    out.push_back(std::move(setting));
  }
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

}  // namespace

const Vocabulary& flyway_vocabulary() {
  static const Vocabulary kWords = {
      "flyway",
      {},
      {{"migrate", "run what is pending"},
       {"info", "each migration and its state"},
       {"validate", "are the files those that ran, and has everything run"},
       {"baseline", "begin the history of a database that has tables already"},
       {"repair", "remove failed migrations from the history, take over changed checksums"},
       {"undo", "take the last migration back (its undo script, else the derived reverse)"},
       {"clean", "drop everything in the project's schemas (cleanDisabled must be false)"},
       {"-KEY=VALUE", "any setting of Flyway: -url=... -locations=... -target=..."}},
      translate,
      [](const Words& words) { return std::any_of(words.begin(), words.end(), is_setting); }};
  return kWords;
}

}  // namespace bascule::formats::flyway
