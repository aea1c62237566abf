// What: session.query(...): the older spelling of a select, with its own way of giving results.
// Must not know: rows, drivers.
// Invariants: a query object is never changed; its methods return a bigger one.
#pragma once

#include <memory>
#include <vector>

#include "formats/alembic/orm_unit_of_work.h"

namespace bascule::formats::alembic {

/// session.query(User), session.query(User.id, func.count()) ...
Value make_query(Interpreter& interpreter, const std::shared_ptr<UnitOfWork>& work, const std::vector<Value>& subjects);

}  // namespace bascule::formats::alembic
