// From schema items to the model, by SQLAlchemy's rules for keys, nullability, names and self-numbering columns.
#include <algorithm>
#include <set>

#include "base/overload.h"
#include "evaluate/error.h"
#include "formats/alembic/sa_schema.h"

namespace bascule::formats::alembic {
namespace {

using Autoincrement = ColumnItem::Autoincrement;

/// The type as this column of this table has it: inherit_schema applied.
model::Type type_in_table(const TypeObject& object, const QualifiedName& table) {
  model::Type type = object.type();
  if (auto* held = std::get_if<model::EnumType>(&type);
      held != nullptr && object.inherit_schema && held->name.schema.empty())
    held->name.schema = table.schema;
  return type;
}

bool counts_itself(const model::Type& type) {
  const auto* scalar = std::get_if<model::ScalarType>(&type);
  if (scalar == nullptr) return false;
  using Kind = model::ScalarKind;
  return scalar->kind == Kind::kSmallInteger || scalar->kind == Kind::kInteger || scalar->kind == Kind::kBigInteger ||
         scalar->kind == Kind::kSqlSmallint || scalar->kind == Kind::kSqlInteger || scalar->kind == Kind::kSqlBigint;
}

/// Of a type with variants SQLAlchemy asks the base, whatever the target database is.
bool is_numeric(const model::Type& given) {
  const model::Type& type = model::resolve_variant(given, "");
  const auto* scalar = std::get_if<model::ScalarType>(&type);
  if (scalar == nullptr) return false;
  using Kind = model::ScalarKind;
  return counts_itself(type) || scalar->kind == Kind::kNumeric || scalar->kind == Kind::kSqlNumeric ||
         scalar->kind == Kind::kSqlDecimal || scalar->kind == Kind::kNull;
}

/// What is known about a table while it is built.
struct TableState {
  const QualifiedName& name;
  const model::NamingConvention& naming;
  const std::vector<std::shared_ptr<ColumnItem>>& columns;
  std::vector<std::shared_ptr<ColumnItem>> primary_key;
  std::set<const ColumnItem*> with_foreign_key;

