#include "formats/alembic/project_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>

#include "base/folder.h"

namespace bascule::formats::alembic {
namespace {

void add_folder(const std::string& folder, bool recursive, int depth, std::vector<std::string>& paths,
                Diagnostics& diagnostics) {
  const FolderListing listing = list_folder(folder);
  if (const int error = listing.error; error != 0) {
    Diagnostic diagnostic;
    const bool missing = error == ENOENT;
    diagnostic.code = missing ? "no-version-location" : "unreadable-folder";
    diagnostic.severity = missing ? Severity::kWarning : Severity::kError;
    diagnostic.message = missing ? "there is no folder " + folder
                                 : "cannot read the folder " + folder + ": " + std::generic_category().message(error);
    diagnostic.help = missing ? "make it, or correct version_locations" : "";
    diagnostics.add(std::move(diagnostic));
    return;
  }
  for (const std::string& name : listing.files)
    if (is_revision_file_name(name)) paths.push_back(folder + "/" + name);
  // Links may lead in circles.
  constexpr int kDeepest = 40;
  if (!recursive || depth > kDeepest) return;
  for (const std::string& name : listing.folders)
    if (name != "__pycache__") add_folder(folder + "/" + name, recursive, depth + 1, paths, diagnostics);
}

}  // namespace

bool is_revision_file_name(const std::string& name) {
  return name.ends_with(".py") && !name.starts_with(".#") && !name.starts_with("__init__");
}

std::vector<std::string> list_revision_files(const Settings& settings, Diagnostics& diagnostics) {
  std::vector<std::string> paths;
  for (const std::string& location : settings.version_locations)
    add_folder(location, settings.recursive, 0, paths, diagnostics);
  if (settings.version_locations.size() < 2 && !settings.recursive) return paths;
  std::set<std::pair<dev_t, ino_t>> seen;
  std::erase_if(paths, [&](const std::string& path) {
    struct stat status = {};
    return ::stat(path.c_str(), &status) == 0 && !seen.emplace(status.st_dev, status.st_ino).second;
  });
  return paths;
}

}  // namespace bascule::formats::alembic
