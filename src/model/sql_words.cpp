#include "model/sql_words.h"

#include <algorithm>
#include <utility>

#include "base/overload.h"

namespace bascule::model {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) { return starts_name(c) || is_digit(c) || c == '$'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_operator(char c) { return std::string_view("+-*/<>=~!@#%^&|`?").find(c) != std::string_view::npos; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}

  std::vector<SqlWord> scan() {
    std::vector<SqlWord> words;
    words.reserve(sql_.size() / 5 + 1);  // about as many as plain SQL has
    while (skip_blanks(), at_ < sql_.size()) words.push_back(next());
    return words;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

  void skip_blanks() {
    while (at_ < sql_.size()) {
      if (is_space(peek())) {
        ++at_;
      } else if (peek() == '-' && peek(1) == '-') {
        at_ = std::min(sql_.find('\n', at_), sql_.size());
      } else if (peek() == '/' && peek(1) == '*') {
        skip_comment();
      } else {
        return;
      }
    }
  }
  void skip_comment() {
    int depth = 0;
    while (at_ < sql_.size()) {
      if (peek() == '/' && peek(1) == '*') {
        ++depth;
        at_ += 2;
      } else if (peek() == '*' && peek(1) == '/') {
        at_ += 2;
        if (--depth == 0) return;
      } else {
        ++at_;
      }
    }
  }

  SqlWord next() {
    const std::size_t begin = at_;
    const char c = peek();
    if (c == '\'') return word(WordKind::kString, begin, quoted('\'', false));
    if (c == '"') return word(WordKind::kQuotedName, begin, quoted('"', false));
    if ((c == 'e' || c == 'E') && peek(1) == '\'') {
      ++at_;
      return word(WordKind::kString, begin, quoted('\'', true));
    }
    if (c == '$' && !is_digit(peek(1))) {
      if (auto text = dollar_quoted(); text.first) return word(WordKind::kString, begin, std::move(text.second));
    }
    if (starts_name(c)) {
      std::string name;
      while (at_ < sql_.size() && continues_name(peek())) name += lower(sql_[at_++]);
      return word(WordKind::kName, begin, std::move(name));
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number(begin);
    if (c == ':' && peek(1) == ':') {
      at_ += 2;
      return word(WordKind::kOperator, begin, "::");
    }
    if (is_operator(c)) return word(WordKind::kOperator, begin, operator_text());
    ++at_;
    return word(WordKind::kSymbol, begin, std::string(1, c));
  }

  SqlWord number(std::size_t begin) {
    while (is_digit(peek()) || peek() == '.' || starts_name(peek()) ||
           ((peek() == '+' || peek() == '-') && at_ > begin && lower(sql_[at_ - 1]) == 'e' && is_digit(peek(1))))
      ++at_;
    return word(WordKind::kNumber, begin, std::string(sql_.substr(begin, at_ - begin)));
  }

  /// As PostgreSQL reads one: a + or - at its end belongs to what follows, unless it holds one of ~!@#%^&|`?.
  std::string operator_text() {
    const std::size_t begin = at_;
    while (is_operator(peek())) {
      if ((peek() == '-' && peek(1) == '-') || (peek() == '/' && peek(1) == '*')) break;
      ++at_;
    }
    std::string_view text = sql_.substr(begin, at_ - begin);
    if (text.find_first_of("~!@#%^&|`?") == std::string_view::npos)
      while (text.size() > 1 && (text.back() == '+' || text.back() == '-')) text.remove_suffix(1);
    at_ = begin + text.size();
    return std::string(text);
  }

  std::string quoted(char quote, bool escapes) {
    std::string text;
    for (++at_; at_ < sql_.size(); ++at_) {
      if (peek() == quote) {
        if (peek(1) != quote) {
          ++at_;
          break;
        }
        ++at_;
      } else if (escapes && peek() == '\\' && at_ + 1 < sql_.size()) {
        ++at_;
        text += escaped(peek());
        continue;
      }
      text += peek();
    }
    return text;
  }
  static char escaped(char c) {
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      default:
        return c;
    }
  }

  std::pair<bool, std::string> dollar_quoted() {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && continues_name(sql_[end]) && sql_[end] != '$') ++end;
    if (end >= sql_.size() || sql_[end] != '$') return {false, {}};
    const std::string_view tag = sql_.substr(at_, end + 1 - at_);
    const std::size_t close = sql_.find(tag, end + 1);
    if (close == std::string_view::npos) return {false, {}};
    std::string text(sql_.substr(end + 1, close - end - 1));
    at_ = close + tag.size();
    return {true, std::move(text)};
  }

