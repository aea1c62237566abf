#include "formats/alembic/sa_select.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "formats/alembic/orm_mapper.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using model::Expression;

namespace {

/// What SQLAlchemy calls a column of a query that nobody named: count_1, anon_1 ...; empty: the database names it.
std::string made_up_name(const Expression& expression) {
  if (const auto* function = std::get_if<Box<model::FunctionExpr>>(&expression)) {
    const std::string& name = (*function)->name;
    return name.substr(name.rfind('.') + 1) + "_";
  }
  if (const auto* cast = std::get_if<Box<model::CastExpr>>(&expression)) {
    if (const auto* column = std::get_if<model::ColumnExpr>(&(*cast)->operand)) return column->column.text();
  }
  if (std::holds_alternative<model::TextExpr>(expression)) return "";
  return "anon_";
}

void refuse_unknown(Interpreter& interpreter, const Value& value) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, "a part of a query");
}

bool is_listed(const std::vector<model::FromItem>& items, int source) {
  return std::any_of(items.begin(), items.end(), [&](const auto& item) { return item.source == source; });
}

/// GROUP BY and ORDER BY take several columns, or one list of them.
std::vector<Value> flattened(const Arguments& arguments) {
  if (arguments.positional.size() == 1 && arguments.positional[0].as_sequence() != nullptr)
    return *arguments.positional[0].as_sequence();
  return arguments.positional;
}

}  // namespace

std::shared_ptr<SelectObject> SelectObject::self() const {
  return std::static_pointer_cast<SelectObject>(const_cast<SelectObject*>(this)->shared_from_this());
}

bool SelectObject::truth(Interpreter&) { evaluate::raise_type_error("Boolean value of this clause is not defined"); }

void SelectObject::note_aliases(const model::FromItem& item) {
  for (const model::FromItem& side : item.joined) note_aliases(side);
  if (item.source != 0 && !is_listed(query_.aliases, item.source)) query_.aliases.push_back(item);
}

Expression SelectObject::known(Expression expression) {
  for (const model::FromItem& item : aliases_in({&expression}, recorder_)) note_aliases(item);
  return expression;
}

std::string SelectObject::unique_label(const std::string& wanted) const {
  const auto taken = [&](const std::string& name) {
    return std::any_of(columns_.begin(), columns_.end(), [&](const auto& column) { return column.key == name; });
  };
  const bool numbered = wanted.ends_with('_');
  if (!numbered && !taken(wanted)) return wanted;
  for (int number = 1;; ++number) {
    std::string name = wanted + (numbered ? "" : "_") + std::to_string(number);
    if (!taken(name)) return name;
  }
}

void SelectObject::add_named(Expression expression, const std::string& label, std::shared_ptr<TypeObject> type,
                             std::optional<model::Type> model_type) {
  std::string name = label.empty() ? "" : unique_label(label);
  query_.columns.push_back({known(std::move(expression)), Identifier(name)});
  columns_.push_back({std::move(name), std::move(type), std::move(model_type)});
}

