// What: reading and writing files, with errors that name the file.
#pragma once

#include <string>

#include "base/result.h"

namespace bascule {

/// A file-system failure. message: "cannot read migrations/x.py: Permission denied".
struct FileError {
  std::string message;
  int error_number = 0;
};

/// The whole file as bytes.
Result<std::string, FileError> read_file(const std::string& path);

/// While it lives, read_file() gives this text for that file, whatever lies there: what an editor holds and has not
/// saved. One at a time.
class FileStandIn {
 public:
  FileStandIn(const std::string& path, std::string text);
  ~FileStandIn();
  FileStandIn(const FileStandIn&) = delete;
  FileStandIn& operator=(const FileStandIn&) = delete;

  bool is_for(const std::string& path) const;
  const std::string& text() const { return text_; }

 private:
  std::string path_, text_;
};
/// Writes beside the target, syncs, renames over it: readers see the old file or the new one, never half.
Result<void, FileError> write_file_atomically(const std::string& path, const std::string& content);
/// Like the above, but fails if the file exists already.
Result<void, FileError> create_file_atomically(const std::string& path, const std::string& content);

}  // namespace bascule
