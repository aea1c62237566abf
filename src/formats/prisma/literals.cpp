#include "formats/prisma/literals.h"

#include <cctype>
#include <filesystem>
#include <vector>

namespace bascule::formats::prisma {

namespace {

/// Deeper nesting than settings have.
constexpr int kDepth = 32;

bool is_name_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }

class Reader {
 public:
  Reader(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  /// at_ is at "{".
  void read_object(const std::string& prefix, Literals& out, int depth) {
    ++at_;
    while (true) {
      skip_blanks();
      if (done()) return;
      if (take("}")) return;
      if (take(",")) continue;
      const std::optional<std::string> key = read_key();
      skip_blanks();
      if (!key || !take(":")) {
        skip_value();  // a spread, a method, a shorthand
        continue;
      }
      const std::string path = prefix.empty() ? *key : prefix + "." + *key;
      skip_blanks();
      if (peek() == '{' && depth < kDepth) {
        read_object(path, out, depth + 1);
        skip_value();
        continue;
      }
      out[path] = read_value(depth);
    }
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(std::string_view sign) {
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  void skip_blanks() {
    while (!done()) {
      if (std::isspace(static_cast<unsigned char>(peek())) != 0) {
        ++at_;
      } else if (text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_).starts_with("/*")) {
        const auto end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else {
        return;
      }
    }
  }
  std::string read_name() {
    const std::size_t begin = at_;
    while (!done() && is_name_character(peek())) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::optional<std::string> read_string() {
    const char quote = peek();
    if (quote != '"' && quote != '\'' && quote != '`') return std::nullopt;
    std::string out;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == quote) {
        at_ = i + 1;
        return out;
      }
      if (quote == '`' && text_.substr(i).starts_with("${")) return std::nullopt;
      if (text_[i] != '\\' || i + 1 >= text_.size()) {
        out += text_[i];
        continue;
      }
      const char escaped = text_[++i];
      out += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped == 'r' ? '\r' : escaped;
    }
    return std::nullopt;
  }

  std::optional<std::string> read_key() {
    if (peek() == '"' || peek() == '\'') return read_string();
    std::string name = read_name();
    return name.empty() ? std::nullopt : std::optional(std::move(name));
  }

  Literal read_value(int depth) {
    Literal value = read_primary(depth);
    skip_blanks();
    while (take("!")) skip_blanks();
    if (value.known() && (take("??") || take("||"))) {
      skip_blanks();
      Literal other = read_primary(depth);
      if (other.text && !value.text) value.text = std::move(other.text);
      skip_blanks();
    }
    const std::size_t here = at_;
    const std::string word = read_name();
    const bool type_only = word == "as" || word == "satisfies";
    at_ = here;
    const bool ends = done() || peek() == ',' || peek() == '}' || peek() == ')' || peek() == ']';
    if (!ends) skip_value();
    return ends || type_only ? value : Literal{};
  }

  Literal read_primary(int depth) {
    Literal out;
    if (auto text = read_string()) {
      out.text = std::move(text);
      return out;
    }
    const std::size_t begin = at_;
    const std::string chain = read_chain();
    if (chain == "env" || chain == "path.join" || chain == "join" || chain == "path.resolve" || chain == "resolve") {
      skip_type_arguments();
      if (!take("(")) return out;
      std::vector<std::string> texts;
      if (!read_texts(texts, depth) || texts.empty()) return Literal{};
      if (chain == "env") {
        out.variable = texts.front();
        return out;
      }
      std::filesystem::path path;
      for (const std::string& text : texts) path /= text;
      out.text = path.string();
      return out;
    }
    constexpr std::string_view kProcess = "process.env.";
    if (chain.starts_with(kProcess)) {
      out.variable = chain.substr(kProcess.size());
    } else if (chain == "process.env" && take("[")) {
      skip_blanks();
      out.variable = read_string();
      skip_blanks();
      if (!take("]")) out.variable.reset();
    } else if (chain == "__dirname" || chain == "import.meta.dirname") {
      out.text = ".";
    } else if (chain == "process.cwd" && take("()")) {
      out.text = ".";
    } else {
      at_ = begin;
    }
    return out;
  }

  /// "process.env.X"
  std::string read_chain() {
    std::string out = read_name();
    while (!out.empty() && peek() == '.' && at_ + 1 < text_.size() && is_name_character(text_[at_ + 1])) {
      ++at_;
      out += '.' + read_name();
    }
    return out;
  }
  void skip_type_arguments() {
    if (peek() != '<') return;
    const auto end = text_.find('>', at_);
    if (end != std::string_view::npos) at_ = end + 1;
  }

  /// Arguments up to the closing bracket, all of them texts.
  bool read_texts(std::vector<std::string>& out, int depth) {
    while (!done()) {
      skip_blanks();
      if (take(")")) return true;
      if (take(",")) continue;
      const std::size_t before = at_;
      Literal one = depth < kDepth ? read_primary(depth + 1) : Literal{};
      if (!one.text || at_ == before) return false;
      out.push_back(std::move(*one.text));
    }
    return false;
  }

  /// To the comma or bracket that ends what stands here.
  void skip_value() {
    int open = 0;
    while (!done()) {
      skip_blanks();
      const char c = peek();
      if (c == '"' || c == '\'' || c == '`') {
        if (!read_string()) skip_template();
        continue;
      }
      if (c == '{' || c == '(' || c == '[') ++open;
      if (c == '}' || c == ')' || c == ']') {
        if (open == 0) return;
        --open;
      }
      if (c == ',' && open == 0) return;
      if (!done()) ++at_;
    }
  }
  void skip_template() {
    const auto end = text_.find(peek(), at_ + 1);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
  }

  std::string_view text_;
  std::size_t at_;
};

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

/// Where the object that is exported begins; npos: not to be seen.
std::size_t exported_object(std::string_view text) {
  std::size_t at = std::string_view::npos;
  for (const std::string_view mark : {"export default", "module.exports"}) {
    at = text.rfind(mark);
    if (at == std::string_view::npos) continue;
    at = skip_blanks(text, at + mark.size());
    if (at < text.size() && text[at] == '=') at = skip_blanks(text, at + 1);
    break;
  }
  if (at == std::string_view::npos) return at;
  std::size_t end = at;
  while (end < text.size() && is_name_character(text[end])) ++end;
  if (end > at) {
    const std::string name(text.substr(at, end - at));
    const std::size_t next = skip_blanks(text, end);
    if (next < text.size() && text[next] == '(') {
      at = skip_blanks(text, next + 1);
    } else {
      const std::size_t constant = text.find("const " + name);
      const std::size_t equals = constant == std::string_view::npos ? constant : text.find('=', constant);
      if (equals == std::string_view::npos) return equals;
      const std::size_t open = text.find('{', equals);
      return open;
    }
  }
  return at < text.size() && text[at] == '{' ? at : std::string_view::npos;
}

}  // namespace

Literals read_json_literals(std::string_view text) {
  Literals out;
  const std::size_t open = text.find('{');
  if (open != std::string_view::npos) Reader(text, open).read_object("", out, 0);
  return out;
}

Literals read_script_literals(std::string_view text) {
  Literals out;
  const std::size_t open = exported_object(text);
  if (open != std::string_view::npos) Reader(text, open).read_object("", out, 0);
  return out;
}

}  // namespace bascule::formats::prisma
