// Columns: added, dropped with what hangs on them, altered, renamed wherever they are named.
#include <algorithm>
#include <utility>

#include "base/overload.h"
#include "model/apply_parts.h"
#include "model/lookup.h"
#include "model/sql_words.h"

namespace bascule::model {

namespace {

/// Whether a constraint goes when the column goes.
struct HangsOn {
  const Identifier& column;
  bool operator()(const PrimaryKey& key) const {
    return contains(key.columns, column) || contains(key.postgresql_include, column);
  }
  bool operator()(const UniqueConstraint& unique) const {
    return contains(unique.columns, column) || contains(unique.postgresql_include, column);
  }
  bool operator()(const ForeignKey& key) const { return contains(key.columns, column); }
  bool operator()(const CheckConstraint& check) const { return mentions_column(check.sql, column); }
  bool operator()(const ExcludeConstraint& exclude) const {
    return (exclude.where && mentions_column(*exclude.where, column)) ||
           std::any_of(exclude.elements.begin(), exclude.elements.end(),
                       [&](const auto& element) { return mentions_column(element.sql, column); });
  }
};
static_assert(kCovers<HangsOn, Constraint>);

bool index_hangs_on(const Index& index, const Identifier& column) {
  const auto in = [&](const std::optional<Expression>& where) { return where && mentions_column(*where, column); };
  return in(index.postgresql.where) || in(index.sqlite.where) || contains(index.postgresql.include, column) ||
         std::any_of(index.elements.begin(), index.elements.end(),
                     [&](const IndexElement& element) { return mentions_column(element.sql, column); });
}

void rename_in(std::vector<Identifier>& names, const Identifier& from, const Identifier& to) {
  std::replace(names.begin(), names.end(), from, to);
}
void rename_in(std::optional<Expression>& expression, const Identifier& from, const Identifier& to) {
  if (expression) expression = rename_column(*expression, from, to);
}

struct RenameInConstraint {
  const Identifier& from;
  const Identifier& to;
  void operator()(PrimaryKey& key) const {
    rename_in(key.columns, from, to);
    rename_in(key.postgresql_include, from, to);
  }
  void operator()(UniqueConstraint& unique) const {
    rename_in(unique.columns, from, to);
    rename_in(unique.postgresql_include, from, to);
  }
  void operator()(ForeignKey& key) const { rename_in(key.columns, from, to); }
  void operator()(CheckConstraint& check) const { check.sql = rename_column(check.sql, from, to); }
  void operator()(ExcludeConstraint& exclude) const {
    for (auto& element : exclude.elements) element.sql = rename_column(element.sql, from, to);
    rename_in(exclude.where, from, to);
  }
};

void rename_in_table(Table& table, const Identifier& from, const Identifier& to) {
  if (Column* column = find_column(table, from)) column->name = to;
  for (Column& column : table.columns)
    if (column.computed) column.computed->sql = rename_column(column.computed->sql, from, to);
  for (Constraint& item : table.constraints) std::visit(RenameInConstraint{from, to}, item);
  for (Index& index : table.indexes) {
    for (IndexElement& element : index.elements) element.sql = rename_column(element.sql, from, to);
    rename_in(index.postgresql.where, from, to);
    rename_in(index.sqlite.where, from, to);
    rename_in(index.postgresql.include, from, to);
  }
  table.postgresql.partition_by = rename_in_text(table.postgresql.partition_by, from, to);
}

void rename_everywhere(Schema& schema, const QualifiedName& table, const Identifier& from, const Identifier& to) {
  std::vector<QualifiedName> family = descendants(schema, table);
  family.push_back(table);
  for (const QualifiedName& name : family) {
    rename_in_table(*find_table(schema, name), from, to);
    for (Sequence& sequence : schema.sequences)
      if (!sequence.owned_by.name.empty() && same_name(sequence.owned_by, name) && sequence.owned_by_column == from)
        sequence.owned_by_column = to;
  }
  for (Table& other : schema.tables)
    for (Constraint& item : other.constraints)
      if (auto* key = std::get_if<ForeignKey>(&item); key != nullptr && same_name(key->referent, table))
        rename_in(key->referent_columns, from, to);
}

std::vector<Column>::iterator place_of(Table& table, const Identifier& before, const Identifier& after) {
  const auto find = [&](const Identifier& name) {
    return std::find_if(table.columns.begin(), table.columns.end(), [&](const Column& c) { return c.name == name; });
  };
  if (!before.empty()) return find(before);
  if (after.empty()) return table.columns.end();
  const auto found = find(after);
  return found == table.columns.end() ? found : found + 1;
}

/// Where a sequence begins of which nothing says so.
std::int64_t usual_start(const SequenceOptions& options) {
  return options.increment.value_or(1) > 0 ? options.minimum.value_or(1) : options.maximum.value_or(-1);
}

struct ChangeDefault {
  Column& column;
  const std::optional<DefaultChange>& existing;

