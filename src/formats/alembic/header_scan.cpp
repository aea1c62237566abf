#include "formats/alembic/header_scan.h"

#include <array>
#include <cctype>
#include <utility>

#include "base/text.h"
#include "formats/alembic/header_scan_tokens.h"

namespace bascule::formats::alembic {
namespace {

using Kind = HeaderToken::Kind;

constexpr std::array<std::string_view, 4> kNames = {"revision", "down_revision", "branch_labels", "depends_on"};

bool is(const HeaderToken& token, char punctuation) {
  return token.kind == Kind::kPunctuation && token.text.front() == punctuation;
}

bool is_header_name(std::string_view text) {
  return text == kNames[0] || text == kNames[1] || text == kNames[2] || text == kNames[3];
}

/// Scans one file. `unsure` once set ends the scan.
class HeaderScan {
 public:
  explicit HeaderScan(std::string_view text) : text_(text), tokens_(text) {}

  std::optional<Header> run() {
    token_ = tokens_.next();
    if (token_.kind == Kind::kString) docstring();
    while (token_.kind != Kind::kEnd && !unsure_) {
      statement_part();
      if (complete() && !rest_checked_) {
        rest_checked_ = true;
        if (!unsure_ && !mentioned_after(token_.begin)) return std::move(header_);
      }
    }
    if (unsure_ || tokens_.broken()) return std::nullopt;
    return std::move(header_);
  }

  /// Up to where the file breaks.
  std::optional<Header> run_broken() {
    token_ = tokens_.next();
    if (token_.kind == Kind::kString) docstring();
    while (token_.kind != Kind::kEnd && !unsure_ && !tokens_.broken()) statement_part();
    if (!tokens_.broken() || unsure_ || !header_.revision || !header_.down_revision) return std::nullopt;
    const auto lost = [this](const std::optional<HeaderField>& field, std::string_view name) {
      return !field && text_.find(name) != std::string_view::npos;
    };
    if (lost(header_.branch_labels, kNames[2]) || lost(header_.depends_on, kNames[3])) return std::nullopt;
    return std::move(header_);
  }

 private:
  void advance() {
    previous_ = token_;
    token_ = tokens_.next();
  }

  void docstring() {
    const HeaderToken first = token_;
    advance();
    if (token_.kind != Kind::kNewline && token_.kind != Kind::kEnd) {
      unsure_ = true;
      return;
    }
    // Escapes in a docstring change no line that is read from it, save in the oddest of cases.
    read_docstring(first.text, header_);
  }

  bool complete() const {
    return header_.revision && header_.down_revision && header_.branch_labels && header_.depends_on;
  }

  /// Whether the rest of the file speaks of any of the names; "down_revision" holds "revision".
  bool mentioned_after(std::size_t offset) const {
    const std::string_view rest = text_.substr(offset);
    if (rest.find("branch_labels") != std::string_view::npos || rest.find("depends_on") != std::string_view::npos)
      return true;
    for (std::size_t at = rest.find("revision"); at != std::string_view::npos; at = rest.find("revision", at + 1)) {
      const bool word_before = at > 0 && (std::isalnum(static_cast<unsigned char>(rest[at - 1])) != 0);
      const std::size_t end = at + kNames[0].size();
      const bool word_after = end < rest.size() && (std::isalnum(static_cast<unsigned char>(rest[end])) != 0);
      if (!word_before && !word_after) return true;
    }
    return false;
  }

  void statement_part() {
    if (token_.kind != Kind::kName || !is_header_name(token_.text)) {
      advance();
      return;
    }
    const bool attribute = is(previous_, '.');
    const bool starts_line = token_.column == 0 && (previous_.kind == Kind::kNewline || previous_.kind == Kind::kEnd);
    const HeaderToken name = token_;
    advance();
    if (attribute) return;
    if (starts_line && name.depth == 0) {
      assignment(name);
      return;
    }
    // f(revision=x) and f(revision) bind nothing; anything else may.
    if (name.depth == 0 || is(token_, ':')) unsure_ = true;
  }

  void assignment(const HeaderToken& name) {
    if (is(token_, ':')) {
      advance();
      while (token_.kind != Kind::kEnd && token_.kind != Kind::kNewline && !(is(token_, '=') && token_.depth == 0))
        advance();
    }
    if (!is(token_, '=')) {
      unsure_ = true;
      return;
    }
    advance();
    HeaderField field;
    field.begin = token_.begin;
    bool sequence = false;
    if (!value(field, sequence)) {
      unsure_ = true;
      return;
    }
    if (token_.kind != Kind::kNewline && token_.kind != Kind::kEnd) {
      unsure_ = true;
      return;
    }
    // The value itself may be what is broken: revision = "abc
    if (tokens_.broken()) {
      unsure_ = true;
      return;
    }
    store(name.text, std::move(field), sequence);
  }

