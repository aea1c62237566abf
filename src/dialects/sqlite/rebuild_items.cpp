#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/sqlite/rebuild.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects::sqlite {

namespace {

std::string quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back("'" + name + "'");
  return join(quoted, ", ");
}

/// The name that a Boolean or Enum gives its CHECK; creates: whether it makes one.
struct TypeName {
  Identifier name;
  bool creates = false;
};

TypeName type_name(const model::Type& type) {
  const model::Type& resolved = model::resolve_variant(type, "sqlite");
  if (const auto* scalar = std::get_if<model::ScalarType>(&resolved))
    return {scalar->constraint_name, scalar->create_constraint};
  if (const auto* choice = std::get_if<model::EnumType>(&resolved))
    return {choice->name.name, choice->create_constraint};
  return {};
}

/// Whether a value has to be cast on its way into the new type. Alembic casts wherever the affinity changes, JSON
/// excepted. Dates and UUIDs are excepted here too: SQLite stores them as text, and CAST('2024-01-31' AS DATETIME) is
/// 2024.
bool needs_cast(const model::Type& from, const model::Type& to) {
  const Affinity target = affinity_of(to);
  if (affinity_of(from) == target) return false;
  switch (target) {
    case Affinity::kJson:
    case Affinity::kDate:
    case Affinity::kTime:
    case Affinity::kDateTime:
    case Affinity::kInterval:
      return false;
    case Affinity::kUuid: {
      const auto* scalar = std::get_if<model::ScalarType>(&model::resolve_variant(to, "sqlite"));
      return scalar != nullptr && scalar->kind == model::ScalarKind::kUuid;  // CHAR(32) is text, UUID a number
    }
    case Affinity::kBoolean:
    case Affinity::kInteger:
    case Affinity::kNumeric:
    case Affinity::kFloat:
    case Affinity::kString:
    case Affinity::kBinary:
    case Affinity::kNone:
      return true;
  }
  return true;
}

}  // namespace

Affinity affinity_of(const model::Type& type) {
  using model::ScalarKind;
  const model::Type& resolved = model::resolve_variant(type, "sqlite");
  if (std::holds_alternative<model::EnumType>(resolved)) return Affinity::kString;
  if (const auto* native = std::get_if<model::NativeType>(&resolved)) {
    if (native->sql.starts_with("JSON")) return Affinity::kJson;
    const model::Type reflected = reflected_type(native->sql, "");
    return std::holds_alternative<model::ScalarType>(reflected) ? affinity_of(reflected) : Affinity::kNone;
  }
  const auto* scalar = std::get_if<model::ScalarType>(&resolved);
  if (scalar == nullptr) return Affinity::kNone;
  switch (scalar->kind) {
    case ScalarKind::kBoolean:
    case ScalarKind::kSqlBoolean:
      return Affinity::kBoolean;
    case ScalarKind::kSmallInteger:
    case ScalarKind::kInteger:
    case ScalarKind::kBigInteger:
    case ScalarKind::kSqlSmallint:
    case ScalarKind::kSqlInteger:
    case ScalarKind::kSqlBigint:
      return Affinity::kInteger;
    case ScalarKind::kNumeric:
    case ScalarKind::kSqlNumeric:
    case ScalarKind::kSqlDecimal:
      return Affinity::kNumeric;
    case ScalarKind::kFloat:
    case ScalarKind::kDouble:
    case ScalarKind::kSqlFloat:
    case ScalarKind::kSqlReal:
    case ScalarKind::kSqlDouble:
    case ScalarKind::kSqlDoublePrecision:
      return Affinity::kFloat;
    case ScalarKind::kString:
    case ScalarKind::kText:
    case ScalarKind::kUnicode:
    case ScalarKind::kUnicodeText:
    case ScalarKind::kSqlChar:
    case ScalarKind::kSqlVarchar:
    case ScalarKind::kSqlNchar:
    case ScalarKind::kSqlNvarchar:
    case ScalarKind::kSqlText:
    case ScalarKind::kSqlClob:
      return Affinity::kString;
    case ScalarKind::kDate:
    case ScalarKind::kSqlDate:
      return Affinity::kDate;
    case ScalarKind::kTime:
    case ScalarKind::kSqlTime:
      return Affinity::kTime;
    case ScalarKind::kDateTime:
    case ScalarKind::kSqlDatetime:
    case ScalarKind::kSqlTimestamp:
      return Affinity::kDateTime;
    case ScalarKind::kInterval:
      return Affinity::kInterval;
    case ScalarKind::kLargeBinary:
    case ScalarKind::kSqlBlob:
    case ScalarKind::kSqlBinary:
    case ScalarKind::kSqlVarbinary:
      return Affinity::kBinary;
    case ScalarKind::kJson:
    case ScalarKind::kSqlJson:
      return Affinity::kJson;
    case ScalarKind::kUuid:
    case ScalarKind::kSqlUuid:
      return Affinity::kUuid;
    case ScalarKind::kNull:
      return Affinity::kNone;
  }
  return Affinity::kNone;
}

