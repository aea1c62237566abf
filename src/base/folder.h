// What: what a folder holds.
// Must not know: what names mean.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace bascule {

/// Names, sorted; a link is what it leads to. error: errno, or 0; what was read before it is there.
struct FolderListing {
  std::vector<std::string> files, folders;
  int error = 0;
};

FolderListing list_folder(const std::string& path);

/// While one lives, this thread lists each folder once: for code that looks at the same few again and again, and writes
/// to none.
class FoldersListedOnce {
 public:
  FoldersListedOnce();
  ~FoldersListedOnce();
  FoldersListedOnce(const FoldersListedOnce&) = delete;
  FoldersListedOnce& operator=(const FoldersListedOnce&) = delete;

 private:
  friend FolderListing list_folder(const std::string& path);
  std::map<std::string, FolderListing> known_;
  FoldersListedOnce* outer_;
};

}  // namespace bascule
