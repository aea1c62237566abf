#include "evaluate/strings.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/format.h"
#include "evaluate/format_spec.h"
#include "evaluate/interpreter_impl.h"
#include "evaluate/native_tools.h"
#include "evaluate/objects.h"
#include "evaluate/unicode.h"

namespace bascule::evaluate {

namespace {

using Method = Value (*)(Interpreter&, const std::string& self, const Arguments& arguments);

std::string text_of(const char* method, const Value& value) {
  if (const Value* inner = payload_of(value); inner && inner->as_str()) return *inner->as_str();
  return text_argument(std::string("str.") + method, value);
}

std::optional<std::string> optional_text(const char* method, const std::optional<Value>& value) {
  if (!value) return std::nullopt;
  return text_of(method, *value);
}

void check_size(Interpreter& interpreter, std::size_t bytes) { interpreter.implementation().check_text(bytes); }

/// start and end arguments, in characters, as byte offsets into text; nullopt: start lies behind the end.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::int64_t first_character = 0;
};
std::optional<Stretch> stretch(const std::string& text, const Binder& bind) {
  auto length = static_cast<std::int64_t>(utf8_length(text));
  auto clamp = [&](const std::optional<Value>& given, std::int64_t otherwise) {
    if (!given) return otherwise;
    std::int64_t at = int_argument(bind.function(), *given);
    if (at < 0) at = std::max<std::int64_t>(0, at + length);
    return at;
  };
  std::int64_t first = clamp(bind.present("start"), 0);
  std::int64_t last = std::min(clamp(bind.present("end"), length), length);
  if (first > last) return std::nullopt;
  Stretch out;
  out.first_character = first;
  out.begin = first_characters(text, first).size();
  out.end = last == length ? text.size() : first_characters(text, last).size();
  return out;
}

std::string mapped(std::string_view text, std::uint32_t (*map)(std::uint32_t)) {
  std::string out;
  out.reserve(text.size());
  for (std::uint32_t code : code_points(text)) {
    if (code == 0xDF && map == to_upper) {
      out += "SS";
    } else {
      append_code_point(out, map(code));
    }
  }
  return out;
}

// --- case ---

Value str_upper(Interpreter&, const std::string& self, const Arguments&) { return upper(self); }
Value str_lower(Interpreter&, const std::string& self, const Arguments&) { return lower(self); }
Value str_casefold(Interpreter&, const std::string& self, const Arguments&) {
  return replace_all(lower(self), "\xC3\x9F", "ss");
}
Value str_capitalize(Interpreter&, const std::string& self, const Arguments&) {
  std::string head = first_characters(self, 1);
  return upper(head) + lower(std::string_view(self).substr(head.size()));
}
Value str_swapcase(Interpreter&, const std::string& self, const Arguments&) {
  return mapped(self, [](std::uint32_t code) { return is_upper(code) ? to_lower(code) : to_upper(code); });
}
Value str_title(Interpreter&, const std::string& self, const Arguments&) {
  std::string out;
  bool inside = false;
  for (std::uint32_t code : code_points(self)) {
    bool letter = is_letter(code);
    append_code_point(out, !letter ? code : inside ? to_lower(code) : to_upper(code));
    inside = letter;
  }
  return out;
}

// --- stripping ---

enum class Side { kLeft, kRight, kBoth };

Value strip(const char* name, const std::string& self, const Arguments& arguments, Side side) {
  Binder bind(fmt::format("str.{}", name), arguments, {"chars"});
  std::optional<std::vector<std::uint32_t>> chars;
  if (auto given = optional_text(name, bind.present("chars"))) chars = code_points(*given);
  auto goes = [&](std::uint32_t code) {
    return chars ? std::find(chars->begin(), chars->end(), code) != chars->end() : is_space(code);
  };
  std::vector<std::uint32_t> codes = code_points(self);
  std::size_t begin = 0;
  std::size_t end = codes.size();
  if (side != Side::kRight) {
    while (begin < end && goes(codes[begin])) ++begin;
  }
  if (side != Side::kLeft) {
    while (end > begin && goes(codes[end - 1])) --end;
  }
  return from_code_points(
      {codes.begin() + static_cast<std::ptrdiff_t>(begin), codes.begin() + static_cast<std::ptrdiff_t>(end)});
}
Value str_strip(Interpreter&, const std::string& self, const Arguments& arguments) {
  return strip("strip", self, arguments, Side::kBoth);
}
Value str_lstrip(Interpreter&, const std::string& self, const Arguments& arguments) {
  return strip("lstrip", self, arguments, Side::kLeft);
}
Value str_rstrip(Interpreter&, const std::string& self, const Arguments& arguments) {
  return strip("rstrip", self, arguments, Side::kRight);
}

Value str_removeprefix(Interpreter&, const std::string& self, const Arguments& arguments) {
  Binder bind("str.removeprefix", arguments, {"prefix"});
  const std::string prefix = text_of("removeprefix", bind.required("prefix"));
  return self.starts_with(prefix) ? self.substr(prefix.size()) : self;
}
Value str_removesuffix(Interpreter&, const std::string& self, const Arguments& arguments) {
  Binder bind("str.removesuffix", arguments, {"suffix"});
  const std::string suffix = text_of("removesuffix", bind.required("suffix"));
  return self.ends_with(suffix) ? self.substr(0, self.size() - suffix.size()) : self;
}

// --- splitting and joining ---

std::vector<Value> split_blanks(const std::string& self, std::int64_t most) {
  std::vector<Value> out;
  std::size_t at = 0;
  auto blank_at = [&](std::size_t i) {
    return is_space(code_points(std::string_view(self).substr(i, character_length(self[i])))[0]);
  };
  auto skip = [&](bool blank) {
    while (at < self.size() && blank_at(at) == blank) at += character_length(self[at]);
  };
  for (skip(true); at < self.size(); skip(true)) {
    if (most >= 0 && static_cast<std::int64_t>(out.size()) >= most) {
      std::string rest = self.substr(at);
      std::vector<std::uint32_t> codes = code_points(rest);
      while (!codes.empty() && is_space(codes.back())) codes.pop_back();
      out.emplace_back(from_code_points(codes));
      return out;
    }
    std::size_t begin = at;
    skip(false);
    out.emplace_back(self.substr(begin, at - begin));
  }
  return out;
}

Value str_split(Interpreter& interpreter, const std::string& self, const Arguments& arguments) {
  Binder bind("str.split", arguments, {"sep", "maxsplit"});
  auto most = bind.optional("maxsplit");
  std::int64_t limit = most ? int_argument("str.split", *most) : -1;
  interpreter.implementation().charge(self.size() / 16);
  auto separator = optional_text("split", bind.present("sep"));
  if (!separator) return make_list(split_blanks(self, limit));
  if (separator->empty()) raise_python("ValueError", "empty separator");
  std::vector<Value> out;
  std::size_t at = 0;
  for (;;) {
    std::size_t found =
        limit >= 0 && static_cast<std::int64_t>(out.size()) >= limit ? std::string::npos : self.find(*separator, at);
    if (found == std::string::npos) break;
    out.emplace_back(self.substr(at, found - at));
    at = found + separator->size();
  }
  out.emplace_back(self.substr(at));
  return make_list(std::move(out));
}

Value str_rsplit(Interpreter& interpreter, const std::string& self, const Arguments& arguments) {
  Binder bind("str.rsplit", arguments, {"sep", "maxsplit"});
  auto most = bind.optional("maxsplit");
  std::int64_t limit = most ? int_argument("str.rsplit", *most) : -1;
  auto separator = optional_text("rsplit", bind.present("sep"));
  if (limit < 0) return str_split(interpreter, self, arguments);
  std::vector<Value> out;
  if (!separator) {
    std::vector<Value> words = split_blanks(self, -1);
    if (static_cast<std::int64_t>(words.size()) - 1 <= limit) return make_list(std::move(words));
    // The words from the right; what is left of them stays together.
    std::string rest = self;
    for (std::int64_t i = 0; i < limit; ++i) {
      const std::string word = *words[words.size() - 1 - static_cast<std::size_t>(i)].as_str();
      rest.resize(rest.rfind(word));
      out.emplace_back(word);
    }
    std::vector<std::uint32_t> codes = code_points(rest);
    while (!codes.empty() && is_space(codes.back())) codes.pop_back();
    std::size_t first = 0;
    while (first < codes.size() && is_space(codes[first])) ++first;
    out.emplace_back(from_code_points({codes.begin() + static_cast<std::ptrdiff_t>(first), codes.end()}));
    std::reverse(out.begin(), out.end());
    return make_list(std::move(out));
  }
  if (separator->empty()) raise_python("ValueError", "empty separator");
  std::string_view rest = self;
  for (std::int64_t i = 0; i < limit; ++i) {
    std::size_t found = rest.rfind(*separator);
    if (found == std::string_view::npos) break;
    out.emplace_back(rest.substr(found + separator->size()));
    rest = rest.substr(0, found);
  }
  out.emplace_back(rest);
  std::reverse(out.begin(), out.end());
  return make_list(std::move(out));
}

Value str_splitlines(Interpreter&, const std::string& self, const Arguments& arguments) {
  Binder bind("str.splitlines", arguments, {"keepends"});
  auto keep = bind.optional("keepends");
  bool ends = keep && ((keep->as_bool() && *keep->as_bool()) || (keep->as_int() && *keep->as_int() != 0));
  std::vector<Value> out;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < self.size();) {
    std::size_t length = character_length(self[at]);
    std::uint32_t code = code_points(std::string_view(self).substr(at, length))[0];
    bool end = (code >= 10 && code <= 13) || (code >= 0x1C && code <= 0x1E) || code == 0x85 || code == 0x2028 ||
               code == 0x2029;
    if (!end) {
      at += length;
      continue;
    }
    std::size_t next = at + length;
    if (code == 13 && next < self.size() && self[next] == '\n') ++next;
    out.emplace_back(self.substr(begin, (ends ? next : at) - begin));
    begin = at = next;
  }
  if (begin < self.size()) out.emplace_back(self.substr(begin));
  return make_list(std::move(out));
}

