// What: the parts of apply(), one family of operations a file. Internal to this room.
// Must not know: see apply.h.
#pragma once

#include "model/apply.h"

namespace bascule::model {

using Applied = Result<void, ApplyProblem>;

inline tl::unexpected<ApplyProblem> missing(std::string what, std::string where) {
  return failure(ApplyProblem{ApplyProblem::Kind::kMissing, std::move(what), std::move(where)});
}
inline tl::unexpected<ApplyProblem> exists(std::string what, std::string where) {
  return failure(ApplyProblem{ApplyProblem::Kind::kExists, std::move(what), std::move(where)});
}
/// The table or the problem that it is not there.
Result<Table*, ApplyProblem> table_in(Schema& schema, const QualifiedName& name);
Result<Column*, ApplyProblem> column_in(Table& table, const Identifier& name);
std::string member_name(const QualifiedName& table, const Identifier& name);

/// Tables whose columns follow this one's: its partitions, and those that inherit from it. All the way down.
std::vector<QualifiedName> descendants(const Schema& schema, const QualifiedName& table);

// apply_table.cpp
Applied create_table(Schema& schema, const CreateTable& operation);
Applied drop_table(Schema& schema, const DropTable& operation);
/// Everything that names the table follows.
Applied rename_table(Schema& schema, const QualifiedName& table, const QualifiedName& new_name);
Applied attach_partition(Schema& schema, const AttachPartition& operation);
Applied detach_partition(Schema& schema, const DetachPartition& operation);

// apply_column.cpp
Applied add_column(Schema& schema, const AddColumn& operation);
Applied drop_column(Schema& schema, const DropColumn& operation);
Applied alter_column(Schema& schema, const AlterColumn& operation);

// apply_constraint.cpp
Applied add_constraint(Schema& schema, const AddConstraint& operation);
Applied drop_constraint(Schema& schema, const DropConstraint& operation);
Applied create_index(Schema& schema, const CreateIndex& operation);
Applied drop_index(Schema& schema, const DropIndex& operation);
/// A primary key's columns are not null.
void settle_primary_key(Table& table);
/// The column whose NOT NULL has this name; null if there is none.
Column* column_of_not_null(Table& table, const Identifier& name);
/// As the schema keeps it: how it was made (CONCURRENTLY) is not part of what it is.
Index settled(Index index);

// apply_object.cpp
Applied create_object(Schema& schema, const CreateObject& operation);
Applied drop_object(Schema& schema, const DropObject& operation);
Applied rename_object(Schema& schema, const RenameObject& operation);
Applied move_to_schema(Schema& schema, const MoveToSchema& operation);
/// DROP ... CASCADE takes the views that speak of it along.
void drop_views_of(Schema& schema, const QualifiedName& name);

}  // namespace bascule::model