  void operator()(const DropDefault&) const {
    if (existing && std::holds_alternative<Identity>(*existing)) {
      column.identity.reset();
    } else if (existing && std::holds_alternative<Computed>(*existing)) {
      column.computed.reset();
    } else {
      column.server_default.reset();
      column.autoincrement = false;
    }
  }
  void operator()(const Expression& expression) const {
    column.server_default = expression;
    column.autoincrement = false;
  }
  void operator()(const Identity& identity) const {
    if (!column.identity) {
      column.identity = identity;
      column.nullable = false;
      column.autoincrement = false;
      return;
    }
    column.identity->always = identity.always;
    auto& now = column.identity->options;
    const auto take = [](auto& held, const auto& said) {
      if (said) held = said;
    };
    const std::int64_t started = usual_start(now);
    take(now.start, identity.options.start);
    take(now.increment, identity.options.increment);
    take(now.minimum, identity.options.minimum);
    take(now.maximum, identity.options.maximum);
    take(now.cache, identity.options.cache);
    if (identity.options.no_minimum) now.minimum.reset();
    if (identity.options.no_maximum) now.maximum.reset();
    now.cycle = now.cycle || identity.options.cycle;
    // Where it started was settled when it was made; other limits do not move it.
    if (!now.start && usual_start(now) != started) now.start = started;
  }
  void operator()(const Computed& computed) const { column.computed = computed; }
};
static_assert(kCovers<ChangeDefault, DefaultChange>);

void change(Column& column, const AlterColumn& operation) {
  if (operation.type) column.type = *operation.type;
  if (operation.nullable) {
    // SET NOT NULL checks the old rows of a NOT NULL that is not valid.
    if (*operation.nullable)
      column.not_null.reset();
    else if (column.not_null)
      column.not_null->not_valid = column.not_null->not_valid && operation.not_null && operation.not_null->not_valid;
    else if (column.nullable)
      column.not_null = operation.not_null;
    column.nullable = *operation.nullable;
  }
  if (operation.server_default)
    std::visit(ChangeDefault{column, operation.existing_server_default}, *operation.server_default);
  if (operation.comment) column.comment = operation.comment->text;
  if (operation.autoincrement) {
    column.autoincrement = *operation.autoincrement;
    if (column.autoincrement) column.server_default.reset();
  }
}

}  // namespace

Applied add_column(Schema& schema, const AddColumn& operation) {
  BASCULE_TRY_ASSIGN(Table * table, table_in(schema, operation.table));
  if (find_column(*table, operation.column.name) != nullptr)
    return operation.if_not_exists ? Applied()
                                   : Applied(exists("column", member_name(operation.table, operation.column.name)));
  for (const Constraint& constraint : operation.constraints)
    if (!constraint_name(constraint).empty() && find_constraint(*table, constraint_name(constraint)) != nullptr)
      return exists("constraint", member_name(operation.table, constraint_name(constraint)));
  const auto place = place_of(*table, operation.insert_before, operation.insert_after);
  Column& added = *table->columns.insert(place, operation.column);
  if (added.identity) added.nullable = false;
  const Column below = added;
  table->constraints.insert(table->constraints.end(), operation.constraints.begin(), operation.constraints.end());
  for (const Index& index : operation.indexes) table->indexes.push_back(settled(index));
  // Only a key that comes with it: SQLite's may hold NULL, and stay so.
  const bool brings_key =
      std::any_of(operation.constraints.begin(), operation.constraints.end(),
                  [](const Constraint& constraint) { return std::holds_alternative<PrimaryKey>(constraint); });
  if (brings_key) settle_primary_key(*table);
  for (const QualifiedName& name : descendants(schema, operation.table)) {
    Table& child = *find_table(schema, name);
    if (find_column(child, below.name) == nullptr) child.columns.push_back(below);
  }
  return {};
}

Applied drop_column(Schema& schema, const DropColumn& operation) {
  Table* table = find_table(schema, operation.table);
  if (table == nullptr || find_column(*table, operation.column) == nullptr) {
    if (operation.if_exists && (table != nullptr || operation.cascade)) return {};
    if (table == nullptr) return missing("table", display(operation.table));
    return missing("column", member_name(operation.table, operation.column));
  }
  const Identifier column = operation.column;
  const QualifiedName dropped_from = operation.table;
  std::vector<QualifiedName> family = descendants(schema, dropped_from);
  family.push_back(dropped_from);
  for (const QualifiedName& name : family) {
    Table& one = *find_table(schema, name);
    std::erase_if(one.columns, [&](const Column& c) { return c.name == column; });
    std::erase_if(one.constraints, [&](const Constraint& c) { return std::visit(HangsOn{column}, c); });
    std::erase_if(one.indexes, [&](const Index& i) { return index_hangs_on(i, column); });
    std::erase_if(schema.sequences, [&](const Sequence& s) {
      return !s.owned_by.name.empty() && same_name(s.owned_by, name) && s.owned_by_column == column;
    });
  }
  if (!operation.cascade) return {};
  for (Table& other : schema.tables)
    std::erase_if(other.constraints, [&](const Constraint& item) {
      const auto* key = std::get_if<ForeignKey>(&item);
      return key != nullptr && same_name(key->referent, dropped_from) && contains(key->referent_columns, column);
    });
  std::erase_if(schema.objects, [&](const SchemaObject& object) {
    const bool view = object.kind == ObjectKind::kView || object.kind == ObjectKind::kMaterializedView;
    return view && mentions_name(object.definition, dropped_from.name) && mentions_name(object.definition, column);
  });
  return {};
}

Applied alter_column(Schema& schema, const AlterColumn& operation) {
  BASCULE_TRY_ASSIGN(Table * table, table_in(schema, operation.table));
  BASCULE_TRY_ASSIGN(Column * column, column_in(*table, operation.column));
  const bool renamed = operation.new_name && !(*operation.new_name == operation.column);
  if (renamed && find_column(*table, *operation.new_name) != nullptr)
    return exists("column", member_name(operation.table, *operation.new_name));
  change(*column, operation);
  if (operation.type && operation.existing_type) {
    // The CHECK of an enum that is not native goes with its type.
    const auto* old = std::get_if<EnumType>(&*operation.existing_type);
    if (old != nullptr && old->create_constraint && !old->native && !old->name.name.empty())
      std::erase_if(table->constraints,
                    [&](const Constraint& item) { return constraint_name(item) == old->name.name; });
  }
  table->constraints.insert(table->constraints.end(), operation.type_constraints.begin(),
                            operation.type_constraints.end());
  if (!operation.insert_before.empty() || !operation.insert_after.empty()) {
    const Column moved = *column;
    std::erase_if(table->columns, [&](const Column& c) { return c.name == moved.name; });
    table->columns.insert(place_of(*table, operation.insert_before, operation.insert_after), moved);
  }
  for (const QualifiedName& name : descendants(schema, operation.table))
    if (Column* below = find_column(*find_table(schema, name), operation.column)) change(*below, operation);
  if (renamed) rename_everywhere(schema, operation.table, operation.column, *operation.new_name);
  return {};
}

}  // namespace bascule::model
