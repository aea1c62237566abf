#include "formats/alembic/text_packages.h"

#include <array>

#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/native_tools.h"
#include "evaluate/unicode.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Value;

constexpr std::uint32_t kFirst = 0xC0;
/// The letters from U+00C0 on without their marks; a question mark: more than that has to be known.
constexpr std::string_view kLatin =
    "A A A A A A AE C E E E E I I I I D N O O O O O ? O U U U U Y Th ss a a a a a a ae c e e e e i i i i d n o o o o o "
    "? "
    "o u u u u y th y A a A a A a C c C c C c C c D d D d E e E e E e E e E e G g G g G g G g H h H h I i I i I i I i "
    "I "
    "i ? ? J j K k ? L l L l L l ? ? L l N n N n N n ? ? ? O o O o O o OE oe R r R r R r S s S s S s S s T t T t ? ? U "
    "u "
    "U u U u U u U u U u W w Y y Y Z z Z z Z z ?";

[[noreturn]] void refuse(const std::string& function, const std::string& why) {
  throw evaluate::Refusal("not-supported", function + "() " + why,
                          "write what it gives as a literal, or let the project's own tool run this revision");
}

/// Every character in ASCII letters.
std::string plain_letters(const std::string& function, std::string_view text) {
  static const auto letters = split(kLatin, ' ');
  std::string out;
  for (const std::uint32_t code : evaluate::code_points(text)) {
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code >= kFirst && code - kFirst < letters.size() && letters[code - kFirst] != "?") {
      out += letters[code - kFirst];
    } else {
      std::string shown;
      evaluate::append_code_point(shown, code);
      refuse(function, "of '" + shown + "' is not known: only Latin letters are");
    }
  }
  return out;
}

bool is_ascii_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// slugify(text) with its defaults. https://github.com/un33k/python-slugify
std::string slug(std::string_view text) {
  if (text.find('&') != std::string_view::npos && text.find(';') != std::string_view::npos)
    refuse("slugify", "of a text with '&' and ';' would decode what may be an entity");
  std::string dashed;
  for (const char c : text) dashed += c == '\'' ? '-' : c;
  const std::string plain = to_lower_ascii(plain_letters("slugify", dashed));
  std::string out;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const bool digits_around = plain[i] == ',' && i > 0 && i + 1 < plain.size() && plain[i - 1] >= '0' &&
                               plain[i - 1] <= '9' && plain[i + 1] >= '0' && plain[i + 1] <= '9';
    if (digits_around || plain[i] == '\'') continue;
    if (is_ascii_word(plain[i])) {
      out += plain[i];
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

}  // namespace

std::optional<Value> text_package_module(std::string_view dotted_name) {
  const std::string name(dotted_name);
  if (name == "text_unidecode" || name == "unidecode") {
    return evaluate::make_namespace(
        name,
        {{"unidecode", evaluate::pure_function("unidecode", [](evaluate::Interpreter&, Arguments& arguments) {
            const evaluate::Binder bind("unidecode", arguments, {"string"});
            bind.reject_extra();
            return Value(plain_letters("unidecode", evaluate::text_argument("unidecode", bind.required("string"))));
          })}});
  }
  if (name == "slugify") {
    return evaluate::make_namespace(
        name, {{"slugify", evaluate::pure_function("slugify", [](evaluate::Interpreter&, Arguments& arguments) {
                  if (arguments.positional.size() != 1 || !arguments.keywords.empty())
                    refuse("slugify", "with more than a text is not supported");
                  return Value(slug(evaluate::text_argument("slugify", arguments.positional.front())));
                })}});
  }
  return std::nullopt;
}

}  // namespace bascule::formats::alembic
