#include "dialects/sqlite/locks.h"

namespace bascule::dialects::sqlite {

plan::Impact impact_of(std::string_view, const model::Schema&, const Server&) {
  plan::Impact impact;
  impact.known = false;
  return impact;
}

plan::Impact impact_of(const model::BatchAlter&, const model::Schema&, const Server&) {
  plan::Impact impact;
  impact.known = false;
  return impact;
}

}  // namespace bascule::dialects::sqlite
