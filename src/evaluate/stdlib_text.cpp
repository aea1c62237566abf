// The modules string, textwrap and base64.
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/stdlib_modules.h"
#include "evaluate/strings.h"

namespace bascule::evaluate {

namespace {

/// Lines with their line ends.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = text.find('\n', begin);
    end = end == std::string::npos ? text.size() : end + 1;
    out.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return out;
}

bool blank(const std::string& line) { return line.find_first_not_of(" \t\r\n\f\v") == std::string::npos; }

Value dedent(Interpreter&, Arguments& arguments) {
  Binder bind("textwrap.dedent", arguments, {"text"});
  std::vector<std::string> lines = lines_of(text_argument("textwrap.dedent", bind.required("text")));
  std::optional<std::string> margin;
  for (std::string& line : lines) {
    if (line.find_first_not_of(" \t\n") == std::string::npos) {
      line = line.ends_with('\n') ? "\n" : "";
      continue;
    }
    std::string indent = line.substr(0, line.find_first_not_of(" \t"));
    if (!margin) {
      margin = indent;
      continue;
    }
    auto differ = std::mismatch(margin->begin(), margin->end(), indent.begin(), indent.end());
    margin->erase(differ.first, margin->end());
  }
  std::string out;
  for (const std::string& line : lines) out += margin && line.starts_with(*margin) ? line.substr(margin->size()) : line;
  return out;
}

Value indent(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("textwrap.indent", arguments, {"text", "prefix", "predicate"});
  const std::string prefix = text_argument("textwrap.indent", bind.required("prefix"));
  auto predicate = bind.present("predicate");
  std::string out;
  for (const std::string& line : lines_of(text_argument("textwrap.indent", bind.required("text")))) {
    bool wanted = !blank(line);
    if (predicate) {
      Arguments given;
      given.positional.emplace_back(line);
      wanted = interpreter.truth(interpreter.call(*predicate, std::move(given)));
    }
    out += wanted ? prefix + line : line;
  }
  return out;
}

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encoded(const std::string& data, bool url) {
  std::string out;
  for (std::size_t i = 0; i < data.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = (group << 8U) | (i + j < data.size() ? static_cast<unsigned char>(data[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j > data.size() ? '=' : kAlphabet[(group >> (18 - 6 * j)) & 63U];
    }
  }
  if (url) {
    std::replace(out.begin(), out.end(), '+', '-');
    std::replace(out.begin(), out.end(), '/', '_');
  }
  return out;
}

std::string decoded(std::string text, bool url) {
  if (url) {
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
  }
  std::string out;
  std::uint32_t group = 0;
  int count = 0;
  int padding = 0;
  for (char c : text) {
    std::size_t value = kAlphabet.find(c);
    if (c == '=') {
      ++padding;
    } else if (value != std::string_view::npos) {
      group = (group << 6U) | static_cast<std::uint32_t>(value);
      if (++count % 4 == 0) {
        for (unsigned shift : {16U, 8U, 0U})
          out += static_cast<char>(static_cast<unsigned char>((group >> shift) & 0xFFU));
        group = 0;
      }
    }
  }
  int rest = count % 4;
  if (rest == 1 || (rest > 0 && rest + padding < 4)) raise_python("ValueError", "Incorrect padding");
  if (rest == 2) out += static_cast<char>(static_cast<unsigned char>((group >> 4U) & 0xFFU));
  if (rest == 3) {
    out += static_cast<char>(static_cast<unsigned char>((group >> 10U) & 0xFFU));
    out += static_cast<char>(static_cast<unsigned char>((group >> 2U) & 0xFFU));
  }
  return out;
}

NativeFunction codec(bool encode, bool url) {
  return [encode, url](Interpreter&, Arguments& arguments) -> Value {
    Binder bind("base64", arguments, {"s"});
    Value given = bind.required("s");
    if (encode && !given.as_bytes())
      raise_type_error(fmt::format("a bytes-like object is required, not '{}'", type_name(given)));
    const std::string data = given.as_bytes() ? given.as_bytes()->data : text_argument("base64", given);
    return Bytes{encode ? encoded(data, url) : decoded(data, url)};
  };
}

}  // namespace

Value textwrap_module() { return Members("textwrap").function("dedent", dedent).function("indent", indent).build(); }

Value string_module() {
  const std::string lower_case = "abcdefghijklmnopqrstuvwxyz";
  const std::string upper_case = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::string marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  return Members("string")
      .value("ascii_lowercase", lower_case)
      .value("ascii_uppercase", upper_case)
      .value("ascii_letters", lower_case + upper_case)
      .value("digits", "0123456789")
      .value("hexdigits", "0123456789abcdefABCDEF")
      .value("octdigits", "01234567")
      .value("punctuation", marks)
      .value("whitespace", " \t\n\r\v\f")
      .value("printable", "0123456789" + lower_case + upper_case + marks + " \t\n\r\v\f")
      .function("capwords",
                [](Interpreter&, Arguments& arguments) -> Value {
                  Binder bind("string.capwords", arguments, {"s"});
                  std::string out;
                  std::string word;
                  auto flush = [&] {
                    if (word.empty()) return;
                    if (!out.empty()) out += ' ';
                    out += upper(word.substr(0, 1)) + lower(word.substr(1));
                    word.clear();
                  };
                  for (char c : text_argument("string.capwords", bind.required("s"))) {
                    if (c == ' ' || (c >= '\t' && c <= '\r')) {
                      flush();
                    } else {
                      word += c;
                    }
                  }
                  flush();
                  return out;
                })
      .build();
}

Value base64_module() {
  return Members("base64")
      .function("b64encode", codec(true, false))
      .function("b64decode", codec(false, false))
      .function("urlsafe_b64encode", codec(true, true))
      .function("urlsafe_b64decode", codec(false, true))
      .function("standard_b64encode", codec(true, false))
      .function("standard_b64decode", codec(false, false))
      .build();
}

}  // namespace bascule::evaluate
