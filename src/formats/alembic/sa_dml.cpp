#include "formats/alembic/sa_dml.h"

#include <fmt/core.h>

#include <algorithm>

#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/orm_mapper.h"
#include "formats/alembic/sa_dml_statement.h"
#include "formats/alembic/sa_expressions.h"
#include "formats/alembic/sa_from.h"
#include "formats/alembic/sa_select.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;

namespace {

model::Expression column_expression(const QualifiedName& table, const Identifier& name) {
  return model::ColumnExpr{table, name};
}

/// table.c: columns by attribute, by name, by position.
class ColumnsView : public evaluate::Object {
 public:
  explicit ColumnsView(std::shared_ptr<TableClause> table) : table_(std::move(table)) {}
  std::string type_name() const override { return "ReadOnlyColumnCollection"; }
  std::optional<Value> attribute(Interpreter&, std::string_view name) override {
    if (auto column = table_->find_column(name)) return Value(evaluate::ObjectPtr(column));
    if (name == "keys") {
      return method(name, [](const ColumnClause& column) { return Value(column.key); });
    }
    if (name == "values") {
      return method(name, [](ColumnClause& column) { return Value(column.shared_from_this()); });
    }
    if (name == "items") {
      return method(name, [](ColumnClause& column) {
        return evaluate::make_tuple({Value(column.key), Value(column.shared_from_this())});
      });
    }
    if (name == "get") {
      return evaluate::make_function("get", [table = table_](Interpreter&, Arguments& arguments) {
        Binder bind("get", arguments, {"key", "default"});
        const Value wanted = bind.required("key");
        auto* key = wanted.as_str();
        auto column = key ? table->find_column(*key) : nullptr;
        return column ? Value(evaluate::ObjectPtr(column)) : bind.optional("default").value_or(Value());
      });
    }
    return std::nullopt;
  }
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override {
    if (key.is_opaque()) interpreter.refuse_opaque(key, "a column of '" + display(table_->table_name()) + "'");
    const auto& columns = table_->table_columns();
    if (auto* position = key.as_int()) {
      const auto size = static_cast<std::int64_t>(columns.size());
      const std::int64_t at = *position < 0 ? *position + size : *position;
      if (at < 0 || at >= size) evaluate::raise_python("IndexError", std::to_string(*position));
      return Value(evaluate::ObjectPtr(columns[static_cast<std::size_t>(at)]));
    }
    const std::string name = to_identifier(interpreter, key, "a column name").text();
    if (auto column = table_->find_column(name)) return Value(evaluate::ObjectPtr(column));
    evaluate::raise_python("KeyError", "'" + name + "'");
  }
  std::optional<std::vector<Value>> iterate(Interpreter&) override {
    std::vector<Value> columns;
    for (const auto& column : table_->table_columns()) columns.emplace_back(evaluate::ObjectPtr(column));
    return columns;
  }
  std::optional<std::int64_t> length(Interpreter&) override {
    return static_cast<std::int64_t>(table_->table_columns().size());
  }
  std::optional<bool> contains(Interpreter&, const Value& item) override {
    if (auto* name = item.as_str()) return table_->find_column(*name) != nullptr;
    auto column = item.as<ColumnClause>();
    return column && table_->find_column(column->key) == column;
  }

 private:
  template <class Shown>
  Value method(std::string_view name, Shown shown) {
    return evaluate::make_function(std::string(name), [table = table_, shown](Interpreter&, Arguments&) {
      std::vector<Value> items;
      for (const auto& column : table->table_columns()) items.push_back(shown(*column));
      return evaluate::make_list(std::move(items));
    });
  }

