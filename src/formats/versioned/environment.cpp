#include "formats/versioned/environment.h"

#include <filesystem>
#include <utility>

#include "base/file.h"
#include "formats/dotenv.h"

namespace bascule::formats::versioned {

namespace fs = std::filesystem;

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

std::string sqlite_url(const std::string& path) {
  return path == ":memory:" ? "sqlite://" : "sqlite:///" + path.substr(0, path.find('?'));
}

}  // namespace bascule::formats::versioned
