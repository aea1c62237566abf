#include "formats/slug.h"

#include <cctype>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace bascule::formats {

namespace {

/// Punctuation, symbols and emoji: U+0080 to U+00BF, U+2000 to U+2BFF, U+3000 to U+303F, U+FE00 to U+FE0F, from
/// U+1F000.
bool is_sign(std::string_view character) {
  return character < "\xC3\x80" || (character >= "\xE2\x80\x80" && character < "\xE2\xB0\x80") ||
         (character >= "\xE3\x80\x80" && character < "\xE3\x81\x80") ||
         (character >= "\xEF\xB8\x80" && character < "\xEF\xB8\x90") || character >= "\xF0\x9F\x80\x80";
}

}  // namespace

std::string slug_of(const std::string& message, std::size_t max_length) {
  std::vector<std::string> words;
  std::string word;
  const auto flush = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < message.size();) {
    const auto byte = static_cast<unsigned char>(message[i]);
    if (byte < 0x80) {
      if (std::isalnum(byte) != 0 || byte == '_')
        word += static_cast<char>(std::tolower(byte));
      else
        flush();
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (end < message.size() && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) ++end;
    const std::string_view character = std::string_view(message).substr(i, end - i);
    if (is_sign(character))
      flush();
    else
      word += character;
    i = end;
  }
  flush();
  std::string slug = join(words, "_");
  if (utf8_length(slug) <= max_length) return slug;
  std::size_t end = 0;
  for (std::size_t characters = 0; end < slug.size(); ++end) {
    if ((static_cast<unsigned char>(slug[end]) & 0xC0U) != 0x80U && characters++ == max_length) break;
  }
  slug.resize(end);
  return slug.substr(0, slug.rfind('_')) + "_";
}

}  // namespace bascule::formats
