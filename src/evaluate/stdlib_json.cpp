// The module json.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

#include <fmt/core.h>

#include "evaluate/format.h"
#include "evaluate/interpreter_impl.h"
#include "evaluate/natives.h"
#include "evaluate/objects.h"
#include "evaluate/stdlib_modules.h"
#include "evaluate/unicode.h"

namespace bascule::evaluate {

namespace {

constexpr int kMaxDepth = 200;

struct JsonStyle {
  std::optional<std::string> indent;
  std::string item_separator = ", ";
  std::string key_separator = ": ";
  bool ensure_ascii = true;
  bool sort_keys = false;
  Value fallback;  ///< default=
};

std::string quoted(const std::string& text, bool ascii) {
  std::string out = "\"";
  for (std::uint32_t code : code_points(text)) {
    if (code == '"' || code == '\\') {
      out += '\\';
      out += static_cast<char>(code);
    } else if (code == '\n') {
      out += "\\n";
    } else if (code == '\r') {
      out += "\\r";
    } else if (code == '\t') {
      out += "\\t";
    } else if (code == '\b') {
      out += "\\b";
    } else if (code == '\f') {
      out += "\\f";
    } else if (code < 0x20 || (ascii && code >= 0x7F && code < 0x10000 && code != 0x7F)) {
      out += fmt::format("\\u{:04x}", code);
    } else if (ascii && code >= 0x10000) {
      std::uint32_t rest = code - 0x10000;
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800U + (rest >> 10U), 0xDC00U + (rest & 0x3FFU));
    } else {
      append_code_point(out, code);
    }
  }
  return out + "\"";
}

class Writer {
 public:
  Writer(Interpreter& interpreter, const JsonStyle& style) : interpreter_(interpreter), style_(style) {}

  std::string run(const Value& value) {
    write(value, 0);
    return std::move(out_);
  }

 private:
  void line(int depth) {
    if (!style_.indent) return;
    out_ += '\n';
    for (int i = 0; i < depth; ++i) out_ += *style_.indent;
  }

  std::string number(double real) const {
    if (std::isnan(real)) return "NaN";
    if (std::isinf(real)) return real < 0 ? "-Infinity" : "Infinity";
    return float_repr(real);
  }

  std::string key_text(const Value& key) const {
    const Value& plain = payload_of(key) ? *payload_of(key) : key;
    if (plain.as_str()) return *plain.as_str();
    if (plain.is_none()) return "null";
    if (const bool* flag = plain.as_bool()) return *flag ? "true" : "false";
    if (const std::int64_t* whole = plain.as_int()) return std::to_string(*whole);
    if (const double* real = plain.as_float()) return number(*real);
    raise_type_error(fmt::format("keys must be str, int, float, bool or None, not {}", type_name(key)));
  }

  void items(const std::vector<Value>& list, int depth) {
    out_ += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_ += style_.item_separator;
      line(depth + 1);
      write(list[i], depth + 1);
    }
    if (!list.empty()) line(depth);
    out_ += ']';
  }

  void entries(const Dict& dict, int depth) {
    std::vector<std::pair<std::string, const Value*>> all;
    for (const auto& [key, value] : dict.entries()) all.emplace_back(key_text(key), &value);
    if (style_.sort_keys) {
      std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    }
    out_ += '{';
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) out_ += style_.item_separator;
      line(depth + 1);
      out_ += quoted(all[i].first, style_.ensure_ascii) + style_.key_separator;
      const Value held = *all[i].second;
      write(held, depth + 1);
    }
    if (!all.empty()) line(depth);
    out_ += '}';
  }

  void write(const Value& value, int depth) {
    if (depth > kMaxDepth)
      raise_python("RecursionError", "maximum recursion depth exceeded while encoding a JSON object");
    interpreter_.implementation().step();
    interpreter_.implementation().check_text(out_.size());
    if (value.is_opaque()) interpreter_.refuse_opaque(value, "a JSON value");
    if (value.is_none()) {
      out_ += "null";
    } else if (const bool* flag = value.as_bool()) {
      out_ += *flag ? "true" : "false";
    } else if (const std::int64_t* whole = value.as_int()) {
      out_ += std::to_string(*whole);
    } else if (const double* real = value.as_float()) {
      out_ += number(*real);
    } else if (const std::string* text = value.as_str()) {
      out_ += quoted(*text, style_.ensure_ascii);
    } else if (const auto* list = value.as_sequence()) {
      const std::vector<Value> held = *list;
      items(held, depth);
    } else if (const Dict* dict = value.as_dict()) {
      const Dict held = *dict;
      entries(held, depth);
    } else if (const Value* inner = payload_of(value)) {
      write(Value(*inner), depth + 1);
    } else if (!style_.fallback.is_none()) {
      Arguments arguments;
      arguments.positional.push_back(value);
      write(interpreter_.call(style_.fallback, std::move(arguments)), depth + 1);
    } else {
      raise_type_error(fmt::format("Object of type {} is not JSON serializable", type_name(value)));
    }
  }

  Interpreter& interpreter_;
  const JsonStyle& style_;
  std::string out_;
};

