// What: the names that SQLAlchemy's naming conventions give to constraints and indexes, and what becomes of long ones.
// Must not know: any format, any database (its limit is passed in).
// Invariants: pure; the same input names the same thing on every machine.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/identifier.h"
#include "base/result.h"
#include "model/schema.h"

namespace bascule::model {

/// A name as its author gave it. text empty: not given. final: op.f() / conv(): no convention applies.
struct GivenName {
  Identifier text;
  bool final = false;
};

/// What a convention's tokens are filled from.
struct NamingSubject {
  struct Column {
    std::string name;
    std::string key;  ///< Column(key=), else the name
  };
  std::string kind;  ///< "ix", "uq", "ck", "fk", "pk"; anything else has no convention
  QualifiedName table;
  std::vector<Column> columns;
  std::string referred_table;  ///< foreign keys only, as the next
  std::vector<std::string> referred_columns;
};

/// Why there is no name.
struct NamingError {
  enum class Kind { kNameRequired, kUnknownToken, kTooLong };
  Kind kind = Kind::kNameRequired;
  std::string message;
};

/// The final name: empty where none was given and no convention names it. Names that a convention made and final ones
/// are cut to max_length characters with four digits of their MD5 (as SQLAlchemy does); a longer name that its author
/// chose is an error. max_length 0: no limit. An empty convention stands for SQLAlchemy's default (only "ix").
Result<Identifier, NamingError> final_name(const NamingConvention& convention, const NamingSubject& subject,
                                           const GivenName& given, std::size_t max_length);

/// MD5 in lower-case hexadecimal. For shortening names, never for security.
std::string md5_hex(std::string_view text);

}  // namespace bascule::model
