#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace bascule {
namespace {

constexpr mode_t kNewFileMode = 0666;
constexpr mode_t kPermissionBits = 07777;
constexpr std::size_t kReadSize = std::size_t{64} * 1024;

FileError file_error(std::string_view what, const std::string& path, int error_number) {
  return {"cannot " + std::string(what) + " " + path + ": " + std::generic_category().message(error_number),
          error_number};
}

/// An open file, closed at the end of the scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  /// 0, or what closing reported: on a network file system that is where a full disk is heard of.
  int close() {
    if (number_ < 0) return 0;
    const int status = ::close(std::exchange(number_, -1));
    return status == 0 ? 0 : errno;
  }

 private:
  int number_;
};

int open_retrying(const std::string& path, int flags) {
  int number = -1;
  do {
    number = ::open(path.c_str(), flags | O_CLOEXEC);
  } while (number < 0 && errno == EINTR);
  return number;
}

/// 0 or an errno.
int write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// The file that a chain of symbolic links ends at, so that writing keeps the link; the path itself if there is none.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

mode_t mode_for(const std::string& path) {
  struct stat existing = {};
  if (::stat(path.c_str(), &existing) == 0) return existing.st_mode & kPermissionBits;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return kNewFileMode & ~mask;
}

/// Makes a rename or link in the folder survive a power cut. Some file systems refuse this; then it is as safe as it
/// gets.
void sync_folder(const std::string& folder) {
  const Descriptor descriptor(open_retrying(folder, O_RDONLY | O_DIRECTORY));
  if (descriptor.open()) (void)::fsync(descriptor.number());
}

enum class Existing { kReplace, kRefuse };

/// 0 or an errno. The content is on disk under a temporary name before the target's name points at it.
int write_beside_and_move(const std::string& target, std::string_view content, Existing existing) {
  std::string temporary = target + ".XXXXXX";
  Descriptor descriptor(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!descriptor.open()) return errno;
  int error = write_all(descriptor.number(), content);
  if (error == 0 && ::fchmod(descriptor.number(), mode_for(target)) != 0) error = errno;
  if (error == 0 && ::fsync(descriptor.number()) != 0) error = errno;
  const int close_error = descriptor.close();
  if (error == 0) error = close_error;
  if (error == 0 && existing == Existing::kReplace) {
    if (::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
    if (error == 0) {
      sync_folder(folder_of(target));
      return 0;
    }
  } else if (error == 0) {
    // link, unlike rename, fails when the name is taken.
    if (::link(temporary.c_str(), target.c_str()) != 0) error = errno;
  }
  (void)::unlink(temporary.c_str());
  if (error == 0) sync_folder(folder_of(target));
  return error;
}

std::string whole_path(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::weakly_canonical(path, unknown).string();
}

std::atomic<const FileStandIn*> stand_in = nullptr;  // files are read in several threads

}  // namespace

FileStandIn::FileStandIn(const std::string& path, std::string text) : path_(whole_path(path)), text_(std::move(text)) {
  stand_in = this;
}
FileStandIn::~FileStandIn() { stand_in = nullptr; }
bool FileStandIn::is_for(const std::string& path) const { return whole_path(path) == path_; }

Result<std::string, FileError> read_file(const std::string& path) {
  if (const FileStandIn* other = stand_in; other != nullptr && other->is_for(path)) return other->text();
  const Descriptor descriptor(open_retrying(path, O_RDONLY));
  if (!descriptor.open()) return failure(file_error("read", path, errno));
  std::string content;
  struct stat status = {};
  if (::fstat(descriptor.number(), &status) == 0 && S_ISREG(status.st_mode)) {
    // One byte more than the file has, so that its end is seen by the first short read.
    content.resize(static_cast<std::size_t>(status.st_size) + 1);
  }
  std::size_t size = 0;
  while (true) {
    if (size == content.size()) content.resize(size + kReadSize);
    const ssize_t got = ::read(descriptor.number(), content.data() + size, content.size() - size);
    if (got < 0) {
      if (errno == EINTR) continue;
      return failure(file_error("read", path, errno));
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  content.resize(size);
  return content;
}

Result<void, FileError> write_file_atomically(const std::string& path, const std::string& content) {
  const int error = write_beside_and_move(resolved(path), content, Existing::kReplace);
  if (error != 0) return failure(file_error("write", path, error));
  return {};
}

Result<void, FileError> create_file_atomically(const std::string& path, const std::string& content) {
  const int error = write_beside_and_move(path, content, Existing::kRefuse);
  if (error != 0) return failure(file_error("create", path, error));
  return {};
}

}  // namespace bascule
