// Constructors of constraints, foreign keys and indexes.
#include <algorithm>

#include "base/text.h"
#include "evaluate/error.h"
#include "formats/alembic/sa_expressions.h"
#include "formats/alembic/sa_schema.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;

/// "table.column", "schema.table.column", "table"; or a Column of a Table.
ReferencedColumn to_reference(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  ReferencedColumn out;
  if (const auto column = value.as<ColumnClause>()) {
    out.table = column->table();
    out.column = column->name();
    return out;
  }
  const std::string text = to_text(interpreter, value, needed_for);
  std::vector<std::string> parts;
  for (const std::string_view part : split(text, '.')) parts.emplace_back(part);
  if (parts.size() == 1) {
    out.table.name = Identifier(parts[0]);
    return out;
  }
  out.column = Identifier(parts.back());
  parts.pop_back();
  out.table.name = Identifier(parts.back());
  parts.pop_back();
  // A schema may itself hold dots (database.owner).
  if (!parts.empty()) out.table.schema = Identifier(join(parts, "."));
  return out;
}

/// A key or a Column, as constraints name columns.
Identifier to_key(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (const auto column = value.as<ColumnClause>())
    return Identifier(column->key.empty() ? column->name().text() : column->key, column->name().quote());
  return to_identifier(interpreter, value, needed_for);
}

ForeignKeyOptions to_foreign_key_options(Interpreter& interpreter, const Binder& bind) {
  ForeignKeyOptions out;
  out.on_delete = text_argument(interpreter, bind, "ondelete").value_or("");
  out.on_update = text_argument(interpreter, bind, "onupdate").value_or("");
  out.match = text_argument(interpreter, bind, "match").value_or("");
  out.deferral = to_deferral(interpreter, bind);
  out.use_alter = flag_argument(interpreter, bind, "use_alter", false);
  out.comment = text_argument(interpreter, bind, "comment");
  for (const DialectOption& option : dialect_options(bind, {"info", "link_to_name", "_unresolvable", "table"})) {
    if (option.dialect == "postgresql" && option.name == "not_valid") {
      out.not_valid = interpreter.truth(option.value);
    } else if (option.dialect == "postgresql" || option.dialect == "sqlite") {
      refuse_option(bind, option);
    }
  }
  return out;
}

void apply(const ForeignKeyOptions& options, model::ForeignKey& key) {
  key.on_delete = options.on_delete;
  key.on_update = options.on_update;
  key.match = options.match;
  key.deferral = options.deferral;
  key.use_alter = options.use_alter;
  key.not_valid = options.not_valid;
  key.comment = options.comment;
}

Value make_foreign_key(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("ForeignKey", arguments,
                    {"column", "_constraint", "use_alter", "name", "onupdate", "ondelete", "deferrable", "initially",
                     "link_to_name", "match"},
                    {"comment"});
  auto item = std::make_shared<ForeignKeyItem>(bind.where());
  item->target = to_reference(interpreter, bind.required("column"), "the target of a ForeignKey");
  item->name = name_argument(interpreter, bind, "name");
  item->options = to_foreign_key_options(interpreter, bind);
  return Value(evaluate::ObjectPtr(item));
}

Value make_foreign_key_constraint(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("ForeignKeyConstraint", arguments,
                    {"columns", "refcolumns", "name", "onupdate", "ondelete", "deferrable", "initially", "use_alter",
                     "link_to_name", "match", "table"},
                    {"comment"});
  model::ForeignKey key;
  for (const Value& column : items_of(interpreter, bind.required("columns"), "the columns of a ForeignKeyConstraint"))
    key.columns.push_back(to_key(interpreter, column, "a column of a ForeignKeyConstraint"));
  std::vector<ReferencedColumn> targets;
  for (const Value& column : items_of(interpreter, bind.required("refcolumns"), "the referred columns"))
    targets.push_back(to_reference(interpreter, column, "a referred column of a ForeignKeyConstraint"));
  if (targets.size() != key.columns.size())
    refuse_schema("a ForeignKeyConstraint has " + counted(key.columns.size(), "column") + " but refers to " +
                      std::to_string(targets.size()),
                  "give both lists the same length", bind.where());
  if (targets.empty()) refuse_schema("a ForeignKeyConstraint has no columns", "", bind.where());
  apply(to_foreign_key_options(interpreter, bind), key);
  auto item = std::make_shared<ConstraintItem>(std::move(key), bind.where());
  item->name = name_argument(interpreter, bind, "name");
  item->targets = std::move(targets);
  return Value(evaluate::ObjectPtr(item));
}

