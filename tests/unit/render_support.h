// What: short ways to make model values and to render them, for the tests of the dialects' spelling.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "dialects/postgres/postgres.h"
#include "dialects/sqlite/sqlite.h"
#include "model/operation.h"

namespace bascule::render_test {

inline Identifier id(std::string text) { return Identifier(std::move(text)); }
inline QualifiedName named(std::string name) { return {Identifier(), id(std::move(name))}; }
inline QualifiedName named(std::string schema, std::string name) {
  return {id(std::move(schema)), id(std::move(name))};
}
inline model::ScalarType scalar(model::ScalarKind kind) {
  model::ScalarType type;
  type.kind = kind;
  return type;
}
inline model::ScalarType text_of(model::ScalarKind kind, std::int64_t length) {
  model::ScalarType type = scalar(kind);
  type.length = length;
  return type;
}
inline model::Type integer() { return scalar(model::ScalarKind::kInteger); }
inline model::Column column(std::string name, model::Type type) {
  model::Column made;
  made.name = id(std::move(name));
  made.type = std::move(type);
  return made;
}
inline model::Expression col(std::string name) { return model::ColumnExpr{{}, id(std::move(name))}; }
inline model::Expression sql(std::string text) { return model::TextExpr{std::move(text)}; }
inline model::Expression lit(model::Value value) { return model::LiteralExpr{std::move(value), std::nullopt}; }
inline model::Expression lit(model::Value value, model::Type type) {
  return model::LiteralExpr{std::move(value), std::move(type)};
}
inline model::Expression op(std::string op, model::Expression left, model::Expression right) {
  return Box<model::BinaryExpr>({std::move(op), std::move(left), std::move(right)});
}
inline model::Expression postfix(std::string op, model::Expression operand) {
  return Box<model::UnaryExpr>({std::move(op), std::move(operand), true});
}
inline model::Expression call(std::string name, std::vector<model::Expression> arguments = {}) {
  return Box<model::FunctionExpr>({std::move(name), std::move(arguments)});
}

/// What was rendered, or "!! message" with the refusal.
inline std::string shown(const dialects::Rendered<std::string>& rendered) {
  return rendered ? *rendered : "!! " + rendered.error().message;
}
/// Statements joined by "; ", with runs of blanks, tabs and newlines as one blank.
inline std::string shown(const dialects::Rendered<std::vector<std::string>>& rendered) {
  if (!rendered) return "!! " + rendered.error().message;
  std::string flat;
  for (const char c : join(*rendered, "; ")) {
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    if (!blank)
      flat += c;
    else if (!flat.empty() && flat.back() != ' ')
      flat += ' ';
  }
  return flat;
}
inline std::string on_postgres(const model::Operation& operation) {
  return shown(dialects::postgres_dialect().render(operation));
}
inline std::string on_sqlite(const model::Operation& operation) {
  return shown(dialects::sqlite_dialect().render(operation));
}

}  // namespace bascule::render_test
