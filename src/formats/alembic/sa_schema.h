// What: SQLAlchemy's schema items as scripts build them (Column, constraints, Index, Table, MetaData, Sequence ...),
// and their conversion to the model once they have a table. Must not know: which operation asks (op_*), rendering.
// Invariants: an item is never changed by being used in an operation, so that one may be used in several.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "formats/alembic/op_context.h"
#include "formats/alembic/sa_dml.h"
#include "model/operation.h"

namespace bascule::formats::alembic {

/// Anything that op.create_table or Table() takes besides columns; and Identity, Computed ... inside a Column.
class SchemaItem : public evaluate::Object {
 public:
  explicit SchemaItem(Location where) : where_(std::move(where)) {}
  const Location& where() const { return where_; }

 private:
  Location where_;
};

/// Identity(...), Computed(...), Sequence(...), FetchedValue(), DefaultClause(...).
class IdentityItem final : public SchemaItem {
 public:
  IdentityItem(model::Identity held, Location at) : SchemaItem(std::move(at)), identity(std::move(held)) {}
  std::string type_name() const override { return "Identity"; }
  model::Identity identity;
};
class ComputedItem final : public SchemaItem {
 public:
  ComputedItem(model::Computed held, Location at) : SchemaItem(std::move(at)), computed(std::move(held)) {}
  std::string type_name() const override { return "Computed"; }
  model::Computed computed;
};
class SequenceItem final : public SchemaItem {
 public:
  SequenceItem(model::Sequence held, Context& context, Location at)
      : SchemaItem(std::move(at)), sequence(std::move(held)), context_(context) {}
  std::string type_name() const override { return "Sequence"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  model::Sequence sequence;
  bool optional = false;

 private:
  Context& context_;
};
/// default: nullopt for FetchedValue (the database has one that nothing need be said about).
class DefaultItem final : public SchemaItem {
 public:
  DefaultItem(std::optional<model::Expression> held, Location at) : SchemaItem(std::move(at)), value(std::move(held)) {}
  std::string type_name() const override { return value ? "DefaultClause" : "FetchedValue"; }
  std::optional<model::Expression> value;
};

/// Options that constraints share.
struct ForeignKeyOptions {
  std::string on_delete, on_update, match;
  model::Deferral deferral;
  bool use_alter = false;
  bool not_valid = false;
  std::optional<std::string> comment;
};

/// A column that a foreign key points at.
struct ReferencedColumn {
  QualifiedName table;
  std::optional<Identifier> column;  ///< unset: "table" alone, the column of the same name
};

/// ForeignKey("table.column") inside a Column.
class ForeignKeyItem final : public SchemaItem {
 public:
  explicit ForeignKeyItem(Location where) : SchemaItem(std::move(where)) {}
  std::string type_name() const override { return "ForeignKey"; }
  ReferencedColumn target;
  model::GivenName name;
  ForeignKeyOptions options;
};

/// A constraint before it has a table: `constraint` names columns by their keys and has no name yet.
class ConstraintItem final : public SchemaItem {
 public:
  ConstraintItem(model::Constraint held, Location at) : SchemaItem(std::move(at)), constraint(std::move(held)) {}
  std::string type_name() const override;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  model::Constraint constraint;
  model::GivenName name;
  /// Foreign keys: a referred column was not said ("table" alone).
  std::vector<ReferencedColumn> targets;
};

/// Index(...) before it has a table: elements name columns by their keys.
class IndexItem final : public SchemaItem {
 public:
  explicit IndexItem(Location where) : SchemaItem(std::move(where)) {}
  std::string type_name() const override { return "Index"; }
  model::Index index;
  model::GivenName name;
};

/// Column(...): a ColumnClause with what DDL needs.
class ColumnItem final : public ColumnClause {
 public:
  ColumnItem(Identifier name, std::shared_ptr<TypeObject> type, Location at)
      : ColumnClause(std::move(name), std::move(type)), where(std::move(at)) {}
  /// A copy that may be attached to another table.
  std::shared_ptr<ColumnItem> copy() const { return std::make_shared<ColumnItem>(*this); }
  /// A copy of another type.
  std::shared_ptr<ColumnItem> typed(std::shared_ptr<TypeObject> type) const;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;