void SelectObject::add_column(Interpreter& interpreter, const Value& value) {
  refuse_unknown(interpreter, value);
  given_.push_back(value);
  if (value.as_list() != nullptr || value.as_tuple() != nullptr) {
    for (const Value& item : *value.as_sequence()) add_column(interpreter, item);
  } else if (const auto join = value.as<JoinClause>()) {
    for (const auto& table : join->tables()) {
      for (const auto& column : table->table_columns()) add_column(interpreter, Value(evaluate::ObjectPtr(column)));
    }
    add_from(interpreter, value);
  } else if (const auto table = value.as<TableClause>()) {
    for (const auto& column : table->table_columns()) add_column(interpreter, Value(evaluate::ObjectPtr(column)));
    // Without columns it is still what is read.
    if (table->table_columns().empty()) add_from(interpreter, value);
  } else if (const auto column = value.as<ColumnClause>()) {
    add_named(column->expression(), column->name().text(), column->type_object(), column->type());
    if (value.as<AttributeColumn>()) columns_.back().key = column->key;
  } else if (const auto labelled = value.as<LabelledExpression>()) {
    const std::string& label = labelled->label();
    add_named(labelled->expression(), label.empty() ? "anon_" : label, labelled->type_object(), labelled->type());
  } else if (const auto query = value.as<SelectObject>()) {
    add_named(query->as_expression(), "anon_", nullptr, query->value_type());
  } else if (const auto text = value.as<TextClause>()) {
    add_named(model::TextExpr{text->sql(interpreter)}, "", nullptr, std::nullopt);
  } else if (const auto expression = value.as<ExpressionObject>()) {
    Expression made = to_expression(interpreter, value, nullptr, "a column of a query");
    const std::string name = made_up_name(made);
    add_named(std::move(made), name, nullptr, expression->type());
  } else if (const auto mapper = mapper_of(value)) {
    add_entity(interpreter, mapper);
  } else {
    evaluate::raise_python("ArgumentError",
                           "Column expression, FROM clause, or other columns clause element expected, got " +
                               interpreter.repr(value) + ".");
  }
}

void SelectObject::add_entity(Interpreter& interpreter, const std::shared_ptr<Mapper>& mapper) {
  mapper->check_usable(interpreter);
  Entity entity{mapper, columns_.size(), {}};
  for (const auto& [name, column, deferred] : mapper->attributes) {
    if (deferred) continue;
    entity.names.push_back(name);
    add_named(column->expression(), column->name().text(), column->type_object(), column->type());
  }
  entities_.push_back(std::move(entity));
}

/// load_only() and defer(): columns that an entity is read without.
void SelectObject::options(Interpreter&, const Arguments& arguments) {
  for (const Value& value : arguments.positional) {
    const auto option = value.as<LoadOption>();
    if (!option || option->kind == LoadOption::Kind::kNothing) continue;
    for (std::size_t at = 0; at < entities_.size(); ++at) {
      Entity& entity = entities_[at];
      const bool only = option->kind == LoadOption::Kind::kOnly;
      const bool speaks_of_it = std::any_of(option->columns.begin(), option->columns.end(), [&](const auto& column) {
        return entity.mapper->find(*column) != nullptr;
      });
      if (!speaks_of_it) continue;
      for (std::size_t i = entity.names.size(); i-- > 0;) {
        const auto* attribute = entity.mapper->find(entity.names[i]);
        const bool named = std::any_of(option->columns.begin(), option->columns.end(),
                                       [&](const auto& column) { return entity.mapper->find(*column) == attribute; });
        if (named == only || attribute->column->primary_key) continue;
        const auto position = static_cast<std::ptrdiff_t>(entity.first + i);
        query_.columns.erase(query_.columns.begin() + position);
        columns_.erase(columns_.begin() + position);
        entity.names.erase(entity.names.begin() + static_cast<std::ptrdiff_t>(i));
        for (std::size_t later = at + 1; later < entities_.size(); ++later) --entities_[later].first;
      }
    }
  }
}

void SelectObject::add_condition(Interpreter& interpreter, const Value& value) {
  Expression made = known(condition(interpreter, value, "a condition of a query"));
  query_.where = query_.where ? conjunction("AND", {std::move(*query_.where), std::move(made)}) : std::move(made);
}

void SelectObject::add_from(Interpreter& interpreter, const Value& value) {
  refuse_unknown(interpreter, value);
  auto item = to_from(value);
  if (!item && value.as<TextClause>()) {
    item.emplace();
    item->query = model::TextExpr{value.as<TextClause>()->sql(interpreter)};
  }
  if (!item)
    evaluate::raise_python("ArgumentError",
                           "FROM expression, such as a Table or alias() object, or ORM mapped entity "
                           "expected, got " +
                               interpreter.repr(value) + ".");
  note_aliases(*item);
  query_.froms.push_back(std::move(*item));
}