Value str_join(Interpreter& interpreter, const std::string& self, const Arguments& arguments) {
  Binder bind("str.join", arguments, {"iterable"});
  std::string out;
  bool first = true;
  std::size_t position = 0;
  for (const Value& item : interpreter.iterate(bind.required("iterable"))) {
    if (item.is_opaque()) return item;
    const Value* inner = payload_of(item);
    const std::string* text = inner ? inner->as_str() : item.as_str();
    if (!text)
      raise_type_error(fmt::format("sequence item {}: expected str instance, {} found", position, type_name(item)));
    if (!first) out += self;
    first = false;
    out += *text;
    ++position;
    check_size(interpreter, out.size());
  }
  interpreter.implementation().charge(out.size() / 64);
  return out;
}

Value partition(const char* name, const std::string& self, const Arguments& arguments, bool last) {
  Binder bind(fmt::format("str.{}", name), arguments, {"sep"});
  const std::string separator = text_of(name, bind.required("sep"));
  if (separator.empty()) raise_python("ValueError", "empty separator");
  std::size_t found = last ? self.rfind(separator) : self.find(separator);
  if (found == std::string::npos) {
    return last ? make_tuple({Value(""), Value(""), Value(self)}) : make_tuple({Value(self), Value(""), Value("")});
  }
  return make_tuple({Value(self.substr(0, found)), Value(separator), Value(self.substr(found + separator.size()))});
}
Value str_partition(Interpreter&, const std::string& self, const Arguments& arguments) {
  return partition("partition", self, arguments, false);
}
Value str_rpartition(Interpreter&, const std::string& self, const Arguments& arguments) {
  return partition("rpartition", self, arguments, true);
}

