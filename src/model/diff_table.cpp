// What differs between a table and itself: columns, constraints, indexes, comments, its place among partitions.
#include <algorithm>
#include <utility>

#include "base/overload.h"
#include "model/diff_parts.h"
#include "model/sql_words.h"

namespace bascule::model {

namespace {

struct KindOfConstraint {
  ConstraintKind operator()(const PrimaryKey&) const { return ConstraintKind::kPrimaryKey; }
  ConstraintKind operator()(const UniqueConstraint&) const { return ConstraintKind::kUnique; }
  ConstraintKind operator()(const ForeignKey&) const { return ConstraintKind::kForeignKey; }
  ConstraintKind operator()(const CheckConstraint&) const { return ConstraintKind::kCheck; }
  ConstraintKind operator()(const ExcludeConstraint&) const { return ConstraintKind::kExclude; }
};
static_assert(kCovers<KindOfConstraint, Constraint>);

std::optional<DefaultChange> default_of(const Column& column) {
  if (column.identity) return DefaultChange(*column.identity);
  if (column.computed) return DefaultChange(*column.computed);
  if (column.server_default) return DefaultChange(*column.server_default);
  return std::nullopt;
}

Constraint without_comment(Constraint constraint) {
  std::visit([](auto& item) { item.comment.reset(); }, constraint);
  return constraint;
}
const std::optional<std::string>& comment_of(const Constraint& constraint) {
  return std::visit([](const auto& item) -> const std::optional<std::string>& { return item.comment; }, constraint);
}

/// Only NOT VALID differs, and it is valid now.
bool only_validated(const Constraint& from, const Constraint& to) {
  const auto validated = [](Constraint constraint) {
    if (auto* key = std::get_if<ForeignKey>(&constraint)) key->not_valid = false;
    if (auto* check = std::get_if<CheckConstraint>(&constraint)) check->not_valid = false;
    return constraint;
  };
  return validated(from) == to;
}

class TableDiff {
 public:
  TableDiff(const Table& from, const Table& to, Stages& stages) : from_(from), to_(to), stages_(stages) {}

  /// Whether columns went or changed their type.
  bool run() {
    partitions();
    columns();
    constraints();
    indexes();
    if (from_.comment != to_.comment) stages_.comments.emplace_back(SetTableComment{to_.name, to_.comment});
    return changed_;
  }

 private:
  void partitions() {
    const auto& old = from_.postgresql;
    const auto& now = to_.postgresql;
    if (old.partition_of == now.partition_of && old.partition_bound == now.partition_bound) return;
    if (!old.partition_of.name.empty()) stages_.drop_parts.emplace_back(DetachPartition{old.partition_of, to_.name});
    if (!now.partition_of.name.empty())
      stages_.add_parts.emplace_back(AttachPartition{now.partition_of, to_.name, now.partition_bound});
  }

  void columns() {
    for (const Column& column : to_.columns) {
      const Column* old = find_column(from_, column.name);
      if (old == nullptr) {
        stages_.columns.emplace_back(addition(column));
      } else if (!(old->computed == column.computed)) {
        // PostgreSQL cannot make a column generated, or stop it from being so in every version: it is made anew.
        drop(*old);
        stages_.add_parts.emplace_back(addition(column));
        remade_.push_back(column.name);
      } else if (!(*old == column)) {
        alter(*old, column);
      }
    }
    for (const Column& column : from_.columns)
      if (find_column(to_, column.name) == nullptr) drop(column);
  }

  AddColumn addition(const Column& column) const {
    AddColumn add;
    add.table = to_.name;
    add.column = column;
    return add;
  }
  void drop(const Column& column) {
    stages_.drop_columns.emplace_back(DropColumn{to_.name, column.name});
    changed_ = true;
  }

  void alter(const Column& old, const Column& now) {
    AlterColumn change;
    change.table = to_.name;
    change.column = now.name;
    change.existing_type = old.type;
    change.existing_nullable = old.nullable;
    change.existing_server_default = default_of(old);
    change.existing_comment = old.comment;
    const AlterColumn blank = change;
    if (!(old.type == now.type)) {
      change.type = now.type;
      changed_ = true;
    }
    if (old.nullable != now.nullable) change.nullable = now.nullable;
    if (old.comment != now.comment) change.comment = AlterColumn::CommentChange{now.comment};
    if (old.autoincrement != now.autoincrement) {
      change.autoincrement = now.autoincrement;
      if (!now.autoincrement && !now.server_default && !now.identity) change.server_default = DropDefault{};
    }
    if (!(old.identity == now.identity) || !(old.server_default == now.server_default))
      change.server_default = default_of(now).value_or(DropDefault{});
    // An identity cannot become a plain default in one step, nor the other way round.
    const bool exchange = change.server_default && old.identity.has_value() != now.identity.has_value() &&
                          default_of(old) && default_of(now);
    if (exchange) {
      AlterColumn first = blank;
      first.server_default = DropDefault{};
      stages_.columns.emplace_back(std::move(first));
      change.existing_server_default.reset();
    }
    // Dropping an identity leaves the column NOT NULL.
    if (old.identity && !now.identity && now.nullable) change.nullable = true;
    if (!(change == blank)) stages_.columns.emplace_back(std::move(change));
    if (!(old.sqlite_options == now.sqlite_options)) changed_ = true;
  }

