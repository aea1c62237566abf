// Any bytes as what SQLite keeps of a table: tokens lie in the text in order, and it is read or refused with a reason.
// Rooms: dialects syntax model plan db base
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "dialects/sqlite/ddl_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  std::size_t end = 0;
  for (const auto& token : bascule::dialects::sqlite::tokenize(text)) {
    BASCULE_CHECK(token.begin >= end && token.end > token.begin && token.end <= size, "a token out of order");
    end = token.end;
  }
  const auto table = bascule::dialects::sqlite::read_create_table(text);
  BASCULE_CHECK(table || !table.error().empty(), "a refusal without a reason");
  return 0;
}