// --- searching ---

Value find(const char* name, const std::string& self, const Arguments& arguments, bool last, bool must) {
  Binder bind(fmt::format("str.{}", name), arguments, {"sub", "start", "end"});
  const std::string wanted = text_of(name, bind.required("sub"));
  std::int64_t result = -1;
  if (auto range = stretch(self, bind)) {
    std::string_view part = std::string_view(self).substr(range->begin, range->end - range->begin);
    std::size_t found = last ? part.rfind(wanted) : part.find(wanted);
    if (found != std::string_view::npos)
      result = range->first_character + static_cast<std::int64_t>(utf8_length(part.substr(0, found)));
  }
  if (result < 0 && must) raise_python("ValueError", "substring not found");
  return result;
}
Value str_find(Interpreter&, const std::string& self, const Arguments& arguments) {
  return find("find", self, arguments, false, false);
}
Value str_rfind(Interpreter&, const std::string& self, const Arguments& arguments) {
  return find("rfind", self, arguments, true, false);
}
Value str_index(Interpreter&, const std::string& self, const Arguments& arguments) {
  return find("index", self, arguments, false, true);
}
Value str_rindex(Interpreter&, const std::string& self, const Arguments& arguments) {
  return find("rindex", self, arguments, true, true);
}

Value str_count(Interpreter&, const std::string& self, const Arguments& arguments) {
  Binder bind("str.count", arguments, {"sub", "start", "end"});
  const std::string wanted = text_of("count", bind.required("sub"));
  auto range = stretch(self, bind);
  if (!range) return 0;
  std::string_view part = std::string_view(self).substr(range->begin, range->end - range->begin);
  if (wanted.empty()) return static_cast<std::int64_t>(utf8_length(part)) + 1;
  std::int64_t count = 0;
  for (std::size_t at = part.find(wanted); at != std::string_view::npos; at = part.find(wanted, at + wanted.size()))
    ++count;
  return count;
}

