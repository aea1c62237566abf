// What: reading a JSON text that we wrote ourselves. The JSON library stays in json.cpp.
// Must not know: what the members mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bascule {

struct JsonMember;

/// Strings as they are, numbers and true/false as their text; members in the order of the text.
struct JsonNode {
  enum class Kind { kNull, kScalar, kArray, kObject };
  Kind kind = Kind::kNull;
  std::string text;
  std::vector<JsonNode> items;
  std::vector<JsonMember> members;

  /// null: there is no such member.
  const JsonNode* find(std::string_view key) const;
  /// The text of a member; empty where there is none.
  std::string text_of(std::string_view key) const;
};

struct JsonMember {
  std::string key;
  JsonNode value;
};

/// nullopt: it is no JSON, or nested beyond 64 levels.
std::optional<JsonNode> read_json(std::string_view text);

}  // namespace bascule
