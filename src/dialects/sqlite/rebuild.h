// What: the table that a batch makes out of an old one. Internal to this folder.
// Must not know: connections.
// Invariants: while the batch is applied, a column goes by the name that it had before it (its key), as in Alembic; a
// new name is understood too where no key is in its way. Names are replaced once, when the table is finished.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/identifier.h"
#include "dialects/dialect.h"
#include "dialects/sqlite/introspect.h"
#include "dialects/sqlite/rebuild_text.h"
#include "model/operation.h"

namespace bascule::dialects::sqlite {

struct DraftColumn {
  Identifier key;
  model::Column column;
  bool existed = false;             ///< in the old table
  bool was_generated = false;       ///< there
  std::optional<model::Type> cast;  ///< the type that its values are cast to on their way
};

struct DraftConstraint {
  model::Constraint value;
  std::vector<std::string> suffixes;  ///< see StoredConstraint
  bool from_database = false;         ///< its text, if any, uses the old names
};

struct DraftIndex {
  std::string name;
  std::optional<std::string> sql;  ///< as the database has it, else model
  model::Index index;
};

/// What the old table's column names have become, and what has become of columns.
class Draft {
 public:
  /// From the database.
  Draft(const model::BatchAlter& batch, StoredTable stored, const std::vector<StoredObject>& indexes);
  /// From what its author says.
  Draft(const model::BatchAlter& batch, const model::Table& copy_from);

  /// Applies the batch's items in order, and what else it asks for.
  Rendered<void> apply();

  /// The new table under another name.
  model::Table table(const Identifier& temporary_name) const;
  /// CREATE INDEX for the old table's indexes that are kept, then for the batch's own.
  Rendered<std::vector<std::string>> create_indexes() const;
  const std::vector<DraftColumn>& columns() const { return columns_; }
  const std::vector<Identifier>& dropped_columns() const { return dropped_; }
  /// Where a batch renames the whole table.
  const Identifier& new_table_name() const { return new_table_name_; }
  Renames renames() const;
  bool had_autoincrement() const { return had_autoincrement_; }

 private:
  friend struct BatchItemApplier;

  DraftColumn* find_column(const Identifier& name);
  const DraftColumn* find_column(const Identifier& name) const;
  Rendered<DraftColumn*> need_column(const Identifier& name);
  DraftConstraint* find_constraint(const Identifier& name);
  Unsupported no_constraint(const model::DropConstraint& drop) const;
  Unsupported no_index(const Identifier& name) const;
  std::string table_text() const { return display(batch_.table); }

  void finish_old_table();
  void override_reflected();
  void name_unnamed();
  Rendered<void> place_column(const model::AddColumn& add);
  Rendered<void> order_columns();
  void remove_primary_keys();
  Rendered<void> add_constraint(const model::Constraint& constraint, bool may_be_unnamed);
  void drop_type_checks(const DraftColumn& column, const model::Type& old_type);
  void forget_column(const Identifier& key);

  model::Constraint finished(const DraftConstraint& constraint, const Identifier& temporary_name) const;
  Identifier final_name_of(const Identifier& column) const;

  const model::BatchAlter& batch_;
  std::vector<DraftColumn> columns_;
  std::vector<DraftConstraint> constraints_;
  std::vector<DraftIndex> indexes_;
  std::vector<DraftIndex> new_indexes_;
  model::Table::Sqlite options_;
  std::vector<std::string> prefixes_;
  bool reflected_ = false;
  bool had_autoincrement_ = false;
  std::vector<Identifier> dropped_;
  std::vector<Identifier> existing_order_;                       ///< keys of the old table's columns that are left
  std::vector<std::pair<Identifier, Identifier>> column_order_;  ///< before, after
  Identifier new_table_name_;
};

/// SQLAlchemy's affinity: types of one affinity are copied as they are, others through a CAST.
enum class Affinity {
  kBoolean,
  kInteger,
  kNumeric,
  kFloat,
  kString,
  kDate,
  kTime,
  kDateTime,
  kInterval,
  kBinary,
  kJson,
  kUuid,
  kNone
};
Affinity affinity_of(const model::Type& type);

/// The columns that a constraint names (a key's columns, or those in an expression that are known to be columns).
std::vector<Identifier> columns_of(const model::Constraint& constraint);
const Identifier& name_of(const model::Constraint& constraint);
/// Whether an expression, of whatever kind, speaks of the column.
bool expression_mentions(const model::Expression& expression, const Identifier& column);

}  // namespace bascule::dialects::sqlite
