#include "planner/meaning.h"

#include <string>
#include <utility>

namespace bascule::planner {

std::vector<StatementMeaning> meanings(std::string_view script, const dialects::Dialect& dialect) {
  std::vector<StatementMeaning> found;
  for (const auto& span : dialect.split(script).statements) {
    if (span.kind == syntax::sql::SpanKind::kClientCommand) continue;
    found.push_back({span, dialect.understand(span.text)});
  }
  return found;
}

std::vector<model::Operation> meaning(const model::Operation& operation, const dialects::Dialect& dialect) {
  const auto* raw = std::get_if<model::RawSql>(&operation);
  if (raw == nullptr) return {operation};
  std::vector<model::Operation> operations;
  for (auto& [span, understood] : meanings(raw->sql, dialect)) {
    if (!understood.complete) {
      operations.emplace_back(model::RawSql{std::string(span.text)});
      continue;
    }
    for (auto& part : understood.operations) operations.push_back(std::move(part));
  }
  return operations;
}

}  // namespace bascule::planner
