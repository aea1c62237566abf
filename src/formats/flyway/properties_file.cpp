#include "formats/flyway/properties_file.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/text.h"

namespace bascule::formats::flyway {

namespace {

bool is_setting(std::string_view line) {
  return trim(line).starts_with("flyway.") && line.find('=') != std::string_view::npos;
}

/// A line of a long shouldExecute, which may begin with a placeholder's name.
bool goes_on_with_expression(std::string_view line) {
  return !line.starts_with("shouldExecute") &&
         (line.find("==") != std::string_view::npos || line.find("!=") != std::string_view::npos);
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

void add_line(std::string_view line, std::map<std::string, std::string>& out) {
  const auto end = std::find_if(line.begin(), line.end(), [](char c) { return c == '=' || c == ':' || is_blank(c); });
  const std::string key(line.begin(), end);
  auto rest = line.substr(static_cast<std::size_t>(end - line.begin()));
  const auto skip_blanks = [&] {
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  };
  skip_blanks();
  if (!rest.empty() && (rest.front() == '=' || rest.front() == ':')) rest.remove_prefix(1);
  skip_blanks();
  out[key] = std::string(rest);
}

}  // namespace

std::map<std::string, std::string> parse_properties(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::map<std::string, std::string> out;
  const std::vector<std::string_view> lines = split(text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string line(trim(lines[i]));
    if (line.empty() || line.front() == '#' || line.front() == '!') continue;
    while (line.ends_with('\\') && i + 1 < lines.size()) {
      const std::string_view next = lines[i + 1];
      const bool blank = next.empty() || next == "\r";
      if (blank || (is_setting(next) && !goes_on_with_expression(next))) break;
      line.pop_back();
      line += trim(next);
      ++i;
    }
    add_line(line, out);
  }
  return out;
}

std::string expand_environment(std::string_view text, const std::map<std::string, std::string>& environment) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const auto begin = text.find("${", at);
    if (begin == std::string_view::npos) break;
    std::size_t end = begin + 2;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
    if (end == begin + 2 || end >= text.size() || text[end] != '}') {
      out += text.substr(at, begin + 2 - at);
      at = begin + 2;
      continue;
    }
    out += text.substr(at, begin - at);
    const auto found = environment.find(std::string(text.substr(begin + 2, end - begin - 2)));
    if (found != environment.end()) out += found->second;
    at = end + 1;
  }
  return out += text.substr(at);
}

}  // namespace bascule::formats::flyway
