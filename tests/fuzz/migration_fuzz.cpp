// Any bytes as a revision file: its ids, both of its directions on each database, and the SQL of what it does. Each
// ends within its bounds with steps or diagnostics.
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/text.h"
#include "dialects/dialect.h"
#include "formats/alembic/evaluate_revision.h"
#include "planner/lower.h"
#include "report/diagnostics.h"

namespace {

using bascule::Diagnostics;

void check(const Diagnostics& diagnostics) {
  for (const auto& item : diagnostics.list()) BASCULE_CHECK(!item.code.empty(), "a diagnostic without a code");
  (void)bascule::report::to_text(diagnostics, bascule::report::Style(false));  // its carets lie in the source
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  if (bascule::invalid_utf8(text)) return 0;  // read_source refuses it
  auto file = std::make_shared<const bascule::SourceFile>("versions/fuzz.py", std::move(text));
  (void)bascule::formats::alembic::scan_header(file->text());

  bascule::formats::alembic::Modules modules({});
  const std::map<std::string, std::string> environment = {{"HOME", "/home/someone"}};
  const bascule::formats::alembic::Evaluator evaluator{
      modules, environment, {.steps = 10'000, .depth = 30, .size = 100'000}};
  auto header = bascule::formats::alembic::evaluate_header(file, evaluator);
  if (!header) {
    Diagnostics diagnostics;
    diagnostics.add(std::move(header).error());
    check(diagnostics);
    return 0;
  }
  for (const auto& name : bascule::dialects::dialect_names()) {
    const auto& dialect = *bascule::dialects::find_dialect(name);
    for (const auto direction : {bascule::model::Direction::kUpgrade, bascule::model::Direction::kDowngrade}) {
      const auto evaluation =
          bascule::formats::alembic::evaluate_file(file, "fuzz", direction, {name, false}, evaluator);
      check(evaluation.diagnostics);
      Diagnostics diagnostics;
      for (const auto& step : bascule::planner::lower(evaluation.operations, dialect, diagnostics)) {
        const auto* statement = std::get_if<bascule::plan::Statement>(&step.action);
        BASCULE_CHECK(statement == nullptr || !statement->sql.empty() || !diagnostics.empty(), "an empty statement");
      }
      check(diagnostics);
    }
  }
  return 0;
}
