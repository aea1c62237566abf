// Changes of rows that may be split: which, and along what.
#include "dialects/postgres/online.h"

namespace bascule::dialects::postgres {

Result<plan::Backfill, std::string> PostgresOnline::batches(std::string_view, const model::Schema&) const {
  return failure(std::string("it is left whole"));
}

}  // namespace bascule::dialects::postgres
