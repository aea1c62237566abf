// What: building JSON to print. The JSON library stays in json.cpp.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bascule {

/// A JSON value under construction. Objects keep the order of insertion.
class Json {
 public:
  Json();  ///< null
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(Json other) noexcept;
  ~Json();
  Json(std::string_view text);                                     // NOLINT(google-explicit-constructor)
  Json(const std::string& text) : Json(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Json(const char* text) : Json(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)
  template <std::same_as<bool> T>
  Json(T value) : Json(Boolean{value}) {}  // NOLINT(google-explicit-constructor)
  template <std::integral T>
  requires(!std::same_as<T, bool>) Json(T value)
      : Json(Integer{static_cast<std::int64_t>(value)}) {}  // NOLINT(google-explicit-constructor)
  template <std::floating_point T>
  Json(T value) : Json(Number{static_cast<double>(value)}) {}  // NOLINT(google-explicit-constructor)
  Json(const std::vector<std::string>& list);                  // NOLINT(google-explicit-constructor)
  Json(const std::optional<std::string>& text);                // NOLINT(google-explicit-constructor)

  static Json object();
  static Json array();
  Json& set(std::string_view key, Json value);  ///< REQUIRES: an object
  Json& push(Json value);                       ///< REQUIRES: an array
  /// Text with two blanks of indentation and a newline at the end. Invalid UTF-8 is replaced.
  std::string dump() const;
  /// The same in one line, without a newline.
  std::string line() const;

 private:
  struct Boolean {
    bool value;
  };
  struct Integer {
    std::int64_t value;
  };
  struct Number {
    double value;
  };
  explicit Json(Boolean value);
  explicit Json(Integer value);
  explicit Json(Number value);
  struct Held;
  std::unique_ptr<Held> held_;
};

}  // namespace bascule
