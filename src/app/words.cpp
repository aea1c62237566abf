#include "app/words.h"

#include <algorithm>
#include <utility>

#include "formats/open.h"

namespace bascule::app {

namespace {

/// Options whose value is no word: Bascule's, and Alembic's that it accepts.
bool takes_value(const std::string& argument) {
  return formats::is_own_option_with_value(argument) || argument == "-x" || argument == "-n" || argument == "--name";
}

/// Where the project is, as far as the arguments say, and where the first word stands.
struct Scan {
  formats::OpenRequest request;
  std::size_t first_word = 0;  ///< arguments.size(): there is none
};

Scan scan(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment) {
  Scan out;
  out.request.environment = environment;
  out.first_word = arguments.size();
  const auto given = [&](std::size_t i, std::string_view name) -> std::optional<std::string> {
    if (arguments[i] == name && i + 1 < arguments.size()) return arguments[i + 1];
    const std::string with_equals = std::string(name) + "=";
    if (name.starts_with("--") && arguments[i].starts_with(with_equals)) return arguments[i].substr(with_equals.size());
    return std::nullopt;
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    for (const std::string_view name : {"-d", "--directory"})
      if (auto value = given(i, name)) out.request.directory = *value;
    for (const std::string_view name : {"-c", "--config"})
      if (auto value = given(i, name)) out.request.config = *value;
    if (auto value = given(i, "--format")) out.request.format = *value;
    if (takes_value(argument))
      ++i;
    else if (!argument.starts_with("-") && out.first_word == arguments.size())
      out.first_word = i;
  }
  return out;
}

/// How many words from `at` on name the tool: 1 for its name, more for an alias ("npx prisma").
std::size_t names_tool(const formats::Vocabulary& vocabulary, const std::vector<std::string>& arguments,
                       std::size_t at) {
  if (arguments[at] == vocabulary.tool) return 1;
  const std::vector<std::string>& alias = vocabulary.alias;
  if (alias.empty() || alias.size() > arguments.size() - at) return 0;
  return std::equal(alias.begin(), alias.end(), arguments.begin() + static_cast<std::ptrdiff_t>(at)) ? alias.size() : 0;
}

bool claims(const formats::Vocabulary& vocabulary, const std::vector<std::string>& arguments) {
  return vocabulary.claims != nullptr && vocabulary.claims(arguments);
}

/// Those that claim the words; cheaper than looking what project is here.
std::vector<const formats::Vocabulary*> claimants(const std::vector<std::string>& arguments) {
  std::vector<const formats::Vocabulary*> out;
  for (const std::string& name : formats::format_names()) {
    const formats::Vocabulary* vocabulary = formats::vocabulary(name);
    if (vocabulary != nullptr && claims(*vocabulary, arguments)) out.push_back(vocabulary);
  }
  return out;
}

}  // namespace

Result<Translated, Diagnostic> translate_words(const std::vector<std::string>& arguments,
                                               const std::vector<std::string>& own,
                                               const std::map<std::string, std::string>& environment) {
  Translated out{arguments, std::nullopt};
  Scan found = scan(arguments, environment);
  if (found.first_word == arguments.size()) return out;
  const formats::Vocabulary* vocabulary = nullptr;
  for (const std::string& name : formats::format_names()) {
    const formats::Vocabulary* one = formats::vocabulary(name);
    if (one == nullptr) continue;
    const std::size_t count = names_tool(*one, arguments, found.first_word);
    if (count == 0) continue;
    const auto first = out.words.begin() + static_cast<std::ptrdiff_t>(found.first_word);
    out.words.erase(first, first + static_cast<std::ptrdiff_t>(count));
    out.format = name;
    vocabulary = one;
    break;
  }
  if (vocabulary == nullptr) {
    const bool ours = std::find(own.begin(), own.end(), arguments[found.first_word]) != own.end();
    const std::vector<const formats::Vocabulary*> claiming = claimants(arguments);
    if (ours && claiming.empty()) return out;
    if (found.request.format) {
      vocabulary = formats::vocabulary(*found.request.format);
    } else {
      const std::vector<std::string> formats = formats::detect_formats(found.request);
      if (formats.size() == 1) vocabulary = formats::vocabulary(formats.front());
      // Where the project is may be what its options say.
      if (formats.empty() && claiming.size() == 1) vocabulary = claiming.front();
    }
    if (ours && (vocabulary == nullptr || !claims(*vocabulary, arguments))) return out;
  }
  if (vocabulary == nullptr || vocabulary->translate == nullptr) return out;
  auto words = vocabulary->translate(out.words);
  if (!words) return failure(std::move(words.error()));
  out.words = std::move(*words);
  return out;
}

std::optional<ToolHelp> help_of_project(const std::vector<std::string>& arguments,
                                        const std::map<std::string, std::string>& environment) {
  const Scan found = scan(arguments, environment);
  const std::vector<std::string> formats =
      found.request.format ? std::vector<std::string>{*found.request.format} : formats::detect_formats(found.request);
  if (formats.size() != 1) return std::nullopt;
  const formats::Vocabulary* vocabulary = formats::vocabulary(formats.front());
  if (vocabulary == nullptr || vocabulary->words.empty()) return std::nullopt;
  ToolHelp help;
  help.tool = vocabulary->tool;
  for (const formats::Word& word : vocabulary->words) help.words.emplace_back(word.usage, word.help);
  return help;
}

}  // namespace bascule::app