Value affix(const char* name, const std::string& self, const Arguments& arguments, bool suffix) {
  Binder bind(fmt::format("str.{}", name), arguments, {"affix", "start", "end"});
  Value wanted = bind.required("affix");
  auto range = stretch(self, bind);
  if (!range) return false;
  std::string_view part = std::string_view(self).substr(range->begin, range->end - range->begin);
  auto matches = [&](const Value& one) {
    const std::string text = text_of(name, one);
    return suffix ? part.ends_with(text) : part.starts_with(text);
  };
  if (const Tuple* several = wanted.as_tuple())
    return std::any_of(several->items.begin(), several->items.end(), matches);
  return matches(wanted);
}
Value str_startswith(Interpreter&, const std::string& self, const Arguments& arguments) {
  return affix("startswith", self, arguments, false);
}
Value str_endswith(Interpreter&, const std::string& self, const Arguments& arguments) {
  return affix("endswith", self, arguments, true);
}

Value str_replace(Interpreter& interpreter, const std::string& self, const Arguments& arguments) {
  Binder bind("str.replace", arguments, {"old", "new", "count"});
  const std::string from = text_of("replace", bind.required("old"));
  const std::string to = text_of("replace", bind.required("new"));
  auto given = bind.optional("count");
  std::int64_t limit = given ? int_argument("str.replace", *given) : -1;
  std::string out;
  std::size_t at = 0;
  interpreter.implementation().charge(self.size() / 16);
  for (std::int64_t done = 0; limit < 0 || done < limit; ++done) {
    if (from.empty()) {
      out += to;
      if (at >= self.size()) return out;
      std::size_t length = character_length(self[at]);
      out += self.substr(at, length);
      at += length;
    } else {
      std::size_t found = self.find(from, at);
      if (found == std::string::npos) break;
      out += self.substr(at, found - at);
      out += to;
      at = found + from.size();
    }
    check_size(interpreter, out.size());
  }
  out += self.substr(at);
  check_size(interpreter, out.size());
  return out;
}

// --- padding ---

