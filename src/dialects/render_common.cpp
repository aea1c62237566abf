#include "dialects/render_common.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/check.h"
#include "base/overload.h"
#include "base/text.h"

namespace bascule::dialects {

namespace {

bool is_phrase_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ' ' ||
         c == ',' || c == '(' || c == ')' || c == '"' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Rendered<std::string> Renderer::finish(std::string sql) {
  if (!problems_.empty()) return failure(problem());
  return sql;
}

Rendered<std::vector<std::string>> Renderer::finish(std::vector<std::string> statements) {
  if (!problems_.empty()) return failure(problem());
  return statements;
}

std::string Renderer::unsupported(std::string message, std::string help) {
  problems_.push_back({std::move(message), std::move(help)});
  return {};
}

void Renderer::blame_column(const Identifier& column, std::size_t problems_before) {
  if (problems_.size() == problems_before) return;
  problems_.resize(problems_before + 1);
  std::string& message = problems_.back().message;
  message = fmt::format("column '{}': {}", column.text(), message);
}

Unsupported Renderer::problem() {
  Unsupported first = std::move(problems_.front());
  first.also.assign(std::make_move_iterator(problems_.begin() + 1), std::make_move_iterator(problems_.end()));
  problems_.clear();
  return first;
}

std::string Renderer::names(const std::vector<Identifier>& identifiers) {
  std::vector<std::string> parts;
  parts.reserve(identifiers.size());
  for (const auto& identifier : identifiers) parts.push_back(name(identifier));
  return join(parts, ", ");
}

std::string Renderer::column(const model::ColumnExpr& column) {
  if (tables_ == ColumnTables::kOmit || column.table.name.empty()) return name(column.column);
  return name(column.table) + "." + name(column.column);
}

std::string Renderer::default_expression(const model::Expression& expression) {
  if (const auto* literal = std::get_if<model::LiteralExpr>(&expression))
    if (std::holds_alternative<std::string>(literal->value)) return value(literal->value, nullptr);
  return this->expression(expression);
}

std::string Renderer::constraint_preamble(const Identifier& constraint_name) {
  return constraint_name.empty() ? std::string() : "CONSTRAINT " + name(constraint_name) + " ";
}

std::string Renderer::keyword_phrase(const std::string& phrase, std::string_view what) {
  if (std::all_of(phrase.begin(), phrase.end(), is_phrase_character)) return phrase;
  return unsupported(fmt::format("{} cannot be '{}'", what, phrase), "use SQL's own keywords, such as \"CASCADE\"");
}

std::string Renderer::deferral(const model::Deferral& deferral) {
  std::string sql;
  if (deferral.deferrable) sql += *deferral.deferrable ? " DEFERRABLE" : " NOT DEFERRABLE";
  if (!deferral.initially.empty()) sql += " INITIALLY " + keyword_phrase(deferral.initially, "initially");
  return sql;
}

std::string Renderer::foreign_key_options(const model::ForeignKey& key) {
  std::string sql;
  if (!key.match.empty()) sql += " MATCH " + keyword_phrase(key.match, "match");
  if (!key.on_delete.empty()) sql += " ON DELETE " + keyword_phrase(key.on_delete, "ondelete");
  if (!key.on_update.empty()) sql += " ON UPDATE " + keyword_phrase(key.on_update, "onupdate");
  return sql + deferral(key.deferral);
}

std::string Renderer::check_body(const model::CheckConstraint& check) {
  return "CHECK (" + expression(check.sql) + ")";
}

std::string Renderer::collated(std::string sql, const std::string& collation) {
  return collation.empty() ? std::move(sql) : sql + " COLLATE " + name(Identifier(collation));
}

std::string Renderer::no_type() {
  return unsupported("it has no type", "give the column a type, such as sa.Integer() or sa.Text()");
}

std::string Renderer::foreign_type(std::string_view sql, const std::string& owner, std::string_view here) {
  const std::string of = owner == "postgresql" ? "PostgreSQL" : owner;
  return unsupported(
      fmt::format("the type {} belongs to {}; {} has no such type", sql, of, here),
      fmt::format("name a type for {} too: sa.Text().with_variant(<the {} type>, \"{}\")", here, of, owner));
}

std::string sized(std::string_view name, const std::optional<std::int64_t>& size) {
  return size && *size != 0 ? fmt::format("{}({})", name, *size) : std::string(name);
}

std::string exact(std::string_view name, const model::ScalarType& type) {
  if (!type.precision) return std::string(name);
  return type.scale ? fmt::format("{}({}, {})", name, *type.precision, *type.scale)
                    : fmt::format("{}({})", name, *type.precision);
}

std::string quoted_text(std::string_view text) { return "'" + replace_all(text, "'", "''") + "'"; }

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::string number_text(double number) {
  std::array<char, 40> buffer{};
  const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  std::string text(buffer.data(), done.ptr);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = lead < 0x80 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      code = (code << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    i += length;
    switch (code) {
      case '"':
        json += "\\\"";
        break;
      case '\\':
        json += "\\\\";
        break;
      case '\n':
        json += "\\n";
        break;
      case '\r':
        json += "\\r";
        break;
      case '\t':
        json += "\\t";
        break;
      case '\b':
        json += "\\b";
        break;
      case '\f':
        json += "\\f";
        break;
      default:
        if (code >= 0x20 && code < 0x7F) {
          json += static_cast<char>(code);
        } else if (code < 0x10000) {
          json += fmt::format("\\u{:04x}", code);
        } else {
          json += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((code - 0x10000) >> 10U),
                              0xDC00 + ((code - 0x10000) & 0x3FFU));
        }
    }
  }
  return json + "\"";
}

const model::ScalarType* scalar_type(const model::Type* type, const Dialect& dialect) {
  if (type == nullptr) return nullptr;
  return std::get_if<model::ScalarType>(&model::resolve_variant(*type, std::string(dialect.name())));
}

std::optional<model::ScalarKind> scalar_kind(const model::Type* type, const Dialect& dialect) {
  const auto* scalar = scalar_type(type, dialect);
  return scalar == nullptr ? std::nullopt : std::optional(scalar->kind);
}

bool is_json(const model::Type* type, const Dialect& dialect) {
  if (type == nullptr) return false;
  const auto& resolved = model::resolve_variant(*type, std::string(dialect.name()));
  if (const auto* scalar = std::get_if<model::ScalarType>(&resolved))
    return scalar->kind == model::ScalarKind::kJson || scalar->kind == model::ScalarKind::kSqlJson;
  if (const auto* native = std::get_if<model::NativeType>(&resolved))
    return native->sql == "JSONB" || native->sql == "JSON";
  return false;
}

bool is_integer(const model::Type& type, const Dialect& dialect) {
  using enum model::ScalarKind;
  const auto kind = scalar_kind(&type, dialect);
  return kind == kSmallInteger || kind == kInteger || kind == kBigInteger || kind == kSqlSmallint ||
         kind == kSqlInteger || kind == kSqlBigint;
}

std::int64_t enum_length(const model::EnumType& type) {
  if (type.length) return *type.length;
  std::size_t longest = 0;
  for (const auto& value : type.values) longest = std::max(longest, utf8_length(value));
  return static_cast<std::int64_t>(longest);
}

}  // namespace bascule::dialects
