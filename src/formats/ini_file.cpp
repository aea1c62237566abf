#include <cctype>

#include "base/text.h"
#include "formats/ini_file.h"

namespace bascule::formats {
namespace {

/// configparser's inline comments: none by default; whole-line ones start with # or ;.
bool is_comment(std::string_view line) { return line.starts_with('#') || line.starts_with(';'); }

Diagnostic ini_error(const std::string& path, const std::string& text, std::uint32_t line, std::string message) {
  Diagnostic diagnostic;
  diagnostic.code = "config-invalid";
  diagnostic.message = "cannot read " + path + ": " + std::move(message);
  const Position begin{line, 1, 0};
  diagnostic.location = {std::make_shared<const SourceFile>(path, text), {begin, begin}};
  return diagnostic;
}

}  // namespace

Result<IniFile, Diagnostic> parse_ini(const std::string& path, const std::string& text) {
  IniFile out;
  std::string section;
  std::string key;
  std::uint32_t number = 0;
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  for (const std::string_view raw : split(rest, '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    const bool indented = !raw.empty() && std::isspace(static_cast<unsigned char>(raw.front())) != 0;
    if (line.empty() || is_comment(line)) {
      // An empty line inside a value belongs to it; trailing ones do not matter to anything read here.
      continue;
    }
    if (indented && !key.empty()) {
      std::string& value = out[section][key];
      if (!value.empty()) value += '\n';
      value += line;
      continue;
    }
    if (line.front() == '[') {
      const std::size_t close = line.find(']');
      if (close == std::string_view::npos) return failure(ini_error(path, text, number, "a section has no ']'"));
      section = std::string(line.substr(1, close - 1));
      out[section];
      key.clear();
      continue;
    }
    if (section.empty()) return failure(ini_error(path, text, number, "a setting stands before the first [section]"));
    const std::size_t equals = line.find_first_of("=:");
    if (equals == std::string_view::npos)
      return failure(ini_error(path, text, number, "a line is neither a [section] nor a key = value"));
    key = to_lower_ascii(trim(line.substr(0, equals)));
    out[section][key] = std::string(trim(line.substr(equals + 1)));
  }
  return out;
}

Result<std::string, std::string> interpolate(const std::string& value,
                                             const std::map<std::string, std::string>& section,
                                             const std::map<std::string, std::string>& defaults) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      out += value[i];
      continue;
    }
    if (i + 1 < value.size() && value[i + 1] == '%') {
      out += '%';
      ++i;
      continue;
    }
    const std::size_t close = value.find(")s", i);
    if (i + 1 >= value.size() || value[i + 1] != '(' || close == std::string::npos)
      return failure("a '%' must be followed by '%' or '(name)s', found: '" + value.substr(i) + "'");
    const std::string name = to_lower_ascii(value.substr(i + 2, close - i - 2));
    if (const auto found = defaults.find(name); found != defaults.end()) {
      out += found->second;
    } else if (const auto other = section.find(name);
               other != section.end() && other->second.find('%') == std::string::npos) {
      out += other->second;
    } else {
      return failure("'%(" + name + ")s' stands for nothing");
    }
    i = close + 1;
  }
  return out;
}

}  // namespace bascule::formats
