#include "report/markdown.h"

#include <algorithm>

#include "base/text.h"
#include "report/layout.h"

namespace bascule::report {

namespace {

/// The longest run of backticks.
std::size_t longest_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string markdown_text(std::string_view text, bool keep_code) {
  constexpr std::string_view kMarks = "\\`*[|~";
  const std::string line = one_line(text);
  const auto in_word = [&](std::size_t at) {
    if (at >= line.size()) return false;
    const char c = line[at];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  std::string out;
  bool code = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (keep_code && c == '`') code = !code;
    if (code || (keep_code && c == '`')) {
      out += c;
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '@') {
      out += "@\u200B";  // a blank without width: nobody is called into the discussion
    } else {
      const bool edge = c == '_' && (i == 0 || !in_word(i - 1) || !in_word(i + 1));
      if (edge || (c == '#' && i == 0) || kMarks.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view code, std::size_t most) {
  const std::string line = replace_all(cut(one_line(code), most), "|", "\\|");
  if (line.empty()) return "";
  const std::string fence(longest_run(line) + 1, '`');
  const std::string gap = line.front() == '`' || line.back() == '`' ? " " : "";
  return fence + gap + line + gap + fence;
}

std::string markdown_block(std::string_view code, std::string_view language) {
  const std::string fence(std::max<std::size_t>(3, longest_run(code) + 1), '`');
  std::string out = fence + std::string(language) + "\n" + std::string(code);
  if (out.back() != '\n') out += "\n";
  return out + fence + "\n";
}

}  // namespace bascule::report
