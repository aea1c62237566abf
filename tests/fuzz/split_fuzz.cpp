// Any bytes: the splitter gives spans that lie in the script in order, whatever the family.
// Rooms: syntax base
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "syntax/sql/statements.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using bascule::syntax::sql::Flavour;
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  for (const Flavour flavour : {Flavour::kPostgres, Flavour::kSqlite, Flavour::kMysql}) {
    const auto result = bascule::syntax::sql::split(script, flavour);
    const char* at = script.data();
    for (const auto& span : result.statements) {
      BASCULE_CHECK(span.leading.data() >= at && span.leading.data() + span.leading.size() == span.text.data(),
                    "a statement that does not follow what leads to it");
      BASCULE_CHECK(!span.text.empty(), "an empty statement");
      BASCULE_CHECK(span.begin.offset == static_cast<std::size_t>(span.text.data() - script.data()), "a wrong place");
      at = span.text.data() + span.text.size();
    }
    BASCULE_CHECK(at <= script.data() + script.size(), "a statement beyond the script");
    BASCULE_CHECK(!result.problem || result.problem->begin.offset <= size, "a problem beyond the script");
    BASCULE_CHECK(bascule::syntax::sql::is_single_statement(script, flavour) == (result.statements.size() <= 1),
                  "the short way disagrees");
  }
  return 0;
}