  std::shared_ptr<TableClause> table_;
};

Value make_statement(Statement::Kind kind, const std::shared_ptr<TableClause>& table, Interpreter& interpreter,
                     const Arguments& arguments) {
  auto statement = std::make_shared<Statement>(kind, table);
  // SQLAlchemy 1.x took values= and whereclause here; 2.x takes nothing.
  if (!arguments.positional.empty() || !arguments.keywords.empty()) {
    evaluate::raise_type_error(statement->type_name() + "() takes the table only; use .values() and .where()");
  }
  (void)interpreter;
  return Value(evaluate::ObjectPtr(statement));
}

/// What insert(), update() and delete() write: a table, or a mapped class, whose columns go by its attributes.
std::shared_ptr<TableClause> written_table(const Value& given, Recorder& recorder) {
  const auto mapper = mapper_of(given);
  const auto renamed = [](const Mapper::Attribute& one) { return one.name != one.column->key; };
  if (!mapper || std::none_of(mapper->attributes.begin(), mapper->attributes.end(), renamed)) return table_of(given);
  std::vector<std::shared_ptr<ColumnClause>> columns;
  for (const Mapper::Attribute& one : mapper->attributes) {
    auto column = std::make_shared<AttributeColumn>(*one.column, one.name);
    column->insert_default = one.column->insert_default;
    column->update_default = one.column->update_default;
    columns.push_back(std::move(column));
  }
  auto table = std::make_shared<TableClause>(mapper->table->table_name(), std::move(columns));
  table->set_recorder(recorder);
  return table;
}

/// A query that is not read: refused where something needs it.
Value opaque_query(const std::string& name, const Location& where) {
  return make_opaque("sqlalchemy." + name + "()", "it is not supported", where, true);
}

}  // namespace

ColumnClause::ColumnClause(Identifier name, std::shared_ptr<TypeObject> type, QualifiedName table)
    : ExpressionObject(column_expression(table, name), type ? std::optional(type->type()) : std::nullopt),
      key(name.text()),
      name_(std::move(name)),
      type_object_(std::move(type)),
      table_(std::move(table)) {}

void ColumnClause::attach(QualifiedName table, int source) {
  table_ = std::move(table);
  expression_ = model::ColumnExpr{table_, name_, source};
}

model::FromItem TableClause::from_item() const {
  model::FromItem item;
  item.table = name_;
  return item;
}

std::optional<Value> ColumnClause::attribute(Interpreter& interpreter, std::string_view name) {
  if (name == "name" || name == "description") return Value(name_.text());
  if (name == "key") return Value(key);
  if (name == "type") return type_object_ ? Value(evaluate::ObjectPtr(type_object_)) : Value();
  if (name == "table") refuse_unsupported("Column.table");
  return ExpressionObject::attribute(interpreter, name);
}

TableClause::TableClause(QualifiedName name, std::vector<std::shared_ptr<ColumnClause>> columns)
    : name_(std::move(name)), columns_(std::move(columns)) {
  for (auto& column : columns_) column->attach(name_);
}

std::shared_ptr<ColumnClause> TableClause::find_column(std::string_view key) const {
  for (const auto& column : columns_) {
    if (column->key == key) return column;
  }
  return nullptr;
}

void TableClause::add_column(std::shared_ptr<ColumnClause> column) {
  column->attach(name_);
  columns_.push_back(std::move(column));
}

std::string TableClause::repr(Interpreter&) { return "Table('" + display(name_) + "')"; }

std::optional<Value> TableClause::attribute(Interpreter&, std::string_view name) {
  auto self = std::static_pointer_cast<TableClause>(shared_from_this());
  if (name == "c" || name == "columns") return Value(evaluate::ObjectPtr(std::make_shared<ColumnsView>(self)));
  if (name == "name" || name == "description") return Value(name_.name.text());
  if (name == "schema") return name_.schema.empty() ? Value() : Value(name_.schema.text());
  if (name == "fullname" || name == "key") return Value(display(name_));
  for (auto [method, kind] : {std::pair{"insert", Statement::Kind::kInsert},
                              {"update", Statement::Kind::kUpdate},
                              {"delete", Statement::Kind::kDelete}}) {
    if (name != method) continue;
    return evaluate::make_function(fmt::format("Table.{}", method),
                                   [self, kind = kind](Interpreter& in, Arguments& arguments) {
                                     return make_statement(kind, self, in, arguments);
                                   });
  }
  if (name == "select" || name == "count") {
    return evaluate::make_function("Table." + std::string(name), [self, counts = name == "count"](
                                                                     Interpreter& in, Arguments& arguments) {
      const Binder bind("select", arguments, {"whereclause"});
      const auto where = bind.present("whereclause");
      if (!counts) return make_select(in, {Value(evaluate::ObjectPtr(self))}, where, self->recorder());
      const Value made = make_select(in, {make_expression(model::FunctionExpr{"count", {}})}, where, self->recorder());
      made.as<SelectObject>()->add_from(in, Value(evaluate::ObjectPtr(self)));
      return made;
    });
  }
  if (name == "alias") {
    return evaluate::make_function("Table.alias", [self](Interpreter& in, Arguments& arguments) {
      const Binder bind("alias", arguments, {"name", "flat"});
      model::FromItem item = self->from_item();
      std::string wanted = string_argument(in, bind, "name");
      if (wanted.empty()) wanted = self->table_name().name.text() + "_" + std::to_string(self->recorder().next_alias());
      item.alias = Identifier(std::move(wanted));
      return Value(evaluate::ObjectPtr(make_alias(std::move(item), self->table_columns(), self->recorder())));
    });
  }
  if (name == "join" || name == "outerjoin") {
    return evaluate::make_function(
        "Table." + std::string(name), [self, outer = name == "outerjoin"](Interpreter& in, Arguments& arguments) {
          return join_by_arguments(in, Value(evaluate::ObjectPtr(self)), arguments, outer, self->recorder());
        });
  }
  for (std::string_view query : {"lateral", "tablesample"}) {
    if (name != query) continue;
    return evaluate::make_function(std::string(name), [query](Interpreter&, Arguments& arguments) {
      return opaque_query("Table." + std::string(query), arguments.where);
    });
  }
  return std::nullopt;
}

