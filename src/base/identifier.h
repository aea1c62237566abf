// What: a name of a database object. Not a string: it cannot be put into SQL except through Dialect::quote.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <utility>

namespace bascule {

/// quote: what the author asked for (SQLAlchemy's quoted_name); unset means: quote where the dialect needs it.
class Identifier {
 public:
  Identifier() = default;
  explicit Identifier(std::string text, std::optional<bool> quote = std::nullopt)
      : text_(std::move(text)), quote_(quote) {}
  const std::string& text() const { return text_; }
  std::optional<bool> quote() const { return quote_; }
  bool empty() const { return text_.empty(); }
  bool operator==(const Identifier& other) const { return text_ == other.text_; }
  std::strong_ordering operator<=>(const Identifier& other) const { return text_ <=> other.text_; }

 private:
  std::string text_;
  std::optional<bool> quote_;
};

/// A name, perhaps in a schema. An empty schema means: the search path's.
struct QualifiedName {
  Identifier schema;
  Identifier name;
  bool operator==(const QualifiedName&) const = default;
};

/// "schema.name" or "name", for messages only; never for SQL.
inline std::string display(const QualifiedName& q) {
  return q.schema.empty() ? q.name.text() : q.schema.text() + "." + q.name.text();
}

}  // namespace bascule
