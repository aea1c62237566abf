#include "base/json.h"

#include <nlohmann/json.hpp>

#include <utility>

#include "base/json_reader.h"

namespace bascule {

struct Json::Held {
  nlohmann::ordered_json value;
};

Json::Json() : held_(std::make_unique<Held>()) {}
Json::Json(const Json& other) : held_(std::make_unique<Held>(*other.held_)) {}
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(Json other) noexcept {
  std::swap(held_, other.held_);
  return *this;
}
Json::~Json() = default;

Json::Json(std::string_view text) : Json() { held_->value = std::string(text); }
Json::Json(Boolean value) : Json() { held_->value = value.value; }
Json::Json(Integer value) : Json() { held_->value = value.value; }
Json::Json(Number value) : Json() { held_->value = value.value; }
Json::Json(const std::vector<std::string>& list) : Json() { held_->value = list; }
Json::Json(const std::optional<std::string>& text) : Json() {
  if (text) held_->value = *text;
}

Json Json::object() {
  Json made;
  made.held_->value = nlohmann::ordered_json::object();
  return made;
}

Json Json::array() {
  Json made;
  made.held_->value = nlohmann::ordered_json::array();
  return made;
}

Json& Json::set(std::string_view key, Json value) {
  held_->value[std::string(key)] = std::move(value.held_->value);
  return *this;
}

Json& Json::push(Json value) {
  held_->value.push_back(std::move(value.held_->value));
  return *this;
}

std::string Json::dump() const {
  return held_->value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

namespace {

constexpr int kMostNested = 64;

std::optional<JsonNode> node_of(const nlohmann::ordered_json& value, int depth) {
  if (depth > kMostNested) return std::nullopt;
  JsonNode node;
  if (value.is_object()) {
    node.kind = JsonNode::Kind::kObject;
    for (const auto& [key, inner] : value.items()) {
      auto member = node_of(inner, depth + 1);
      if (!member) return std::nullopt;
      node.members.emplace_back(key, std::move(*member));
    }
  } else if (value.is_array()) {
    node.kind = JsonNode::Kind::kArray;
    for (const auto& inner : value) {
      auto item = node_of(inner, depth + 1);
      if (!item) return std::nullopt;
      node.items.push_back(std::move(*item));
    }
  } else if (!value.is_null()) {
    node.kind = JsonNode::Kind::kScalar;
    node.text = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return node;
}

}  // namespace

const JsonNode* JsonNode::find(std::string_view key) const {
  for (const auto& [name, node] : members)
    if (name == key) return &node;
  return nullptr;
}

std::string JsonNode::text_of(std::string_view key) const {
  const JsonNode* node = find(key);
  return node == nullptr ? std::string() : node->text;
}

std::optional<JsonNode> read_json(std::string_view text) {
  const auto value = nlohmann::ordered_json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return node_of(value, 0);
}

}  // namespace bascule
