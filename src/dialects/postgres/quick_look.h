// What: whether a text can hold one of a few words at all: spares taking most statements apart. Internal to this
// folder. Must not know: what the words mean. Invariants: one pass, nothing is copied; strings and comments count too,
// so that true means "perhaps".
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace bascule::dialects::postgres {

/// Words (or several with blanks between them) to look for, in lower case, each beginning with a letter.
class QuickLook {
 public:
  explicit constexpr QuickLook(std::span<const std::string_view> words) : words_(words) {
    for (std::size_t c = 0; c < kinds_.size(); ++c) {
      const unsigned char small = lower(static_cast<char>(c));
      const bool in_word =
          (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') || small == '_' || c >= 0x80;
      kinds_[c] = in_word ? Kind::kInWord : Kind::kOther;
      for (const std::string_view word : words)
        if (small == static_cast<unsigned char>(word[0])) kinds_[c] = Kind::kMayBegin;
    }
  }

  /// Whether the text has one of them where a word begins, in whatever case.
  bool finds_any(std::string_view text) const {
    return finds_any(text, [](std::string_view) { return true; });
  }
  /// The same, where `means_it` holds for the text behind it.
  template <class MeansIt>
  bool finds_any(std::string_view text, MeansIt means_it) const {
    bool inside = false;  // of a word
    for (std::size_t i = 0; i < text.size(); ++i) {
      const Kind kind = kinds_[static_cast<unsigned char>(text[i])];
      if (kind == Kind::kMayBegin && !inside)
        for (const std::string_view word : words_)
          if (stands_at(text.substr(i), word) && means_it(text.substr(i + word.size()))) return true;
      inside = kind != Kind::kOther;
    }
    return false;
  }

 private:
  enum class Kind : unsigned char { kOther, kInWord, kMayBegin };
  static constexpr unsigned char lower(char c) {
    return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  static bool stands_at(std::string_view text, std::string_view word) {
    if (text.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
      if (lower(text[i]) != static_cast<unsigned char>(word[i])) return false;
    return true;
  }

  std::span<const std::string_view> words_;
  std::array<Kind, 256> kinds_{};
};

}  // namespace bascule::dialects::postgres
