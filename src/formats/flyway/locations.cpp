#include "formats/flyway/locations.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/text.h"

namespace bascule::formats::flyway {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kClassPathRoots = {"src/main/resources", "src/main/java", "resources", "."};

struct Place {
  std::string prefix;  ///< "filesystem:", "classpath:"
  std::string path;    ///< without pattern
  std::vector<std::string> pattern;
  bool pattern_names_files = false;
};

bool has_wildcard(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

/// A location without a prefix is on the class path.
Place parse_place(const std::string& location) {
  Place out;
  const auto colon = location.find(':');
  out.prefix = colon == std::string::npos ? "classpath:" : to_lower_ascii(location.substr(0, colon + 1));
  std::string path = colon == std::string::npos ? location : location.substr(colon + 1);
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (out.prefix == "classpath:")
    while (path.starts_with('/')) path.erase(0, 1);
  if (!has_wildcard(path)) {
    out.path = std::move(path);
    return out;
  }
  std::vector<std::string> root;
  for (const std::string_view part : split(path, '/')) {
    if (out.pattern.empty() && !has_wildcard(part)) {
      root.emplace_back(part);
    } else {
      out.pattern.emplace_back(part);
      out.pattern_names_files = part != "**" && part.find('.') != std::string_view::npos;
    }
  }
  out.path = join(root, "/");
  if (out.path.empty() && path.starts_with('/')) out.path = "/";
  return out;
}

/// ? is one character, * at least one.
bool matches_word(std::string_view pattern, std::string_view word) {
  if (pattern.empty()) return word.empty();
  if (pattern[0] == '*') {
    for (std::size_t taken = 1; taken <= word.size(); ++taken)
      if (matches_word(pattern.substr(1), word.substr(taken))) return true;
    return false;
  }
  return !word.empty() && (pattern[0] == '?' || pattern[0] == word[0]) &&
         matches_word(pattern.substr(1), word.substr(1));
}

/// What is left of the path behind the pattern (the whole path where it names files); nullopt: no match.
std::optional<std::string> match(const Place& place, std::size_t at, const std::vector<std::string>& words,
                                 std::size_t word) {
  if (at == place.pattern.size()) {
    if (place.pattern_names_files) return word == words.size() ? std::optional(join(words, "/")) : std::nullopt;
    if (word >= words.size()) return std::nullopt;
    return join({words.begin() + static_cast<std::ptrdiff_t>(word), words.end()}, "/");
  }
  if (place.pattern[at] == "**") {
    for (std::size_t next = word; next < words.size(); ++next)
      if (auto rest = match(place, at + 1, words, next)) return rest;
    return std::nullopt;
  }
  if (word >= words.size() || !matches_word(place.pattern[at], words[word])) return std::nullopt;
  return match(place, at + 1, words, word + 1);
}

std::string joined(const std::string& directory, const std::string& path) {
  if (directory == "." || directory.empty() || fs::path(path).is_absolute()) return path;
  return path == "." ? directory : (fs::path(directory) / path).string();
}

std::string root_of(const Settings& settings, const Place& place) {
  if (place.prefix == "filesystem:") return joined(settings.directory, place.path.empty() ? "." : place.path);
  std::error_code ignored;
  for (const std::string_view root : kClassPathRoots) {
    const std::string path =
        joined(settings.directory, root == "." ? place.path : std::string(root) + "/" + place.path);
    if (fs::is_directory(path, ignored)) return path;
  }
  return joined(settings.directory, "src/main/resources/" + place.path);
}

/// Names relative to the root, with folders below it; hidden folders are passed over, as Flyway does.
void walk(const std::string& folder, const std::string& below, std::vector<std::string>& out,
          Diagnostics& diagnostics) {
  std::error_code wrong;
  fs::directory_iterator at(folder, wrong);
  if (wrong) {
    Diagnostic unreadable;
    unreadable.code = "unreadable-folder";
    unreadable.message = "cannot read " + folder + ": " + wrong.message();
    diagnostics.add(std::move(unreadable));
    return;
  }
  for (const fs::directory_iterator end; !wrong && at != end; at.increment(wrong)) {
    const std::string name = at->path().filename().string();
    if (at->is_directory(wrong)) {
      if (!name.starts_with('.')) walk(folder + "/" + name, below + name + "/", out, diagnostics);
    } else {
      out.push_back(below + name);
    }
    wrong.clear();
  }
}

Diagnostic missing(const Settings& settings, const std::string& location, const std::string& path) {
  Diagnostic out;
  out.code = "missing-location";
  out.severity = settings.fail_on_missing_locations ? Severity::kError : Severity::kWarning;
  out.message = "there is no folder " + path;
  out.cause = settings.locations_guessed
                  ? "no setting names the folders of migrations, and none of the usual ones is here"
                  : "the setting locations names '" + location + "'";
  out.help = "correct locations (now: " + join(settings.locations, ",") + "), or make the folder";
  return out;
}

bool inside(const std::string& path, const std::string& folder) {
  return path == folder || path.starts_with(folder.ends_with('/') ? folder : folder + "/");
}

}  // namespace

std::vector<FoundFile> find_files(const Settings& settings, const std::vector<std::string>& locations,
                                  Diagnostics& diagnostics) {
  std::vector<std::string> sorted = locations;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<std::string> taken;
  std::vector<FoundFile> out;
  for (const std::string& location : sorted) {
    const Place place = parse_place(location);
    if (place.prefix != "filesystem:" && place.prefix != "classpath:") {
      Diagnostic wrong;
      wrong.code = "unsupported-location";
      wrong.message = "migrations cannot be read from '" + location + "'";
      wrong.help = "Bascule reads filesystem: and classpath: locations; copy the files to a folder";
      diagnostics.add(std::move(wrong));
      continue;
    }
    const std::string root = root_of(settings, place);
    const bool plain = place.pattern.empty();
    if (plain && std::any_of(taken.begin(), taken.end(), [&](const std::string& one) { return inside(root, one); }))
      continue;
    std::error_code ignored;
    if (!fs::is_directory(root, ignored)) {
      diagnostics.add(missing(settings, location, root));
      continue;
    }
    if (plain) taken.push_back(root);
    std::vector<std::string> names;
    walk(root, "", names, diagnostics);
    std::sort(names.begin(), names.end());
    out.reserve(out.size() + names.size());
    for (std::string& name : names) {
      std::string script = name;
      if (!plain) {
        std::vector<std::string> words;
        for (const std::string_view word : split(name, '/')) words.emplace_back(word);
        auto rest = match(place, 0, words, 0);
        if (!rest) continue;
        script = std::move(*rest);
      }
      const auto slash = name.rfind('/');
      std::string last = slash == std::string::npos ? name : name.substr(slash + 1);
      out.push_back({root == "." ? name : root + "/" + name, std::move(script), std::move(last)});
    }
  }
  return out;
}

std::string first_folder(const Settings& settings) {
  for (const std::string& location : settings.locations) {
    const Place place = parse_place(location);
    if (place.pattern.empty() && (place.prefix == "filesystem:" || place.prefix == "classpath:"))
      return root_of(settings, place);
  }
  return {};
}

std::vector<FoundFile> find_java_files(const Settings& settings) {
  constexpr std::array<std::string_view, 4> kRoots = {"src/main/java", "src/main/kotlin", "target/classes",
                                                      "build/classes/java/main"};
  std::vector<FoundFile> out;
  for (const std::string& location : settings.locations) {
    const Place place = parse_place(location);
    if (place.prefix != "classpath:" || !place.pattern.empty()) continue;
    for (const std::string_view root : kRoots) {
      const std::string folder = joined(settings.directory, std::string(root) + "/" + place.path);
      std::error_code wrong;
      for (fs::directory_iterator at(folder, wrong), end; !wrong && at != end; at.increment(wrong)) {
        const std::string name = at->path().filename().string();
        const std::string extension = at->path().extension().string();
        if (extension != ".java" && extension != ".kt" && extension != ".class") continue;
        if (name.find('$') != std::string::npos) continue;
        const std::string stem = at->path().stem().string();
        const std::string script = replace_all(place.path, "/", ".") + "." + stem;
        const bool known =
            std::any_of(out.begin(), out.end(), [&](const FoundFile& one) { return one.script == script; });
        if (!known) out.push_back({folder + "/" + name, script, stem});
      }
    }
  }
  return out;
}

}  // namespace bascule::formats::flyway
