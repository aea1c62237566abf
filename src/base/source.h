// What: a source file held in memory and places in it.
// Must not know: what language the file is in.
// Invariants: text is valid UTF-8 (the reader checked); positions are 1-based; columns count characters, not bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bascule {

/// A place in a text. line and column are 1-based (column in Unicode characters); offset is 0-based, in bytes.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t offset = 0;
  bool known() const { return line != 0; }
  bool operator==(const Position&) const = default;
};

/// A half-open stretch of a text.
struct Span {
  Position begin;
  Position end;
  bool operator==(const Span&) const = default;
};

/// A file's path (as the user should see it: relative where they gave it relative) and its text.
class SourceFile {
 public:
  SourceFile(std::string path, std::string text);
  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  /// The line's text without its line end; empty if there is no such line. @param number 1-based.
  std::string_view line(std::uint32_t number) const;
  /// Line and column of a byte offset (clamped to the end of the text). O(offset).
  Position at(std::size_t offset) const;

 private:
  std::string path_;
  std::string text_;
};

using SourceFilePtr = std::shared_ptr<const SourceFile>;

/// A place with its file. file may be null when the place is not in a file.
struct Location {
  SourceFilePtr file;
  Span span;
};

}  // namespace bascule
