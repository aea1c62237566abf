#include "dialects/identifiers.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace bascule::dialects {

namespace {

bool must_be_quoted(std::string_view text, std::span<const std::string_view> reserved) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9') || text.front() == '$') return true;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
  });
  return !plain || std::binary_search(reserved.begin(), reserved.end(), text);
}

}  // namespace

std::string quote_identifier(const Identifier& name, std::span<const std::string_view> reserved) {
  const bool quoted = name.quote() ? *name.quote() : must_be_quoted(name.text(), reserved);
  return quoted ? "\"" + replace_all(name.text(), "\"", "\"\"") + "\"" : name.text();
}

}  // namespace bascule::dialects
