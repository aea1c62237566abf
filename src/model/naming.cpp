#include "model/naming.h"

#include <array>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/text.h"

namespace bascule::model {
namespace {

/// Length of the number at the start of text.
std::size_t digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && std::isdigit(static_cast<unsigned char>(text[count])) != 0) ++count;
  return count;
}

/// "sch_table" as SQLAlchemy labels a table's columns.
std::string label_prefix(const QualifiedName& table) {
  if (table.schema.empty()) return table.name.text() + "_";
  return replace_all(table.schema.text(), ".", "_") + "_" + table.name.text() + "_";
}

std::optional<std::string> column_attribute(const NamingSubject& subject, std::size_t index,
                                            std::string_view attribute) {
  if (attribute != "name" && attribute != "key" && attribute != "label") return std::nullopt;
  if (index >= subject.columns.size()) return "";
  const NamingSubject::Column& column = subject.columns[index];
  if (attribute == "key") return column.key;
  if (attribute == "label") return label_prefix(subject.table) + column.name;
  return column.name;
}

/// column_0_name, column_1_label, column_0N_name, column_0_N_key, referred_column_0_name ...
std::optional<std::string> column_token(const NamingSubject& subject, std::string_view token) {
  const bool referred = token.starts_with("referred_");
  if (referred) token.remove_prefix(std::strlen("referred_"));
  if (!token.starts_with("column_")) return std::nullopt;
  token.remove_prefix(std::strlen("column_"));
  const std::size_t number_length = digits(token);
  if (number_length == 0 || number_length > 4) return std::nullopt;
  const auto index = static_cast<std::size_t>(std::stoul(std::string(token.substr(0, number_length))));
  token.remove_prefix(number_length);
  std::optional<std::string_view> separator;
  if (token.starts_with("_N_")) {
    separator = "_";
    token.remove_prefix(2);
  } else if (token.starts_with("N_")) {
    separator = "";
    token.remove_prefix(1);
  }
  if (!token.starts_with("_")) return std::nullopt;
  token.remove_prefix(1);
  const auto one = [&](std::size_t i) -> std::optional<std::string> {
    if (!referred) return column_attribute(subject, i, token);
    if (token != "name" || i >= subject.referred_columns.size()) return std::nullopt;
    return subject.referred_columns[i];
  };
  if (!separator) return one(index);
  std::vector<std::string> parts;
  const std::size_t count = referred ? subject.referred_columns.size() : subject.columns.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto part = one(i);
    if (!part) return std::nullopt;
    parts.push_back(std::move(*part));
  }
  return join(parts, *separator);
}

Result<std::string, NamingError> token_value(const NamingSubject& subject, const GivenName& given,
                                             std::string_view token) {
  if (token == "table_name") return subject.table.name.text();
  if (token == "constraint_name") {
    if (given.text.empty())
      return failure(NamingError{NamingError::Kind::kNameRequired,
                                 "the naming convention uses %(constraint_name)s, so a name must be given"});
    return given.text.text();
  }
  if (token == "referred_table_name" && subject.kind == "fk") return subject.referred_table;
  if (auto value = column_token(subject, token)) return *value;
  return failure(
      NamingError{NamingError::Kind::kUnknownToken,
                  "the naming convention '" + subject.kind + "' has an unknown token %(" + std::string(token) + ")s"});
}

Result<std::string, NamingError> fill(const std::string& pattern, const NamingSubject& subject,
                                      const GivenName& given) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out += pattern[i];
      continue;
    }
    if (i + 1 < pattern.size() && pattern[i + 1] == '%') {
      out += '%';
      ++i;
      continue;
    }
    const std::size_t close = pattern.find(")s", i);
    if (i + 1 >= pattern.size() || pattern[i + 1] != '(' || close == std::string::npos)
      return failure(NamingError{NamingError::Kind::kUnknownToken,
                                 "the naming convention '" + pattern + "' has a % that starts no token"});
    BASCULE_TRY_ASSIGN(const std::string value,
                       token_value(subject, given, std::string_view(pattern).substr(i + 2, close - i - 2)));
    out += value;
    i = close + 1;
  }
  return out;
}

