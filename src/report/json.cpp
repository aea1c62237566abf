#include "report/json.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace bascule::report {

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

}  // namespace bascule::report