struct BatchItemApplier {
  Draft& draft;

  Rendered<void> operator()(const model::AddColumn& add) const {
    if (draft.find_column(add.column.name) != nullptr) {
      if (add.if_not_exists) return {};
      return failure(Unsupported{
          fmt::format("the table '{}' has a column '{}' already", draft.table_text(), add.column.name.text()),
          "leave it out, or drop or rename the old one in a batch_alter_table block of its own before this one"});
    }
    BASCULE_TRY(draft.place_column(add));
    draft.columns_.push_back(DraftColumn{.key = add.column.name, .column = add.column});
    for (const model::Constraint& constraint : add.constraints) BASCULE_TRY(draft.add_constraint(constraint, false));
    for (const model::Index& index : add.indexes)
      draft.new_indexes_.push_back(DraftIndex{index.name.text(), std::nullopt, index});
    return {};
  }

  Rendered<void> operator()(const model::DropColumn& drop) const {
    const DraftColumn* column = draft.find_column(drop.column);
    if (column == nullptr && drop.if_exists) return {};
    if (column == nullptr) BASCULE_TRY(draft.need_column(drop.column));
    draft.forget_column(Identifier(column->key));
    return {};
  }

  Rendered<void> operator()(const model::AlterColumn& alter) const {
    BASCULE_TRY_ASSIGN(DraftColumn * column, draft.need_column(alter.column));
    if (alter.type && alter.existing_type) draft.drop_type_checks(*column, *alter.existing_type);
    if (alter.new_name && *alter.new_name != column->column.name) {
      column->column.name = *alter.new_name;
      if (alter.existing_type) {
        const TypeName old = type_name(*alter.existing_type);
        std::erase_if(draft.constraints_, [&](const DraftConstraint& item) {
          return !old.name.empty() && name_of(item.value) == old.name;
        });
      }
    }
    if (alter.type) {
      draft.drop_type_checks(*column, column->column.type);
      if (needs_cast(column->column.type, *alter.type)) column->cast = *alter.type;
      column->column.type = *alter.type;
    }
    if (alter.nullable) column->column.nullable = *alter.nullable;
    if (alter.server_default) BASCULE_TRY(change_default(column->column, *alter.server_default));
    for (const model::Constraint& check : alter.type_constraints) BASCULE_TRY(draft.add_constraint(check, true));
    return {};
  }

  static Rendered<void> change_default(model::Column& column, const model::DefaultChange& change) {
    if (std::holds_alternative<model::DropDefault>(change)) {
      column.server_default.reset();
      column.computed.reset();
    } else if (const auto* expression = std::get_if<model::Expression>(&change)) {
      column.server_default = *expression;
    } else if (const auto* computed = std::get_if<model::Computed>(&change)) {
      column.computed = *computed;
      column.server_default.reset();
    } else {
      return failure(
          Unsupported{fmt::format("SQLite has no identity columns, so '{}' cannot become one", column.name.text()),
                      "an INTEGER PRIMARY KEY numbers itself; guard the change: if "
                      "op.get_context().dialect.name == \"postgresql\":"});
    }
    return {};
  }

