#include "syntax/sql/comments.h"

#include "base/text.h"
#include "syntax/comment_places.h"
#include "syntax/sql/statements.h"

namespace bascule::syntax::sql {

namespace {

class Finder {
 public:
  Finder(std::string_view script, Flavour flavour) : script_(script), flavour_(flavour), places_(script) {}

  std::vector<Comment> find() {
    const Script cut = split(script_, flavour_);
    std::size_t at = 0;
    for (const StatementSpan& statement : cut.statements) {
      const auto begin = static_cast<std::size_t>(statement.text.data() - script_.data());
      const auto leading = static_cast<std::size_t>(statement.leading.data() - script_.data());
      gap(statement.leading.empty() ? begin : leading, begin);
      inside(begin, begin + statement.text.size());
      at = begin + statement.text.size();
      if (statement.copy_from_stdin) at += statement.copy_data.size();
    }
    gap(at, script_.size());
    return std::move(found_);
  }

 private:
  void inside(std::size_t begin, std::size_t end) {
    Lexer lexer(script_.substr(0, end), flavour_);
    lexer.jump(begin);
    std::size_t at = begin;
    while (const auto token = lexer.next()) {
      gap(at, token->begin);
      at = token->end;
    }
    gap(at, end);
  }

  /// Blanks, comments and terminators.
  void gap(std::size_t begin, std::size_t end) {
    while (begin + 1 < end) {
      const std::string_view mark = script_.substr(begin, 2);
      if (mark == "--") {
        const std::size_t close = std::min(script_.find('\n', begin), end);
        add(begin, close, begin + 2, close);
        begin = close;
      } else if (mark == "/*") {
        const std::size_t close = block_end(begin, end);
        add(begin, close, begin + 2, close < begin + 4 ? close : close - 2);
        begin = close;
      } else {
        ++begin;
      }
    }
  }

  std::size_t block_end(std::size_t begin, std::size_t end) const {
    std::size_t depth = 0;
    for (std::size_t at = begin; at + 1 < end; ++at) {
      const std::string_view mark = script_.substr(at, 2);
      if (mark == "/*" && (depth == 0 || flavour_ == Flavour::kPostgres)) {
        ++depth;
        ++at;
      } else if (mark == "*/") {
        ++at;
        if (--depth == 0) return at + 1;
      }
    }
    return end;
  }

  void add(std::size_t begin, std::size_t end, std::size_t text_begin, std::size_t text_end) {
    found_.push_back({trim(script_.substr(text_begin, text_end - text_begin)),
                      {places_.at(begin), places_.at(end)},
                      places_.alone(begin)});
  }

  std::string_view script_;
  Flavour flavour_;
  CommentPlaces places_;
  std::vector<Comment> found_;
};

}  // namespace

std::vector<Comment> comments(std::string_view script, Flavour flavour) { return Finder(script, flavour).find(); }

}  // namespace bascule::syntax::sql
