#include "base/folder.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

namespace bascule {

namespace {

bool is_folder(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

FolderListing read_folder(const std::string& path) {
  FolderListing out;
  DIR* stream = ::opendir(path.empty() ? "." : path.c_str());
  if (stream == nullptr) {
    out.error = errno;
    return out;
  }
  while (const dirent* entry = ::readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    const bool unsure = entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK;
    const bool folder = unsure ? is_folder(path + "/" + std::string(name)) : entry->d_type == DT_DIR;
    (folder ? out.folders : out.files).emplace_back(name);
  }
  ::closedir(stream);
  std::sort(out.files.begin(), out.files.end());
  std::sort(out.folders.begin(), out.folders.end());
  return out;
}

thread_local FoldersListedOnce* once = nullptr;

}  // namespace

FoldersListedOnce::FoldersListedOnce() : outer_(std::exchange(once, this)) {}
FoldersListedOnce::~FoldersListedOnce() { once = outer_; }

FolderListing list_folder(const std::string& path) {
  if (once == nullptr) return read_folder(path);
  const auto known = once->known_.find(path);
  return known != once->known_.end() ? known->second : once->known_.emplace(path, read_folder(path)).first->second;
}

}  // namespace bascule
