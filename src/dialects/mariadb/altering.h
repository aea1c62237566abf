// What: the judgement of one ALTER TABLE, CREATE INDEX or DROP INDEX on a table as the schema has it. Internal to the
// lock model.
// Must not know: rules, what a statement's text looks like.
// Where a method lives: columns in locks_columns.cpp, keys and constraints in locks_keys.cpp, the rest in
// locks_alter.cpp.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "dialects/mariadb/alteration.h"
#include "dialects/mariadb/column_type.h"

namespace bascule::dialects::mariadb {

class Altering {
 public:
  Altering(const Statement& statement, const model::Schema& schema, const Server& server);
  plan::Impact judge();

 private:
  using Kind = Change::Kind;
  using KeyKind = KeyDefinition::Kind;

  plan::Impact refused();
  void refuse(std::string why);
  void assume(std::string what);
  /// A table that nothing speaks of: a view, or one that files do not know.
  bool may_be_there();

  // What the table has.
  const model::Column* find_column(const Identifier& name) const;
  bool adds_column(const Identifier& name) const;
  const Change* other_change(Kind kind, const Identifier& name) const;
  bool drops_foreign_key(const Identifier& name) const;
  template <class Test>
  bool any_index(Test test) const {
    return table_ != nullptr && std::any_of(table_->indexes.begin(), table_->indexes.end(), test);
  }
  bool has_fulltext() const;
  /// Afterwards, as far as dropped columns and keys tell.
  bool keeps_fulltext() const;
  template <class Test>
  bool any_column(Test test) const {
    return table_ != nullptr && std::any_of(table_->columns.begin(), table_->columns.end(), test);
  }
  bool has_indexed_virtual() const;
  bool in_primary_key(const Identifier& column) const;
  bool partitioned() const;
  /// Columns may be added, dropped and moved without writing a row.
  bool layout_is_instant() const;
  /// Whether a virtual column stands behind this one: it moves when this one comes, goes or moves.
  bool before_virtual(const Identifier& column) const;

  // The changes.
  void change(const Change& one);
  /// IF NOT EXISTS of what is there, IF EXISTS of what is not.
  bool there_already(const Change& one) const;
  bool lacks(const Identifier& column) const;
  bool is_foreign_key(const Identifier& name) const;
  void alone_exclusive(std::string why);
  void add_column(const Change& one);
  void drop_column(const Change& one);
  /// The column of a key that foreign keys refer to.
  bool refuse_if_referenced(const Identifier& column);
  void modify_column(const Change& one);
  void modify_unknown(const Change& one);
  void move();
  void modify_generated(const model::Column& now, const model::Column& wanted);
  void change_type(const Change& one, const model::Column& now);
  void sort_otherwise(const Identifier& column);
  const model::ForeignKey* foreign_key_over(const Identifier& column) const;
  void change_nullability(const model::Column& now, const model::Column& wanted);
  static bool is_literal(std::string_view sql);
  void rename_column(const Change& one);

  // Keys.
  bool drops_primary_key() const;
  bool adds_primary_key() const;
  void add_key(const Change& one);
  void drop_primary_key();
  void drop_key(const Change& one);
  /// An index that a foreign key on either side cannot do without.
  bool refuse_if_needed(const model::Index& index);

  // Constraints.
  void add_check(const Change& one);
  void drop_constraint(const Change& one);
  void add_foreign_key(const model::ForeignKey& key);
  bool refuse_target(const model::ForeignKey& key);

  // The table as a whole.
  void convert(const Change& one);
  void option(const Change& one);
  void partition(const Change& one);

  // Together.
  void put_together();
  void together_in_innodb();
  std::string layout_reason() const;
  /// Since 11.2 rows are copied while others write, where nothing speaks against it.
  bool copies_online() const;
  static Algorithm algorithm_named(const std::string& name);
  std::string hardest_reason() const;
  void grant_wishes();
  void tell();
  std::string meaning() const;

  const Statement& statement_;
  const model::Schema& schema_;
  const Server& server_;
  QualifiedName name_;
  const model::Table* table_ = nullptr;
  TableText text_;
  bool innodb_ = true;
  Needs needs_;
  plan::Impact impact_;
  std::vector<QualifiedName> new_parents_;
  bool virtual_columns_change_ = false, moves_virtual_ = false, adds_in_front_ = false;
  bool adds_stored_ = false, adds_at_end_ = false, asked_for_lock_ = false, is_partition_work_ = false;
};

}  // namespace bascule::dialects::mariadb
