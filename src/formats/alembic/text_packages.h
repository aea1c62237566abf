// What: text_unidecode / Unidecode and python-slugify, as far as they can be known without their tables: Latin letters.
// Must not know: databases.
#pragma once

#include <optional>
#include <string_view>

#include "evaluate/value.h"

namespace bascule::formats::alembic {

/// The modules text_unidecode, unidecode and slugify; nullopt: another one.
std::optional<evaluate::Value> text_package_module(std::string_view dotted_name);

}  // namespace bascule::formats::alembic