template <class Keyed>
Value make_keyed(Interpreter& interpreter, Arguments& arguments, const char* function) {
  const Binder bind(function, arguments, {}, {"name", "deferrable", "initially", "comment"}, true);
  Keyed keyed;
  for (const Value& column : bind.rest())
    keyed.columns.push_back(to_key(interpreter, column, std::string("a column of a ") + function));
  keyed.deferral = to_deferral(interpreter, bind);
  keyed.comment = text_argument(interpreter, bind, "comment");
  model::Constraint constraint = std::move(keyed);
  apply_constraint_options(interpreter, bind, dialect_options(bind, {"info", "_autoattach", "_column_flag"}),
                           constraint);
  auto item = std::make_shared<ConstraintItem>(std::move(constraint), bind.where());
  item->name = name_argument(interpreter, bind, "name");
  return Value(evaluate::ObjectPtr(item));
}

Value make_primary_key(Interpreter& interpreter, Arguments& arguments) {
  return make_keyed<model::PrimaryKey>(interpreter, arguments, "PrimaryKeyConstraint");
}

Value make_unique(Interpreter& interpreter, Arguments& arguments) {
  return make_keyed<model::UniqueConstraint>(interpreter, arguments, "UniqueConstraint");
}

Value make_check(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("CheckConstraint", arguments, {"sqltext", "name", "deferrable", "initially", "table"}, {"comment"});
  model::CheckConstraint check;
  check.sql = to_sql(interpreter, bind.required("sqltext"), "the condition of a CheckConstraint");
  check.deferral = to_deferral(interpreter, bind);
  check.comment = text_argument(interpreter, bind, "comment");
  model::Constraint constraint = std::move(check);
  apply_constraint_options(interpreter, bind, dialect_options(bind, {"info"}), constraint);
  auto item = std::make_shared<ConstraintItem>(std::move(constraint), bind.where());
  item->name = name_argument(interpreter, bind, "name");
  return Value(evaluate::ObjectPtr(item));
}

Value make_exclude(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("ExcludeConstraint", arguments, {},
                    {"name", "deferrable", "initially", "using", "where", "ops", "comment"}, true);
  return Value(evaluate::ObjectPtr(make_exclude_item(interpreter, bind, bind.rest())));
}

Value make_index(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("Index", arguments, {"name"}, {"unique", "quote", "_table", "_column_flag"}, true);
  return Value(evaluate::ObjectPtr(make_index_item(interpreter, bind, bind.rest())));
}

std::map<std::string, std::string> opclasses(Interpreter& interpreter, const Value& value) {
  std::map<std::string, std::string> out;
  for (const auto& [key, held] : entries_of(interpreter, value, "postgresql_ops"))
    out[key] = to_text(interpreter, held, "postgresql_ops");
  return out;
}

/// The column an index element is about, for postgresql_ops: through DESC, NULLS LAST and COLLATE.
std::string column_key(const model::Expression& expression) {
  if (const auto* column = std::get_if<model::ColumnExpr>(&expression)) return column->column.text();
  if (const auto* unary = std::get_if<Box<model::UnaryExpr>>(&expression)) return column_key((*unary)->operand);
  return "";
}

/// What postgresql_ops calls an element: its label, or its column.
std::string element_key(const Value& given, const model::Expression& expression) {
  const auto labelled = given.as<LabelledExpression>();
  return labelled ? labelled->label() : column_key(expression);
}

/// {"fillfactor": 50} as text: numbers and flags as PostgreSQL writes them.
std::vector<std::pair<std::string, std::string>> storage_parameters(Interpreter& interpreter, const Value& value,
                                                                    const std::string& needed_for) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [key, held] : entries_of(interpreter, value, needed_for))
    out.emplace_back(key, interpreter.str(held));
  return out;
}

