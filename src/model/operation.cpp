#include "model/operation.h"

#include "base/overload.h"

namespace bascule::model {
namespace {

struct NameOf {
  std::string_view operator()(const CreateTable&) const { return "create_table"; }
  std::string_view operator()(const DropTable&) const { return "drop_table"; }
  std::string_view operator()(const RenameTable&) const { return "rename_table"; }
  std::string_view operator()(const AddColumn&) const { return "add_column"; }
  std::string_view operator()(const DropColumn&) const { return "drop_column"; }
  std::string_view operator()(const AlterColumn&) const { return "alter_column"; }
  std::string_view operator()(const AddConstraint&) const { return "add_constraint"; }
  std::string_view operator()(const DropConstraint&) const { return "drop_constraint"; }
  std::string_view operator()(const CreateIndex&) const { return "create_index"; }
  std::string_view operator()(const DropIndex&) const { return "drop_index"; }
  std::string_view operator()(const SetTableComment&) const { return "set_table_comment"; }
  std::string_view operator()(const SetColumnComment&) const { return "set_column_comment"; }
  std::string_view operator()(const SetConstraintComment&) const { return "set_constraint_comment"; }
  std::string_view operator()(const CreateEnum&) const { return "create_enum"; }
  std::string_view operator()(const DropEnum&) const { return "drop_enum"; }
  std::string_view operator()(const CreateDomain&) const { return "create_domain"; }
  std::string_view operator()(const DropDomain&) const { return "drop_domain"; }
  std::string_view operator()(const CreateSequence&) const { return "create_sequence"; }
  std::string_view operator()(const DropSequence&) const { return "drop_sequence"; }
  std::string_view operator()(const InsertRows&) const { return "insert_rows"; }
  std::string_view operator()(const UpdateRows&) const { return "update_rows"; }
  std::string_view operator()(const DeleteRows&) const { return "delete_rows"; }
  std::string_view operator()(const RenameConstraint&) const { return "rename_constraint"; }
  std::string_view operator()(const ValidateConstraint&) const { return "validate_constraint"; }
  std::string_view operator()(const AddEnumValue&) const { return "add_enum_value"; }
  std::string_view operator()(const RenameEnumValue&) const { return "rename_enum_value"; }
  std::string_view operator()(const AttachPartition&) const { return "attach_partition"; }
  std::string_view operator()(const DetachPartition&) const { return "detach_partition"; }
  std::string_view operator()(const TruncateTables&) const { return "truncate_tables"; }
  std::string_view operator()(const SetTableOption&) const { return "set_table_option"; }
  std::string_view operator()(const CreateObject&) const { return "create_object"; }
  std::string_view operator()(const DropObject&) const { return "drop_object"; }
  std::string_view operator()(const RenameObject&) const { return "rename_object"; }
  std::string_view operator()(const MoveToSchema&) const { return "move_to_schema"; }
  std::string_view operator()(const RawSql&) const { return "raw_sql"; }
  std::string_view operator()(const BatchAlter&) const { return "batch_alter_table"; }
};
static_assert(kCovers<NameOf, Operation>);

std::string member(const QualifiedName& table, const Identifier& name) {
  return name.empty() ? display(table) : display(table) + "." + name.text();
}

struct ConstraintName {
  const Identifier& operator()(const PrimaryKey& c) const { return c.name; }
  const Identifier& operator()(const UniqueConstraint& c) const { return c.name; }
  const Identifier& operator()(const ForeignKey& c) const { return c.name; }
  const Identifier& operator()(const CheckConstraint& c) const { return c.name; }
  const Identifier& operator()(const ExcludeConstraint& c) const { return c.name; }
};
static_assert(kCovers<ConstraintName, Constraint>);

struct SubjectOf {
  std::string operator()(const CreateTable& o) const { return display(o.table.name); }
  std::string operator()(const DropTable& o) const { return display(o.table); }
  std::string operator()(const RenameTable& o) const { return display(o.table); }
  std::string operator()(const AddColumn& o) const { return member(o.table, o.column.name); }
  std::string operator()(const DropColumn& o) const { return member(o.table, o.column); }
  std::string operator()(const AlterColumn& o) const { return member(o.table, o.column); }
  std::string operator()(const AddConstraint& o) const {
    return member(o.table, std::visit(ConstraintName{}, o.constraint));
  }
  std::string operator()(const DropConstraint& o) const { return member(o.table, o.name); }
  std::string operator()(const CreateIndex& o) const { return o.index.name.text(); }
  std::string operator()(const DropIndex& o) const { return display(o.name); }
  std::string operator()(const SetTableComment& o) const { return display(o.table); }
  std::string operator()(const SetColumnComment& o) const { return member(o.table, o.column); }
  std::string operator()(const SetConstraintComment& o) const { return member(o.table, o.constraint); }
  std::string operator()(const CreateEnum& o) const { return display(o.type.name); }
  std::string operator()(const DropEnum& o) const { return display(o.name); }
  std::string operator()(const CreateDomain& o) const { return display(o.name); }
  std::string operator()(const DropDomain& o) const { return display(o.name); }
  std::string operator()(const CreateSequence& o) const { return display(o.sequence.name); }
  std::string operator()(const DropSequence& o) const { return display(o.name); }
  std::string operator()(const InsertRows& o) const { return display(o.statement.table); }
  std::string operator()(const UpdateRows& o) const { return display(o.statement.table); }
  std::string operator()(const DeleteRows& o) const { return display(o.statement.table); }
  std::string operator()(const RenameConstraint& o) const { return member(o.table, o.name); }
  std::string operator()(const ValidateConstraint& o) const { return member(o.table, o.name); }
  std::string operator()(const AddEnumValue& o) const { return display(o.type); }
  std::string operator()(const RenameEnumValue& o) const { return display(o.type); }
  std::string operator()(const AttachPartition& o) const { return display(o.partition); }
  std::string operator()(const DetachPartition& o) const { return display(o.partition); }
  std::string operator()(const TruncateTables& o) const { return o.tables.empty() ? "" : display(o.tables.front()); }
  std::string operator()(const SetTableOption& o) const { return display(o.table); }
  std::string operator()(const CreateObject& o) const { return display(o.object.name); }
  std::string operator()(const DropObject& o) const { return display(o.name); }
  std::string operator()(const RenameObject& o) const { return display(o.name); }
  std::string operator()(const MoveToSchema& o) const { return display(o.name); }
  std::string operator()(const RawSql&) const { return ""; }
  std::string operator()(const BatchAlter& o) const { return display(o.table); }
};
static_assert(kCovers<SubjectOf, Operation>);

}  // namespace

std::string_view operation_name(const Operation& operation) { return std::visit(NameOf{}, operation); }

std::string operation_subject(const Operation& operation) { return std::visit(SubjectOf{}, operation); }

}  // namespace bascule::model