  Rendered<void> operator()(const model::AddConstraint& add) const {
    if (add.if_not_exists && draft.find_constraint(name_of(add.constraint)) != nullptr) return {};
    return draft.add_constraint(add.constraint, false);
  }

  Rendered<void> operator()(const model::DropConstraint& drop) const {
    const DraftConstraint* found = draft.find_constraint(drop.name);
    if (found == nullptr && drop.if_exists) return {};
    if (found == nullptr || drop.name.empty()) return failure(draft.no_constraint(drop));
    draft.constraints_.erase(draft.constraints_.begin() + (found - draft.constraints_.data()));
    return {};
  }

  Rendered<void> operator()(const model::CreateIndex& create) const {
    const auto has = [&](const std::vector<DraftIndex>& indexes) {
      return std::any_of(indexes.begin(), indexes.end(),
                         [&](const DraftIndex& index) { return index.name == create.index.name.text(); });
    };
    if (create.if_not_exists && (has(draft.indexes_) || has(draft.new_indexes_))) return {};
    draft.new_indexes_.push_back(DraftIndex{create.index.name.text(), std::nullopt, create.index});
    return {};
  }

  Rendered<void> operator()(const model::DropIndex& drop) const {
    const auto erased =
        std::erase_if(draft.indexes_, [&](const DraftIndex& index) { return index.name == drop.name.name.text(); });
    if (erased == 0 && !drop.if_exists) return failure(draft.no_index(drop.name.name));
    return {};
  }

  Rendered<void> operator()(const model::SetTableComment&) const { return {}; }  // SQLite keeps none

  Rendered<void> operator()(const model::RenameTable& rename) const {
    draft.new_table_name_ = rename.new_name;
    return {};
  }
};
static_assert(kCovers<BatchItemApplier, model::BatchItem>);

Rendered<void> Draft::apply() {
  for (const model::BatchItem& item : batch_.items) BASCULE_TRY(std::visit(BatchItemApplier{*this}, item));
  for (const model::Constraint& constraint : batch_.table_constraints) BASCULE_TRY(add_constraint(constraint, true));
  for (const model::Index& index : batch_.table_indexes)
    new_indexes_.push_back(DraftIndex{index.name.text(), std::nullopt, index});
  for (const DraftConstraint& constraint : constraints_) {
    if (constraint.from_database) continue;
    for (const Identifier& column : columns_of(constraint.value)) BASCULE_TRY(need_column(column));
  }
  if (columns_.empty())
    return failure(
        Unsupported{fmt::format("no column would be left in '{}'", table_text()), "drop the table: op.drop_table"});
  return order_columns();
}

Rendered<DraftColumn*> Draft::need_column(const Identifier& name) {
  if (DraftColumn* column = find_column(name)) return column;
  std::vector<std::string> names;
  for (const DraftColumn& column : columns_) names.push_back(column.key.text());
  Unsupported problem{fmt::format("the table '{}' has no column '{}'", table_text(), name.text()), ""};
  const auto near = did_you_mean(name.text(), names);
  problem.help = (near ? "did you mean '" + *near + "'? " : "") + "its columns are: " + quoted_list(names);
  return failure(std::move(problem));
}

