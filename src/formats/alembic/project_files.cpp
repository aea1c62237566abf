#include "formats/alembic/project_files.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>

namespace bascule::formats::alembic {
namespace {

struct Listing {
  std::vector<std::string> files, folders;
};

bool is_folder(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// errno, or 0.
int list(const std::string& folder, Listing& out) {
  DIR* stream = ::opendir(folder.c_str());
  if (stream == nullptr) return errno;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const bool unsure = entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK;
    const bool folder_entry = unsure ? is_folder(folder + "/" + name) : entry->d_type == DT_DIR;
    (folder_entry ? out.folders : out.files).push_back(name);
  }
  ::closedir(stream);
  std::sort(out.files.begin(), out.files.end());
  std::sort(out.folders.begin(), out.folders.end());
  return 0;
}

void add_folder(const std::string& folder, bool recursive, int depth, std::vector<std::string>& paths,
                Diagnostics& diagnostics) {
  Listing listing;
  if (const int error = list(folder, listing); error != 0) {
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
