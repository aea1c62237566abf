#include "evaluate/format.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/format_spec.h"
#include "evaluate/native_values.h"
#include "evaluate/natives.h"
#include "evaluate/objects.h"
#include "evaluate/temporal.h"

namespace bascule::evaluate {

namespace {

/// snprintf with a precision, for one of "eEfFgG".
std::string printed(double number, char type, int precision, bool alternate) {
  std::string format = alternate ? "%#.*" : "%.*";
  format += type;
  int size = std::snprintf(nullptr, 0, format.c_str(), precision, number);
  std::string out(static_cast<std::size_t>(size) + 1, '\0');
  std::snprintf(out.data(), out.size(), format.c_str(), precision, number);
  out.pop_back();
  return out;
}

std::string grouped(const std::string& digits, char separator, std::size_t every) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % every == 0) out += separator;
    out += digits[i];
  }
  return out;
}

[[noreturn]] void unknown_code(char code, const Value& value) {
  raise_python("ValueError", fmt::format("Unknown format code '{}' for object of type '{}'", code, type_name(value)));
}

std::string radix_text(std::uint64_t magnitude, std::uint64_t radix, bool upper) {
  // A pointer, not the array: g++ 12 with -fsanitize=bounds reads element 0 of a conditional array.
  const char* alphabet = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  do {
    out.insert(out.begin(), alphabet[magnitude % radix]);
    magnitude /= radix;
  } while (magnitude != 0);
  return out;
}

std::string code_point(std::int64_t code) {
  if (code < 0 || code > 0x10FFFF) raise_python("OverflowError", "%c arg not in range(0x110000)");
  std::string out;
  auto c = static_cast<std::uint32_t>(code);
  auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
  return out;
}

/// Sign, prefix and digits put together, padded between sign and digits for '=' (and "0").
std::string number_field(const FormatSpec& spec, bool negative, const std::string& prefix, std::string digits,
                         const std::string& tail, std::size_t every) {
  std::string sign = negative ? "-" : spec.sign == '+' ? "+" : spec.sign == ' ' ? " " : "";
  bool zeros = spec.fill == "0" && spec.align == '=';
  if (spec.grouping != 0) {
    if (zeros) {
      // Zeros are grouped too: format(1234, "010,") == "00,001,234".
      auto length = [&] {
        return static_cast<std::int64_t>(sign.size() + prefix.size() + tail.size() +
                                         grouped(digits, spec.grouping, every).size());
      };
      while (length() < spec.width) digits.insert(digits.begin(), '0');
    }
    digits = grouped(digits, spec.grouping, every);
  }
  std::string body = digits + tail;
  if (spec.align == '=') {
    std::string padding;
    auto used = static_cast<std::int64_t>(sign.size() + prefix.size() + body.size());
    for (std::int64_t i = used; i < spec.width; ++i) padding += spec.fill;
    return sign + prefix + padding + body;
  }
  return pad(sign + prefix + body, spec, '>');
}

std::string format_int(const Value& value, std::int64_t number, const FormatSpec& spec) {
  if (spec.precision >= 0) raise_python("ValueError", "Precision not allowed in integer format specifier");
  std::uint64_t magnitude = number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  std::string digits;
  std::string prefix;
  std::size_t every = 4;
  switch (spec.type) {
    case 0:
    case 'd':
    case 'n':
      digits = std::to_string(magnitude);
      every = 3;
      break;
    case 'b':
      digits = radix_text(magnitude, 2, false);
      if (spec.alternate) prefix = "0b";
      break;
    case 'o':
      digits = radix_text(magnitude, 8, false);
      if (spec.alternate) prefix = "0o";
      break;
    case 'x':
    case 'X':
      digits = radix_text(magnitude, 16, spec.type == 'X');
      if (spec.alternate) prefix = spec.type == 'X' ? "0X" : "0x";
      break;
    case 'c':
      return pad(code_point(number), spec, '>');
    default:  // an open set: whatever the author wrote
      unknown_code(spec.type, value);
  }
  return number_field(spec, number < 0, prefix, std::move(digits), "", every);
}

/// "1234.5e+10" → digits before the point, and the rest.
std::pair<std::string, std::string> split_digits(const std::string& text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return {text.substr(0, end), text.substr(end)};
}

