#include "base/source.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace bascule {

SourceFile::SourceFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}

std::string_view SourceFile::line(std::uint32_t number) const {
  if (number == 0) return {};
  std::string_view rest = text_;
  for (std::uint32_t skipped = 1; skipped < number; ++skipped) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

Position SourceFile::at(std::size_t offset) const {
  const std::string_view before = std::string_view(text_).substr(0, std::min(offset, text_.size()));
  const std::size_t last_line_end = before.rfind('\n');
  const std::size_t line_start = last_line_end == std::string_view::npos ? 0 : last_line_end + 1;
  Position position;
  position.line = static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n'));
  position.column = static_cast<std::uint32_t>(1 + utf8_length(before.substr(line_start)));
  position.offset = static_cast<std::uint32_t>(before.size());
  return position;
}

}  // namespace bascule