Unsupported Draft::no_constraint(const model::DropConstraint& drop) const {
  std::vector<std::string> names;
  std::size_t unnamed = 0;
  for (const DraftConstraint& item : constraints_) {
    if (!name_of(item.value).empty()) {
      names.push_back(name_of(item.value).text());
    } else if (!std::holds_alternative<model::PrimaryKey>(item.value)) {
      ++unnamed;
    }
  }
  Unsupported problem{fmt::format("No such constraint: '{}' on the table '{}'", drop.name.text(), table_text()), ""};
  const bool is_index = std::any_of(indexes_.begin(), indexes_.end(),
                                    [&](const DraftIndex& index) { return index.name == drop.name.text(); });
  if (is_index) {
    problem.help = fmt::format("it is an index: batch_op.drop_index(\"{}\")", drop.name.text());
    return problem;
  }
  if (const auto near = did_you_mean(drop.name.text(), names)) problem.help = "did you mean '" + *near + "'? ";
  problem.help += names.empty() ? "it has no constraint with a name" : "its constraints are: " + quoted_list(names);
  if (unnamed > 0)
    problem.help += fmt::format(
        "; {} without a name: say how they would be named with "
        "batch_alter_table(..., naming_convention={{...}})",
        unnamed);
  return problem;
}

Unsupported Draft::no_index(const Identifier& name) const {
  std::vector<std::string> names;
  for (const DraftIndex& index : indexes_) names.push_back(index.name);
  Unsupported problem{fmt::format("No such index: '{}' on the table '{}'", name.text(), table_text()), ""};
  const bool is_constraint = std::any_of(constraints_.begin(), constraints_.end(),
                                         [&](const DraftConstraint& item) { return name_of(item.value) == name; });
  if (is_constraint) {
    problem.help = fmt::format("it is a constraint: batch_op.drop_constraint(\"{}\")", name.text());
    return problem;
  }
  if (const auto near = did_you_mean(name.text(), names)) problem.help = "did you mean '" + *near + "'? ";
  problem.help += names.empty() ? "it has no index" : "its indexes are: " + quoted_list(names);
  return problem;
}

void Draft::remove_primary_keys() {
  std::erase_if(constraints_,
                [](const DraftConstraint& item) { return std::holds_alternative<model::PrimaryKey>(item.value); });
}

Rendered<void> Draft::add_constraint(const model::Constraint& constraint, bool may_be_unnamed) {
  const Identifier& name = name_of(constraint);
  const bool needs_name = std::holds_alternative<model::UniqueConstraint>(constraint) ||
                          std::holds_alternative<model::ForeignKey>(constraint);
  if (name.empty() && needs_name && !may_be_unnamed) {
    std::vector<std::string> columns;
    for (const Identifier& column : columns_of(constraint)) columns.push_back(column.text());
    return failure(
        Unsupported{fmt::format("the constraint on {} of '{}' must have a name, or nothing could drop it later",
                                quoted_list(columns), table_text()),
                    "give it one (name=..., or the first argument of create_unique_constraint and "
                    "create_foreign_key), or set a naming convention"});
  }
  if (std::holds_alternative<model::PrimaryKey>(constraint)) remove_primary_keys();
  if (DraftConstraint* old = name.empty() ? nullptr : find_constraint(name)) {
    *old = DraftConstraint{constraint, {}, false};
  } else {
    constraints_.push_back(DraftConstraint{constraint, {}, false});
  }
  return {};
}

void Draft::drop_type_checks(const DraftColumn& column, const model::Type& old_type) {
  const TypeName old = type_name(old_type);
  std::erase_if(constraints_, [&](const DraftConstraint& item) {
    const auto* check = std::get_if<model::CheckConstraint>(&item.value);
    if (check == nullptr) return false;
    if (!check->name.empty()) return old.creates && check->name == old.name;
    const auto text = sqlite_dialect().expression(check->sql);
    return text && is_membership_test(*text, column.key.text());
  });
}