std::string general_text(double magnitude, int precision) {
  // No type, but a precision: like 'g', with at least one digit behind the point.
  std::string text = printed(magnitude, 'g', precision == 0 ? 1 : precision, false);
  if (text.find_first_of(".e") == std::string::npos) {
    // The last digit before a point that is added may not exceed the precision: then the exponent form is taken.
    if (precision > 0 && static_cast<int>(text.size()) == precision && magnitude != 0) {
      std::string exponent_form = printed(magnitude, 'e', precision - 1, false);
      std::size_t mark = exponent_form.find('e');
      std::string mantissa = exponent_form.substr(0, mark);
      if (mantissa.find('.') != std::string::npos) {
        mantissa.erase(mantissa.find_last_not_of('0') + 1);
        if (mantissa.back() == '.') mantissa.pop_back();
      }
      return mantissa + exponent_form.substr(mark);
    }
    text += ".0";
  }
  return text;
}

std::string format_float(const Value& value, double number, const FormatSpec& spec) {
  bool negative = std::signbit(number) && !std::isnan(number);
  double magnitude = std::fabs(number);
  int precision = static_cast<int>(spec.precision);
  std::string text;
  char type = spec.type == 'n' ? 'g' : spec.type;
  if (!std::isfinite(number)) {
    text = std::isnan(number) ? "nan" : "inf";
    if (type == 'E' || type == 'F' || type == 'G')
      std::transform(text.begin(), text.end(), text.begin(), [](char c) { return static_cast<char>(c - 32); });
    if (type == '%') text += '%';
    FormatSpec plain = spec;
    plain.grouping = 0;
    if (plain.fill == "0" && plain.align == '=') plain.fill = "0";
    return number_field(plain, negative, "", "", text, 3);
  }
  switch (type) {
    case 0:
      text = precision < 0 ? float_repr(magnitude) : general_text(magnitude, precision);
      break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      if (precision < 0) precision = 6;
      if ((type == 'g' || type == 'G') && precision == 0) precision = 1;
      text = printed(magnitude, type, precision, spec.alternate);
      break;
    case '%':
      text = printed(magnitude * 100, 'f', precision < 0 ? 6 : precision, spec.alternate) + "%";
      break;
    default:  // an open set: whatever the author wrote
      unknown_code(spec.type, value);
  }
  auto [digits, tail] = split_digits(text);
  return number_field(spec, negative, "", digits, tail, 3);
}

std::string format_str(const Value& value, const std::string& text, const FormatSpec& spec) {
  if (spec.type != 0 && spec.type != 's') unknown_code(spec.type, value);
  if (spec.sign != 0) raise_python("ValueError", "Sign not allowed in string format specifier");
  if (spec.align == '=' && !spec.zero)
    raise_python("ValueError", "'=' alignment not allowed in string format specifier");
  if (spec.grouping != 0) raise_python("ValueError", fmt::format("Cannot specify '{}' with 's'.", spec.grouping));
  std::string cut = text;
  if (spec.precision >= 0) cut = first_characters(text, spec.precision);
  FormatSpec padded = spec;
  if (padded.align == '=') padded.align = '<';
  return pad(cut, padded, '<');
}

}  // namespace

