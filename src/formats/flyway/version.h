// What: a Flyway version: numbers of any size between dots or underscores, and the words that stand for one.
// Must not know: files, the history table.
// Invariants: parts hold digits without leading zeros and no zeros at the end, so equal versions compare equal whatever
// they were written as; text is the spelling with dots, as the history table has it.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bascule::formats::flyway {

class Version {
 public:
  /// nullopt: this is no version ("1.x", "", "1.").
  static std::optional<Version> parse(std::string_view text);
  const std::string& text() const { return text_; }
  std::strong_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const { return (*this <=> other) == std::strong_ordering::equal; }

 private:
  std::string text_;
  std::vector<std::string> parts_;
};

}  // namespace bascule::formats::flyway
