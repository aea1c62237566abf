#include "formats/alembic/sa_from.h"

#include <fmt/core.h>

#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "formats/alembic/orm_mapper.h"
#include "formats/alembic/sa_expressions.h"
#include "formats/alembic/sa_schema.h"
#include "formats/alembic/sa_select.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;

namespace {

std::vector<std::shared_ptr<TableClause>> tables_in(const Value& value) {
  if (auto join = value.as<JoinClause>()) return join->tables();
  if (auto table = table_of(value)) return {table};
  return {};
}

/// The condition of a join that does not say one: the foreign keys between its sides.
model::Expression key_condition(const std::vector<std::shared_ptr<TableClause>>& left,
                                const std::vector<std::shared_ptr<TableClause>>& right) {
  std::vector<model::Expression> parts;
  const auto add = [&](const TableClause& from, const TableClause& to) {
    const auto* table = dynamic_cast<const TableItem*>(&from);
    if (table == nullptr) return;
    for (const auto& column : table->column_items()) {
      for (const auto& key : column->foreign_keys) {
        if (!(key->target.table == to.table_name())) continue;
        const auto target = to.find_column(key->target.column ? key->target.column->text() : column->name().text());
        const auto own = from.find_column(column->key);
        if (target && own) parts.push_back(binary_expression("=", target->expression(), own->expression()));
      }
    }
  };
  for (const auto& one : left) {
    for (const auto& other : right) {
      add(*other, *one);
      add(*one, *other);
    }
  }
  if (parts.empty()) {
    evaluate::raise_python("NoForeignKeysError",
                           "Can't find any foreign key relationships between the tables of a join. Perhaps you meant "
                           "to convert the right side to a subquery using alias()?",
                           "say what joins them: .join(other, table.c.id == other.c.table_id)");
  }
  return conjunction("AND", std::move(parts));
}

}  // namespace

AliasClause::AliasClause(model::FromItem item, const std::vector<std::shared_ptr<ColumnClause>>& columns,
                         Recorder& recorder)
    : TableClause(QualifiedName{Identifier(), item.alias}), item_(std::move(item)) {
  set_recorder(recorder);
  for (const auto& column : columns) {
    auto own = std::make_shared<ColumnClause>(column->name(), column->type_object());
    own->key = column->key;
    own->attach(table_name(), item_.source);
    columns_.push_back(std::move(own));
  }
}

std::optional<Value> AliasClause::attribute(Interpreter& interpreter, std::string_view name) {
  // An alias is read, never written.
  if (name == "insert" || name == "update" || name == "delete") return std::nullopt;
  return TableClause::attribute(interpreter, name);
}

std::shared_ptr<AliasClause> make_alias(model::FromItem item, const std::vector<std::shared_ptr<ColumnClause>>& columns,
                                        Recorder& recorder) {
  item.source = recorder.next_alias();
  if (item.alias.empty()) item.alias = Identifier("anon_" + std::to_string(item.source));
  auto alias = std::make_shared<AliasClause>(item, columns, recorder);
  recorder.remember_alias(std::move(item));
  return alias;
}

std::optional<model::FromItem> to_from(const Value& value) {
  if (auto table = table_of(value)) return table->from_item();
  if (auto join = value.as<JoinClause>()) return join->item();
  return std::nullopt;
}

Value make_join(Interpreter& interpreter, const Value& left, const Value& right, const std::optional<Value>& on,
                const std::string& words, Recorder& recorder) {
  for (const Value* side : {&left, &right}) {
    if (side->is_opaque()) interpreter.refuse_opaque(*side, "a side of a join");
  }
  const auto first = to_from(left);
  const auto second = to_from(right);
  if (!first || !second)
    evaluate::raise_python("ArgumentError", "Join target, typically a FROM expression, expected, got " +
                                                interpreter.repr(first ? right : left) + ".");
  model::FromItem item;
  item.joined = {*first, *second};
  item.join = words;
  auto tables = tables_in(left);
  const auto others = tables_in(right);
  item.on = on ? condition(interpreter, *on, "the condition of a join") : key_condition(tables, others);
  tables.insert(tables.end(), others.begin(), others.end());
  return Value(evaluate::ObjectPtr(std::make_shared<JoinClause>(std::move(item), std::move(tables), recorder)));
}

Value join_by_arguments(Interpreter& interpreter, const Value& left, const Arguments& arguments, bool outer,
                        Recorder& recorder) {
  const Binder bind(outer ? "outerjoin" : "join", arguments, {"right", "onclause", "isouter", "full"});
  bind.reject_extra();
  const bool full = bool_argument(interpreter, bind, "full", false);
  const bool left_outer = outer || bool_argument(interpreter, bind, "isouter", false);
  return make_join(interpreter, left, bind.required("right"), bind.present("onclause"),
                   full         ? "FULL OUTER JOIN"
                   : left_outer ? "LEFT OUTER JOIN"
                                : "JOIN",
                   recorder);
}

std::optional<Value> JoinClause::attribute(Interpreter&, std::string_view name) {
  const Value self{evaluate::ObjectPtr(shared_from_this())};
  Recorder& recorder = recorder_;
  if (name == "join" || name == "outerjoin") {
    return evaluate::make_function(
        std::string(name), [self, outer = name == "outerjoin", &recorder](Interpreter& in, Arguments& arguments) {
          return join_by_arguments(in, self, arguments, outer, recorder);
        });
  }
  if (name == "select") {
    return evaluate::make_function("Join.select", [self, &recorder](Interpreter& in, Arguments& arguments) {
      const Binder bind("Join.select", arguments, {"whereclause"});
      return make_select(in, {self}, bind.present("whereclause"), recorder);
    });
  }
  return std::nullopt;
}

}  // namespace bascule::formats::alembic
