// What: ${name} in a script replaced by its value, and where each place of the result was in the file.
// Must not know: where values come from.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace bascule::formats::flyway {

/// values: by name in lower case.
struct PlaceholderRules {
  std::string prefix = "${", suffix = "}";
  std::map<std::string, std::string> values;
};

/// jumps: (offset in text, offset in the original) after each replacement.
struct ReplacedText {
  std::string text;
  std::vector<std::pair<std::size_t, std::size_t>> jumps;
  std::size_t original_offset(std::size_t offset) const;
};

/// A placeholder without a value, and where it stands. known: what it might have been is among the values' names.
struct MissingPlaceholder {
  std::string name;
  std::size_t offset = 0;
};

/// Every occurrence is replaced, in comments and strings as well; the values themselves are not looked at again.
Result<ReplacedText, MissingPlaceholder> replace_placeholders(std::string_view text, const PlaceholderRules& rules);

/// shouldExecute: true, false, A==B, A!=B, &&, || and parentheses. Errors: why it cannot be read.
Result<bool, std::string> evaluate_expression(std::string_view text);

}  // namespace bascule::formats::flyway