std::vector<model::InsertStatement> bulk_insert_statements(Interpreter& interpreter, const TableClause& table,
                                                           const Value& rows, bool multiinsert) {
  const std::string needed_for = fmt::format("the rows of op.bulk_insert into '{}'", display(table.table_name()));
  if (rows.is_opaque()) interpreter.refuse_opaque(rows, needed_for);
  if (!rows.as_list()) evaluate::raise_type_error("List expected");
  const std::vector<Value> items = rows.as_list()->items;
  std::vector<model::InsertStatement> result;
  if (items.empty()) return result;
  auto shared = std::static_pointer_cast<TableClause>(const_cast<TableClause&>(table).shared_from_this());
  const Statement statement(Statement::Kind::kInsert, shared);
  std::vector<Statement::Row> converted;
  for (const Value& item : items) {
    if (item.is_opaque()) interpreter.refuse_opaque(item, needed_for);
    if (!item.as_dict()) evaluate::raise_type_error("List of dictionaries expected");
    converted.push_back(statement.to_row(interpreter, item, true));
  }
  const auto make = [&](const std::vector<Statement::Row>& group) {
    model::Operation operation = statement.with_rows(interpreter, group);
    result.push_back(std::move(std::get<model::InsertRows>(operation).statement));
  };
  if (multiinsert) {
    make(converted);
  } else {
    for (auto& row : converted) make({row});
  }
  return result;
}

std::optional<std::vector<model::Operation>> to_executables(Interpreter& interpreter, const Value& statement,
                                                            const Value& parameters, const std::string& needed_for) {
  if (statement.is_opaque()) interpreter.refuse_opaque(statement, needed_for);
  if (parameters.is_opaque()) interpreter.refuse_opaque(parameters, "the parameters of " + needed_for);
  std::vector<Value> sets;
  if (auto* list = parameters.as_sequence()) {
    sets = *list;
  } else if (!parameters.is_none()) {
    sets = {parameters};
  }
  for (const Value& set : sets) {
    if (set.is_opaque()) interpreter.refuse_opaque(set, "the parameters of " + needed_for);
    if (!set.as_dict()) evaluate::raise_type_error("parameters are given as a dict or a list of dicts");
  }
  std::vector<model::Operation> operations;
  std::shared_ptr<TextClause> text = statement.as<TextClause>();
  if (auto* plain = statement.as_str()) text = std::make_shared<TextClause>(*plain, "");
  if (text) {
    if (sets.empty()) operations.emplace_back(model::RawSql{text->sql(interpreter)});
    for (const Value& set : sets) {
      std::vector<std::pair<std::string, Value>> values;
      for (const auto& [key, value] : set.as_dict()->entries()) values.emplace_back(interpreter.str(key), value);
      operations.emplace_back(model::RawSql{text->with(interpreter, values, false)->sql(interpreter)});
    }
    return operations;
  }
  auto dml = statement.as<Statement>();
  if (!dml) return std::nullopt;
  if (dml->has_parameters()) {
    if (sets.empty()) dml->refuse_parameters();
    for (const Value& set : sets) operations.push_back(dml->operation_with(interpreter, set));
    return operations;
  }
  if (sets.empty()) {
    operations.push_back(dml->operation(interpreter));
  } else if (sets.size() == 1) {
    operations.push_back(dml->operation(interpreter, dml->to_row(interpreter, sets.front(), true)));
  } else if (dml->kind() == Statement::Kind::kInsert) {
    std::vector<Statement::Row> rows;
    for (const Value& set : sets) rows.push_back(dml->to_row(interpreter, set, true));
    operations.push_back(dml->with_rows(interpreter, rows));
  } else {
    for (const Value& set : sets) {
      operations.push_back(dml->operation(interpreter, dml->to_row(interpreter, set, true)));
    }
  }
  return operations;
}

