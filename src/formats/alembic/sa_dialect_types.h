// What: the types of SQLAlchemy's dialect modules, for the files that list them.
// Must not know: rendering.
#pragma once

#include <memory>

#include "formats/alembic/sa_types.h"

namespace bascule::formats::alembic {

/// JSONB, on PostgreSQL and on SQLite.
std::shared_ptr<TypeObject> make_jsonb(Recorder& recorder);

}  // namespace bascule::formats::alembic
