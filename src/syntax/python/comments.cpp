#include "syntax/python/comments.h"

#include "syntax/comment_places.h"
#include "syntax/python/lexer.h"

namespace bascule::syntax::python {

namespace {

std::uint32_t start_of(std::string_view text) { return text.starts_with("\xef\xbb\xbf") ? 3 : 0; }

/// Empty where the text is not Python.
std::vector<Token> tokens_of(std::string_view text) {
  try {
    return tokenize(text, start_of(text)).list;
  } catch (const SyntaxFailure&) {
    return {};
  }
}

}  // namespace

std::vector<Comment> comments(std::string_view text) {
  const std::vector<Token> tokens = tokens_of(text);
  std::vector<Comment> found;
  if (tokens.empty()) return found;
  CommentPlaces places(text);
  std::size_t at = start_of(text);
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
  for (const Token& token : tokens) {
    gap(token.begin);
    at = std::max<std::size_t>(at, token.end);
  }
  gap(text.size());
  return found;
}

std::vector<Literal> literals(std::string_view text) {
  std::vector<Literal> found;
  for (const Token& token : tokens_of(text)) {
    if (token.kind != TokenKind::kString) continue;
    const StringShape shape = string_shape(text.substr(token.begin, token.end - token.begin));
    const std::size_t begin = token.begin + std::size_t{shape.prefix} + shape.quotes;
    if (token.end >= begin + shape.quotes) found.push_back({begin, token.end - std::size_t{shape.quotes}, shape.raw});
  }
  return found;
}

}  // namespace bascule::syntax::python
