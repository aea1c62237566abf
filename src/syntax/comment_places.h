// What: where offsets that only grow stand in a text, and whether something stands before them on their line.
// Internal to syntax/.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/source.h"
#include "base/text.h"

namespace bascule::syntax {

class CommentPlaces {
 public:
  explicit CommentPlaces(std::string_view text) : text_(text) {}

  /// REQUIRES: offset is not before the one asked for last.
  Position at(std::size_t offset) {
    while (seen_ < offset) {
      if (text_[seen_] == '\n') {
        ++line_;
        line_begin_ = seen_ + 1;
      }
      ++seen_;
    }
    Position out;
    out.line = line_;
    out.column = static_cast<std::uint32_t>(1 + utf8_length(text_.substr(line_begin_, offset - line_begin_)));
    out.offset = static_cast<std::uint32_t>(offset);
    return out;
  }
  bool alone(std::size_t offset) const {
    const std::size_t before = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    return trim(text_.substr(begin, offset - begin)).empty();
  }

 private:
  std::string_view text_;
  std::size_t seen_ = 0;
  std::size_t line_begin_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace bascule::syntax
