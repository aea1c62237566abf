// str.format: replacement fields by position, name, attribute and index.
#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "evaluate/error.h"
#include "evaluate/format.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

class Fields {
 public:
  Fields(Interpreter& interpreter, const Arguments& arguments) : interpreter_(interpreter), arguments_(arguments) {}

  /// nullopt: a value that is shown is opaque (see unknown()).
  std::optional<std::string> expand(std::string_view format, int depth) {
    if (depth > 2) raise_python("ValueError", "Max string recursion exceeded");
    std::string out;
    std::size_t at = 0;
    while (at < format.size()) {
      char c = format[at];
      if (c != '{' && c != '}') {
        std::size_t end = std::min(format.find_first_of("{}", at), format.size());
        out += format.substr(at, end - at);
        at = end;
        continue;
      }
      if (at + 1 < format.size() && format[at + 1] == c && !(depth > 1 && c == '}')) {
        out += c;
        at += 2;
        continue;
      }
      if (c == '}') raise_python("ValueError", "Single '}' encountered in format string");
      std::size_t end = matching(format, at);
      auto text = field(format.substr(at + 1, end - at - 1), depth);
      if (!text) return std::nullopt;
      out += *text;
      interpreter_.implementation().check_text(out.size());
      at = end + 1;
    }
    return out;
  }

  const Value& unknown() const { return unknown_; }

 private:
  static std::size_t matching(std::string_view format, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < format.size(); ++i) {
      if (format[i] == '{') ++depth;
      if (format[i] == '}' && --depth == 0) return i;
    }
    raise_python("ValueError", open + 1 >= format.size() ? "Single '{' encountered in format string"
                                                         : "expected '}' before end of string");
  }

  std::optional<std::string> field(std::string_view text, int depth) {
    std::size_t bracket = 0;
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
      if (text[end] == '[') ++bracket;
      if (text[end] == ']' && bracket > 0) --bracket;
      if (bracket == 0 && (text[end] == '!' || text[end] == ':')) break;
    }
    std::string_view path = text.substr(0, end);
    char conversion = 0;
    if (end < text.size() && text[end] == '!') {
      if (end + 1 >= text.size()) raise_python("ValueError", "end of string while looking for conversion specifier");
      conversion = text[end + 1];
      end += 2;
      if (end < text.size() && text[end] != ':') raise_python("ValueError", "expected ':' after conversion specifier");
    }
    std::string_view spec = end < text.size() ? text.substr(end + 1) : std::string_view();
    Value value = look_up(path);
    if (value.is_opaque()) {
      unknown_ = value;
      return std::nullopt;
    }
    auto expanded = expand(spec, depth + 1);
    if (!expanded) return std::nullopt;
    if (conversion == 'r') {
      value = Value(interpreter_.repr(value));
    } else if (conversion == 's') {
      value = Value(interpreter_.str(value));
    } else if (conversion == 'a') {
      value = Value(ascii_repr(interpreter_, value));
    } else if (conversion != 0) {
      raise_python("ValueError", fmt::format("Unknown conversion specifier '{}'", conversion));
    }
    return format_value(interpreter_, value, *expanded);
  }

  static std::optional<std::int64_t> as_number(std::string_view text) {
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || text[0] == '-') return std::nullopt;
    return number;
  }

  Value argument(std::string_view name) {
    std::optional<std::int64_t> position = as_number(name);
    if (name.empty()) {
      if (manual_)
        raise_python("ValueError", "cannot switch from manual field specification to automatic field numbering");
      automatic_ = true;
      position = next_++;
    } else if (position) {
      if (automatic_)
        raise_python("ValueError", "cannot switch from automatic field numbering to manual field specification");
      manual_ = true;
    }
    if (position) {
      if (static_cast<std::size_t>(*position) >= arguments_.positional.size()) {
        raise_python("IndexError",
                     fmt::format("Replacement index {} out of range for positional args tuple", *position));
      }
      return arguments_.positional[static_cast<std::size_t>(*position)];
    }
    for (const auto& [key, value] : arguments_.keywords) {
      if (key == name) return value;
    }
    raise_python("KeyError", fmt::format("'{}'", name));
  }

  Value look_up(std::string_view path) {
    std::size_t end = std::min(path.find_first_of(".["), path.size());
    Value value = argument(path.substr(0, end));
    while (end < path.size()) {
      if (path[end] == '.') {
        std::size_t next = std::min(path.find_first_of(".[", end + 1), path.size());
        if (next == end + 1) raise_python("ValueError", "Empty attribute in format string");
        value = interpreter_.attribute(value, path.substr(end + 1, next - end - 1));
        end = next;
      } else {
        std::size_t close = path.find(']', end);
        if (close == std::string_view::npos) raise_python("ValueError", "Missing ']' in format string");
        std::string_view key = path.substr(end + 1, close - end - 1);
        if (key.empty()) raise_python("ValueError", "Empty attribute in format string");
        auto number = as_number(key);
        value = interpreter_.implementation().get_item(value, number ? Value(*number) : Value(key));
        end = close + 1;
        if (end < path.size() && path[end] != '.' && path[end] != '[') {
          raise_python("ValueError", "Only '.' or '[' may follow ']' in format field specifier");
        }
      }
    }
    return value;
  }

  Interpreter& interpreter_;
  const Arguments& arguments_;
  Value unknown_;
  std::int64_t next_ = 0;
  bool automatic_ = false;
  bool manual_ = false;
};

}  // namespace

Value str_format(Interpreter& interpreter, std::string_view format, const Arguments& arguments) {
  Fields fields(interpreter, arguments);
  if (auto text = fields.expand(format, 0)) return Value(*std::move(text));
  return fields.unknown();
}

}  // namespace bascule::evaluate
