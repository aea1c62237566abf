// What: the parameters of upgrade() and downgrade() besides `op`, which the project's env.py fills: as bascule.toml
// describes them.
// Must not know: how they are passed.
#pragma once

#include <string>

#include "formats/alembic/op_context.h"
#include "formats/alembic/settings.h"

namespace bascule::formats::alembic {

/// "reflect": an object whose attributes and items are the database's tables, looked at while the migration runs.
/// "ignore": an object all of whose parts and calls are again such an object, false and empty. Else a literal: true,
/// false, a whole number, a text, or a list of texts.
Value make_injected(Context& context, const Argument& argument, const std::string& name);

/// The cause of an opaque argument, and what to do about a diagnostic that names it (nullopt: it names none).
std::string injected_cause(const std::string& function);
std::optional<std::string> injected_advice(const Diagnostic& diagnostic);

}  // namespace bascule::formats::alembic
