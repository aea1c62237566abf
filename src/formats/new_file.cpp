#include "formats/new_file.h"

#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/file.h"

namespace bascule::formats {

namespace fs = std::filesystem;

std::string time_stamp() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%Y%m%d%H%M%S", &parts)};
}

Result<void, Diagnostic> write_new_file(const std::string& path, const std::string& text) {
  Diagnostic wrong;
  wrong.code = "cannot-write";
  const fs::path folder = fs::path(path).parent_path();
  std::error_code failed;
  if (!folder.empty()) fs::create_directories(folder, failed);
  if (failed) {
    wrong.message = "cannot make the folder " + folder.string() + ": " + failed.message();
    return failure(std::move(wrong));
  }
  if (fs::exists(path, failed)) {
    wrong.code = "file-exists";
    wrong.message = "there is a file " + path + " already";
    return failure(std::move(wrong));
  }
  auto written = create_file_atomically(path, text);
  if (written) return {};
  wrong.message = written.error().message;
  return failure(std::move(wrong));
}

}  // namespace bascule::formats
