#include "formats/dotenv.h"

#include <optional>

#include "base/text.h"

namespace bascule::formats {

namespace {

constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
/// A value that names itself, directly or not, ends here.
constexpr int kExpansions = 16;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Variables read() {
    Variables out;
    while (at_ < text_.size()) {
      if (!read_assignment(out)) skip_line();
    }
    return out;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  void skip(std::string_view characters) { at_ = std::min(text_.find_first_not_of(characters, at_), text_.size()); }
  void skip_line() { at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1; }

  bool read_assignment(Variables& out) {
    skip(" \t\r\n\f\v");
    if (text_.substr(at_).starts_with("export") && at_ + 6 < text_.size() &&
        (text_[at_ + 6] == ' ' || text_[at_ + 6] == '\t')) {
      at_ += 6;
      skip(" \t");
    }
    const std::size_t begin = at_;
    while (!done() &&
           (kNameCharacters.find(text_[at_]) != std::string_view::npos || text_[at_] == '.' || text_[at_] == '-'))
      ++at_;
    const std::string name(text_.substr(begin, at_ - begin));
    if (name.empty()) return false;
    if (!done() && text_[at_] == ':' && at_ + 1 < text_.size() && (text_[at_ + 1] == ' ' || text_[at_ + 1] == '\t')) {
      ++at_;
    } else {
      skip(" \t");
      if (done() || text_[at_] != '=') return false;
      ++at_;
    }
    skip(" \t");
    out[name] = read_value();
    return true;
  }

  std::string read_value() {
    if (!done() && (text_[at_] == '"' || text_[at_] == '\'' || text_[at_] == '`')) {
      if (auto quoted = read_quoted(text_[at_])) return *quoted;
    }
    const std::size_t end = std::min(text_.find_first_of("#\r\n", at_), text_.size());
    const std::string_view value = trim(text_.substr(at_, end - at_));
    at_ = end;
    skip_line();
    return std::string(value);
  }

  /// nullopt: the quote is never closed, or something other than a comment follows it.
  std::optional<std::string> read_quoted(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' && end + 1 < text_.size() ? 2 : 1;
    if (end >= text_.size()) return std::nullopt;
    const std::size_t after = text_.find_first_not_of(" \t\r", end + 1);
    if (after != std::string_view::npos && text_[after] != '\n' && text_[after] != '#') return std::nullopt;
    std::string value(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    skip_line();
    if (quote == '"') value = replace_all(replace_all(value, "\\n", "\n"), "\\r", "\r");
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Expander {
 public:
  Expander(const Variables& file, const Variables& environment) : file_(file), environment_(environment) {}

  std::string expand(std::string_view value, int depth) const {
    std::string out;
    std::size_t at = 0;
    while (at < value.size()) {
      if (value[at] == '\\' && at + 1 < value.size() && value[at + 1] == '$') {
        out += '$';
        at += 2;
      } else if (value[at] == '$') {
        at = reference(value, at, depth, out);
      } else {
        out += value[at++];
      }
    }
    return out;
  }

 private:
  /// What stands at the dollar sign goes to `out`; where to read on.
  std::size_t reference(std::string_view value, std::size_t at, int depth, std::string& out) const {
    const bool braces = at + 1 < value.size() && value[at + 1] == '{';
    const std::size_t begin = at + (braces ? 2 : 1);
    const std::size_t end = std::min(value.find_first_not_of(kNameCharacters, begin), value.size());
    const std::string name(value.substr(begin, end - begin));
    std::string_view otherwise;
    std::size_t next = end;
    if (braces) {
      const std::size_t close = value.find('}', end);
      if (close == std::string_view::npos) {
        out += '$';
        return at + 1;
      }
      if (value.substr(end).starts_with(":-")) otherwise = value.substr(end + 2, close - end - 2);
      next = close + 1;
    } else if (name.empty()) {
      out += '$';
      return at + 1;
    }
    if (depth >= kExpansions) return next;
    std::string found = lookup(name, depth);
    out += found.empty() ? expand(otherwise, depth + 1) : found;
    return next;
  }

  std::string lookup(const std::string& name, int depth) const {
    if (const auto outer = environment_.find(name); outer != environment_.end()) return outer->second;
    if (const auto inner = file_.find(name); inner != file_.end()) return expand(inner->second, depth + 1);
    return "";
  }

  const Variables& file_;
  const Variables& environment_;
};

}  // namespace

Variables parse_dotenv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.empty()) return {};
  return Reader(text).read();
}

Variables expand_dotenv(const Variables& file, const Variables& environment) {
  const Expander expander(file, environment);
  Variables out;
  for (const auto& [name, value] : file) out[name] = expander.expand(value, 0);
  return out;
}

}  // namespace bascule::formats