const Value* deep_opaque(const Value& value, int depth) {
  if (value.is_opaque()) return &value;
  if (depth > kMaxDepth) return nullptr;
  if (const auto* list = value.as_sequence()) {
    for (const Value& item : *list) {
      if (const Value* found = deep_opaque(item, depth + 1)) return found;
    }
  }
  if (const Dict* dict = value.as_dict()) {
    for (const auto& [key, held] : dict->entries()) {
      if (const Value* found = deep_opaque(held, depth + 1)) return found;
    }
  }
  return nullptr;
}

Value dumps(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("json.dumps", arguments, {"obj"},
              {"skipkeys", "ensure_ascii", "check_circular", "allow_nan", "cls", "indent", "separators", "default",
               "sort_keys"});
  bind.reject_extra();
  Value value = bind.required("obj");
  if (const Value* unknown = deep_opaque(value, 0)) return *unknown;
  JsonStyle style;
  if (auto indent = bind.present("indent")) {
    style.indent =
        indent->as_str()
            ? *indent->as_str()
            : std::string(
                  static_cast<std::size_t>(std::clamp<std::int64_t>(int_argument("json.dumps", *indent), 0, 100)), ' ');
    style.item_separator = ",";
  }
  if (auto separators = bind.present("separators")) {
    const auto* pair = separators->as_sequence();
    if (!pair || pair->size() != 2) raise_python("ValueError", "separators must be (item_separator, key_separator)");
    style.item_separator = text_argument("json.dumps", (*pair)[0]);
    style.key_separator = text_argument("json.dumps", (*pair)[1]);
  }
  if (auto ascii = bind.optional("ensure_ascii")) style.ensure_ascii = interpreter.truth(*ascii);
  if (auto sort = bind.optional("sort_keys")) style.sort_keys = interpreter.truth(*sort);
  if (auto fallback = bind.present("default")) style.fallback = *fallback;
  return Writer(interpreter, style).run(value);
}

class Reader {
 public:
  Reader(Interpreter& interpreter, std::string_view text) : interpreter_(interpreter), text_(text) {}

  Value run() {
    Value out = value(0);
    blanks();
    if (at_ != text_.size()) fail("Extra data");
    return out;
  }

 private:
  [[noreturn]] void fail(const char* what) const { raise_python("ValueError", fmt::format("{}: char {}", what, at_)); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void blanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }
  bool word(std::string_view wanted) {
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }

  Value value(int depth) {
    if (depth > kMaxDepth)
      raise_python("RecursionError", "maximum recursion depth exceeded while decoding a JSON document");
    interpreter_.implementation().step();
    blanks();
    if (peek() == '"') return string();
    if (peek() == '[') return list(depth);
    if (peek() == '{') return dict(depth);
    if (word("null")) return {};
    if (word("true")) return true;
    if (word("false")) return false;
    if (word("NaN")) return std::nan("");
    if (word("Infinity")) return HUGE_VAL;
    if (word("-Infinity")) return -HUGE_VAL;
    return number();
  }

