// The % operator.
#include <cmath>
#include <optional>

#include <fmt/core.h>

#include "evaluate/error.h"
#include "evaluate/format.h"
#include "evaluate/format_spec.h"
#include "evaluate/native_values.h"
#include "evaluate/objects.h"

namespace bascule::evaluate {

namespace {

class Percent {
 public:
  Percent(Interpreter& interpreter, std::string_view format, const Value& arguments)
      : interpreter_(interpreter), format_(format), arguments_(arguments), tuple_(arguments.as_tuple()) {}

  std::string run() {
    while (at_ < format_.size()) {
      if (format_[at_] != '%') {
        std::size_t end = std::min(format_.find('%', at_), format_.size());
        out_ += format_.substr(at_, end - at_);
        at_ = end;
        continue;
      }
      ++at_;
      conversion();
    }
    bool all_used = tuple_ ? next_ == tuple_->items.size() : next_ > 0;
    if (!all_used && !by_name_ && !arguments_.as_dict() && !arguments_.as_list()) {
      raise_type_error("not all arguments converted during string formatting");
    }
    return std::move(out_);
  }

 private:
  Value take() {
    if (tuple_) {
      if (next_ >= tuple_->items.size()) raise_type_error("not enough arguments for format string");
      return tuple_->items[next_++];
    }
    if (next_++ > 0) raise_type_error("not enough arguments for format string");
    return arguments_;
  }

  char peek() const { return at_ < format_.size() ? format_[at_] : '\0'; }

  std::int64_t number() {
    if (peek() == '*') {
      ++at_;
      Value given = take();
      if (!given.as_int()) raise_type_error("* wants int");
      if (*given.as_int() > kMaxWidth) raise_python("ValueError", "width too big");
      return *given.as_int();
    }
    std::int64_t out = -1;
    while (peek() >= '0' && peek() <= '9') {
      out = (out < 0 ? 0 : out) * 10 + (format_[at_++] - '0');
      if (out > kMaxWidth) raise_python("ValueError", "width too big");
    }
    return out;
  }

  std::optional<Value> named() {
    if (peek() != '(') return std::nullopt;
    std::size_t depth = 1;
    std::size_t begin = ++at_;
    for (; at_ < format_.size(); ++at_) {
      if (format_[at_] == '(') ++depth;
      if (format_[at_] == ')' && --depth == 0) break;
    }
    if (at_ >= format_.size()) raise_python("ValueError", "incomplete format key");
    std::string key(format_.substr(begin, at_++ - begin));
    by_name_ = true;
    if (const Dict* dict = arguments_.as_dict()) {
      const Value* found = dict->find(std::string_view(key));
      if (!found) raise_python("KeyError", "'" + key + "'");
      return *found;
    }
    if (const auto* object = std::get_if<ObjectPtr>(&arguments_.payload())) {
      if (auto found = (*object)->index(interpreter_, Value(key))) return found;
    }
    raise_type_error("format requires a mapping");
  }