void SelectObject::combine(Interpreter& interpreter, const std::string& words, const std::vector<Value>& parts) {
  query_.set_operator = words;
  for (const Value& part : parts) {
    refuse_unknown(interpreter, part);
    const auto query = part.as<SelectObject>();
    if (!query)
      evaluate::raise_python("ArgumentError",
                             "SELECT construct for inclusion in a UNION or other set construct "
                             "expected, got " +
                                 interpreter.repr(part) + ".");
    if (query_.parts.empty()) columns_ = query->columns();
    query_.parts.push_back(query->query());
  }
}

std::optional<model::Type> SelectObject::value_type() const {
  return columns_.empty() ? std::nullopt : columns_.front().model_type;
}

std::shared_ptr<AliasClause> SelectObject::named(const std::string& name, bool common) const {
  model::FromItem item;
  item.query = as_expression();
  item.alias = Identifier(name);
  item.common = common;
  std::vector<std::shared_ptr<ColumnClause>> columns;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].key.empty()) continue;
    auto type = columns_[i].type;
    if (!type && columns_[i].model_type) type = make_type(*columns_[i].model_type, recorder_, "");
    auto column = std::make_shared<ColumnClause>(Identifier(columns_[i].key), std::move(type));
    // query.c.count is SQLAlchemy's key of count(...), whose name is count_1.
    const Expression* source = i < query_.columns.size() ? &query_.columns[i].expression : nullptr;
    const auto* function = source != nullptr ? std::get_if<Box<model::FunctionExpr>>(source) : nullptr;
    if (function != nullptr && columns_[i].key == (*function)->name + "_1") column->key = (*function)->name;
    columns.push_back(std::move(column));
  }
  return make_alias(std::move(item), columns, recorder_);
}

Expression SelectObject::order_key(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  refuse_unknown(interpreter, value);
  if (const auto* text = value.as_str()) return model::ColumnExpr{{}, Identifier(*text)};
  return known(to_expression(interpreter, value, nullptr, needed_for));
}

void SelectObject::where(Interpreter& interpreter, const Arguments& arguments) {
  for (const Value& value : arguments.positional) add_condition(interpreter, value);
}

void SelectObject::filter_by(Interpreter& interpreter, const Arguments& arguments) {
  // The last table that the query was given.
  std::shared_ptr<TableClause> table;
  for (const Value& value : given_) {
    if (auto held = value.as<TableClause>()) table = held;
  }
  for (const auto& [key, value] : arguments.keywords) {
    const auto mapper = joined_.is_none() && !entities_.empty() ? entities_.front().mapper : mapper_of(joined_);
    const auto* attribute = mapper ? mapper->find(mapper->real_name(key)) : nullptr;
    std::shared_ptr<ColumnClause> column = attribute != nullptr ? attribute->column : nullptr;
    if (!column && table) column = table->find_column(key);
    for (const Value& held : given_) {
      const auto one = held.as<ColumnClause>();
      if (!column && one && one->key == key) column = one;
    }
    if (!column) evaluate::raise_python("InvalidRequestError", "Entity namespace has no property \"" + key + "\"");
    add_condition(interpreter, *column->binary(interpreter, evaluate::BinaryOperator::kEq, value, false));
  }
}

void SelectObject::select_from(Interpreter& interpreter, const Arguments& arguments) {
  for (const Value& value : arguments.positional) add_from(interpreter, value);
}