  void store(std::string_view name, HeaderField field, bool sequence) {
    std::optional<HeaderField>& slot = name == kNames[0]   ? header_.revision
                                       : name == kNames[1] ? header_.down_revision
                                       : name == kNames[2] ? header_.branch_labels
                                                           : header_.depends_on;
    if (slot || (name == kNames[0] && (sequence || field.values.size() != 1))) {
      unsure_ = true;
      return;
    }
    slot = std::move(field);
  }

  /// None, a string (adjacent ones joined), or a bracketed or bare sequence of strings.
  bool value(HeaderField& field, bool& sequence) {
    if (token_.kind == Kind::kName) {
      if (token_.text != "None") return false;
      field.end = token_.end;
      advance();
      return true;
    }
    if (is(token_, '(') || is(token_, '[') || is(token_, '{')) return bracketed(field, sequence);
    while (token_.kind == Kind::kString) {
      if (!string_item(field)) return false;
      if (!is(token_, ',')) return true;
      sequence = true;
      field.end = token_.end;
      advance();
    }
    return sequence;
  }

  bool string_item(HeaderField& field) {
    std::string joined;
    while (token_.kind == Kind::kString) {
      if (!token_.plain) return false;
      joined += token_.text;
      field.end = token_.end;
      advance();
    }
    field.values.push_back(std::move(joined));
    return true;
  }

  bool bracketed(HeaderField& field, bool& sequence) {
    const char open = token_.text.front();
    sequence = open != '(';
    advance();
    while (token_.kind == Kind::kString) {
      if (!string_item(field)) return false;
      if (!is(token_, ',')) break;
      sequence = true;
      advance();
    }
    const char close = open == '(' ? ')' : open == '[' ? ']' : '}';
    if (!is(token_, close)) return false;
    if (field.values.empty()) {
      // {} is a dict.
      if (open == '{') return false;
      sequence = true;
    }
    field.end = token_.end;
    advance();
    return true;
  }

  std::string_view text_;
  HeaderTokens tokens_;
  HeaderToken token_, previous_;
  Header header_;
  bool unsure_ = false;
  bool rest_checked_ = false;
};

}  // namespace

void read_docstring(std::string_view docstring, Header& header) {
  docstring = trim(docstring);
  header.message = std::string(trim(docstring.substr(0, docstring.find('\n'))));
  constexpr std::string_view kDate = "Create Date:";
  for (std::size_t at = docstring.find(kDate); at != std::string_view::npos; at = docstring.find(kDate, at + 1)) {
    const std::size_t line_start = docstring.rfind('\n', at);
    const std::size_t from = line_start == std::string_view::npos ? 0 : line_start + 1;
    if (!trim(docstring.substr(from, at - from)).empty()) continue;
    const std::string_view rest = docstring.substr(at + kDate.size());
    header.create_date = std::string(trim(rest.substr(0, rest.find('\n'))));
    return;
  }
}

std::optional<Header> scan_header(std::string_view text) { return HeaderScan(text).run(); }

std::optional<Header> scan_broken_header(std::string_view text) { return HeaderScan(text).run_broken(); }

std::vector<ScannedArgument> scan_call_arguments(std::string_view text, std::string_view function) {
  std::vector<ScannedArgument> found;
  HeaderTokens tokens(text);
  HeaderToken token = tokens.next();
  const auto literal = [](const HeaderToken& t) -> std::optional<std::string> {
    if (t.kind == Kind::kString && t.plain) return std::string(t.text);
    if (t.kind == Kind::kName && (t.text == "True" || t.text == "False" || t.text == "None"))
      return std::string(t.text);
    return std::nullopt;
  };
  while (token.kind != Kind::kEnd) {
    if (token.kind != Kind::kName || token.text != function) {
      token = tokens.next();
      continue;
    }
    token = tokens.next();
    if (!is(token, '(')) continue;
    const int depth = token.depth + 1;
    token = tokens.next();
    bool argument_starts = true;
    while (token.kind != Kind::kEnd && token.depth >= depth && !(is(token, ')') && token.depth == depth)) {
      if (argument_starts && token.kind == Kind::kName && token.depth == depth) {
        ScannedArgument argument{std::string(token.text), std::nullopt};
        token = tokens.next();
        if (is(token, '=')) {
          token = tokens.next();
          const auto value = literal(token);
          if (value) token = tokens.next();
          if (is(token, ',') || is(token, ')')) argument.value = value;
          found.push_back(std::move(argument));
        }
        argument_starts = false;
        continue;
      }
      argument_starts = is(token, ',') && token.depth == depth;
      token = tokens.next();
    }
  }
  return found;
}

}  // namespace bascule::formats::alembic
