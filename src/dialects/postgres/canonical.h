// What: types, expressions and names in the one spelling that the server itself uses, so that what files say and what a
// catalog says can be compared.
// Must not know: connections. Internal to this folder.
// Invariants: applied to its own result, nothing changes; what cannot be read comes back as it stands, with its blanks
// evened out. Two spellings that come out equal mean the same; two that mean the same may come out different.
#pragma once

#include <string>
#include <string_view>

#include "base/identifier.h"
#include "model/schema.h"

namespace bascule::dialects::postgres {

/// A type as format_type spells it ("VARCHAR(50)" -> "character varying(50)"), a collation apart.
struct SpelledType {
  std::string sql;
  std::string collation;
};
SpelledType canonical_type(std::string_view sql);

/// Where an expression stands. kDefault: a column's DEFAULT, whose literals take the column's type.
enum class ExpressionPlace { kDefault, kElsewhere };
struct ExpressionContext {
  ExpressionPlace place = ExpressionPlace::kElsewhere;
  std::string_view column_type;  ///< canonical; of kDefault
  std::string_view table;        ///< its name before a column is left out
};
/// The casts that the server writes around literals and short texts go, keywords and operators get one spelling,
/// parentheses stand only where they must.
std::string canonical_expression(std::string_view sql, const ExpressionContext& context);

/// Without the schema of the search path.
QualifiedName canonical_name(QualifiedName name);

/// What integer types number to: the default limits of their sequences. Empty type: bigint.
struct SequenceLimits {
  std::int64_t minimum = 1;
  std::int64_t maximum = 0;
};
SequenceLimits limits_of(std::string_view canonical_type, std::int64_t increment);

}  // namespace bascule::dialects::postgres