Value justify(const char* name, const std::string& self, const Arguments& arguments, char align) {
  Binder bind(fmt::format("str.{}", name), arguments, {"width", "fillchar"});
  FormatSpec spec;
  spec.width = std::max<std::int64_t>(int_argument(bind.function(), bind.required("width")), 0);
  if (spec.width > kMaxWidth) raise_python("ValueError", "width too big");
  if (auto fill = optional_text(name, bind.optional("fillchar"))) spec.fill = *fill;
  if (utf8_length(spec.fill) != 1) raise_type_error("The fill character must be exactly one character long");
  spec.align = align;
  if (align == '^') {
    // str.center puts the odd blank on the left when the width is odd; format() never does.
    auto length = static_cast<std::int64_t>(utf8_length(self));
    std::int64_t missing = spec.width - length;
    if (missing <= 0) return self;
    std::int64_t left = missing / 2 + (missing & spec.width & 1);
    spec.align = '>';
    std::int64_t whole = std::exchange(spec.width, length + left);
    std::string half = pad(self, spec, '>');
    spec.align = '<';
    spec.width = whole;
    return pad(half, spec, '<');
  }
  return pad(self, spec, align);
}
Value str_ljust(Interpreter&, const std::string& self, const Arguments& arguments) {
  return justify("ljust", self, arguments, '<');
}
Value str_rjust(Interpreter&, const std::string& self, const Arguments& arguments) {
  return justify("rjust", self, arguments, '>');
}
Value str_center(Interpreter&, const std::string& self, const Arguments& arguments) {
  return justify("center", self, arguments, '^');
}

Value str_zfill(Interpreter&, const std::string& self, const Arguments& arguments) {
  Binder bind("str.zfill", arguments, {"width"});
  std::int64_t width = int_argument("str.zfill", bind.required("width"));
  if (width > kMaxWidth) raise_python("ValueError", "width too big");
  auto length = static_cast<std::int64_t>(utf8_length(self));
  if (length >= width) return self;
  std::string zeros(static_cast<std::size_t>(width - length), '0');
  bool sign = !self.empty() && (self[0] == '+' || self[0] == '-');
  return sign ? self.substr(0, 1) + zeros + self.substr(1) : zeros + self;
}

Value str_expandtabs(Interpreter& interpreter, const std::string& self, const Arguments& arguments) {
  Binder bind("str.expandtabs", arguments, {"tabsize"});
  auto given = bind.optional("tabsize");
  std::int64_t size = given ? int_argument("str.expandtabs", *given) : 8;
  if (size > 1000) raise_python("ValueError", "tabsize too big");
  std::string out;
  std::int64_t column = 0;
  for (char c : self) {
    if (c == '\t') {
      std::int64_t blanks = size > 0 ? size - column % size : 0;
      out.append(static_cast<std::size_t>(blanks), ' ');
      column += blanks;
    } else {
      out += c;
      if (c == '\n' || c == '\r') {
        column = 0;
      } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
        ++column;
      }
    }
    check_size(interpreter, out.size());
  }
  return out;
}

// --- questions ---