  Value number() {
    std::size_t begin = at_;
    if (peek() == '-') ++at_;
    auto digits = [&] {
      std::size_t from = at_;
      while (peek() >= '0' && peek() <= '9') ++at_;
      return at_ > from;
    };
    if (peek() == '0') {
      ++at_;
    } else if (!digits()) {
      at_ = begin;
      fail("Expecting value");
    }
    bool real = false;
    if (peek() == '.') {
      std::size_t dot = at_++;
      if (digits()) {
        real = true;
      } else {
        at_ = dot;
      }
    }
    if ((peek() | 0x20) == 'e') {
      std::size_t mark = at_++;
      if (peek() == '+' || peek() == '-') ++at_;
      if (digits()) {
        real = true;
      } else {
        at_ = mark;
      }
    }
    std::string text(text_.substr(begin, at_ - begin));
    std::int64_t whole = 0;
    if (!real) {
      auto result = std::from_chars(text.data(), text.data() + text.size(), whole);
      if (result.ec == std::errc()) return whole;
      raise_python("OverflowError", "an integer beyond 64 bits in JSON is not supported");
    }
    return std::strtod(text.c_str(), nullptr);
  }

  std::uint32_t hex4() {
    std::uint32_t code = 0;
    auto part = text_.substr(at_, 4);
    auto result = std::from_chars(part.data(), part.data() + part.size(), code, 16);
    if (part.size() != 4 || result.ptr != part.data() + 4) fail("Invalid \\uXXXX escape");
    at_ += 4;
    return code;
  }

  Value string() {
    std::string out;
    ++at_;
    for (;;) {
      if (at_ >= text_.size()) fail("Unterminated string");
      char c = text_[at_++];
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) fail("Invalid control character");
      if (c != '\\') {
        out += c;
        continue;
      }
      char kind = peek();
      ++at_;
      static constexpr std::string_view kSimple = "\"\\/bfnrt";
      static constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
      if (std::size_t simple = kSimple.find(kind); simple != std::string_view::npos && kind != '\0') {
        out += kMeaning[simple];
      } else if (kind == 'u') {
        std::uint32_t code = hex4();
        if (code >= 0xD800 && code < 0xDC00 && word("\\u")) {
          std::uint32_t low = hex4();
          if (low < 0xDC00 || low > 0xDFFF) fail("Invalid surrogate pair");
          code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
        } else if (code >= 0xD800 && code <= 0xDFFF) {
          fail("Lone surrogate");
        }
        append_code_point(out, code);
      } else {
        fail("Invalid \\escape");
      }
    }
  }

  Value list(int depth) {
    std::vector<Value> items;
    ++at_;
    blanks();
    if (peek() == ']') {
      ++at_;
      return make_list({});
    }
    for (;;) {
      items.push_back(value(depth + 1));
      blanks();
      if (peek() == ',') {
        ++at_;
        continue;
      }
      if (peek() != ']') fail("Expecting ',' delimiter");
      ++at_;
      return make_list(std::move(items));
    }
  }

  Value dict(int depth) {
    auto made = std::make_shared<Dict>();
    ++at_;
    blanks();
    if (peek() == '}') {
      ++at_;
      return made;
    }
    for (;;) {
      blanks();
      if (peek() != '"') fail("Expecting property name enclosed in double quotes");
      Value key = string();
      blanks();
      if (peek() != ':') fail("Expecting ':' delimiter");
      ++at_;
      made->set(std::move(key), value(depth + 1));
      blanks();
      if (peek() == ',') {
        ++at_;
        continue;
      }
      if (peek() != '}') fail("Expecting ',' delimiter");
      ++at_;
      return made;
    }
  }

  Interpreter& interpreter_;
  std::string_view text_;
  std::size_t at_ = 0;
};

Value loads(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("json.loads", arguments, {"s"});
  Value given = bind.required("s");
  const std::string text = given.as_bytes() ? given.as_bytes()->data : text_argument("json.loads", given);
  return Reader(interpreter, text).run();
}

}  // namespace

std::string to_json(Interpreter& interpreter, const Value& value) {
  return Writer(interpreter, JsonStyle{}).run(value);
}

Value from_json(Interpreter& interpreter, std::string_view text) { return Reader(interpreter, text).run(); }

Value json_module() {
  return Members("json")
      .value("dumps", make_function("json.dumps", dumps))
      .value("JSONDecodeError", ObjectPtr(builtin_class("ValueError")))
      .function("loads", loads)
      .function("load",
                [](Interpreter&, Arguments&) -> Value {
                  refuse_world("reading files is not allowed in a migration that Bascule evaluates");
                })
      .function("dump",
                [](Interpreter&, Arguments&) -> Value {
                  refuse_world("writing files is not allowed in a migration that Bascule evaluates");
                })
      .build();
}

}  // namespace bascule::evaluate