/// The first `count` characters of valid UTF-8.
std::string first_characters(const std::string& text, std::size_t count) {
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
    if (count == 0) break;
    --count;
  }
  return text.substr(0, i);
}

Identifier shortened(const Identifier& name, std::size_t max_length) {
  if (max_length == 0 || utf8_length(name.text()) <= max_length) return name;
  const std::string hash = md5_hex(name.text());
  return Identifier(first_characters(name.text(), max_length - 8) + "_" + hash.substr(hash.size() - 4), name.quote());
}

const std::string* find_convention(const NamingConvention& convention, const std::string& kind) {
  static const std::string kDefaultIndex = "ix_%(column_0_label)s";
  const auto found = convention.find(kind);
  if (found != convention.end()) return &found->second;
  return kind == "ix" ? &kDefaultIndex : nullptr;
}

}  // namespace

Result<Identifier, NamingError> final_name(const NamingConvention& convention, const NamingSubject& subject,
                                           const GivenName& given, std::size_t max_length) {
  if (given.final) return shortened(given.text, max_length);
  const std::string* pattern = find_convention(convention, subject.kind);
  if (pattern != nullptr && (given.text.empty() || pattern->find("constraint_name") != std::string::npos)) {
    BASCULE_TRY_ASSIGN(std::string name, fill(*pattern, subject, given));
    return shortened(Identifier(std::move(name), given.text.quote()), max_length);
  }
  if (max_length != 0 && utf8_length(given.text.text()) > max_length)
    return failure(NamingError{NamingError::Kind::kTooLong, "the name '" + given.text.text() + "' is longer than " +
                                                                std::to_string(max_length) + " characters"});
  return given.text;
}

std::string md5_hex(std::string_view text) {
  static constexpr std::array<unsigned, 16> kShifts = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};
  static const auto kSines = [] {
    std::array<std::uint32_t, 64> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
      table[i] = static_cast<std::uint32_t>(std::fabs(std::sin(static_cast<double>(i + 1))) * 4294967296.0);
    return table;
  }();
  std::string data(text);
  data += '\x80';
  while (data.size() % 64 != 56) data += '\0';
  const std::uint64_t bits = static_cast<std::uint64_t>(text.size()) * 8;
  for (unsigned i = 0; i < 8; ++i) data += static_cast<char>((bits >> (8 * i)) & 0xFFU);
  std::array<std::uint32_t, 4> state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  for (std::size_t block = 0; block < data.size(); block += 64) {
    std::array<std::uint32_t, 16> words{};
    for (std::size_t i = 0; i < 64; ++i)
      words[i / 4] |= static_cast<std::uint32_t>(static_cast<unsigned char>(data[block + i])) << (8 * (i % 4));
    auto [a, b, c, d] = state;
    for (unsigned i = 0; i < 64; ++i) {
      const unsigned round = i / 16;
      std::uint32_t mixed = 0;
      unsigned word = 0;
      if (round == 0) {
        mixed = (b & c) | (~b & d);
        word = i;
      } else if (round == 1) {
        mixed = (d & b) | (~d & c);
        word = (5 * i + 1) % 16;
      } else if (round == 2) {
        mixed = b ^ c ^ d;
        word = (3 * i + 5) % 16;
      } else {
        mixed = c ^ (b | ~d);
        word = (7 * i) % 16;
      }
      const std::uint32_t next =
          b + std::rotl(a + mixed + kSines[i] + words[word], static_cast<int>(kShifts[round * 4 + i % 4]));
      a = d;
      d = c;
      c = b;
      b = next;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
  }
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const std::uint32_t word : state)
    for (unsigned i = 0; i < 4; ++i) {
      const unsigned byte = (word >> (8 * i)) & 0xFFU;
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    }
  return out;
}

}  // namespace bascule::model
