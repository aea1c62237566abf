#include "formats/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace bascule::formats {

namespace {

/// Options of Bascule, which go before the command as the user wrote them.
constexpr std::array<std::string_view, 12> kOursWithValue = {"-d",       "--directory", "-c",     "--config",
                                                             "--format", "--url",       "--wait", "--set",
                                                             "--color",  "--colour",    "-m",     "--message"};
constexpr std::array<std::string_view, 10> kOurs = {"--json", "-q", "--quiet", "-v",         "--verbose",
                                                    "--help", "-h", "-V",      "--no-color", "--no-colour"};
/// Those of single commands go behind it.
constexpr std::array<std::string_view, 5> kOfCommands = {"--sql", "--down", "--allow-data-loss", "--single-transaction",
                                                         "--transaction-per-migration"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// "--url", "-url" as "url".
std::string without_dashes(const std::string& word) {
  return word.substr(std::min(word.find_first_not_of('-'), word.size()));
}

}  // namespace

bool is_own_option_with_value(std::string_view word) { return holds(kOursWithValue, word); }

bool holds_option(const Words& words, const std::set<std::string>& names) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return word.starts_with("-") && names.count(without_dashes(word.substr(0, word.find('=')))) > 0;
  });
}

std::string Arguments::value(const std::string& option) const {
  const auto found = values.find(option);
  return found == values.end() ? std::string() : found->second;
}

Words Arguments::whole(const Words& settings, const Words& command) const {
  Words out = ours;
  for (const Words* part : {&settings, &command, &of_command}) out.insert(out.end(), part->begin(), part->end());
  return out;
}

void Arguments::pass_on(const std::vector<std::pair<std::string, std::string>>& options, Words& out) const {
  for (const auto& [name, key] : options) {
    const auto found = values.find(name);
    if (found == values.end()) continue;
    out.emplace_back("--set");
    out.push_back(key + "=" + found->second);
  }
}

Result<Arguments, Diagnostic> read_arguments(const Words& words, const std::set<std::string>& with_value) {
  Arguments out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    const bool number = word.size() > 1 && std::isdigit(static_cast<unsigned char>(word[1])) != 0;
    if (!word.starts_with("-") || word == "-" || number) {
      out.words.push_back(word);
      continue;
    }
    std::optional<std::string> value;
    const auto equals = word.find('=');
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
      word.resize(equals);
    }
    const std::string name = without_dashes(word);
    const bool theirs = with_value.count(name) > 0;
    const bool ours = !theirs && is_own_option_with_value(word);
    if ((theirs || ours) && !value) {
      if (i + 1 >= words.size()) return failure(usage(word + " needs a value", ""));
      value = words[++i];
    }
    if (ours) {
      out.ours.insert(out.ours.end(), {word, *value});
    } else if (theirs) {
      out.values[name] = *value;
    } else if (holds(kOurs, word)) {
      out.ours.push_back(word);
    } else if (holds(kOfCommands, word)) {
      out.of_command.push_back(word);
    } else if (!value || *value == "true") {
      out.flags.insert(name);
    }
  }
  return out;
}

Diagnostic usage(std::string message, std::string help) {
  Diagnostic out;
  out.code = "usage";
  out.message = std::move(message);
  out.help = std::move(help);
  return out;
}

}  // namespace bascule::formats