/// elements: what index.elements were made from.
void apply_postgres_index_option(Interpreter& interpreter, const Binder& bind, const DialectOption& option,
                                 const std::vector<Value>& elements, model::Index& index) {
  const std::string label = "postgresql_" + option.name;
  if (option.value.is_opaque()) interpreter.refuse_opaque(option.value, label);
  if (option.value.is_none()) return;
  if (option.name == "where") {
    index.postgresql.where = to_sql(interpreter, option.value, label);
  } else if (option.name == "using") {
    if (interpreter.truth(option.value)) index.postgresql.using_method = to_text(interpreter, option.value, label);
  } else if (option.name == "ops") {
    const auto classes = opclasses(interpreter, option.value);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      model::IndexElement& element = index.elements[i];
      if (const auto found = classes.find(element_key(elements[i], element.sql)); found != classes.end())
        element.opclass = found->second;
    }
  } else if (option.name == "include") {
    for (const Value& column : items_of(interpreter, option.value, label))
      index.postgresql.include.push_back(to_key(interpreter, column, label));
  } else if (option.name == "concurrently") {
    index.postgresql.concurrently = interpreter.truth(option.value);
  } else if (option.name == "nulls_not_distinct") {
    index.postgresql.nulls_not_distinct = interpreter.truth(option.value);
  } else if (option.name == "with") {
    index.postgresql.with = storage_parameters(interpreter, option.value, label);
  } else if (option.name == "tablespace") {
    index.postgresql.tablespace = to_identifier(interpreter, option.value, label);
  } else {
    refuse_option(bind, option);
  }
}

}  // namespace

std::string ConstraintItem::type_name() const {
  struct Name {
    const char* operator()(const model::PrimaryKey&) const { return "PrimaryKeyConstraint"; }
    const char* operator()(const model::UniqueConstraint&) const { return "UniqueConstraint"; }
    const char* operator()(const model::ForeignKey&) const { return "ForeignKeyConstraint"; }
    const char* operator()(const model::CheckConstraint&) const { return "CheckConstraint"; }
    const char* operator()(const model::ExcludeConstraint&) const { return "ExcludeConstraint"; }
  };
  return std::visit(Name{}, constraint);
}

std::optional<Value> ConstraintItem::attribute(Interpreter&, std::string_view wanted) {
  if (wanted == "name") return name.text.empty() ? Value() : Value(name.text.text());
  return std::nullopt;
}

void apply_foreign_key_options(Interpreter& interpreter, const Binder& bind, model::ForeignKey& key) {
  apply(to_foreign_key_options(interpreter, bind), key);
}

model::Deferral to_deferral(Interpreter& interpreter, const Binder& bind) {
  model::Deferral out;
  out.deferrable = flag_argument(interpreter, bind, "deferrable");
  if (const auto text = text_argument(interpreter, bind, "initially")) {
    const std::string lower = to_lower_ascii(*text);
    if (lower == "deferred") {
      out.initially = "DEFERRED";
    } else if (lower == "immediate") {
      out.initially = "IMMEDIATE";
    } else if (!text->empty()) {
      refuse_schema("initially= must be 'DEFERRED' or 'IMMEDIATE', not '" + *text + "'", "", bind.where());
    }
  }
  return out;
}

void apply_constraint_options(Interpreter& interpreter, const Binder& bind, const std::vector<DialectOption>& options,
                              model::Constraint& constraint) {
  auto* primary = std::get_if<model::PrimaryKey>(&constraint);
  auto* unique = std::get_if<model::UniqueConstraint>(&constraint);
  auto* check = std::get_if<model::CheckConstraint>(&constraint);
  auto* foreign = std::get_if<model::ForeignKey>(&constraint);
  for (const DialectOption& option : options) {
    const std::string label = option.dialect + "_" + option.name;
    if (option.value.is_opaque()) interpreter.refuse_opaque(option.value, label);
    if (option.dialect == "postgresql") {
      if (option.name == "not_valid" && (check != nullptr || foreign != nullptr)) {
        (check != nullptr ? check->not_valid : foreign->not_valid) = interpreter.truth(option.value);
      } else if (option.name == "no_inherit" && check != nullptr) {
        check->no_inherit = interpreter.truth(option.value);
      } else if (option.name == "include" && (primary != nullptr || unique != nullptr)) {
        auto& include = primary != nullptr ? primary->postgresql_include : unique->postgresql_include;
        for (const Value& column : items_of(interpreter, option.value, label))
          include.push_back(to_key(interpreter, column, label));
      } else if (option.name == "nulls_not_distinct" && unique != nullptr) {
        unique->nulls_not_distinct = !option.value.is_none() && interpreter.truth(option.value);
      } else {
        refuse_option(bind, option);
      }
    } else if (option.dialect == "sqlite") {
      if (option.name != "on_conflict") refuse_option(bind, option);
      if (option.value.is_none()) continue;
      const std::string action = to_text(interpreter, option.value, label);
      if (primary != nullptr) primary->sqlite_on_conflict = action;
      if (unique != nullptr) unique->sqlite_on_conflict = action;
    }
  }
}

