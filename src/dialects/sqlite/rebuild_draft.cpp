#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/overload.h"
#include "base/text.h"
#include "dialects/sqlite/rebuild.h"
#include "dialects/sqlite/sqlite.h"
#include "model/naming.h"

namespace bascule::dialects::sqlite {

namespace {

struct ColumnsOf {
  std::vector<Identifier> operator()(const model::PrimaryKey& key) const { return key.columns; }
  std::vector<Identifier> operator()(const model::UniqueConstraint& unique) const { return unique.columns; }
  std::vector<Identifier> operator()(const model::ForeignKey& key) const { return key.columns; }
  std::vector<Identifier> operator()(const model::CheckConstraint&) const { return {}; }
  std::vector<Identifier> operator()(const model::ExcludeConstraint&) const { return {}; }
};
static_assert(kCovers<ColumnsOf, model::Constraint>);

struct ConventionKey {
  std::string operator()(const model::PrimaryKey&) const { return "pk"; }
  std::string operator()(const model::UniqueConstraint&) const { return "uq"; }
  std::string operator()(const model::ForeignKey&) const { return "fk"; }
  std::string operator()(const model::CheckConstraint&) const { return "ck"; }
  std::string operator()(const model::ExcludeConstraint&) const { return "ex"; }
};
static_assert(kCovers<ConventionKey, model::Constraint>);

bool is_unnamed_check(const model::Constraint& constraint) {
  return std::holds_alternative<model::CheckConstraint>(constraint) && name_of(constraint).empty();
}

}  // namespace

const Identifier& name_of(const model::Constraint& constraint) {
  return std::visit([](const auto& item) -> const Identifier& { return item.name; }, constraint);
}

std::vector<Identifier> columns_of(const model::Constraint& constraint) { return std::visit(ColumnsOf{}, constraint); }

bool expression_mentions(const model::Expression& expression, const Identifier& column) {
  const auto text = sqlite_dialect().expression(expression);
  return text && mentions_column(*text, column.text());
}

Draft::Draft(const model::BatchAlter& batch, StoredTable stored, const std::vector<StoredObject>& indexes)
    : batch_(batch), options_(stored.options), reflected_(true) {
  for (StoredColumn& old : stored.columns) {
    DraftColumn column{.key = old.column.name, .column = std::move(old.column), .existed = true};
    column.was_generated = column.column.computed.has_value();
    columns_.push_back(std::move(column));
  }
  for (StoredConstraint& old : stored.constraints)
    constraints_.push_back(DraftConstraint{std::move(old.value), std::move(old.suffixes), true});
  for (const StoredObject& index : indexes) indexes_.push_back(DraftIndex{index.name, index.sql, {}});
  override_reflected();
  if (!batch_.naming.empty()) name_unnamed();
  finish_old_table();
}

Draft::Draft(const model::BatchAlter& batch, const model::Table& copy_from)
    : batch_(batch), options_(copy_from.sqlite), prefixes_(copy_from.prefixes) {
  for (const model::Column& old : copy_from.columns)
    columns_.push_back(
        DraftColumn{.key = old.name, .column = old, .existed = true, .was_generated = old.computed.has_value()});
  for (const model::Constraint& old : copy_from.constraints) constraints_.push_back(DraftConstraint{old, {}, true});
  for (const model::Index& index : copy_from.indexes)
    indexes_.push_back(DraftIndex{index.name.text(), std::nullopt, index});
  finish_old_table();
}

void Draft::finish_old_table() {
  for (const DraftColumn& column : columns_) existing_order_.push_back(column.key);
  had_autoincrement_ = options_.autoincrement;
  if (batch_.has_table_options) {
    options_.autoincrement = options_.autoincrement || batch_.table_sqlite.autoincrement;
    options_.strict = options_.strict || batch_.table_sqlite.strict;
    options_.with_rowid = options_.with_rowid && batch_.table_sqlite.with_rowid;
  }
}

void Draft::override_reflected() {
  for (const model::Column& column : batch_.reflect_columns) {
    const bool generated = column.computed.has_value();
    if (DraftColumn* old = find_column(column.name)) {
      old->column = column;
    } else {
      columns_.push_back(
          DraftColumn{.key = column.name, .column = column, .existed = true, .was_generated = generated});
    }
  }
  for (const model::Constraint& constraint : batch_.reflect_constraints) {
    if (DraftConstraint* old = name_of(constraint).empty() ? nullptr : find_constraint(name_of(constraint))) {
      *old = DraftConstraint{constraint, {}, false};
    } else {
      constraints_.push_back(DraftConstraint{constraint, {}, false});
    }
  }
}

void Draft::name_unnamed() {
  for (DraftConstraint& constraint : constraints_) {
    if (!name_of(constraint.value).empty() || is_unnamed_check(constraint.value)) continue;
    model::NamingSubject subject{.kind = std::visit(ConventionKey{}, constraint.value), .table = batch_.table};
    if (!batch_.naming.contains(subject.kind)) continue;
    for (const Identifier& column : columns_of(constraint.value))
      subject.columns.push_back({.name = column.text(), .key = column.text()});
    if (const auto* key = std::get_if<model::ForeignKey>(&constraint.value)) {
      subject.referred_table = key->referent.name.text();
      for (const Identifier& column : key->referent_columns) subject.referred_columns.push_back(column.text());
    }
    auto named = model::final_name(batch_.naming, subject, {}, 0);
    if (named) std::visit([&](auto& item) { item.name = *named; }, constraint.value);
  }
}

const DraftColumn* Draft::find_column(const Identifier& name) const {
  const auto find = [&](auto matches) {
    const auto found = std::find_if(columns_.begin(), columns_.end(), matches);
    return found == columns_.end() ? nullptr : &*found;
  };
  if (const auto* by_key = find([&](const DraftColumn& c) { return c.key == name; })) return by_key;
  if (const auto* by_name = find([&](const DraftColumn& c) { return c.column.name == name; })) return by_name;
  return find([&](const DraftColumn& c) { return iequals_ascii(c.key.text(), name.text()); });
}

DraftColumn* Draft::find_column(const Identifier& name) {
  return const_cast<DraftColumn*>(std::as_const(*this).find_column(name));
}

DraftConstraint* Draft::find_constraint(const Identifier& name) {
  const auto found = std::find_if(constraints_.begin(), constraints_.end(),
                                  [&](const DraftConstraint& item) { return name_of(item.value) == name; });
  return found == constraints_.end() ? nullptr : &*found;
}

Renames Draft::renames() const {
  Renames renames;
  for (const DraftColumn& column : columns_)
    if (column.existed && column.key != column.column.name)
      renames.emplace(to_lower_ascii(column.key.text()), column.column.name.text());
  return renames;
}

Identifier Draft::final_name_of(const Identifier& column) const {
  const DraftColumn* found = find_column(column);
  return found == nullptr ? column : found->column.name;
}

namespace {

/// Puts final names into a constraint.
struct Finisher {
  const DraftConstraint& draft;
  const std::function<Identifier(const Identifier&)>& final_name;
  const Renames& renames;
  const Identifier& old_table;

