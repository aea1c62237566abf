#include "formats/open.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "formats/alembic/project.h"

namespace bascule::formats {

namespace {

using Opened = std::optional<Result<std::unique_ptr<Project>, Diagnostic>>;

/// detect: whether its files are there, without reading migrations. open: nullopt where they are not.
struct Format {
  const char* name;
  bool (*detect)(const OpenRequest& request);
  Opened (*open)(const OpenRequest& request);
  const Vocabulary& (*vocabulary)();
};

Opened open_alembic(const OpenRequest& request) {
  return alembic::open_alembic_project(request.directory, request.config, request.environment);
}
bool detect_alembic(const OpenRequest& request) { return open_alembic(request).has_value(); }
const Vocabulary& alembic_vocabulary() {
  // Bascule's own words are Alembic's.
  static const Vocabulary kWords = {
      "alembic", {}, {}, [](const Words& words) -> Result<Words, Diagnostic> { return words; }};
  return kWords;
}

constexpr Format kFormats[] = {
    {"alembic", detect_alembic, open_alembic, alembic_vocabulary},
};

Diagnostic no_project(const std::string& directory) {
  Diagnostic out;
  out.code = "no-project";
  out.message = "there is no migration project in " + (directory == "." ? "this folder" : directory);
  out.cause =
      "looked for alembic.ini, bascule.toml, pyproject.toml with [tool.alembic], and migrations/versions or "
      "alembic/versions";
  out.help = "go to the project's folder (or name it with -d), or start a new one with: bascule init";
  return out;
}

Diagnostic unknown_format(const std::string& name) {
  Diagnostic out;
  out.code = "unknown-format";
  out.message = "there is no project format '" + name + "'";
  out.help = "the formats are " + join(format_names(), ", ");
  return out;
}

Diagnostic ambiguous(const std::vector<std::string>& found, const std::string& directory) {
  Diagnostic out;
  out.code = "ambiguous-project";
  out.message = "more than one kind of project is in " + (directory == "." ? "this folder" : directory) + ": " +
                join(found, ", ");
  out.help = "say which one is meant: bascule --format " + found.front() + " ..., or format = \"" + found.front() +
             "\" in bascule.toml";
  return out;
}

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  return names;
}

std::vector<std::string> detect_formats(const OpenRequest& request) {
  std::vector<std::string> found;
  for (const Format& format : kFormats) {
    if (format.detect(request)) found.emplace_back(format.name);
  }
  return found;
}

const Vocabulary* vocabulary(const std::string& format) {
  for (const Format& one : kFormats) {
    if (format == one.name) return &one.vocabulary();
  }
  return nullptr;
}

Result<std::unique_ptr<Project>, Diagnostic> open_project(const OpenRequest& request) {
  std::string name;
  if (request.format) {
    name = *request.format;
  } else {
    const std::vector<std::string> found = detect_formats(request);
    if (found.empty()) return failure(no_project(request.directory));
    if (found.size() > 1) return failure(ambiguous(found, request.directory));
    name = found.front();
  }
  const auto* format =
      std::find_if(std::begin(kFormats), std::end(kFormats), [&](const Format& one) { return name == one.name; });
  if (format == std::end(kFormats)) return failure(unknown_format(name));
  if (auto project = format->open(request)) return std::move(*project);
  return failure(no_project(request.directory));
}

}  // namespace bascule::formats
