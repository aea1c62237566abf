// Columns: added, dropped, changed, renamed.
#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "dialects/mariadb/altering.h"
#include "dialects/mariadb/tokens.h"
#include "model/lookup.h"

namespace bascule::dialects::mariadb {

bool Altering::before_virtual(const Identifier& column) const {
  if (table_ == nullptr) return false;
  const auto at = std::find_if(table_->columns.begin(), table_->columns.end(),
                               [&](const model::Column& one) { return one.name == column; });
  return at != table_->columns.end() && std::any_of(at + 1, table_->columns.end(), is_virtual);
}

bool Altering::lacks(const Identifier& column) const {
  return table_ != nullptr && find_column(column) == nullptr && !adds_column(column);
}

void Altering::add_column(const Change& one) {
  const ColumnDefinition& definition = one.definition;
  const model::Column& column = definition.column;
  if (find_column(one.name) != nullptr && other_change(Kind::kDropColumn, one.name) == nullptr)
    return refuse("there is a column " + column_name(name_, one.name) + " already");
  if (definition.position && !definition.position->first && lacks(definition.position->second))
    return refuse("there is no column " + column_name(name_, definition.position->second));
  if (definition.names_versioning && table_ != nullptr && table_option(*table_, "versioned").empty())
    return refuse(display(name_) + " is not system-versioned");
  for (const model::Constraint& constraint : definition.constraints)
    if (const auto* key = std::get_if<model::ForeignKey>(&constraint)) add_foreign_key(*key);
  if (definition.primary_key) {
    if (table_ != nullptr && model::primary_key(*table_) != nullptr) return refuse("the table has a primary key");
    needs_.rebuild("rows lie in the order of the primary key");
  }
  if (definition.unique) needs_.index("an index is built", true);
  if (is_virtual(column)) {
    virtual_columns_change_ = true;
    return;
  }
  if (is_stored(column))
    return needs_.copy("the value of the generated column " + one.name.text() + " is computed for every row");
  if (column.autoincrement) {
    needs_.rebuild("every row gets a number");
    needs_.shared("rows are numbered meanwhile");
  }
  const std::string value = column.server_default ? sql_of(*column.server_default) : "";
  if (!value.empty() && default_per_row(value, table_))
    return needs_.copy("the default " + value + " is computed for every row");
  if (!definition.position) {
    adds_at_end_ = true;
  } else if (!since(server_, 10, 4)) {
    needs_.rebuild("before 10.4 only the last column is added without writing rows");
  } else if (definition.position->first ? any_column(is_virtual) : before_virtual(definition.position->second)) {
    moves_virtual_ = adds_in_front_ = true;
  }
  adds_stored_ = true;
  needs_.layout("a column is added");
}

void Altering::drop_column(const Change& one) {
  if (table_ == nullptr) return needs_.layout("a column is dropped");
  const model::Column* column = find_column(one.name);
  if (column == nullptr) return refuse("there is no column " + column_name(name_, one.name));
  for (const model::Column& other : table_->columns)
    if (other.computed && !(other.name == one.name) && mentions(sql_of(other.computed->sql), one.name) &&
        other_change(Kind::kDropColumn, other.name) == nullptr)
      return refuse("the generated column " + other.name.text() + " uses it");
  if (const model::PrimaryKey* key = model::primary_key(*table_);
      key != nullptr && model::contains(key->columns, one.name)) {
    if (key->columns.size() > 1 && !drops_primary_key()) return refuse("the primary key uses it");
    if (!refuse_if_referenced(one.name)) drop_primary_key();
  }
  if (refuse_if_referenced(one.name)) return;
  for (const model::Constraint& constraint : table_->constraints) {
    if (const auto* check = std::get_if<model::CheckConstraint>(&constraint)) {
      const std::string sql = sql_of(check->sql);
      const bool others = any_column(
          [&](const model::Column& other) { return !(other.name == one.name) && mentions(sql, other.name); });
      if (others && mentions(sql, one.name) && other_change(Kind::kDropConstraint, check->name) == nullptr)
        return refuse("the check " + check->name.text() + " uses it together with other columns");
      continue;
    }
    const auto* key = std::get_if<model::ForeignKey>(&constraint);
    if (key != nullptr && model::contains(key->columns, one.name) && !drops_foreign_key(key->name))
      return refuse("the foreign key " + key->name.text() + " uses it");
  }
  for (const model::Index& index : table_->indexes) {
    const auto columns = columns_of(index);
    if (!model::contains(columns, one.name) || other_change(Kind::kDropKey, index.name) != nullptr) continue;
    const bool goes = std::all_of(columns.begin(), columns.end(), [&](const Identifier& other) {
      return other_change(Kind::kDropColumn, other) != nullptr;
    });
    needs_.index(goes ? "its index goes with the column"
                      : "the index " + index.name.text() + " is built anew without the column",
                 !goes);
  }
  if (is_virtual(*column)) {
    virtual_columns_change_ = true;
    return;
  }
  if (before_virtual(one.name)) moves_virtual_ = true;
  if (!since(server_, 10, 4)) return needs_.rebuild("before 10.4 rows are written without the column");
  needs_.layout("a column is dropped");
}

bool Altering::refuse_if_referenced(const Identifier& column) {
  for (const model::Table& other : schema_.tables)
    for (const model::Constraint& constraint : other.constraints) {
      const auto* key = std::get_if<model::ForeignKey>(&constraint);
      if (key == nullptr || !model::same_name(key->referent, name_)) continue;
      if (model::contains(key->referent_columns, column)) {
        refuse("the foreign key " + key->name.text() + " of " + display(other.name) + " refers to it");
        return true;
      }
    }
  return false;
}

void Altering::modify_column(const Change& one) {
  const ColumnDefinition& definition = one.definition;
  const model::Column& wanted = definition.column;
  if (definition.unique) needs_.index("an index is built", true);
  if (definition.primary_key) needs_.rebuild("rows lie in the order of the primary key");
  if (table_ == nullptr) return modify_unknown(one);
  const model::Column* now = find_column(one.name);
  if (now == nullptr) return refuse("there is no column " + column_name(name_, one.name));
  if (!(one.new_name == one.name) && find_column(one.new_name) != nullptr)
    return refuse("there is a column " + column_name(name_, one.new_name) + " already");
  if (definition.position) move();
  if (now->computed || wanted.computed) return modify_generated(*now, wanted);
  change_type(one, *now);
  change_nullability(*now, wanted);
  if (wanted.autoincrement && !now->autoincrement) needs_.copy("every row gets its number");
}

void Altering::modify_unknown(const Change& one) {
  if (one.new_name == one.name || !one.definition.column.nullable) {
    assume("column " + column_name(name_, one.name) + ": its type is not known, taken to change");
    needs_.copy("the type of " + one.name.text() + " changes");
  }
}

void Altering::move() {
  if (!since(server_, 10, 4)) needs_.rebuild("before 10.4 rows are written with their columns in another order");
  needs_.layout("a column is moved");
}

void Altering::modify_generated(const model::Column& now, const model::Column& wanted) {
  if (is_virtual(now) != is_virtual(wanted)) return refuse("a column cannot become VIRTUAL, nor be VIRTUAL no longer");
  if (is_virtual(wanted)) return;
  if (is_stored(now) != is_stored(wanted)) return needs_.copy("the column is computed no longer, or from now on");
  if (sql_of(now.computed->sql) != sql_of(wanted.computed->sql))
    needs_.copy("the value of " + wanted.name.text() + " is computed anew for every row");
}

void Altering::change_type(const Change& one, const model::Column& now) {
  const auto* old_type = std::get_if<model::RawType>(&now.type);
  const auto* new_type = std::get_if<model::RawType>(&one.definition.column.type);
  if (old_type == nullptr || new_type == nullptr) return;
  std::string why;
  const TypeChange change = compare(read_type(old_type->sql), read_type(new_type->sql), text_, &why);
  if (change == TypeChange::kCopy) {
    if (const auto* key = foreign_key_over(one.name); key != nullptr && !drops_foreign_key(key->name))
      return refuse("the foreign key " + key->name.text() + " uses it");
    if (refuse_if_referenced(one.name)) return;
    needs_.copy(one.name.text() + ": " + why);
  }
  if (change == TypeChange::kCollation) sort_otherwise(one.name);
  if (change == TypeChange::kInstant && !since(server_, 10, 3)) needs_.rebuild("before 10.3 the table is written anew");
}

/// A column of text gets another collation.
void Altering::sort_otherwise(const Identifier& column) {
  const std::string& name = column.text();
  if (in_primary_key(column)) return needs_.copy(name + ": rows lie in the order of the primary key");
  if (!since(server_, 10, 4)) return needs_.copy(name + ": its collation changes");
  if (any_index([&](const model::Index& index) { return model::contains(columns_of(index), column); }))
    needs_.index("an index over " + name + " sorts otherwise", true);
}

const model::ForeignKey* Altering::foreign_key_over(const Identifier& column) const {
  for (const model::Constraint& constraint : table_->constraints)
    if (const auto* key = std::get_if<model::ForeignKey>(&constraint);
        key != nullptr && model::contains(key->columns, column))
      return key;
  return nullptr;
}

void Altering::change_nullability(const model::Column& now, const model::Column& wanted) {
  if (in_primary_key(now.name) || now.nullable == wanted.nullable) return;
  if (wanted.nullable) {
    if (!text_.redundant || !since(server_, 10, 4))
      needs_.rebuild(now.name.text() + " may be NULL: every row gets a bit for that");
    return;
  }
  assume("sql_mode: taken as strict; where it is not, SET NOT NULL copies the table and turns NULLs into zeros");
  const std::string value = wanted.server_default ? sql_of(*wanted.server_default) : "";
  if (!value.empty() && !is_literal(value))
    return needs_.copy("NULLs of " + now.name.text() + " would become " + value);
  if (any_column(is_stored)) return needs_.copy("NULL goes from a table with a STORED column");
  if (has_indexed_virtual()) return needs_.copy("NULL goes from a table with an index over a VIRTUAL column");
  needs_.rebuild(now.name.text() + " is NOT NULL: every row is written without its bit for that");
}

bool Altering::is_literal(std::string_view sql) {
  auto tokens = tokenize(sql);
  if (tokens.size() == 2 && (tokens[0].is('-') || tokens[0].is('+'))) tokens.erase(tokens.begin());
  if (tokens.size() != 1) return false;
  return tokens[0].kind == TokenKind::kString || tokens[0].kind == TokenKind::kNumber || tokens[0].is("TRUE") ||
         tokens[0].is("FALSE");
}

void Altering::rename_column(const Change& one) {
  if (!since(server_, 10, 5)) refuse("RENAME COLUMN came with 10.5.2: use CHANGE COLUMN");
  if (lacks(one.name)) return refuse("there is no column " + column_name(name_, one.name));
  const bool freed = other_change(Kind::kDropColumn, one.new_name) != nullptr ||
                     other_change(Kind::kRenameColumn, one.new_name) != nullptr;
  if (find_column(one.new_name) != nullptr && !freed)
    refuse("there is a column " + column_name(name_, one.new_name) + " already");
}

}  // namespace bascule::dialects::mariadb
