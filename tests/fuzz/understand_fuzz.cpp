// Any bytes as SQL: every statement is understood or stands as it was written, and what was understood can be spelled.
// Rooms: planner dialects syntax model plan db base
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "dialects/dialect.h"
#include "planner/lower.h"
#include "planner/meaning.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"postgresql", "sqlite"}) {
    const auto* dialect = bascule::dialects::find_dialect(name);
    for (const auto& [span, understood] : bascule::planner::meanings(script, *dialect)) {
      BASCULE_CHECK(understood.parsed || !understood.problem.empty(), "not read, and no word why");
      BASCULE_CHECK(!understood.problem_offset || *understood.problem_offset <= span.text.size(),
                    "a problem beyond the statement");
      BASCULE_CHECK(understood.complete || !understood.operations.empty(), "a statement got lost");
      for (const auto& operation : understood.operations)
        for (const auto& atomic : bascule::planner::decompose(operation)) (void)dialect->render(atomic);
    }
  }
  return 0;
}