void SelectObject::add_join(Interpreter& interpreter, const Arguments& arguments, bool outer) {
  // What is joined to: what was said last, else what the columns are of.
  model::FromItem left;
  if (!query_.froms.empty()) {
    left = query_.froms.back();
    query_.froms.pop_back();
  } else {
    std::vector<model::TableRef> tables;
    for (const auto& column : query_.columns) {
      for (const auto& table : model::tables_of(column.expression)) tables.push_back(table);
    }
    if (tables.empty())
      evaluate::raise_python("InvalidRequestError",
                             "Can't determine which FROM clause to join from, there are no "
                             "FROMs which can join to this entity.");
    const auto* alias = recorder_.find_alias(tables.front().source);
    if (alias != nullptr) {
      left = *alias;
    } else {
      left.table = tables.front().name;
    }
  }
  const Binder bind(outer ? "outerjoin" : "join", arguments, {"target", "onclause"}, {"isouter", "full"});
  bind.reject_extra();
  const Value target = bind.required("target");
  refuse_unknown(interpreter, target);
  const auto right = to_from(target);
  if (!right)
    evaluate::raise_python("ArgumentError",
                           "Join target, typically a FROM expression, expected, got " + interpreter.repr(target) + ".");
  model::FromItem item;
  item.joined = {std::move(left), *right};
  item.join = bool_argument(interpreter, bind, "full", false)               ? "FULL OUTER JOIN"
              : outer || bool_argument(interpreter, bind, "isouter", false) ? "LEFT OUTER JOIN"
                                                                            : "JOIN";
  if (const auto on = bind.present("onclause")) {
    item.on = known(condition(interpreter, *on, "the condition of a join"));
  } else {
    // The tables' own objects know their foreign keys.
    for (const Value& value : given_) {
      if (to_from(value)) {
        const Value made = make_join(interpreter, value, target, std::nullopt, item.join, recorder_);
        item.on = made.as<JoinClause>()->item().on;
      }
    }
    if (!item.on)
      evaluate::raise_python("InvalidRequestError", "Don't know how to join; please use an ON clause",
                             "say what joins them: .join(other, table.c.id == other.c.table_id)");
  }
  note_aliases(item);
  query_.froms.push_back(std::move(item));
  joined_ = target;
}

void SelectObject::join(Interpreter& interpreter, const Arguments& arguments) {
  add_join(interpreter, arguments, false);
}
void SelectObject::outer_join(Interpreter& interpreter, const Arguments& arguments) {
  add_join(interpreter, arguments, true);
}
void SelectObject::join_from(Interpreter& interpreter, const Arguments& arguments) {
  const Binder bind("join_from", arguments, {"from_", "target", "onclause"}, {"isouter", "full"});
  const bool outer = bool_argument(interpreter, bind, "isouter", false);
  const Value joined = make_join(interpreter, bind.required("from_"), bind.required("target"), bind.present("onclause"),
                                 outer ? "LEFT OUTER JOIN" : "JOIN", recorder_);
  add_from(interpreter, joined);
}

