// What: the verbs: what a migration's author meant, as plain values. A closed set, seen by many passes.
// Must not know: SQL, connections, formats.
// To add one: its struct here, its name in operation.cpp, planner/lower, each dialect's render, the readers that spell
// it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/identifier.h"
#include "model/expression.h"
#include "model/schema.h"
#include "model/type.h"

namespace bascule::model {

struct CreateTable {
  Table table;  ///< with its indexes and comments
  bool if_not_exists = false;
  bool operator==(const CreateTable&) const = default;
};
struct DropTable {
  QualifiedName table;
  bool if_exists = false;
  bool cascade = false;
  bool operator==(const DropTable&) const = default;
};
struct RenameTable {
  QualifiedName table;
  Identifier new_name;
  bool operator==(const RenameTable&) const = default;
};
/// A column with what it brings along: constraints and indexes made by its unique, index, foreign key and type.
struct AddColumn {
  QualifiedName table;
  Column column;
  std::vector<Constraint> constraints;
  std::vector<Index> indexes;
  bool if_not_exists = false;
  bool inline_references = false;          ///< ADD COLUMN ... REFERENCES instead of a constraint of its own
  Identifier insert_before, insert_after;  ///< for a rebuild only
  bool operator==(const AddColumn&) const = default;
};
struct DropColumn {
  QualifiedName table;
  Identifier column;
  bool if_exists = false;
  bool cascade = false;
  bool operator==(const DropColumn&) const = default;
};
struct DropDefault {
  bool operator==(const DropDefault&) const = default;
};
/// AlterColumn's new default: an expression, none, an identity (or changed options of one), a generated expression.
using DefaultChange = std::variant<DropDefault, Expression, Identity, Computed>;
/// What is unset stays as it is. existing_*: what the author says the column is now.
struct AlterColumn {
  QualifiedName table;
  Identifier column;
  std::optional<Identifier> new_name;
  std::optional<Type> type;
  std::optional<bool> nullable;
  std::optional<DefaultChange> server_default;
  struct CommentChange {
    std::optional<std::string> text;  ///< unset: remove it
    bool operator==(const CommentChange&) const = default;
  };
  std::optional<CommentChange> comment;
  std::optional<bool> autoincrement;
  std::optional<Type> existing_type;
  std::optional<DefaultChange> existing_server_default;
  std::optional<bool> existing_nullable;
  std::optional<std::string> existing_comment;
  std::optional<std::string> postgresql_using;   ///< SQL
  std::vector<Constraint> type_constraints;      ///< CHECKs that the new type brings (Boolean, non-native Enum)
  Identifier insert_before, insert_after;        ///< for a rebuild only
  std::optional<Column::NotNull> not_null = {};  ///< beside nullable = false: PostgreSQL 18's NOT NULL with a name
  bool operator==(const AlterColumn&) const = default;
};
struct AddConstraint {
  QualifiedName table;
  Constraint constraint;
  bool if_not_exists = false;
  bool operator==(const AddConstraint&) const = default;
};
enum class ConstraintKind { kUnknown, kPrimaryKey, kUnique, kForeignKey, kCheck, kExclude };
struct DropConstraint {
  QualifiedName table;
  Identifier name;
  ConstraintKind kind = ConstraintKind::kUnknown;
  bool if_exists = false;
  bool cascade = false;
  bool operator==(const DropConstraint&) const = default;
};
struct CreateIndex {
  QualifiedName table;
  Index index;
  bool if_not_exists = false;
  bool operator==(const CreateIndex&) const = default;
};
struct DropIndex {
  std::optional<QualifiedName> table;
  QualifiedName name;  ///< schema: the table's
  bool if_exists = false;
  bool concurrently = false;
  bool cascade = false;
  bool operator==(const DropIndex&) const = default;
};
struct SetTableComment {
  QualifiedName table;
  std::optional<std::string> comment;  ///< unset: remove it
  bool operator==(const SetTableComment&) const = default;
};
struct SetColumnComment {
  QualifiedName table;
  Identifier column;
  std::optional<std::string> comment;
  bool operator==(const SetColumnComment&) const = default;
};
struct SetConstraintComment {
  QualifiedName table;
  Identifier constraint;
  std::optional<std::string> comment;
  bool operator==(const SetConstraintComment&) const = default;
};
struct CreateEnum {
  EnumType type;
  bool if_not_exists = false;
  bool operator==(const CreateEnum&) const = default;
};
struct DropEnum {
  QualifiedName name;
  bool if_exists = false;
  bool cascade = false;
  bool operator==(const DropEnum&) const = default;
};
struct CreateDomain {
  QualifiedName name;
  Type type;
  std::string collation;
  std::optional<Expression> server_default;
  Identifier constraint_name;
  std::optional<bool> not_null;
  std::optional<Expression> check;
  bool if_not_exists = false;
  bool operator==(const CreateDomain&) const = default;
};
struct DropDomain {
  QualifiedName name;
  bool if_exists = false;
  bool cascade = false;
  bool operator==(const DropDomain&) const = default;
};
struct CreateSequence {
  Sequence sequence;
  bool if_not_exists = false;
  bool operator==(const CreateSequence&) const = default;
};
struct DropSequence {
  QualifiedName name;
  bool if_exists = false;
  bool cascade = false;
  bool operator==(const DropSequence&) const = default;
};
struct InsertRows {
  InsertStatement statement;
  bool operator==(const InsertRows&) const = default;
};
struct UpdateRows {
  UpdateStatement statement;
  bool operator==(const UpdateRows&) const = default;
};
struct DeleteRows {
  DeleteStatement statement;
  bool operator==(const DeleteRows&) const = default;
};
struct RenameConstraint {
  QualifiedName table;
  Identifier name, new_name;
  bool operator==(const RenameConstraint&) const = default;
};
/// Checks the rows of a constraint that was added NOT VALID.
struct ValidateConstraint {
  QualifiedName table;
  Identifier name;
  bool operator==(const ValidateConstraint&) const = default;
};
/// before, after: the neighbour among the values; both empty: at the end.
struct AddEnumValue {
  QualifiedName type;
  std::string value, before, after;
  bool if_not_exists = false;
  bool operator==(const AddEnumValue&) const = default;
};
struct RenameEnumValue {
  QualifiedName type;
  std::string value, new_value;
  bool operator==(const RenameEnumValue&) const = default;
};
struct AttachPartition {
  QualifiedName table, partition;
  std::string bound;  ///< SQL: "FOR VALUES FROM (1) TO (10)", "DEFAULT"
  bool operator==(const AttachPartition&) const = default;
};
struct DetachPartition {
  QualifiedName table, partition;
  bool concurrently = false;
  bool finalize = false;
  bool operator==(const DetachPartition&) const = default;
};
struct TruncateTables {
  std::vector<QualifiedName> tables;
  bool restart_identity = false;
  bool cascade = false;
  bool operator==(const TruncateTables&) const = default;
};
/// One change of how a table is kept or guarded (owner, row security, storage parameters, triggers on and off ...):
/// an ALTER TABLE subcommand of which the model knows the kind only.
struct SetTableOption {
  QualifiedName table;
  std::string option;  ///< PostgreSQL's name of the subcommand: "AT_EnableRowSecurity"
  std::string sql;     ///< the whole statement
  bool operator==(const SetTableOption&) const = default;
};
/// Makes an object that the model knows by name and text only: a view, a function, a trigger ...
struct CreateObject {
  SchemaObject object;
  bool or_replace = false;
  bool if_not_exists = false;
  bool operator==(const CreateObject&) const = default;
};
struct DropObject {
  ObjectKind kind = ObjectKind::kView;
  QualifiedName name;
  QualifiedName on_table;  ///< of a trigger, policy or rule
  std::string signature;   ///< of a function: "(integer, text)"; empty: not said
  bool if_exists = false;
  bool cascade = false;
  bool operator==(const DropObject&) const = default;
};
/// ALTER INDEX / SEQUENCE / TYPE / VIEW / FUNCTION ... RENAME TO; tables and columns have operations of their own.
struct RenameObject {
  ObjectKind kind = ObjectKind::kView;
  QualifiedName name;
  QualifiedName on_table;
  Identifier new_name;
  std::string signature;  ///< of a function, as in DropObject
  bool operator==(const RenameObject&) const = default;
};
/// ALTER ... SET SCHEMA.
struct MoveToSchema {
  ObjectKind kind = ObjectKind::kTable;
  QualifiedName name;
  Identifier new_schema;
  std::string signature;  ///< of a function, as in DropObject
  bool operator==(const MoveToSchema&) const = default;
};
/// SQL that the author wrote: one statement or several, run as it stands.
struct RawSql {
  std::string sql;
  bool operator==(const RawSql&) const = default;
};

/// One change inside batch_alter_table.
using BatchItem = std::variant<AddColumn, DropColumn, AlterColumn, AddConstraint, DropConstraint, CreateIndex,
                               DropIndex, SetTableComment, RenameTable>;
enum class Recreate { kAuto, kAlways, kNever };
/// Several changes of one table. Databases that cannot ALTER in place rebuild the table (copy, drop, rename).
struct BatchAlter {
  QualifiedName table;
  std::vector<BatchItem> items;
  Recreate recreate = Recreate::kAuto;
  std::optional<Table> copy_from;       ///< the table as it is, said by the author instead of being looked up
  std::vector<Column> reflect_columns;  ///< reflect_args: columns that override what is looked up
  std::vector<Constraint> reflect_constraints;
  std::vector<Constraint> table_constraints;  ///< table_args: added to the new table
  std::vector<Index> table_indexes;
  Table::Sqlite table_sqlite;  ///< table_kwargs
  bool has_table_options = false;
  NamingConvention naming;  ///< names that unnamed constraints of the old table go by
  std::vector<std::vector<Identifier>> partial_reordering;
  bool operator==(const BatchAlter&) const = default;
};

using Operation =
    std::variant<CreateTable, DropTable, RenameTable, AddColumn, DropColumn, AlterColumn, AddConstraint, DropConstraint,
                 CreateIndex, DropIndex, SetTableComment, SetColumnComment, SetConstraintComment, CreateEnum, DropEnum,
                 CreateDomain, DropDomain, CreateSequence, DropSequence, InsertRows, UpdateRows, DeleteRows,
                 RenameConstraint, ValidateConstraint, AddEnumValue, RenameEnumValue, AttachPartition, DetachPartition,
                 TruncateTables, SetTableOption, CreateObject, DropObject, RenameObject, MoveToSchema, RawSql,
                 BatchAlter>;

/// The operation's name in messages and JSON: "create_table", "raw_sql" ...
std::string_view operation_name(const Operation& operation);
/// The table (or other object) that the operation is about, for messages: "users", "users.email"; empty for raw SQL.
std::string operation_subject(const Operation& operation);

}  // namespace bascule::model
