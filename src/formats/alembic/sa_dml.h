// What: tables as statements see them (sa.table, what op.create_table returns), and insert/update/delete on them.
// Must not know: DDL (sa_schema's Table is a TableClause and knows it), rendering.
// Invariants: a statement object is never changed; its methods return a bigger one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "formats/alembic/convert.h"

namespace bascule::formats::alembic {

/// A column as expressions see it: sa.column("x", sa.String), table.c.x. sa.Column may derive from it.
class ColumnClause : public ExpressionObject {
 public:
  /// type: null when not said. table: empty for a free-standing column.
  ColumnClause(Identifier name, std::shared_ptr<TypeObject> type, QualifiedName table = {});
  const Identifier& name() const { return name_; }
  const std::shared_ptr<TypeObject>& type_object() const { return type_object_; }
  const QualifiedName& table() const { return table_; }
  /// The name in table.c and in values(): Column(key=); else the name.
  std::string key;
  /// Column(default=) / (onupdate=), applied by insert() / update() where the statement gives no value. Callables too.
  std::optional<Value> insert_default, update_default;

  std::string type_name() const override { return "Column"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  /// The column becomes one of that table.
  void attach(QualifiedName table, int source = 0);

 private:
  Identifier name_;
  std::shared_ptr<TypeObject> type_object_;
  QualifiedName table_;
};

/// sa.table("x", sa.column("a")), and the base of sa.Table: .c / .columns, .insert(), .update(), .delete(), .name ...
class TableClause : public evaluate::Object {
 public:
  explicit TableClause(QualifiedName name, std::vector<std::shared_ptr<ColumnClause>> columns = {});
  const QualifiedName& table_name() const { return name_; }
  const std::vector<std::shared_ptr<ColumnClause>>& table_columns() const { return columns_; }
  /// The column by its key; null if there is none.
  std::shared_ptr<ColumnClause> find_column(std::string_view key) const;
  void add_column(std::shared_ptr<ColumnClause> column);
  /// The table as FROM takes it.
  virtual model::FromItem from_item() const;
  /// Where aliases and queries of it are noted. REQUIRES: set_recorder was called.
  Recorder& recorder() const { return *recorder_; }
  void set_recorder(Recorder& recorder) { recorder_ = &recorder; }

  std::string type_name() const override { return "Table"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::string repr(Interpreter& interpreter) override;

 protected:
  QualifiedName name_;
  std::vector<std::shared_ptr<ColumnClause>> columns_;

 private:
  Recorder* recorder_ = nullptr;
};

/// op.bulk_insert(table, rows): one statement for rows of the same keys (multiinsert), as Alembic runs it: the first
/// row's keys decide the columns. rows: a list of dicts. Empty when there are no rows.
std::vector<model::InsertStatement> bulk_insert_statements(Interpreter& interpreter, const TableClause& table,
                                                           const Value& rows, bool multiinsert);

/// The names that belong in the module `sqlalchemy`: table, column, insert, update, delete, select ...
std::unordered_map<std::string, Value> dml_members(Recorder& recorder);

/// insert() of a dialect's module, with on_conflict_do_nothing() and on_conflict_do_update() to be refused clearly.
void add_dialect_insert(std::unordered_map<std::string, Value>& members, Recorder& recorder);

}  // namespace bascule::formats::alembic
