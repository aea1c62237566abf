// Reads a script and says what it means, for tests.
// Usage: understand_driver dump|render|time DIALECT < script
//   dump    the statements with their meaning under each, as tests/understand/*.txt hold them
//   render  as JSON: for each statement its text, and what its operations look like as SQL
//   time    the CPU time that it takes, in milliseconds: best of several rounds
#include <algorithm>
#include <ctime>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "dialects/dialect.h"
#include "planner/lower.h"
#include "planner/meaning.h"

namespace {

using namespace bascule;  // NOLINT(google-build-using-namespace): a test's tool

std::vector<std::string> render(const model::Operation& operation, const dialects::Dialect& dialect) {
  std::vector<std::string> statements;
  for (const auto& atomic : planner::decompose(operation)) {
    auto rendered = dialect.render(atomic);
    if (!rendered) {
      statements.push_back("!! " + rendered.error().message);
      continue;
    }
    for (auto& statement : *rendered) statements.push_back(std::move(statement));
  }
  return statements;
}

/// The server names it; the renderer, which serves authors who forgot the name, does not spell it.
bool unnamed_index(const dialects::Understood& understood) {
  const auto* index =
      understood.operations.empty() ? nullptr : std::get_if<model::CreateIndex>(&understood.operations[0]);
  return index != nullptr && index->index.name.empty();
}

/// A text on one line.
std::string flat(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  return line;
}

std::string_view word(dialects::Touch::Kind kind) {
  using Kind = dialects::Touch::Kind;
  switch (kind) {
    case Kind::kRead:
      return "reads";
    case Kind::kWrite:
      return "writes";
    case Kind::kAlter:
      return "alters";
    case Kind::kCreate:
      return "creates";
    case Kind::kDrop:
      return "drops";
  }
  return "";
}

void dump(const dialects::Understood& understood, const dialects::Dialect& dialect) {
  if (!understood.parsed) std::cout << "=> not read: " << understood.problem;
  if (understood.problem_offset) std::cout << " at byte " << *understood.problem_offset;
  if (!understood.parsed) std::cout << '\n';
  for (const auto& operation : understood.operations) {
    const auto* raw = std::get_if<model::RawSql>(&operation);
    std::cout << "=> " << model::operation_name(operation);
    if (raw == nullptr)
      for (const auto& statement : render(operation, dialect)) std::cout << " | " << flat(statement);
    std::cout << '\n';
  }
  std::string notes = understood.statement_kind;
  if (understood.changes_nothing)
    notes += ", changes nothing";
  else if (!understood.complete)
    notes += ", incomplete";
  if (understood.keeps_schema && !understood.changes_nothing) notes += ", keeps the schema";
  if (understood.if_table_exists) notes += ", if the table exists";
  for (const auto& touch : understood.touches)
    notes += ", " + std::string(word(touch.kind)) + " " + display(touch.relation);
  std::cout << "=> (" << notes << ")\n\n";
}

int run(const std::string& mode, const std::string& dialect_name) {
  const dialects::Dialect* dialect = dialects::find_dialect(dialect_name);
  if (dialect == nullptr) return 2;
  const std::string script((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  if (mode == "dump") {
    for (const auto& [span, understood] : planner::meanings(script, *dialect)) {
      if (const auto comment = trim(span.leading); !comment.empty()) std::cout << comment << '\n';
      std::cout << span.text << ";\n";
      if (span.copy_from_stdin) std::cout << span.copy_data << "\\.\n";
      dump(understood, *dialect);
    }
    return 0;
  }
  if (mode == "time") {
    double best = 0;
    std::size_t count = 0;
    for (int round = 0; round < 9; ++round) {
      const std::clock_t started = std::clock();
      count = planner::meanings(script, *dialect).size();
      const double took = 1000.0 * static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
      best = round == 0 ? took : std::min(best, took);
    }
    std::cout << count << " statements, " << best << " ms\n";
    return 0;
  }
  nlohmann::json statements = nlohmann::json::array();
  for (const auto& [span, understood] : planner::meanings(script, *dialect)) {
    nlohmann::json rendered = nlohmann::json::array();
    for (const auto& operation : understood.operations)
      for (auto& statement : render(operation, *dialect)) rendered.push_back(std::move(statement));
    statements.push_back({{"leading", trim(span.leading)},
                          {"text", span.text},
                          {"complete", understood.complete},
                          {"raw", !understood.complete || understood.changes_nothing || understood.if_table_exists ||
                                      unnamed_index(understood)},
                          {"rendered", rendered}});
  }
  std::cout << statements.dump(1) << '\n';
  return 0;
}

}  // namespace

int main(int count, char** arguments) { return count == 3 ? run(arguments[1], arguments[2]) : 2; }