  void conversion() {
    std::optional<Value> value = named();
    FormatSpec spec;
    bool left = false;
    for (;; ++at_) {
      if (peek() == '-') {
        left = true;
      } else if (peek() == '+') {
        spec.sign = '+';
      } else if (peek() == ' ') {
        if (spec.sign == 0) spec.sign = ' ';
      } else if (peek() == '#') {
        spec.alternate = true;
      } else if (peek() == '0') {
        spec.zero = true;
      } else {
        break;
      }
    }
    spec.width = number();
    if (spec.width < -1) {
      left = true;
      spec.width = -spec.width;
    }
    if (peek() == '.') {
      ++at_;
      spec.precision = std::max<std::int64_t>(0, number());
      if (spec.precision > 10'000) raise_python("ValueError", "precision too big");
    }
    while (peek() == 'l' || peek() == 'h' || peek() == 'L') ++at_;
    if (at_ >= format_.size()) raise_python("ValueError", "incomplete format");
    char type = format_[at_++];
    if (type == '%') {
      out_ += '%';
      return;
    }
    if (!value) value = take();
    out_ += converted(*value, type, spec, left);
  }

  std::string converted(const Value& given, char type, FormatSpec spec, bool left) {
    const Value* inner = payload_of(given);
    spec.align = left ? '<' : '>';
    switch (type) {
      case 's':
      case 'r':
      case 'a': {
        std::string text = type == 's'   ? interpreter_.str(given)
                           : type == 'r' ? interpreter_.repr(given)
                                         : ascii_repr(interpreter_, given);
        if (spec.precision >= 0) text = first_characters(text, spec.precision);
        return pad(text, spec, '>');
      }
      case 'c':
        if (const std::string* text = given.as_str()) return pad(*text, spec, '>');
        return pad(format_value(interpreter_, inner ? *inner : given, "c"), spec, '>');
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return whole(inner ? *inner : given, type, spec, left);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        return real(inner ? *inner : given, type, spec, left);
      default:  // an open set: whatever the author wrote
        raise_python("ValueError", fmt::format("unsupported format character '{}' (0x{:x}) at index {}", type,
                                               static_cast<unsigned char>(type), at_ - 1));
    }
  }

  std::string rebuilt(const FormatSpec& spec, char type, bool left, std::int64_t precision) const {
    std::string out;
    if (left) {
      out += '<';
    } else if (spec.zero) {
      out += "0=";
    } else {
      out += '>';
    }
    if (spec.sign != 0) out += spec.sign;
    if (spec.alternate) out += '#';
    if (spec.width > 0) out += std::to_string(spec.width);
    if (precision >= 0) out += "." + std::to_string(precision);
    return out + type;
  }

  std::string whole(Value given, char type, const FormatSpec& spec, bool left) {
    if (const double* number = given.as_float()) {
      if (type == 'o' || type == 'x' || type == 'X')
        raise_type_error(fmt::format("%{} format: an integer is required, not float", type));
      if (!std::isfinite(*number) || std::fabs(*number) >= 9.2e18)
        raise_python("OverflowError", "cannot convert float to integer");
      given = Value(static_cast<std::int64_t>(*number));
    }
    if (!given.as_int() && !given.as_bool() && !given.as<UuidInteger>()) {
      raise_type_error(fmt::format("%{} format: a real number is required, not {}", type, type_name(given)));
    }
    const char kind = type == 'i' || type == 'u' ? 'd' : type;
    if (spec.precision >= 0) return with_digits(given, kind, spec, left);
    return format_value(interpreter_, given, rebuilt(spec, kind, left, -1));
  }

  /// "%.32x": at least so many digits.
  std::string with_digits(const Value& given, char type, const FormatSpec& spec, bool left) {
    std::string plain;
    if (spec.sign != 0) plain += spec.sign;
    if (spec.alternate) plain += '#';
    std::string text = format_value(interpreter_, given, plain + type);
    std::size_t begin = text.find_first_not_of("+- ");
    if (spec.alternate && type != 'd') begin += 2;
    const auto least = static_cast<std::size_t>(spec.precision);
    if (text.size() - begin < least) text.insert(begin, least - (text.size() - begin), '0');
    const auto width = static_cast<std::size_t>(std::max<std::int64_t>(spec.width, 0));
    if (text.size() >= width) return text;
    if (left) return text + std::string(width - text.size(), ' ');
    if (spec.zero) return text.insert(begin, width - text.size(), '0');
    return std::string(width - text.size(), ' ') + text;
  }

  std::string real(const Value& given, char type, const FormatSpec& spec, bool left) {
    double number = 0;
    if (const double* held = given.as_float()) {
      number = *held;
    } else if (given.as_int()) {
      number = static_cast<double>(*given.as_int());
    } else if (given.as_bool()) {
      number = *given.as_bool() ? 1 : 0;
    } else {
      raise_type_error(fmt::format("must be real number, not {}", type_name(given)));
    }
    return format_value(interpreter_, Value(number), rebuilt(spec, type, left, spec.precision));
  }

  Interpreter& interpreter_;
  std::string_view format_;
  const Value& arguments_;
  const Tuple* tuple_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;
  bool by_name_ = false;
  std::string out_;
};

}  // namespace

std::string percent_format(Interpreter& interpreter, std::string_view format, const Value& arguments) {
  return Percent(interpreter, format, arguments).run();
}

}  // namespace bascule::evaluate