  bool remade(const std::vector<Identifier>& columns) const {
    return std::any_of(columns.begin(), columns.end(), [&](const Identifier& one) { return contains(remade_, one); });
  }
  bool remade(const Constraint& constraint) const {
    const auto* check = std::get_if<CheckConstraint>(&constraint);
    return remade(constraint_columns(constraint)) ||
           (check != nullptr && std::any_of(remade_.begin(), remade_.end(), [&](const Identifier& column) {
              return mentions_column(check->sql, column);
            }));
  }
  bool remade(const Index& index) const {
    return std::any_of(remade_.begin(), remade_.end(), [&](const Identifier& column) {
      return contains(index.postgresql.include, column) ||
             (index.postgresql.where && mentions_column(*index.postgresql.where, column)) ||
             std::any_of(index.elements.begin(), index.elements.end(),
                         [&](const IndexElement& element) { return mentions_column(element.sql, column); });
    });
  }

  void constraints() {
    for (const Constraint& item : to_.constraints) {
      const Constraint* old = counterpart(from_, item);
      if (old != nullptr && without_comment(*old) == without_comment(item) && !remade(item)) {
        comment(*old, item);
      } else if (old != nullptr && !remade(item) && only_validated(without_comment(*old), without_comment(item))) {
        stages_.add_keys.emplace_back(ValidateConstraint{to_.name, constraint_name(item)});
        comment(*old, item);
      } else {
        if (old != nullptr) drop(*old);
        add(item);
      }
    }
    for (const Constraint& item : from_.constraints)
      if (counterpart(to_, item) == nullptr) drop(item);
  }
  /// The same constraint in the other table: by its name, or, where it has none, by being equal.
  static const Constraint* counterpart(const Table& table, const Constraint& item) {
    if (!constraint_name(item).empty()) return find_constraint(table, constraint_name(item));
    const auto found = std::find_if(table.constraints.begin(), table.constraints.end(), [&](const Constraint& other) {
      return without_comment(other) == without_comment(item);
    });
    return found == table.constraints.end() ? nullptr : &*found;
  }
  void comment(const Constraint& old, const Constraint& now) {
    if (comment_of(old) != comment_of(now))
      stages_.comments.emplace_back(SetConstraintComment{to_.name, constraint_name(now), comment_of(now)});
  }
  void add(const Constraint& item) {
    const bool key = std::holds_alternative<ForeignKey>(item);
    (key ? stages_.add_keys : stages_.add_parts).emplace_back(AddConstraint{to_.name, item});
  }
  void drop(const Constraint& item) {
    const bool key = std::holds_alternative<ForeignKey>(item);
    (key ? stages_.drop_keys : stages_.drop_parts)
        .emplace_back(DropConstraint{to_.name, constraint_name(item), std::visit(KindOfConstraint{}, item)});
  }

  void indexes() {
    const auto drop = [&](const Index& index) {
      stages_.drop_parts.emplace_back(DropIndex{to_.name, QualifiedName{to_.name.schema, index.name}});
    };
    for (const Index& index : to_.indexes) {
      const Index* old = find_index(from_, index.name);
      if (old != nullptr && *old == index && !remade(index)) continue;
      if (old != nullptr) drop(*old);
      stages_.add_parts.emplace_back(CreateIndex{to_.name, index});
    }
    for (const Index& index : from_.indexes)
      if (find_index(to_, index.name) == nullptr) drop(index);
  }

  const Table& from_;
  const Table& to_;
  Stages& stages_;
  bool changed_ = false;
  std::vector<Identifier> remade_;
};

}  // namespace

void diff_table(const Table& from, const Table& to, Stages& stages, std::set<std::string>& changed_tables) {
  if (TableDiff(from, to, stages).run()) changed_tables.insert(name_key(to.name));
}

}  // namespace bascule::model