void SelectObject::order_by(Interpreter& interpreter, const Arguments& arguments) {
  for (const Value& value : flattened(arguments)) {
    if (value.is_none())
      query_.order_by.clear();
    else
      query_.order_by.push_back(order_key(interpreter, value, "the order of a query"));
  }
}
void SelectObject::group_by(Interpreter& interpreter, const Arguments& arguments) {
  for (const Value& value : flattened(arguments))
    query_.group_by.push_back(order_key(interpreter, value, "the grouping of a query"));
}
void SelectObject::having(Interpreter& interpreter, const Arguments& arguments) {
  for (const Value& value : arguments.positional) {
    Expression made = known(condition(interpreter, value, "a condition of a query"));
    query_.having = query_.having ? conjunction("AND", {std::move(*query_.having), std::move(made)}) : std::move(made);
  }
}
void SelectObject::limit(Interpreter& interpreter, const Arguments& arguments) {
  const Binder bind("limit", arguments, {"limit"});
  const Value given = bind.required("limit");
  query_.limit.reset();
  if (!given.is_none()) query_.limit = to_expression(interpreter, given, nullptr, "the limit of a query");
}
void SelectObject::offset(Interpreter& interpreter, const Arguments& arguments) {
  const Binder bind("offset", arguments, {"offset"});
  const Value given = bind.required("offset");
  query_.offset.reset();
  if (!given.is_none()) query_.offset = to_expression(interpreter, given, nullptr, "the offset of a query");
}
void SelectObject::distinct(Interpreter& interpreter, const Arguments& arguments) {
  query_.distinct = true;
  for (const Value& value : arguments.positional)
    query_.distinct_on.push_back(order_key(interpreter, value, "DISTINCT ON of a query"));
}
void SelectObject::lock(Interpreter& interpreter, const Arguments& arguments) {
  const Binder bind("with_for_update", arguments, {}, {"nowait", "read", "of", "skip_locked", "key_share"});
  refuse_argument(bind, "of");
  const bool read = bool_argument(interpreter, bind, "read", false);
  const bool key = bool_argument(interpreter, bind, "key_share", false);
  query_.lock = read ? (key ? "FOR KEY SHARE" : "FOR SHARE") : (key ? "FOR NO KEY UPDATE" : "FOR UPDATE");
  if (bool_argument(interpreter, bind, "nowait", false)) query_.lock += " NOWAIT";
  if (bool_argument(interpreter, bind, "skip_locked", false)) query_.lock += " SKIP LOCKED";
}
void SelectObject::correlate(Interpreter& interpreter, const Arguments& arguments) {
  for (const Value& value : arguments.positional) {
    if (value.is_none()) continue;
    refuse_unknown(interpreter, value);
    if (const auto item = to_from(value); item && item->joined.empty()) query_.correlated.push_back(ref_of(*item));
  }
}
void SelectObject::add_columns(Interpreter& interpreter, const Arguments& arguments) {
  for (const Value& value : arguments.positional) add_column(interpreter, value);
}
void SelectObject::only_columns(Interpreter& interpreter, const Arguments& arguments) {
  query_.columns.clear();
  columns_.clear();
  given_.clear();
  entities_.clear();
  for (const Value& value : arguments.positional) add_column(interpreter, value);
}

SelectObject::Method SelectObject::find_method(std::string_view name) {
  struct Entry {
    std::string_view name;
    Method method;
  };
  static constexpr Entry kMethods[] = {{"where", &SelectObject::where},
                                       {"filter", &SelectObject::where},
                                       {"filter_by", &SelectObject::filter_by},
                                       {"select_from", &SelectObject::select_from},
                                       {"join", &SelectObject::join},
                                       {"outerjoin", &SelectObject::outer_join},
                                       {"join_from", &SelectObject::join_from},
                                       {"order_by", &SelectObject::order_by},
                                       {"group_by", &SelectObject::group_by},
                                       {"having", &SelectObject::having},
                                       {"limit", &SelectObject::limit},
                                       {"offset", &SelectObject::offset},
                                       {"distinct", &SelectObject::distinct},
                                       {"with_for_update", &SelectObject::lock},
                                       {"correlate", &SelectObject::correlate},
                                       {"add_columns", &SelectObject::add_columns},
                                       {"column", &SelectObject::add_columns},
                                       {"with_only_columns", &SelectObject::only_columns},
                                       {"execution_options", &SelectObject::nothing},
                                       {"with_hint", &SelectObject::nothing},
                                       {"options", &SelectObject::options},
                                       {"params", &SelectObject::nothing},
                                       {"self_group", &SelectObject::nothing}};
  for (const Entry& entry : kMethods) {
    if (entry.name == name) return entry.method;
  }
  return nullptr;
}