  enum class Autoincrement { kAuto, kTrue, kFalse, kIgnoreForeignKeys };
  Location where;
  std::optional<bool> nullable;
  bool primary_key = false;
  Autoincrement autoincrement = Autoincrement::kAuto;
  bool unique = false;
  bool index = false;
  std::optional<model::Expression> server_default;
  bool has_server_default = false;  ///< FetchedValue too
  bool has_default = false;         ///< default= other than a Sequence
  std::optional<model::Identity> identity;
  std::optional<model::Computed> computed;
  std::shared_ptr<SequenceItem> sequence;
  std::optional<std::string> comment;
  bool system = false;
  std::vector<std::shared_ptr<ForeignKeyItem>> foreign_keys;
  std::vector<std::shared_ptr<ConstraintItem>> constraints;
  std::map<std::string, std::string> sqlite_options;
};

/// Column(...) without a name: the attribute of a mapped class that it becomes gives it one.
class UnnamedColumn final : public evaluate::Object {
 public:
  explicit UnnamedColumn(evaluate::Arguments held) : arguments(std::move(held)) {}
  std::string type_name() const override { return "Column"; }
  std::shared_ptr<ColumnItem> named(Interpreter& interpreter, Context& context, const std::string& name) const;
  evaluate::Arguments arguments;
  bool deferred = false;  ///< not read with the others
};
/// The refusal of a Column that got no name at all.
[[noreturn]] void refuse_unnamed_column(const Location& where);

/// MetaData(...).
class MetaDataItem final : public SchemaItem {
 public:
  MetaDataItem(Context& context, Location where) : SchemaItem(std::move(where)), context_(context) {}
  std::string type_name() const override { return "MetaData"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  Identifier schema;
  model::NamingConvention naming;
  std::vector<std::weak_ptr<class TableItem>> tables;
  std::vector<std::shared_ptr<class TableItem>> reflected;  ///< those that only the metadata holds
  std::shared_ptr<class TableItem> find(std::string_view name) const;

 private:
  Context& context_;
};

/// Options of create_table, Table and batch table_kwargs.
struct TableOptions {
  std::optional<std::string> comment;
  std::vector<std::string> prefixes;
  model::Table::Postgres postgresql;
  model::Table::Sqlite sqlite;
  bool any = false;
};

/// Table(...), and what op.create_table returns.
class TableItem final : public TableClause {
 public:
  TableItem(QualifiedName name, Context& context, Location at)
      : TableClause(std::move(name)), where(std::move(at)), context_(context) {
    set_recorder(context.recorder);
  }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  /// Adds a column, constraint or index; other values are refused.
  void add_item(Interpreter& interpreter, const Value& item);
  const std::vector<std::shared_ptr<ColumnItem>>& column_items() const { return column_items_; }

  Location where;
  std::vector<std::shared_ptr<ConstraintItem>> constraints;
  std::vector<std::shared_ptr<IndexItem>> indexes;
  TableOptions options;
  model::NamingConvention naming;
  bool reflected = false;  ///< autoload: the database knows its columns, we do not

