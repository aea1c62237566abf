#include "base/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/json_reader.h"
#include "base/text.h"

namespace bascule {

// What is built is held and written here: nlohmann's values and its writer take several times as long, which a report
// of a thousand findings shows. What it does better is left to it: numbers, text that is not UTF-8, reading.
struct Json::Held {
  using List = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> value;

  /// Writes a value; indent: blanks a level, less than 0: on one line.
  struct Writer {
    int indent;
    std::string out;
    int level = 0;

    void write(const Json& json) { std::visit(*this, json.held_->value); }
    void operator()(std::monostate) { out += "null"; }
    void operator()(bool truth) { out += truth ? "true" : "false"; }
    void operator()(std::int64_t number) { out += std::to_string(number); }
    void operator()(double number) { out += nlohmann::json(number).dump(); }
    void operator()(const std::string& text) { quote(text); }
    void operator()(const List& list) {
      among('[', ']', list, [&](const Json& item) { write(item); });
    }
    void operator()(const Object& object) {
      among('{', '}', object, [&](const auto& member) {
        quote(member.first);
        out += indent < 0 ? ":" : ": ";
        write(member.second);
      });
    }

    template <class Members, class Write>
    void among(char open, char close, const Members& members, Write write_one) {
      out += open;
      ++level;
      bool first = true;
      for (const auto& member : members) {
        if (!std::exchange(first, false)) out += ',';
        new_line();
        write_one(member);
      }
      --level;
      if (!members.empty()) new_line();
      out += close;
    }
    void new_line() {
      if (indent < 0) return;
      out += '\n';
      out.append(static_cast<std::size_t>(indent) * static_cast<std::size_t>(level), ' ');
    }
    void quote(std::string_view text) {
      if (invalid_utf8(text)) {
        out += nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        return;
      }
      static constexpr auto kEscaped = [] {
        std::array<bool, 256> table{};
        for (std::size_t c = 0; c < 0x20; ++c) table[c] = true;
        table['"'] = table['\\'] = true;
        return table;
      }();
      out += '"';
      std::size_t written = 0;
      for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (!kEscaped[c]) continue;
        out += text.substr(written, i - written);
        written = i + 1;
        escape(c);
      }
      out += text.substr(written);
      out += '"';
    }
    void escape(unsigned char c) {
      constexpr std::string_view kNamed = "\b\f\n\r\t\"\\";
      constexpr std::string_view kLetters = "bfnrt\"\\";
      out += '\\';
      if (const auto found = kNamed.find(static_cast<char>(c)); found != std::string_view::npos) {
        out += kLetters[found];
        return;
      }
      constexpr std::string_view kDigits = "0123456789abcdef";
      out += "u00";
      out += kDigits[c >> 4U];
      out += kDigits[c & 0xFU];
    }
  };
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
Json::Json(const std::vector<std::string>& list) : Json() { held_->value = Held::List(list.begin(), list.end()); }
Json::Json(const std::optional<std::string>& text) : Json() {
  if (text) held_->value = *text;
}

Json Json::object() {
  Json made;
  made.held_->value = Held::Object();
  return made;
}

Json Json::array() {
  Json made;
  made.held_->value = Held::List();
  return made;
}

Json& Json::set(std::string_view key, Json value) {
  auto& members = std::get<Held::Object>(held_->value);
  const auto there = std::find_if(members.begin(), members.end(), [&](const auto& one) { return one.first == key; });
  if (there == members.end())
    members.emplace_back(key, std::move(value));
  else
    there->second = std::move(value);
  return *this;
}

Json& Json::push(Json value) {
  std::get<Held::List>(held_->value).push_back(std::move(value));
  return *this;
}

std::string Json::dump() const {
  Held::Writer writer{2, {}};
  writer.write(*this);
  writer.out += '\n';
  return std::move(writer.out);
}

std::string Json::line() const {
  Held::Writer writer{-1, {}};
  writer.write(*this);
  return std::move(writer.out);
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
      node.members.push_back({key, std::move(*member)});
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