void Draft::forget_column(const Identifier& key) {
  for (DraftConstraint& item : constraints_) {
    auto* primary = std::get_if<model::PrimaryKey>(&item.value);
    if (primary == nullptr) continue;
    for (std::size_t i = primary->columns.size(); i-- > 0;) {
      if (find_column(primary->columns[i])->key != key) continue;
      primary->columns.erase(primary->columns.begin() + static_cast<std::ptrdiff_t>(i));
      if (i < item.suffixes.size()) item.suffixes.erase(item.suffixes.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  std::erase_if(constraints_, [](const DraftConstraint& item) {
    const auto* primary = std::get_if<model::PrimaryKey>(&item.value);
    return primary != nullptr && primary->columns.empty();
  });
  std::erase_if(columns_, [&](const DraftColumn& column) { return column.key == key; });
  std::erase(existing_order_, key);
  dropped_.push_back(key);
}

/// Alembic's way to find a new column's neighbours, measured: the place is said by pairs "this one before that one".
Rendered<void> Draft::place_column(const model::AddColumn& add) {
  const auto key_of = [&](const Identifier& name) {
    const DraftColumn* column = find_column(name);
    return column == nullptr ? name : column->key;
  };
  for (const Identifier& neighbour : {add.insert_before, add.insert_after})
    if (!neighbour.empty()) BASCULE_TRY(need_column(neighbour));
  Identifier before = add.insert_before.empty() ? Identifier() : key_of(add.insert_before);
  Identifier after = add.insert_after.empty() ? Identifier() : key_of(add.insert_after);
  if (batch_.partial_reordering.empty()) {
    const auto place = [&](const Identifier& key) {
      return std::find(existing_order_.begin(), existing_order_.end(), key);
    };
    if (!after.empty() && before.empty()) {
      if (const auto at = place(after); at != existing_order_.end()) {
        if (at + 1 != existing_order_.end()) before = *(at + 1);
      } else {  // after a column that is new itself
        for (const auto& [first, second] : column_order_)
          if (first == after) before = second;
      }
    } else if (!before.empty() && after.empty()) {
      if (const auto at = place(before); at != existing_order_.end()) {
        if (at != existing_order_.begin()) after = *(at - 1);
      } else {
        for (const auto& [first, second] : column_order_)
          if (second == before) after = first;
      }
    }
  }
  if (!before.empty()) column_order_.emplace_back(add.column.name, before);
  if (!after.empty()) column_order_.emplace_back(after, add.column.name);
  if (batch_.partial_reordering.empty() && before.empty() && after.empty() && !existing_order_.empty())
    column_order_.emplace_back(existing_order_.back(), add.column.name);
  return {};
}

/// SQLAlchemy's topological sort: rounds of all columns that wait for nobody, each in the order at hand.
Rendered<void> Draft::order_columns() {
  if (batch_.partial_reordering.empty() && column_order_.empty()) return {};
  std::map<Identifier, std::set<Identifier>> waits_for;
  const auto pair = [&](const Identifier& first, const Identifier& second) {
    if (first != second) waits_for[second].insert(first);
  };
  if (batch_.partial_reordering.empty()) {
    for (std::size_t i = 1; i < existing_order_.size(); ++i) pair(existing_order_[i - 1], existing_order_[i]);
  } else {
    for (const auto& sequence : batch_.partial_reordering)
      for (std::size_t i = 1; i < sequence.size(); ++i) pair(sequence[i - 1], sequence[i]);
  }
  for (const auto& [first, second] : column_order_) pair(first, second);
  std::vector<DraftColumn> todo = std::move(columns_);
  columns_.clear();
  while (!todo.empty()) {
    std::set<Identifier> left;
    for (const DraftColumn& column : todo) left.insert(column.key);
    std::vector<DraftColumn> next;
    const std::size_t placed = columns_.size();
    for (DraftColumn& column : todo) {
      const auto& waits = waits_for[column.key];
      const bool ready =
          std::none_of(waits.begin(), waits.end(), [&](const Identifier& key) { return left.contains(key); });
      (ready ? columns_ : next).push_back(std::move(column));
    }
    if (columns_.size() == placed)
      return failure(Unsupported{fmt::format("the wished order of the columns of '{}' goes in a circle", table_text()),
                                 "correct insert_before, insert_after or partial_reordering"});
    todo = std::move(next);
  }
  return {};
}

}  // namespace bascule::dialects::sqlite