  const std::shared_ptr<ColumnItem>& find(const Identifier& key, const std::string& who, const Location& where) const {
    for (const auto& column : columns)
      if (column->key == key.text()) return column;
    throw evaluate::Refusal(
        "unknown-column",
        who + " on table '" + display(name) + "' names the column '" + key.text() + "', which it does not have",
        "check the spelling against the table's columns", where);
  }
};

model::NamingSubject::Column naming_column(const ColumnItem& column) { return {column.name().text(), column.key}; }

void check_autoincrement(const ColumnItem& column, const QualifiedName& table) {
  const model::Type* type = column.type_object() ? &column.type_object()->type() : nullptr;
  if (type != nullptr && !is_numeric(*type) && std::holds_alternative<model::ScalarType>(*type))
    refuse_schema("column '" + display(table) + "." + column.name().text() +
                      "' cannot have autoincrement=True: its type does not count",
                  "take autoincrement out, or make it an integer", column.where);
}

/// The column that numbers itself, by SQLAlchemy's rules.
const ColumnItem* self_numbering(const Context& context, const TableState& state) {
  if (state.primary_key.size() == 1) {
    const ColumnItem& only = *state.primary_key.front();
    if (only.autoincrement == Autoincrement::kTrue) {
      check_autoincrement(only, state.name);
      return &only;
    }
    if (only.autoincrement == Autoincrement::kFalse) return nullptr;
    if (only.type_object() == nullptr || !is_numeric(only.type_object()->type())) return nullptr;
    if (only.has_default || only.has_server_default) return nullptr;
    if (state.with_foreign_key.contains(&only) && only.autoincrement != Autoincrement::kIgnoreForeignKeys)
      return nullptr;
    return &only;
  }
  const ColumnItem* found = nullptr;
  for (const auto& column : state.primary_key) {
    if (column->autoincrement != Autoincrement::kTrue) continue;
    check_autoincrement(*column, state.name);
    if (context.on_sqlite())
      refuse_schema("SQLite has no autoincrement for a primary key of several columns: '" + display(state.name) + "'",
                    "take autoincrement=True out", column->where);
    if (found != nullptr)
      refuse_schema("only one column of '" + display(state.name) + "' may have autoincrement=True", "", column->where);
    found = column.get();
  }
  return found;
}

model::Column plain_column(const Context& context, const ColumnItem& item, const QualifiedName& table, bool in_key,
                           bool numbers_itself) {
  model::Column out;
  out.name = item.name();
  out.type = item.type_object() ? type_in_table(*item.type_object(), table) : model::Type(model::ScalarType{});
  out.nullable = item.nullable.value_or(!in_key && !item.primary_key && !item.identity);
  out.server_default = item.server_default;
  out.identity = item.identity;
  out.computed = item.computed;
  out.comment = item.comment;
  out.sqlite_options = item.sqlite_options;
  const bool sequence_in_the_way = item.sequence != nullptr && !item.sequence->optional;
  out.autoincrement = numbers_itself && !item.identity && !item.has_default && !sequence_in_the_way &&
                      counts_itself(model::resolve_variant(out.type, context.dialect()));
  return out;
}

void require_type(const ColumnItem& item, const QualifiedName& table) {
  const auto* scalar = item.type_object() ? std::get_if<model::ScalarType>(&item.type_object()->type()) : nullptr;
  if (item.type_object() == nullptr || (scalar != nullptr && scalar->kind == model::ScalarKind::kNull))
    refuse_schema("column '" + display(table) + "." + item.name().text() + "' has no type",
                  "write sa.Column('" + item.name().text() + "', sa.Integer(), ...)", item.where);
}

model::ForeignKey column_foreign_key(const Context& context, const model::NamingConvention& naming,
                                     const QualifiedName& table, const ColumnItem& column, const ForeignKeyItem& item) {
  model::ForeignKey key;
  key.columns = {column.name()};
  key.referent = item.target.table;
  key.referent_columns = {item.target.column.value_or(Identifier(column.key))};
  key.on_delete = item.options.on_delete;
  key.on_update = item.options.on_update;
  key.match = item.options.match;
  key.deferral = item.options.deferral;
  key.use_alter = item.options.use_alter;
  key.not_valid = item.options.not_valid;
  key.comment = item.options.comment;
  model::NamingSubject subject{
      "fk", table, {naming_column(column)}, key.referent.name.text(), {key.referent_columns[0].text()}};
  key.name = settle_name(context, naming, subject, item.name, item.where());
  return key;
}

model::NamingSubject subject_of(const std::string& kind, const QualifiedName& table) {
  model::NamingSubject subject;
  subject.kind = kind;
  subject.table = table;
  return subject;
}

/// The columns that an expression speaks of, in order, as conventions see them.
void collect_columns(const model::Expression& expression, std::vector<model::NamingSubject::Column>& out) {
  std::visit(Overload{[&](const model::ColumnExpr& c) {
                        out.push_back({c.column.text(), c.column.text()});
                      },
                      [](const model::TextExpr&) {}, [](const model::LiteralExpr&) {}, [](const model::BooleanExpr&) {},
                      [](const model::NullExpr&) {}, [](const model::ParameterExpr&) {},
                      [&](const Box<model::FunctionExpr>& f) {
                        for (const auto& argument : f->arguments) collect_columns(argument, out);
                      },
                      [&](const Box<model::BinaryExpr>& b) {
                        collect_columns(b->left, out);
                        collect_columns(b->right, out);
                      },
                      [&](const Box<model::UnaryExpr>& u) { collect_columns(u->operand, out); },
                      [&](const Box<model::CastExpr>& c) { collect_columns(c->operand, out); },
                      [&](const Box<model::ListExpr>& l) {
                        for (const auto& item : l->items) collect_columns(item, out);
                      },
                      [](const Box<model::CaseExpr>&) {},
                      [&](const Box<model::CollateExpr>& c) { collect_columns(c->operand, out); },
                      [](const Box<model::WindowExpr>&) {}, [](const Box<model::SelectExpr>&) {}},
             expression);
}

/// Keys become names; `names` gives the name for a key.
template <class Names>
void map_columns(std::vector<Identifier>& columns, std::vector<model::NamingSubject::Column>& seen,
                 const Names& names) {
  for (Identifier& column : columns) {
    const std::string key = column.text();
    column = names(column);
    seen.push_back({column.text(), key});
  }
}

/// Fills in names of columns and the constraint's own. `names`: key to name.
template <class Names>
model::Constraint settle_constraint(const Context& context, const model::NamingConvention& naming,
                                    const QualifiedName& table, const ConstraintItem& item, const Names& names) {
  model::Constraint out = item.constraint;
  model::NamingSubject subject = subject_of("", table);
  std::visit(Overload{[&](model::PrimaryKey& key) {
                        subject.kind = "pk";
                        map_columns(key.columns, subject.columns, names);
                        for (Identifier& column : key.postgresql_include) column = names(column);
                      },
                      [&](model::UniqueConstraint& unique) {
                        subject.kind = "uq";
                        map_columns(unique.columns, subject.columns, names);
                        for (Identifier& column : unique.postgresql_include) column = names(column);
                      },
                      [&](model::ForeignKey& key) {
                        subject.kind = "fk";
                        map_columns(key.columns, subject.columns, names);
                        if (!item.targets.empty()) {
                          key.referent = item.targets.front().table;
                          key.referent_columns.clear();
                          for (std::size_t i = 0; i < item.targets.size(); ++i)
                            key.referent_columns.push_back(
                                item.targets[i].column.value_or(Identifier(subject.columns[i].key)));
                        }
                        subject.referred_table = key.referent.name.text();
                        for (const Identifier& column : key.referent_columns)
                          subject.referred_columns.push_back(column.text());
                      },
                      [&](model::CheckConstraint& check) {
                        subject.kind = "ck";
                        collect_columns(check.sql, subject.columns);
                      },
                      [&](model::ExcludeConstraint& exclude) {
                        for (auto& element : exclude.elements)
                          if (auto* column = std::get_if<model::ColumnExpr>(&element.sql))
                            column->column = names(column->column);
                      }},
             out);
  Identifier name = settle_name(context, naming, subject, item.name, item.where());
  std::visit([&](auto& held) { held.name = std::move(name); }, out);
  return out;
}

template <class Names>
model::Index settle_index(const Context& context, const model::NamingConvention& naming, const QualifiedName& table,
                          const IndexItem& item, const Names& names) {
  model::Index out = item.index;
  model::NamingSubject subject = subject_of("ix", table);
  for (model::IndexElement& element : out.elements) {
    if (auto* column = std::get_if<model::ColumnExpr>(&element.sql)) {
      const std::string key = column->column.text();
      column->column = names(column->column);
      subject.columns.push_back({column->column.text(), key});
    } else {
      std::vector<model::NamingSubject::Column> seen;
      collect_columns(element.sql, seen);
      if (!seen.empty()) subject.columns.push_back(seen.front());
    }
  }
  for (Identifier& column : out.postgresql.include) column = names(column);
  out.name = settle_name(context, naming, subject, item.name, item.where());
  if (out.name.empty())
    throw evaluate::Refusal("name-required", "the index has no name, and no naming convention gives it one",
                            "name it, or add ix to [alembic.naming]", item.where());
  return out;
}

/// The index or the unique constraint that Column(unique=, index=) brings.
std::optional<model::Index> column_index(const Context& context, const model::NamingConvention& naming,
                                         const QualifiedName& table, const ColumnItem& column) {
  if (!column.index) return std::nullopt;
  IndexItem item(column.where);
  item.index.unique = column.unique;
  item.index.elements.push_back({model::ColumnExpr{{}, Identifier(column.key, column.name().quote())}, ""});
  return settle_index(context, naming, table, item, [&](const Identifier&) { return column.name(); });
}

std::optional<model::Constraint> column_unique(const Context& context, const model::NamingConvention& naming,
                                               const QualifiedName& table, const ColumnItem& column) {
  if (!column.unique || column.index) return std::nullopt;
  model::UniqueConstraint unique;
  unique.columns = {Identifier(column.key, column.name().quote())};
  if (const auto found = column.sqlite_options.find("on_conflict_unique"); found != column.sqlite_options.end())
    unique.sqlite_on_conflict = found->second;
  const ConstraintItem item(std::move(unique), column.where);
  return settle_constraint(context, naming, table, item, [&](const Identifier&) { return column.name(); });
}

/// Alembic leaves use_alter keys out of CREATE TABLE where ALTER TABLE could add them, and then does not add them.
bool left_out(Context& context, const QualifiedName& table, const model::Constraint& constraint, const Location& where,
              bool for_create) {
  const auto* key = std::get_if<model::ForeignKey>(&constraint);
  if (!for_create || key == nullptr || !key->use_alter || context.on_sqlite()) return false;
  context.recorder.leave_out(table, *key, where);
  return true;
}

std::string enum_key(const QualifiedName& name) { return display(name); }

/// CREATE TYPE for a column's type, where the table makes it. The first maker of a run writes a plain CREATE TYPE; a
/// later one may meet the type or not (it may have been dropped between), so it looks first.
void add_type_creation(Context& context, const TypeObject& type, const QualifiedName& table,
                       std::vector<model::Operation>& before) {
  auto operation = type.implied_creation(false);
  if (!operation) return;
  if (auto* made = std::get_if<model::CreateEnum>(&*operation)) {
    if (type.inherit_schema && made->type.name.schema.empty()) made->type.name.schema = table.schema;
    for (const model::Operation& other : before)
      if (const auto* earlier = std::get_if<model::CreateEnum>(&other);
          earlier != nullptr && earlier->type.name == made->type.name)
        return;
    const auto [owner, is_new] = context.enum_makers.emplace(enum_key(made->type.name), context.revision);
    made->if_not_exists = !is_new;
  } else if (auto* domain = std::get_if<model::CreateDomain>(&*operation)) {
    for (const model::Operation& other : before)
      if (const auto* earlier = std::get_if<model::CreateDomain>(&other);
          earlier != nullptr && earlier->name == domain->name)
        return;
  }
  before.push_back(std::move(*operation));
}

void find_primary_key(TableState& state, const TableItem& table, const ConstraintItem*& explicit_key) {
  for (const auto& item : table.constraints)
    if (std::holds_alternative<model::PrimaryKey>(item->constraint)) explicit_key = item.get();
  const auto* key = explicit_key != nullptr ? std::get_if<model::PrimaryKey>(&explicit_key->constraint) : nullptr;
  if (key != nullptr && !key->columns.empty()) {
    for (const Identifier& column : key->columns)
      state.primary_key.push_back(state.find(column, "the PrimaryKeyConstraint", explicit_key->where()));
    return;
  }
  for (const auto& column : state.columns)
    if (column->primary_key) state.primary_key.push_back(column);
}

void find_foreign_keys(TableState& state, const TableItem& table) {
  for (const auto& column : state.columns)
    if (!column->foreign_keys.empty()) state.with_foreign_key.insert(column.get());
  for (const auto& item : table.constraints) {
    const auto* key = std::get_if<model::ForeignKey>(&item->constraint);
    if (key == nullptr) continue;
    for (const Identifier& column : key->columns)
      state.with_foreign_key.insert(state.find(column, "the ForeignKeyConstraint", item->where()).get());
  }
}

void add_primary_key(const Context& context, const TableState& state, const ConstraintItem* explicit_key,
                     model::Table& out) {
  if (state.primary_key.empty()) return;
  model::PrimaryKey key;
  if (explicit_key != nullptr) key = std::get<model::PrimaryKey>(explicit_key->constraint);
  key.columns.clear();
  for (const auto& column : state.primary_key) {
    key.columns.emplace_back(column->key, column->name().quote());
    if (const auto found = column->sqlite_options.find("on_conflict_primary_key");
        found != column->sqlite_options.end() && state.primary_key.size() == 1)
      key.sqlite_on_conflict = found->second;
  }
  ConstraintItem item(std::move(key), explicit_key != nullptr ? explicit_key->where() : Location{});
  if (explicit_key != nullptr) item.name = explicit_key->name;
  out.constraints.push_back(settle_constraint(context, state.naming, state.name, item, [&](const Identifier& id) {
    return state.find(id, "the primary key", item.where())->name();
  }));
}

}  // namespace

std::vector<model::Constraint> type_checks(Context& context, const model::NamingConvention& naming,
                                           const QualifiedName& table, const model::NamingSubject::Column& column,
                                           const TypeObject& type, const Location& where) {
  const model::Type& resolved = model::resolve_variant(type.type(), context.dialect());
  const TypeObject& object =
      type.inner && std::holds_alternative<Box<model::VariantType>>(type.type()) ? *type.inner : type;
  std::vector<model::Expression> allowed;
  Identifier name = object.constraint_name;
  if (const auto* scalar = std::get_if<model::ScalarType>(&resolved)) {
    const bool is_boolean =
        scalar->kind == model::ScalarKind::kBoolean || scalar->kind == model::ScalarKind::kSqlBoolean;
    if (!is_boolean || !scalar->create_constraint || context.on_postgres()) return {};
    if (name.empty()) name = scalar->constraint_name;
    for (const std::int64_t number : {0, 1})
      allowed.emplace_back(model::LiteralExpr{model::Value(number), std::nullopt});
  } else if (const auto* held = std::get_if<model::EnumType>(&resolved)) {
    if (!held->create_constraint || (held->native && context.on_postgres())) return {};
    if (name.empty()) name = held->name.name;
    for (const std::string& text : held->values)
      allowed.emplace_back(model::LiteralExpr{model::Value(text), std::nullopt});
  } else {
    return {};
  }
  model::CheckConstraint check;
  check.sql = Box<model::BinaryExpr>(
      {"IN", model::ColumnExpr{{}, Identifier(column.name)}, Box<model::ListExpr>({std::move(allowed)})});
  ConstraintItem item(std::move(check), where);
  item.name.text = name;
  return {settle_constraint(context, naming, table, item, [](const Identifier& id) { return id; })};
}

model::Column build_column(Context& context, const ColumnItem& column, const QualifiedName& table) {
  return plain_column(context, column, table, false, false);
}

BuiltTable build_table(Interpreter&, Context& context, const TableItem& table, bool for_create) {
  BuiltTable built;
  model::Table& out = built.table;
  out.name = table.table_name();
  out.comment = table.options.comment;
  out.prefixes = table.options.prefixes;
  out.postgresql = table.options.postgresql;
  out.sqlite = table.options.sqlite;
  TableState state{table.table_name(), table.naming, table.column_items(), {}, {}};
  const ConstraintItem* explicit_key = nullptr;
  find_primary_key(state, table, explicit_key);
  find_foreign_keys(state, table);
  const ColumnItem* numbering = self_numbering(context, state);
  for (const auto& column : state.columns) {
    if (column->system) continue;
    require_type(*column, out.name);
    const bool in_key =
        std::find(state.primary_key.begin(), state.primary_key.end(), column) != state.primary_key.end();
    out.columns.push_back(plain_column(context, *column, out.name, in_key, in_key && column.get() == numbering));
    add_type_creation(context, *column->type_object(), out.name, built.before);
  }
  add_primary_key(context, state, explicit_key, out);
  const auto name_in = [&](const std::string& who, const Location& where) {
    return [&state, who, where](const Identifier& key) { return state.find(key, who, where)->name(); };
  };
  for (const auto& column : state.columns)
    for (const auto& item : column->constraints)
      out.constraints.push_back(
          settle_constraint(context, state.naming, out.name, *item, [](const Identifier& id) { return id; }));
  for (const auto& item : table.constraints) {
    if (std::holds_alternative<model::PrimaryKey>(item->constraint)) continue;
    auto made =
        settle_constraint(context, state.naming, out.name, *item, name_in("a " + item->type_name(), item->where()));
    if (!left_out(context, out.name, made, item->where(), for_create)) out.constraints.push_back(std::move(made));
  }
  for (const auto& column : state.columns) {
    if (auto unique = column_unique(context, state.naming, out.name, *column))
      out.constraints.push_back(std::move(*unique));
    for (auto& check :
         type_checks(context, state.naming, out.name, naming_column(*column), *column->type_object(), column->where))
      out.constraints.push_back(std::move(check));
    for (const auto& key : column->foreign_keys) {
      model::Constraint made = column_foreign_key(context, state.naming, out.name, *column, *key);
      if (!left_out(context, out.name, made, column->where, for_create)) out.constraints.push_back(std::move(made));
    }
    if (auto index = column_index(context, state.naming, out.name, *column)) out.indexes.push_back(std::move(*index));
  }
  for (const auto& item : table.indexes)
    out.indexes.push_back(settle_index(context, state.naming, out.name, *item, name_in("an Index", item->where())));
  return built;
}

model::AddColumn build_added_column(Interpreter&, Context& context, const QualifiedName& table,
                                    const std::shared_ptr<ColumnItem>& column, bool in_batch) {
  require_type(*column, table);
  const model::NamingConvention& naming = context.naming;
  const std::vector<std::shared_ptr<ColumnItem>> only = {column};
  TableState state{table, naming, only, {}, {}};
  if (column->primary_key) state.primary_key = only;
  if (!column->foreign_keys.empty()) state.with_foreign_key.insert(column.get());
  model::AddColumn out;
  out.table = table;
  out.column = plain_column(context, *column, table, column->primary_key,
                            column->primary_key && self_numbering(context, state) == column.get());
  for (const auto& item : column->constraints)
    out.constraints.push_back(
        settle_constraint(context, naming, table, *item, [](const Identifier& id) { return id; }));
  if (auto unique = column_unique(context, naming, table, *column)) out.constraints.push_back(std::move(*unique));
  // Outside a batch Alembic skips a type's CHECK on SQLite, which cannot add it.
  if (in_batch || !context.on_sqlite())
    for (auto& check :
         type_checks(context, naming, table, naming_column(*column), *column->type_object(), column->where))
      out.constraints.push_back(std::move(check));
  for (const auto& key : column->foreign_keys)
    out.constraints.push_back(column_foreign_key(context, naming, table, *column, *key));
  if (auto index = column_index(context, naming, table, *column)) out.indexes.push_back(std::move(*index));
  return out;
}

model::Constraint build_constraint(Context& context, const model::NamingConvention& naming, const QualifiedName& table,
                                   const ConstraintItem& item) {
  return settle_constraint(context, naming, table, item, [](const Identifier& id) { return id; });
}

model::Index build_index(Context& context, const model::NamingConvention& naming, const QualifiedName& table,
                         const IndexItem& item) {
  return settle_index(context, naming, table, item, [](const Identifier& id) { return id; });
}

}  // namespace bascule::formats::alembic