  SqlWord word(WordKind kind, std::size_t begin, std::string text) const {
    return SqlWord{kind, begin, at_, std::move(text)};
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

/// Whether the word at `at` names a column: not a function, a type after :: or a qualifier.
bool names_column(const std::vector<SqlWord>& words, std::size_t at, const Identifier& name) {
  if (!words[at].is_name() || words[at].text != name.text()) return false;
  if (at + 1 < words.size() && (words[at + 1].is("(") || words[at + 1].is("."))) return false;
  return at == 0 || !words[at - 1].is("::");
}

struct Mentions {
  const Identifier& column;

  bool any(const Expression& expression) const { return std::visit(*this, expression); }
  bool any(const std::vector<Expression>& list) const {
    return std::any_of(list.begin(), list.end(), [&](const Expression& item) { return any(item); });
  }
  bool operator()(const TextExpr& text) const { return mentions_name(text.sql, column); }
  bool operator()(const LiteralExpr&) const { return false; }
  bool operator()(const ColumnExpr& named) const { return named.column == column; }
  bool operator()(const BooleanExpr&) const { return false; }
  bool operator()(const NullExpr&) const { return false; }
  bool operator()(const ParameterExpr&) const { return false; }
  bool operator()(const Box<FunctionExpr>& call) const { return any(call->arguments); }
  bool operator()(const Box<BinaryExpr>& binary) const { return any(binary->left) || any(binary->right); }
  bool operator()(const Box<UnaryExpr>& unary) const { return any(unary->operand); }
  bool operator()(const Box<CastExpr>& cast) const { return any(cast->operand); }
  bool operator()(const Box<ListExpr>& list) const { return any(list->items); }
  bool operator()(const Box<CaseExpr>& choice) const {
    if (choice->otherwise && any(*choice->otherwise)) return true;
    return std::any_of(choice->branches.begin(), choice->branches.end(),
                       [&](const auto& branch) { return any(branch.first) || any(branch.second); });
  }
  bool operator()(const Box<CollateExpr>& collate) const { return any(collate->operand); }
  // Neither stands in what a schema holds.
  bool operator()(const Box<WindowExpr>&) const { return false; }
  bool operator()(const Box<SelectExpr>&) const { return false; }
};
static_assert(kCovers<Mentions, Expression>);

struct Renaming {
  const Identifier& from;
  const Identifier& to;

  Expression of(const Expression& expression) const { return std::visit(*this, expression); }
  Expression operator()(const TextExpr& text) const { return TextExpr{rename_in_text(text.sql, from, to)}; }
  Expression operator()(const LiteralExpr& literal) const { return literal; }
  Expression operator()(const ColumnExpr& named) const {
    ColumnExpr renamed = named;
    if (named.column == from) renamed.column = to;
    return renamed;
  }
  Expression operator()(const BooleanExpr& value) const { return value; }
  Expression operator()(const NullExpr& null) const { return null; }
  Expression operator()(const ParameterExpr& parameter) const { return parameter; }
  Expression operator()(const Box<FunctionExpr>& call) const {
    FunctionExpr renamed = *call;
    for (Expression& argument : renamed.arguments) argument = of(argument);
    return Box<FunctionExpr>(std::move(renamed));
  }
  Expression operator()(const Box<BinaryExpr>& binary) const {
    return Box<BinaryExpr>(BinaryExpr{binary->op, of(binary->left), of(binary->right)});
  }
  Expression operator()(const Box<UnaryExpr>& unary) const {
    return Box<UnaryExpr>(UnaryExpr{unary->op, of(unary->operand), unary->postfix});
  }
  Expression operator()(const Box<CastExpr>& cast) const {
    return Box<CastExpr>(CastExpr{of(cast->operand), cast->type});
  }
  Expression operator()(const Box<ListExpr>& list) const {
    ListExpr renamed = *list;
    for (Expression& item : renamed.items) item = of(item);
    return Box<ListExpr>(std::move(renamed));
  }
  Expression operator()(const Box<CaseExpr>& choice) const {
    CaseExpr renamed = *choice;
    for (auto& [condition, result] : renamed.branches) {
      condition = of(condition);
      result = of(result);
    }
    if (renamed.otherwise) renamed.otherwise = of(*renamed.otherwise);
    return Box<CaseExpr>(std::move(renamed));
  }
  Expression operator()(const Box<CollateExpr>& collate) const {
    return Box<CollateExpr>(CollateExpr{of(collate->operand), collate->collation});
  }
  Expression operator()(const Box<WindowExpr>& window) const { return window; }
  Expression operator()(const Box<SelectExpr>& select) const { return select; }
};
static_assert(kCovers<Renaming, Expression>);

}  // namespace

std::vector<SqlWord> sql_words(std::string_view sql) { return Scanner(sql).scan(); }

bool mentions_name(std::string_view sql, const Identifier& name) {
  const std::vector<SqlWord> words = sql_words(sql);
  for (std::size_t i = 0; i < words.size(); ++i)
    if (names_column(words, i, name)) return true;
  return false;
}

std::string name_text(const Identifier& name) {
  const std::string& text = name.text();
  const bool plain = !text.empty() && !is_digit(text[0]) && text[0] != '$' &&
                     std::all_of(text.begin(), text.end(),
                                 [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '$'; });
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + '"';
}

std::string rename_in_text(std::string_view sql, const Identifier& from, const Identifier& to) {
  const std::vector<SqlWord> words = sql_words(sql);
  std::string renamed;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!names_column(words, i, from)) continue;
    renamed += sql.substr(copied, words[i].begin - copied);
    const bool quoted = words[i].kind == WordKind::kQuotedName;
    std::string name = name_text(to);
    renamed += quoted && name.front() != '"' ? '"' + name + '"' : name;
    copied = words[i].end;
  }
  return renamed + std::string(sql.substr(copied));
}

bool mentions_column(const Expression& expression, const Identifier& column) {
  return std::visit(Mentions{column}, expression);
}

Expression rename_column(const Expression& expression, const Identifier& from, const Identifier& to) {
  return std::visit(Renaming{from, to}, expression);
}

}  // namespace bascule::model
