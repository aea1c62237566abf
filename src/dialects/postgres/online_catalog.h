// What: conditions on PostgreSQL's catalog, as SQL: whether a thing is there and how it is made. Internal to this
// folder.
// Must not know: operations, guards.
// Invariants: each is one boolean expression, never NULL, true or false for any name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/identifier.h"
#include "model/schema.h"

namespace bascule::dialects::postgres {

/// 'text' in SQL.
std::string literal(std::string_view text);
/// The name, quoted as SQL wants it, as a string: for to_regclass.
std::string name_literal(const QualifiedName& name);
/// The table's oid, or NULL.
std::string oid_of(const QualifiedName& relation);

std::string relation_exists(const QualifiedName& relation);
std::string column_exists(const QualifiedName& table, const Identifier& column, std::string_view also = {});
/// @param also a condition on pg_constraint k.
std::string constraint_exists(const QualifiedName& table, const Identifier& constraint, std::string_view also = {});
/// A relation of this name in the table's schema, other than an index of the table that satisfies `same`.
std::string other_relation(const QualifiedName& table, const Identifier& name, std::string_view same);
/// An index of that name on that table. @param also a condition on pg_index x, pg_class c, pg_am m.
std::string index_exists(const QualifiedName& table, const Identifier& index, std::string_view also = {});
/// What can be told of an index's definition without spelling expressions as the server would: a condition for
/// index_exists.
std::string index_shape(const model::Index& index, const QualifiedName& table);
/// The same of a key: its columns in order.
std::string key_shape(const std::vector<Identifier>& columns, const QualifiedName& table);
std::string type_exists(const QualifiedName& type, std::string_view also = {});
std::string negated(const std::string& condition);

}  // namespace bascule::dialects::postgres
