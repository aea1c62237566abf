#include "formats/versioned/environment.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "formats/dotenv.h"

namespace bascule::formats::versioned {

namespace fs = std::filesystem;

namespace {

/// Options of Bascule, which go before the command as the user wrote them.
constexpr std::array<std::string_view, 12> kOursWithValue = {"-d",       "--directory", "-c",     "--config",
                                                             "--format", "--url",       "--wait", "--set",
                                                             "--color",  "--colour",    "-m",     "--message"};
constexpr std::array<std::string_view, 11> kOurs = {"--json", "-q", "--quiet",    "--verbose",   "--sql", "--help",
                                                    "-h",     "-V", "--no-color", "--no-colour", "--down"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

Environment::Environment(const OpenRequest& request)
    : directory_(request.directory), environment_(request.environment), options_(request.options) {
  file_name_ = option("env-file").value_or(".env");
  if (auto text = read_file(path(file_name_))) file_ = expand_dotenv(parse_dotenv(*text), environment_);
}

std::optional<Variable> Environment::find(const std::string& name) const {
  const auto outer = environment_.find(name);
  if (outer != environment_.end() && !outer->second.empty()) return Variable{outer->second, name};
  const auto inner = file_.find(name);
  if (inner != file_.end() && !inner->second.empty()) return Variable{inner->second, file_name_};
  return std::nullopt;
}

std::optional<std::string> Environment::option(const std::string& name) const {
  const auto found = options_.find(name);
  return found == options_.end() ? std::nullopt : std::optional(found->second);
}

std::string Environment::setting(const std::string& option_name, const std::string& variable,
                                 const std::string& otherwise) const {
  if (auto given = option(option_name)) return *given;
  if (auto found = find(variable)) return found->value;
  return otherwise;
}

std::string Environment::path(const std::string& text) const {
  return (fs::path(directory_) / text).lexically_normal().string();
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
    const std::string name = word.substr(std::min(word.find_first_not_of('-'), word.size()));
    const bool theirs = with_value.count(name) > 0;
    const bool ours = !theirs && holds(kOursWithValue, word);
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

std::string sqlite_url(const std::string& path) {
  return path == ":memory:" ? "sqlite://" : "sqlite:///" + path.substr(0, path.find('?'));
}

}  // namespace bascule::formats::versioned
