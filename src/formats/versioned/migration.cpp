#include "formats/versioned/migration.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>

#include "base/folder.h"
#include "base/text.h"

namespace bascule::formats::versioned {

namespace fs = std::filesystem;

std::string description_of(const Migration& migration) { return replace_all(migration.title, "_", " "); }

std::string_view leading_digits(std::string_view name) {
  return name.substr(0, std::min(name.find_first_not_of("0123456789"), name.size()));
}

std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::vector<std::string> file_names(const std::string& folder, std::string_view ending) {
  std::vector<std::string> out;
  FolderListing listing = list_folder(folder);
  for (std::string& name : listing.files)
    if (name.ends_with(ending)) out.push_back(std::move(name));
  return out;
}

std::string in_folder(const std::string& folder, const std::string& name) {
  return (fs::path(folder) / name).lexically_normal().string();
}

Diagnostic duplicate_version(const std::string& version, const std::string& first, const std::string& second) {
  Diagnostic out;
  out.code = "duplicate-version";
  out.message = "two files have the version " + version + ": " + first + " and " + second;
  out.location.file = std::make_shared<const SourceFile>(second, "");
  out.cause = "the history table knows a migration by its version alone";
  out.help = "give one of them another version";
  return out;
}

}  // namespace bascule::formats::versioned
