// Rows that would make a step fail, found before it takes any lock.
#include "dialects/postgres/online.h"

namespace bascule::dialects::postgres {

void find_rows_against(const model::Operation&, const model::Schema&, const Server&, plan::Guard&) {}

}  // namespace bascule::dialects::postgres