model::Expression to_index_expression(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (const auto column = value.as<ColumnClause>())
    return model::ColumnExpr{{}, to_key(interpreter, value, needed_for)};
  if (const auto expression = value.as<ExpressionObject>()) return expression->expression();
  return model::ColumnExpr{{}, to_identifier(interpreter, value, needed_for)};
}

std::shared_ptr<IndexItem> make_index_item(Interpreter& interpreter, const Binder& bind,
                                           const std::vector<Value>& elements) {
  auto item = std::make_shared<IndexItem>(bind.where());
  for (const Value& element : elements)
    item->index.elements.push_back({to_index_expression(interpreter, element, "a column of an index"), ""});
  item->index.unique = flag_argument(interpreter, bind, "unique", false);
  const char* name = bind.given("index_name") ? "index_name" : "name";
  item->name = name_argument(interpreter, bind, name);
  if (const auto quote = flag_argument(interpreter, bind, "quote"))
    item->name.text = Identifier(item->name.text.text(), quote);
  for (const DialectOption& option : dialect_options(bind, {"info"})) {
    if (option.dialect == "postgresql") {
      apply_postgres_index_option(interpreter, bind, option, elements, item->index);
    } else if (option.dialect == "sqlite") {
      if (option.name != "where") refuse_option(bind, option);
      if (!option.value.is_none()) item->index.sqlite.where = to_sql(interpreter, option.value, "sqlite_where");
    }
  }
  return item;
}

std::shared_ptr<ConstraintItem> make_exclude_item(Interpreter& interpreter, const Binder& bind,
                                                  const std::vector<Value>& elements) {
  model::ExcludeConstraint exclude;
  std::map<std::string, std::string> classes;
  dialect_options(bind, {"info"});
  if (const auto ops = bind.present("ops")) classes = opclasses(interpreter, *ops);
  for (const Value& element : elements) {
    const auto parts = items_of(interpreter, element, "an element of an exclude constraint");
    if (parts.size() != 2)
      refuse_schema("an element of an exclude constraint must be (column, operator)", "", bind.where());
    model::ExcludeConstraint::Element made;
    made.sql = to_index_expression(interpreter, parts[0], "an element of an exclude constraint");
    made.op = to_text(interpreter, parts[1], "an operator of an exclude constraint");
    if (const auto found = classes.find(element_key(parts[0], made.sql)); found != classes.end())
      made.opclass = found->second;
    exclude.elements.push_back(std::move(made));
  }
  if (const auto method = text_argument(interpreter, bind, "using"); method && !method->empty())
    exclude.using_method = *method;
  if (const auto where = bind.present("where"))
    exclude.where = to_sql(interpreter, *where, "where of an exclude constraint");
  exclude.deferral = to_deferral(interpreter, bind);
  exclude.comment = text_argument(interpreter, bind, "comment");
  auto item = std::make_shared<ConstraintItem>(std::move(exclude), bind.where());
  item->name = name_argument(interpreter, bind, bind.given("constraint_name") ? "constraint_name" : "name");
  return item;
}

std::unordered_map<std::string, Value> postgresql_schema_members(Context&) {
  using evaluate::make_function;
  return {{"ExcludeConstraint", make_function("postgresql.ExcludeConstraint", make_exclude)}};
}

std::unordered_map<std::string, Value> constraint_members() {
  using evaluate::make_function;
  return {{"ForeignKey", make_function("sa.ForeignKey", make_foreign_key)},
          {"ForeignKeyConstraint", make_function("sa.ForeignKeyConstraint", make_foreign_key_constraint)},
          {"PrimaryKeyConstraint", make_function("sa.PrimaryKeyConstraint", make_primary_key)},
          {"UniqueConstraint", make_function("sa.UniqueConstraint", make_unique)},
          {"CheckConstraint", make_function("sa.CheckConstraint", make_check)},
          {"Index", make_function("sa.Index", make_index)}};
}

}  // namespace bascule::formats::alembic
