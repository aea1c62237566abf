// What: finding things in a Schema by name.
// Must not know: operations, SQL.
// Invariants: an unqualified name and one in the schema "public" are the same (the search path that migrations run
// with).
#pragma once

#include <string>
#include <vector>

#include "model/schema.h"

namespace bascule::model {

/// Whether both name the same object: an empty schema stands for "public".
bool same_name(const QualifiedName& a, const QualifiedName& b);
/// The name as one text that is equal for equal names, for maps: "name" or "schema.name".
std::string name_key(const QualifiedName& name);

const Table* find_table(const Schema& schema, const QualifiedName& name);
Table* find_table(Schema& schema, const QualifiedName& name);
const Column* find_column(const Table& table, const Identifier& name);
Column* find_column(Table& table, const Identifier& name);
const Constraint* find_constraint(const Table& table, const Identifier& name);
Constraint* find_constraint(Table& table, const Identifier& name);
const Index* find_index(const Table& table, const Identifier& name);
/// The table's primary key; null if it has none.
const PrimaryKey* primary_key(const Table& table);

const Identifier& constraint_name(const Constraint& constraint);
void set_constraint_name(Constraint& constraint, Identifier name);
/// The columns of a key; empty for checks and exclusions, whose columns stand in expressions.
std::vector<Identifier> constraint_columns(const Constraint& constraint);

/// Whether there is one that a server would take for the same on a part of a table: of other names, where names do not
/// pass down.
bool has_like(const std::vector<Constraint>& constraints, const Constraint& one);
bool has_like(const std::vector<Index>& indexes, const Index& one);
bool contains(const std::vector<Identifier>& names, const Identifier& name);

/// Every list of the schema and of its tables sorted by name, except columns, whose order is their own: schemas that
/// hold the same compare equal.
void sort_lists(Schema& schema);

}  // namespace bascule::model