std::string float_repr(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  char buffer[64];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  std::string sign;
  if (text.front() == '-') {
    sign = "-";
    text.remove_prefix(1);
  }
  std::size_t mark = text.find('e');
  int exponent = 0;
  std::string_view power = text.substr(mark + 1);
  if (power.front() == '+') power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  std::string digits;
  for (char c : text.substr(0, mark)) {
    if (c != '.') digits += c;
  }
  if (exponent < -4 || exponent >= 16) {
    std::string out = sign + digits.substr(0, 1);
    if (digits.size() > 1) out += "." + digits.substr(1);
    return out + fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', exponent < 0 ? -exponent : exponent);
  }
  if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0') + ".0";
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

FormatSpec parse_spec(std::string_view text) {
  FormatSpec spec;
  std::size_t at = 0;
  auto is_align = [](char c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
  std::size_t first = text.empty() ? 0 : character_length(text[0]);
  bool filled = false;
  if (text.size() > first && first > 0 && is_align(text[first])) {
    spec.fill = std::string(text.substr(0, first));
    filled = true;
    spec.align = text[first];
    at = first + 1;
  } else if (!text.empty() && is_align(text[0])) {
    spec.align = text[0];
    at = 1;
  }
  auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
  if (peek() == '+' || peek() == '-' || peek() == ' ') spec.sign = text[at++];
  if (peek() == 'z') ++at;
  if (peek() == '#') {
    spec.alternate = true;
    ++at;
  }
  if (peek() == '0') {
    spec.zero = true;
    if (!filled) spec.fill = "0";
    if (spec.align == 0) spec.align = '=';
    ++at;
  }
  auto number = [&]() -> std::int64_t {
    std::int64_t out = -1;
    while (peek() >= '0' && peek() <= '9') {
      out = (out < 0 ? 0 : out) * 10 + (text[at++] - '0');
      if (out > kMaxWidth) raise_python("ValueError", "Too many decimal digits in format string");
    }
    return out;
  };
  spec.width = number();
  if (peek() == ',' || peek() == '_') spec.grouping = text[at++];
  if (peek() == '.') {
    ++at;
    spec.precision = number();
    if (spec.precision < 0) raise_python("ValueError", "Format specifier missing precision");
    if (spec.precision > 10'000) raise_python("ValueError", "precision too big");
  }
  if (at < text.size()) spec.type = text[at++];
  if (at != text.size()) raise_python("ValueError", "Invalid format specifier");
  return spec;
}

std::size_t character_length(char first) {
  auto c = static_cast<unsigned char>(first);
  return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

std::string first_characters(std::string_view text, std::int64_t count) {
  std::size_t at = 0;
  for (std::int64_t i = 0; i < count && at < text.size(); ++i) at += character_length(text[at]);
  return std::string(text.substr(0, at));
}

std::string pad(const std::string& text, const FormatSpec& spec, char natural) {
  auto length = static_cast<std::int64_t>(utf8_length(text));
  if (length >= spec.width) return text;
  std::int64_t missing = spec.width - length;
  char align = spec.align == 0 ? natural : spec.align;
  std::int64_t left = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
  std::string out;
  for (std::int64_t i = 0; i < left; ++i) out += spec.fill;
  out += text;
  for (std::int64_t i = left; i < missing; ++i) out += spec.fill;
  return out;
}

namespace {

std::string format_wide(Interpreter& interpreter, const Value& value, UuidInteger& wide, const FormatSpec& spec) {
  if (spec.type == 0 || spec.type == 'd') return number_field(spec, false, "", wide.repr(interpreter), "", 3);
  if (spec.type != 'x' && spec.type != 'X') unknown_code(spec.type, value);
  std::string digits = wide.digits;
  if (spec.type == 'X') {
    for (char& digit : digits) digit = static_cast<char>(digit >= 'a' ? digit - 'a' + 'A' : digit);
  }
  const char* prefix = !spec.alternate ? "" : spec.type == 'X' ? "0X" : "0x";
  return number_field(spec, false, prefix, std::move(digits), "", 4);
}

}  // namespace

std::string format_value(Interpreter& interpreter, const Value& value, std::string_view spec) {
  if (spec.empty()) return interpreter.str(value);
  if (auto text = format_temporal(value, spec)) return *text;
  if (const Value* inner = payload_of(value)) return format_value(interpreter, *inner, spec);
  if (const std::string* text = value.as_str()) return format_str(value, *text, parse_spec(spec));
  if (auto digits = as_decimal(value))
    return format_value(interpreter, Value(std::strtod(digits->c_str(), nullptr)), spec);
  if (value.as_bool() || value.as_int()) {
    std::int64_t number = value.as_bool() ? (*value.as_bool() ? 1 : 0) : *value.as_int();
    FormatSpec parsed = parse_spec(spec);
    if (parsed.type != 0 && std::string_view("eEfFgG%").find(parsed.type) != std::string_view::npos) {
      return format_float(value, static_cast<double>(number), parsed);
    }
    if (value.as_bool() && parsed.type == 's') unknown_code('s', value);
    return format_int(value, number, parsed);
  }
  if (const double* number = value.as_float()) return format_float(value, *number, parse_spec(spec));
  if (const auto wide = value.as<UuidInteger>()) return format_wide(interpreter, value, *wide, parse_spec(spec));
  raise_type_error(fmt::format("unsupported format string passed to {}.__format__", type_name(value)));
}

std::string ascii_repr(Interpreter& interpreter, const Value& value) {
  std::string text = interpreter.repr(value);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = character_length(text[at]);
    if (length == 1) {
      out += text[at++];
      continue;
    }
    std::uint32_t code = static_cast<unsigned char>(text[at]) & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) code = (code << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    out += code < 0x100     ? fmt::format("\\x{:02x}", code)
           : code < 0x10000 ? fmt::format("\\u{:04x}", code)
                            : fmt::format("\\U{:08x}", code);
    at += length;
  }
  return out;
}

}  // namespace bascule::evaluate
