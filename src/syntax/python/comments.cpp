#include "syntax/python/comments.h"

#include "syntax/comment_places.h"
#include "syntax/python/lexer.h"

namespace bascule::syntax::python {

std::vector<Comment> comments(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  const std::uint32_t start = text.starts_with(kByteOrderMark) ? 3 : 0;
  Tokens tokens;
  try {
    tokens = tokenize(text, start);
  } catch (const SyntaxFailure&) {
    return {};
  }
  std::vector<Comment> found;
  CommentPlaces places(text);
  std::size_t at = start;
  const auto gap = [&](std::size_t end) {
    while (at < end) {
      if (text[at] != '#') {
        ++at;
        continue;
      }
      const std::size_t close = std::min(text.find('\n', at), text.size());
      found.push_back({trim(text.substr(at + 1, close - at - 1)), {places.at(at), places.at(close)}, places.alone(at)});
      at = close;
    }
  };
  for (const Token& token : tokens.list) {
    gap(token.begin);
    at = std::max<std::size_t>(at, token.end);
  }
  gap(text.size());
  return found;
}

}  // namespace bascule::syntax::python