std::optional<model::Operation> to_executable(Interpreter& interpreter, const Value& value,
                                              const std::string& needed_for) {
  auto operations = to_executables(interpreter, value, Value(), needed_for);
  if (!operations || operations->empty()) return std::nullopt;
  return std::move(operations->front());
}

std::unordered_map<std::string, Value> dml_members(Recorder& recorder) {
  std::unordered_map<std::string, Value> members;
  members["column"] = evaluate::make_function("column", [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("column", arguments, {"text", "type_", "is_literal"}, {"_selectable"});
    bind.reject_extra();
    Identifier name = to_identifier(interpreter, bind.required("text"), "the name of sa.column()");
    std::shared_ptr<TypeObject> type;
    if (auto given = bind.present("type_"))
      type = to_type(interpreter, *given, recorder, "the type of column '" + name.text() + "'");
    if (bool_argument(interpreter, bind, "is_literal", false)) {
      return make_expression(model::TextExpr{name.text()}, type ? std::optional(type->type()) : std::nullopt);
    }
    return Value(evaluate::ObjectPtr(std::make_shared<ColumnClause>(std::move(name), std::move(type))));
  });
  members["table"] = evaluate::make_function("table", [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("table", arguments, {"name"}, {"schema"}, true);
    bind.reject_extra();
    QualifiedName name;
    name.name = to_identifier(interpreter, bind.required("name"), "the name of sa.table()");
    if (auto schema = bind.present("schema"))
      name.schema = to_identifier(interpreter, *schema, "the schema of sa.table()");
    std::vector<std::shared_ptr<ColumnClause>> columns;
    for (const Value& item : bind.rest()) {
      if (item.is_opaque()) interpreter.refuse_opaque(item, "a column of sa.table('" + name.name.text() + "')");
      auto column = item.as<ColumnClause>();
      if (!column)
        evaluate::raise_python("ArgumentError", "sa.table() takes columns, not " + evaluate::type_name(item));
      columns.push_back(column);
    }
    auto made = std::make_shared<TableClause>(std::move(name), std::move(columns));
    made->set_recorder(recorder);
    return Value(evaluate::ObjectPtr(made));
  });
  for (auto [name, kind] : {std::pair{"insert", Statement::Kind::kInsert},
                            {"update", Statement::Kind::kUpdate},
                            {"delete", Statement::Kind::kDelete}}) {
    members[name] = evaluate::make_function(
        name, [name = std::string(name), kind = kind, &recorder](Interpreter& in, Arguments& arguments) {
          Binder bind(name, arguments, {"table"});
          bind.reject_extra();
          const Value given = bind.required("table");
          if (given.is_opaque()) in.refuse_opaque(given, "the table of " + name + "()");
          auto table = written_table(given, recorder);
          if (!table) {
            evaluate::raise_python(
                "ArgumentError",
                fmt::format("subject table for an INSERT, UPDATE or DELETE expected, got {}.", in.repr(given)));
          }
          return make_statement(kind, table, in, Arguments{});
        });
  }
  members.merge(select_members(recorder));
  for (const char* name : {"lateral", "values"}) {
    members[name] = evaluate::make_function(
        name, [name](Interpreter&, Arguments& arguments) { return opaque_query(name, arguments.where); });
  }
  return members;
}

void add_dialect_insert(std::unordered_map<std::string, Value>& members, Recorder& recorder) {
  members["insert"] = dml_members(recorder).at("insert");
}

}  // namespace bascule::formats::alembic