std::optional<Value> SelectObject::attribute(Interpreter& interpreter, std::string_view name) {
  const auto held = self();
  if (const Method method = find_method(name)) {
    return evaluate::make_function("Select." + std::string(name),
                                   [held, method](Interpreter& in, Arguments& arguments) {
                                     auto made = std::make_shared<SelectObject>(*held);
                                     ((*made).*method)(in, arguments);
                                     return Value(evaluate::ObjectPtr(made));
                                   });
  }
  for (const auto& [method, words] :
       {std::pair{"union", "UNION"}, {"union_all", "UNION ALL"}, {"intersect", "INTERSECT"}, {"except_", "EXCEPT"}}) {
    if (name != method) continue;
    return evaluate::make_function(method, [held, words = std::string(words)](Interpreter& in, Arguments& arguments) {
      std::vector<Value> parts = {Value(evaluate::ObjectPtr(held))};
      parts.insert(parts.end(), arguments.positional.begin(), arguments.positional.end());
      auto made = std::make_shared<SelectObject>(held->recorder_);
      made->combine(in, words, parts);
      return Value(evaluate::ObjectPtr(made));
    });
  }
  if (name == "alias" || name == "subquery" || name == "cte" || name == "lateral") {
    if (name == "lateral") refuse_unsupported("Select.lateral()", "write the query as SQL: sa.text(\"...\")");
    return evaluate::make_function(
        std::string(name), [held, common = name == "cte"](Interpreter& in, Arguments& given) {
          const Binder bind(common ? "cte" : "alias", given, {"name", "recursive"}, {"nesting", "flat"});
          if (bool_argument(in, bind, "recursive", false))
            refuse_unsupported("a recursive cte()", "write the query as SQL: sa.text(\"WITH RECURSIVE ...\")");
          return Value(evaluate::ObjectPtr(held->named(string_argument(in, bind, "name"), common)));
        });
  }
  if (name == "scalar_subquery" || name == "as_scalar") {
    return evaluate::make_function(std::string(name), [held](Interpreter&, Arguments&) {
      return make_expression(held->as_expression(), held->value_type());
    });
  }
  if (name == "label") {
    return evaluate::make_function("label", [held](Interpreter& in, Arguments& arguments) {
      const Binder bind("label", arguments, {"name"});
      return Value(evaluate::ObjectPtr(std::make_shared<LabelledExpression>(held->as_expression(), held->value_type(),
                                                                            string_argument(in, bind, "name"))));
    });
  }
  if (name == "exists") {
    return evaluate::make_function("exists", [held](Interpreter&, Arguments&) {
      return Value(evaluate::ObjectPtr(std::make_shared<ExistsObject>(held)));
    });
  }
  if (name == "c" || name == "columns" || name == "selected_columns" || name == "exported_columns")
    return named("", false)->attribute(interpreter, "c");
  if (name == "compile" || name == "prefix_with" || name == "suffix_with" || name == "correlate_except" ||
      name == "fetch" || name == "slice" || name == "get_final_froms" || name == "froms")
    refuse_unsupported("Select." + std::string(name), "write the query as SQL: sa.text(\"...\")");
  return std::nullopt;
}

ExistsObject::ExistsObject(std::shared_ptr<SelectObject> query)
    : ExpressionObject(model::UnaryExpr{"EXISTS", query->as_expression(), false}), query_(std::move(query)) {}

std::optional<Value> ExistsObject::attribute(Interpreter& interpreter, std::string_view name) {
  for (const std::string_view method : {"where", "filter", "select_from", "join", "outerjoin", "correlate"}) {
    if (name != method) continue;
    const Value narrow = *query_->attribute(interpreter, name);
    return evaluate::make_function("Exists." + std::string(name), [narrow](Interpreter& in, Arguments& arguments) {
      const Value made = in.call(narrow, arguments);
      return Value(evaluate::ObjectPtr(std::make_shared<ExistsObject>(made.as<SelectObject>())));
    });
  }
  if (name == "select") {
    const Value self{evaluate::ObjectPtr(shared_from_this())};
    return evaluate::make_function("Exists.select", [self, query = query_](Interpreter& in, Arguments&) {
      return in.call(in.attribute(Value(evaluate::ObjectPtr(query)), "with_only_columns"), Arguments{{self}, {}, {}});
    });
  }
  return ExpressionObject::attribute(interpreter, name);
}

}  // namespace bascule::formats::alembic