 private:
  std::vector<std::shared_ptr<ColumnItem>> column_items_;
  Context& context_;
};

/// CreateTable(t), DDL("..."), CreateSequence(s): what op.execute runs besides statements.
class DdlElement final : public evaluate::Object {
 public:
  explicit DdlElement(std::vector<model::Operation> held) : operations(std::move(held)) {}
  std::string type_name() const override { return "DDLElement"; }
  std::vector<model::Operation> operations;
};

/// A table as the model sees it. Types that a table brings (CREATE TYPE) are in `before`.
struct BuiltTable {
  model::Table table;
  std::vector<model::Operation> before;
};
/// Names are final, SQLAlchemy's rules for primary keys, nullability and self-numbering applied. Refuses what
/// SQLAlchemy refuses: codes invalid-schema, duplicate-column, unknown-column and those of settle_name. for_create:
/// foreign keys that use_alter puts off are left out where Alembic leaves them out.
BuiltTable build_table(Interpreter& interpreter, Context& context, const TableItem& table, bool for_create);

/// A column that is added to an existing table, with the constraints and indexes that it brings.
/// in_batch: CHECKs of its type stay on SQLite too (a rebuild can make them).
model::AddColumn build_added_column(Interpreter& interpreter, Context& context, const QualifiedName& table,
                                    const std::shared_ptr<ColumnItem>& column, bool in_batch);

/// A column by itself: batch copy_from's neighbours (reflect_args), alter_column's types.
model::Column build_column(Context& context, const ColumnItem& column, const QualifiedName& table);

/// The CHECKs that a type brings to a column (Boolean and Enum with create_constraint=True), on the target's database.
std::vector<model::Constraint> type_checks(Context& context, const model::NamingConvention& naming,
                                           const QualifiedName& table, const model::NamingSubject::Column& column,
                                           const TypeObject& type, const Location& where);

/// A constraint on a table whose columns are not known here (op.create_unique_constraint ...): column keys are names.
model::Constraint build_constraint(Context& context, const model::NamingConvention& naming, const QualifiedName& table,
                                   const ConstraintItem& item);
model::Index build_index(Context& context, const model::NamingConvention& naming, const QualifiedName& table,
                         const IndexItem& item);

// --- constructors that op_* needs too ---
std::shared_ptr<IndexItem> make_index_item(Interpreter& interpreter, const evaluate::Binder& bind,
                                           const std::vector<Value>& elements);
/// A str is a column, an expression stays.
model::Expression to_index_expression(Interpreter& interpreter, const Value& value, const std::string& needed_for);
std::shared_ptr<ConstraintItem> make_exclude_item(Interpreter& interpreter, const evaluate::Binder& bind,
                                                  const std::vector<Value>& elements);
/// onupdate=, ondelete=, match=, use_alter=, postgresql_not_valid= ...
void apply_foreign_key_options(Interpreter& interpreter, const evaluate::Binder& bind, model::ForeignKey& key);
/// deferrable=, initially= of any constraint.
model::Deferral to_deferral(Interpreter& interpreter, const evaluate::Binder& bind);
/// postgresql_* / sqlite_* of a constraint; other dialects' are dropped.
void apply_constraint_options(Interpreter& interpreter, const evaluate::Binder& bind,
                              const std::vector<DialectOption>& options, model::Constraint& constraint);
/// Table options among the given keywords (those of `bind.extra()` and `comment`, `prefixes`).
TableOptions to_table_options(Interpreter& interpreter, const evaluate::Binder& bind,
                              const std::vector<std::pair<std::string, Value>>& keywords);
/// server_default= as Column takes it: str, expression, DefaultClause, FetchedValue (no expression), Identity,
/// Computed.
using ServerDefault = std::variant<std::monostate, model::Expression, model::Identity, model::Computed>;
ServerDefault to_server_default(Interpreter& interpreter, const Value& value, const std::string& needed_for);

/// The parts of schema_members, a file each.
std::unordered_map<std::string, Value> constraint_members();
std::unordered_map<std::string, Value> column_members(Context& context);
std::unordered_map<std::string, Value> table_members(Context& context);
/// Column, Table, MetaData, constraints, Index, Identity ...: what belongs in the module `sqlalchemy` and `.schema`.
std::unordered_map<std::string, Value> schema_members(Context& context);
/// ExcludeConstraint: what belongs in sqlalchemy.dialects.postgresql.
std::unordered_map<std::string, Value> postgresql_schema_members(Context& context);

}  // namespace bascule::formats::alembic
