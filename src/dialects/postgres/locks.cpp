#include "dialects/postgres/locks.h"

namespace bascule::dialects::postgres {

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

}  // namespace bascule::dialects::postgres