  model::Expression text(const model::Expression& expression) const {
    const auto* sql = std::get_if<model::TextExpr>(&expression);
    if (sql == nullptr || !draft.from_database) return expression;
    return model::TextExpr{rename_columns(sql->sql, old_table.text(), renames)};
  }
  std::vector<Identifier> columns(const std::vector<Identifier>& old) const {
    std::vector<Identifier> names;
    for (std::size_t i = 0; i < old.size(); ++i) {
      Identifier name = final_name(old[i]);
      // What the model has no place for goes along as text: UNIQUE (a COLLATE NOCASE).
      if (i < draft.suffixes.size() && !draft.suffixes[i].empty())
        name = Identifier(sqlite_dialect().quote(name) + " " + draft.suffixes[i], false);
      names.push_back(std::move(name));
    }
    return names;
  }
  model::Constraint operator()(model::PrimaryKey key) const {
    key.columns = columns(key.columns);
    return key;
  }
  model::Constraint operator()(model::UniqueConstraint unique) const {
    unique.columns = columns(unique.columns);
    return unique;
  }
  model::Constraint operator()(model::ForeignKey key) const {
    key.columns = columns(key.columns);
    if (draft.from_database && iequals_ascii(key.referent.name.text(), old_table.text())) {
      for (Identifier& column : key.referent_columns) {
        const auto renamed = renames.find(to_lower_ascii(column.text()));
        if (renamed != renames.end()) column = Identifier(renamed->second);
      }
    }
    return key;
  }
  model::Constraint operator()(model::CheckConstraint check) const {
    check.sql = text(check.sql);
    return check;
  }
  model::Constraint operator()(model::ExcludeConstraint exclude) const { return exclude; }
};
static_assert(kCovers<Finisher, model::Constraint>);

}  // namespace

model::Table Draft::table(const Identifier& temporary_name) const {
  model::Table table;
  table.name = QualifiedName{batch_.table.schema, temporary_name};
  table.sqlite = options_;
  table.prefixes = prefixes_;
  const Renames names = renames();
  for (const DraftColumn& draft : columns_) {
    model::Column column = draft.column;
    if (column.computed && draft.existed) {
      if (const auto* sql = std::get_if<model::TextExpr>(&column.computed->sql))
        column.computed->sql = model::TextExpr{rename_columns(sql->sql, batch_.table.name.text(), names)};
    }
    table.columns.push_back(std::move(column));
  }
  const bool checks_restated =
      std::any_of(batch_.table_constraints.begin(), batch_.table_constraints.end(),
                  [](const model::Constraint& item) { return std::holds_alternative<model::CheckConstraint>(item); });
  const std::function<Identifier(const Identifier&)> final_name = [&](const Identifier& column) {
    return final_name_of(column);
  };
  for (const DraftConstraint& draft : constraints_) {
    const auto columns = columns_of(draft.value);
    if (std::any_of(columns.begin(), columns.end(), [&](const Identifier& c) { return find_column(c) == nullptr; }))
      continue;  // it goes with its column
    if (const auto* check = std::get_if<model::CheckConstraint>(&draft.value);
        check != nullptr && draft.from_database) {
      if (reflected_ && check->name.empty() && checks_restated) continue;
      if (std::any_of(dropped_.begin(), dropped_.end(), [&](const Identifier& column) {
            return find_column(column) == nullptr && expression_mentions(check->sql, column);
          }))
        continue;
    }
    table.constraints.push_back(std::visit(Finisher{draft, final_name, names, batch_.table.name}, draft.value));
  }
  return table;
}

namespace {

/// Final names in an index's element; other expressions are as their author wrote them.
model::Expression renamed_element(const model::Expression& element,
                                  const std::function<Identifier(const Identifier&)>& final_name) {
  if (const auto* column = std::get_if<model::ColumnExpr>(&element))
    return model::ColumnExpr{column->table, final_name(column->column)};
  if (const auto* unary = std::get_if<Box<model::UnaryExpr>>(&element)) {
    model::UnaryExpr copy = **unary;
    copy.operand = renamed_element(copy.operand, final_name);
    return Box<model::UnaryExpr>(std::move(copy));
  }
  if (const auto* collate = std::get_if<Box<model::CollateExpr>>(&element)) {
    model::CollateExpr copy = **collate;
    copy.operand = renamed_element(copy.operand, final_name);
    return Box<model::CollateExpr>(std::move(copy));
  }
  return element;
}

}  // namespace

Rendered<std::vector<std::string>> Draft::create_indexes() const {
  std::vector<std::string> statements;
  const Renames names = renames();
  const std::string schema = batch_.table.schema.empty() ? "" : sqlite_dialect().quote(batch_.table.schema);
  const auto is_gone = [&](const DraftIndex& index) {
    return std::any_of(dropped_.begin(), dropped_.end(), [&](const Identifier& column) {
      if (find_column(column) != nullptr) return false;
      if (index.sql) return index_mentions_column(*index.sql, column.text());
      return std::any_of(index.index.elements.begin(), index.index.elements.end(),
                         [&](const model::IndexElement& element) { return expression_mentions(element.sql, column); });
    });
  };
  const auto add = [&](const DraftIndex& index) -> Rendered<void> {
    if (index.sql) {
      statements.push_back(in_schema(rename_in_index(*index.sql, names), schema));
      return {};
    }
    model::CreateIndex create{batch_.table, index.index};
    for (model::IndexElement& element : create.index.elements)
      element.sql = renamed_element(element.sql, [&](const Identifier& column) { return final_name_of(column); });
    BASCULE_TRY_ASSIGN(auto rendered, sqlite_dialect().render(create));
    statements.insert(statements.end(), std::make_move_iterator(rendered.begin()),
                      std::make_move_iterator(rendered.end()));
    return {};
  };
  for (const DraftIndex& index : indexes_)
    if (!is_gone(index)) BASCULE_TRY(add(index));
  for (const DraftIndex& index : new_indexes_) BASCULE_TRY(add(index));
  return statements;
}

}  // namespace bascule::dialects::sqlite