template <class Test>
Value every(const std::string& self, Test test) {
  std::vector<std::uint32_t> codes = code_points(self);
  return !codes.empty() && std::all_of(codes.begin(), codes.end(), test);
}
Value str_isdigit(Interpreter&, const std::string& self, const Arguments&) {
  return every(self, [](std::uint32_t c) { return is_decimal(c) || c == 0xB2 || c == 0xB3 || c == 0xB9; });
}
Value str_isdecimal(Interpreter&, const std::string& self, const Arguments&) { return every(self, is_decimal); }
Value str_isnumeric(Interpreter&, const std::string& self, const Arguments&) {
  return every(self, [](std::uint32_t c) {
    return is_decimal(c) || c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0xBC && c <= 0xBE);
  });
}
Value str_isalpha(Interpreter&, const std::string& self, const Arguments&) { return every(self, is_letter); }
Value str_isalnum(Interpreter&, const std::string& self, const Arguments&) {
  return every(self, [](std::uint32_t c) { return is_letter(c) || is_decimal(c); });
}
Value str_isspace(Interpreter&, const std::string& self, const Arguments&) { return every(self, is_space); }
Value str_isascii(Interpreter&, const std::string& self, const Arguments&) {
  return std::all_of(self.begin(), self.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}
Value str_isprintable(Interpreter&, const std::string& self, const Arguments&) {
  std::vector<std::uint32_t> codes = code_points(self);
  return std::all_of(codes.begin(), codes.end(), [](std::uint32_t c) {
    return c == ' ' || (c > 0x20 && c != 0x7F && !(c >= 0x80 && c <= 0xA0) && !is_space(c));
  });
}
Value str_isidentifier(Interpreter&, const std::string& self, const Arguments&) {
  std::vector<std::uint32_t> codes = code_points(self);
  if (codes.empty() || is_decimal(codes[0])) return false;
  return std::all_of(codes.begin(), codes.end(),
                     [](std::uint32_t c) { return c == '_' || is_letter(c) || is_decimal(c); });
}
Value cased(const std::string& self, bool (*wanted)(std::uint32_t), bool (*unwanted)(std::uint32_t)) {
  std::vector<std::uint32_t> codes = code_points(self);
  return std::any_of(codes.begin(), codes.end(), wanted) && std::none_of(codes.begin(), codes.end(), unwanted);
}
Value str_isupper(Interpreter&, const std::string& self, const Arguments&) { return cased(self, is_upper, is_lower); }
Value str_islower(Interpreter&, const std::string& self, const Arguments&) { return cased(self, is_lower, is_upper); }
Value str_istitle(Interpreter& interpreter, const std::string& self, const Arguments& arguments) {
  std::vector<std::uint32_t> codes = code_points(self);
  return *str_title(interpreter, self, arguments).as_str() == self && std::any_of(codes.begin(), codes.end(), is_upper);
}

// --- the rest ---

Value str_format_method(Interpreter& interpreter, const std::string& self, const Arguments& arguments) {
  return str_format(interpreter, self, arguments);
}
Value str_format_map(Interpreter& interpreter, const std::string& self, const Arguments& arguments) {
  Binder bind("str.format_map", arguments, {"mapping"});
  Value mapping = bind.required("mapping");
  const Dict* dict = mapping.as_dict();
  if (!dict) raise_type_error("str.format_map() needs a dict");
  Arguments given;
  for (const auto& [key, value] : dict->entries()) {
    if (key.as_str()) given.keywords.emplace_back(*key.as_str(), value);
  }
  return str_format(interpreter, self, given);
}

Value str_encode(Interpreter&, const std::string& self, const Arguments& arguments) {
  Binder bind("str.encode", arguments, {"encoding", "errors"});
  std::string encoding = to_lower_ascii(optional_text("encode", bind.optional("encoding")).value_or("utf-8"));
  if (encoding == "utf-8" || encoding == "utf8" || encoding == "utf_8") return Bytes{self};
  bool latin = encoding == "latin-1" || encoding == "latin1" || encoding == "iso-8859-1";
  if (!latin && encoding != "ascii" && encoding != "us-ascii")
    raise_python("LookupError", "unknown encoding: " + encoding);
  const std::string errors = optional_text("encode", bind.optional("errors")).value_or("strict");
  Bytes out;
  for (std::uint32_t code : code_points(self)) {
    if (code < (latin ? 0x100U : 0x80U)) {
      out.data += static_cast<char>(static_cast<unsigned char>(code));
    } else if (errors == "replace") {
      out.data += '?';
    } else if (errors != "ignore") {
      raise_python("UnicodeEncodeError", fmt::format("'{}' codec can't encode character '\\u{:04x}'", encoding, code));
    }
  }
  return out;
}

Value str_translate(Interpreter& interpreter, const std::string& self, const Arguments& arguments) {
  Binder bind("str.translate", arguments, {"table"});
  Value given = bind.required("table");
  const Dict* table = given.as_dict();
  if (!table) raise_type_error("str.translate() needs a dict as table");
  std::string out;
  for (std::uint32_t code : code_points(self)) {
    const Value* to = table->find(Value(static_cast<std::int64_t>(code)));
    if (!to) {
      append_code_point(out, code);
    } else if (to->as_str()) {
      out += *to->as_str();
    } else if (to->as_int() && *to->as_int() >= 0 && *to->as_int() <= 0x10FFFF) {
      append_code_point(out, static_cast<std::uint32_t>(*to->as_int()));
    } else if (!to->is_none()) {
      raise_type_error("character mapping must return integer, None or str");
    }
    check_size(interpreter, out.size());
  }
  return out;
}

Value str_maketrans(Interpreter&, const std::string&, const Arguments& arguments) {
  Binder bind("str.maketrans", arguments, {"x", "y", "z"});
  auto table = std::make_shared<Dict>();
  auto key = [](std::uint32_t code) { return Value(static_cast<std::int64_t>(code)); };
  Value x = bind.required("x");
  if (const Dict* dict = x.as_dict()) {
    for (const auto& [from, to] : dict->entries()) {
      if (!from.as_str()) {
        table->set(from, to);
        continue;
      }
      auto codes = code_points(*from.as_str());
      if (codes.size() != 1) raise_python("ValueError", "string keys in translate table must be of length 1");
      table->set(key(codes[0]), to);
    }
    return table;
  }
  auto from = code_points(text_of("maketrans", x));
  auto to = code_points(text_of("maketrans", bind.required("y")));
  if (from.size() != to.size()) raise_python("ValueError", "the first two maketrans arguments must have equal length");
  for (std::size_t i = 0; i < from.size(); ++i) table->set(key(from[i]), key(to[i]));
  if (auto gone = optional_text("maketrans", bind.optional("z"))) {
    for (std::uint32_t code : code_points(*gone)) table->set(key(code), Value());
  }
  return table;
}

struct Entry {
  std::string_view name;
  Method method;
};
constexpr std::array<Entry, 47> kMethods = {{
    {"capitalize", str_capitalize},
    {"casefold", str_casefold},
    {"center", str_center},
    {"count", str_count},
    {"encode", str_encode},
    {"endswith", str_endswith},
    {"expandtabs", str_expandtabs},
    {"find", str_find},
    {"format", str_format_method},
    {"format_map", str_format_map},
    {"index", str_index},
    {"isalnum", str_isalnum},
    {"isalpha", str_isalpha},
    {"isascii", str_isascii},
    {"isdecimal", str_isdecimal},
    {"isdigit", str_isdigit},
    {"isidentifier", str_isidentifier},
    {"islower", str_islower},
    {"isnumeric", str_isnumeric},
    {"isprintable", str_isprintable},
    {"isspace", str_isspace},
    {"istitle", str_istitle},
    {"isupper", str_isupper},
    {"join", str_join},
    {"ljust", str_ljust},
    {"lower", str_lower},
    {"lstrip", str_lstrip},
    {"maketrans", str_maketrans},
    {"partition", str_partition},
    {"removeprefix", str_removeprefix},
    {"removesuffix", str_removesuffix},
    {"replace", str_replace},
    {"rfind", str_rfind},
    {"rindex", str_rindex},
    {"rjust", str_rjust},
    {"rpartition", str_rpartition},
    {"rsplit", str_rsplit},
    {"rstrip", str_rstrip},
    {"split", str_split},
    {"splitlines", str_splitlines},
    {"startswith", str_startswith},
    {"strip", str_strip},
    {"swapcase", str_swapcase},
    {"title", str_title},
    {"translate", str_translate},
    {"upper", str_upper},
    {"zfill", str_zfill},
}};

}  // namespace

std::string upper(std::string_view text) { return mapped(text, to_upper); }
std::string lower(std::string_view text) { return mapped(text, to_lower); }

std::optional<Value> str_method(Interpreter&, const Value& self, std::string_view name) {
  const std::string* text = self.as_str();
  if (!text) return std::nullopt;
  auto found = std::lower_bound(kMethods.begin(), kMethods.end(), name,
                                [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
  if (found == kMethods.end() || found->name != name) return std::nullopt;
  Method method = found->method;
  NativeFunction bound = [held = *text, method](Interpreter& interpreter, Arguments& arguments) {
    Value result = method(interpreter, held, arguments);
    if (const std::string* made = result.as_str()) interpreter.implementation().charge(made->size() / 64);
    return result;
  };
  std::string full = "str." + std::string(name);
  // format shows only some of its arguments: it looks for opaque ones itself.
  if (name == "format" || name == "format_map") return make_function(std::move(full), std::move(bound));
  return pure_function(std::move(full), std::move(bound));
}

}  // namespace bascule::evaluate
