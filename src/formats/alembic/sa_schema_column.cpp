// Column and what stands inside one: Identity, Computed, Sequence, DefaultClause, FetchedValue.
#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/sa_schema.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;

model::SequenceOptions to_sequence_options(Interpreter& interpreter, const Binder& bind) {
  model::SequenceOptions out;
  out.start = integer_argument(interpreter, bind, "start");
  out.increment = integer_argument(interpreter, bind, "increment");
  out.minimum = integer_argument(interpreter, bind, "minvalue");
  out.maximum = integer_argument(interpreter, bind, "maxvalue");
  out.cache = integer_argument(interpreter, bind, "cache");
  out.no_minimum = flag_argument(interpreter, bind, "nominvalue", false);
  out.no_maximum = flag_argument(interpreter, bind, "nomaxvalue", false);
  out.cycle = flag_argument(interpreter, bind, "cycle", false);
  out.order = flag_argument(interpreter, bind, "order");
  return out;
}

Value make_identity(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("Identity", arguments,
                    {"always", "on_null", "start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue",
                     "cycle", "cache", "order"});
  model::Identity identity;
  identity.always = flag_argument(interpreter, bind, "always", false);
  identity.options = to_sequence_options(interpreter, bind);
  dialect_options(bind, {});
  return Value(evaluate::ObjectPtr(std::make_shared<IdentityItem>(std::move(identity), bind.where())));
}

Value make_computed(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("Computed", arguments, {"sqltext", "persisted"});
  bind.reject_extra();
  model::Computed computed;
  computed.sql = to_sql(interpreter, bind.required("sqltext"), "the expression of a Computed column");
  computed.persisted = flag_argument(interpreter, bind, "persisted");
  return Value(evaluate::ObjectPtr(std::make_shared<ComputedItem>(std::move(computed), bind.where())));
}

std::shared_ptr<SequenceItem> make_sequence(Interpreter& interpreter, Arguments& arguments, Context& context) {
  const Binder bind("Sequence", arguments,
                    {"name", "start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle",
                     "schema", "cache", "order"},
                    {"data_type", "optional", "quote", "metadata", "quote_schema", "for_update"});
  model::Sequence sequence;
  const Identifier name = identifier_argument(interpreter, bind, "name");
  const auto quote = flag_argument(interpreter, bind, "quote");
  sequence.name.name = quote ? Identifier(name.text(), quote) : name;
  sequence.name.schema = optional_identifier(interpreter, bind, "schema");
  if (sequence.name.schema.empty())
    if (const auto metadata = bind.present("metadata"))
      if (const auto held = metadata->as<MetaDataItem>()) sequence.name.schema = held->schema;
  sequence.options = to_sequence_options(interpreter, bind);
  if (const auto type = bind.present("data_type"))
    sequence.options.data_type = to_type(interpreter, *type, context.recorder, "the type of a sequence")->type();
  dialect_options(bind, {});
  auto item = std::make_shared<SequenceItem>(std::move(sequence), context, bind.where());
  item->optional = flag_argument(interpreter, bind, "optional", false);
  return item;
}

/// nextval('"schema"."name"'). The name inside the string is parsed as SQL, so it is quoted there.
model::Expression next_value(const QualifiedName& name) {
  const auto quoted = [](const Identifier& id) { return "\"" + replace_all(id.text(), "\"", "\"\"") + "\""; };
  const std::string text = (name.schema.empty() ? "" : quoted(name.schema) + ".") + quoted(name.name);
  return Box<model::FunctionExpr>({"nextval", {model::LiteralExpr{model::Value(text), std::nullopt}}});
}

Value make_default_clause(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("DefaultClause", arguments, {"arg", "for_update", "_reflected"});
  bind.reject_extra();
  ServerDefault held = to_server_default(interpreter, bind.required("arg"), "a DefaultClause");
  auto* expression = std::get_if<model::Expression>(&held);
  if (expression == nullptr) evaluate::raise_type_error("DefaultClause takes a str or a SQL expression");
  return Value(evaluate::ObjectPtr(std::make_shared<DefaultItem>(std::move(*expression), bind.where())));
}

Value make_fetched_value(Interpreter&, Arguments& arguments) {
  const Binder bind("FetchedValue", arguments, {"for_update"});
  bind.reject_extra();
  return Value(evaluate::ObjectPtr(std::make_shared<DefaultItem>(std::nullopt, bind.where())));
}

ColumnItem::Autoincrement to_autoincrement(Interpreter& interpreter, const Value& value) {
  using Kind = ColumnItem::Autoincrement;
  if (value.is_opaque()) interpreter.refuse_opaque(value, "autoincrement of a column");
  if (const auto* text = value.as_str()) {
    if (*text == "auto") return Kind::kAuto;
    if (*text == "ignore_fk") return Kind::kIgnoreForeignKeys;
    refuse_schema("autoincrement= must be True, False, 'auto' or 'ignore_fk', not '" + *text + "'");
  }
  return interpreter.truth(value) ? Kind::kTrue : Kind::kFalse;
}

/// Identity, ForeignKey, CheckConstraint ... among Column's arguments.
void add_to_column(Interpreter& interpreter, ColumnItem& column, const Value& value) {
  if (value.is_none()) return;
  const std::string of_column = " of column '" + column.name().text() + "'";
  if (value.is_opaque()) interpreter.refuse_opaque(value, "an argument" + of_column);
  if (const auto key = value.as<ForeignKeyItem>()) {
    column.foreign_keys.push_back(key);
  } else if (const auto identity = value.as<IdentityItem>()) {
    column.identity = identity->identity;
  } else if (const auto computed = value.as<ComputedItem>()) {
    column.computed = computed->computed;
  } else if (const auto sequence = value.as<SequenceItem>()) {
    column.sequence = sequence;
  } else if (const auto held = value.as<DefaultItem>()) {
    column.has_server_default = true;
    column.server_default = held->value;
  } else if (const auto constraint = value.as<ConstraintItem>();
             constraint && std::holds_alternative<model::CheckConstraint>(constraint->constraint)) {
    column.constraints.push_back(constraint);
  } else {
    refuse_schema("a Column takes no " + evaluate::type_name(value) + ": an argument" + of_column,
                  "a Column takes a name, a type, ForeignKey, CheckConstraint, Identity, Computed and Sequence");
  }
}

void read_defaults(Interpreter& interpreter, const Binder& bind, ColumnItem& column) {
  for (const char* name : {"default", "insert_default"}) {
    const auto value = bind.present(name);
    if (!value) continue;
    if (const auto sequence = value->as<SequenceItem>()) {
      column.sequence = sequence;
    } else {
      column.has_default = true;
      column.insert_default = *value;
    }
  }
  if (const auto value = bind.present("onupdate")) column.update_default = *value;
  const auto value = bind.present("server_default");
  if (!value) return;
  if (const auto sequence = value->as<SequenceItem>()) {
    column.sequence = sequence;
    return;
  }
  ServerDefault held =
      to_server_default(interpreter, *value, "server_default of column '" + column.name().text() + "'");
  if (auto* expression = std::get_if<model::Expression>(&held)) {
    column.server_default = std::move(*expression);
    column.has_server_default = true;
  } else if (auto* identity = std::get_if<model::Identity>(&held)) {
    column.identity = std::move(*identity);
  } else if (auto* computed = std::get_if<model::Computed>(&held)) {
    column.computed = std::move(*computed);
  } else {
    column.has_server_default = true;
  }
}

void read_options(Interpreter& interpreter, const Binder& bind, ColumnItem& column) {
  for (const DialectOption& option : dialect_options(
           bind, {"doc", "info", "server_onupdate", "insert_sentinel", "_omit_from_statements", "_proxies"})) {
    const std::string label = option.dialect + "_" + option.name;
    if (option.dialect == "sqlite") {
      if (option.name != "on_conflict_primary_key" && option.name != "on_conflict_not_null" &&
          option.name != "on_conflict_unique")
        refuse_option(bind, option);
      if (!option.value.is_none()) column.sqlite_options[option.name] = to_text(interpreter, option.value, label);
    } else if (option.dialect == "postgresql") {
      refuse_option(bind, option);
    }
  }
}

Value make_column(Interpreter& interpreter, Arguments& arguments, Context& context) {
  const Binder bind("Column", arguments, {},
                    {"name", "type_", "autoincrement", "default", "insert_default", "key", "index", "unique",
                     "nullable", "onupdate", "primary_key", "server_default", "quote", "system", "comment"},
                    true);
  std::optional<Value> name = bind.present("name");
  std::optional<Value> type = bind.present("type_");
  std::vector<Value> items = bind.rest();
  if (!items.empty() && !name &&
      (items[0].as_str() != nullptr || items[0].as<QuotedName>() || items[0].as<FinalName>() || items[0].is_opaque())) {
    name = items[0];
    items.erase(items.begin());
  }
  if (!name) return Value(evaluate::ObjectPtr(std::make_shared<UnnamedColumn>(arguments)));
  Identifier identifier = to_identifier(interpreter, *name, "the name of a column");
  if (const auto quote = flag_argument(interpreter, bind, "quote")) identifier = Identifier(identifier.text(), quote);
  const std::string needed_for = "the type of column '" + identifier.text() + "'";
  if (!type && !items.empty() && (is_type(items[0]) || items[0].is_opaque() || evaluate::as_user_class(items[0]))) {
    type = items[0];
    items.erase(items.begin());
  } else if (!type && !items.empty() && items[0].is_none()) {
    items.erase(items.begin());
  }
  std::shared_ptr<TypeObject> type_object;
  if (type) type_object = to_type(interpreter, *type, context.recorder, needed_for);
  auto column = std::make_shared<ColumnItem>(identifier, type_object, bind.where());
  column->key = text_argument(interpreter, bind, "key").value_or(identifier.text());
  column->primary_key = flag_argument(interpreter, bind, "primary_key", false);
  column->nullable = flag_argument(interpreter, bind, "nullable");
  column->unique = flag_argument(interpreter, bind, "unique", false);
  column->index = flag_argument(interpreter, bind, "index", false);
  column->system = flag_argument(interpreter, bind, "system", false);
  column->comment = text_argument(interpreter, bind, "comment");
  if (const auto value = bind.present("autoincrement")) column->autoincrement = to_autoincrement(interpreter, *value);
  for (const Value& item : items) add_to_column(interpreter, *column, item);
  read_defaults(interpreter, bind, *column);
  read_options(interpreter, bind, *column);
  return Value(evaluate::ObjectPtr(column));
}

}  // namespace

void refuse_unnamed_column(const Location& where) {
  refuse_schema("a Column has no name", "write sa.Column('name', ...)", where);
}

std::shared_ptr<ColumnItem> UnnamedColumn::named(Interpreter& interpreter, Context& context,
                                                 const std::string& name) const {
  Arguments given = arguments;
  // mapped_column("name", ...) says it itself.
  if (given.positional.empty() || given.positional.front().as_str() == nullptr)
    given.keywords.emplace_back("name", Value(name));
  return make_column(interpreter, given, context).as<ColumnItem>();
}

std::shared_ptr<ColumnItem> ColumnItem::typed(std::shared_ptr<TypeObject> type) const {
  auto made = std::make_shared<ColumnItem>(name(), std::move(type), where);
  made->key = key;
  made->insert_default = insert_default;
  made->update_default = update_default;
  made->nullable = nullable;
  made->primary_key = primary_key;
  made->autoincrement = autoincrement;
  made->unique = unique;
  made->index = index;
  made->server_default = server_default;
  made->has_server_default = has_server_default;
  made->has_default = has_default;
  made->identity = identity;
  made->computed = computed;
  made->sequence = sequence;
  made->comment = comment;
  made->system = system;
  made->foreign_keys = foreign_keys;
  made->constraints = constraints;
  made->sqlite_options = sqlite_options;
  return made;
}

std::optional<Value> ColumnItem::attribute(Interpreter& interpreter, std::string_view wanted) {
  if (wanted == "nullable") return Value(nullable.value_or(!primary_key));
  if (wanted == "primary_key") return Value(primary_key);
  if (wanted == "copy" || wanted == "_copy") {
    const auto self = std::static_pointer_cast<ColumnItem>(shared_from_this());
    return evaluate::make_function(
        "Column.copy", [self](Interpreter&, Arguments&) { return Value(evaluate::ObjectPtr(self->copy())); });
  }
  return ColumnClause::attribute(interpreter, wanted);
}

std::optional<Value> SequenceItem::attribute(Interpreter&, std::string_view wanted) {
  if (wanted == "name") return Value(sequence.name.name.text());
  if (wanted == "next_value") {
    const model::Expression next = next_value(sequence.name);
    return evaluate::make_function("Sequence.next_value", [next](Interpreter&, Arguments&) {
      return Value(evaluate::ObjectPtr(std::make_shared<ExpressionObject>(next)));
    });
  }
  if (wanted != "create" && wanted != "drop") return std::nullopt;
  const auto self = std::static_pointer_cast<SequenceItem>(shared_from_this());
  const bool creates = wanted == "create";
  Context& context = context_;
  return evaluate::make_function(
      creates ? "Sequence.create" : "Sequence.drop",
      [self, creates, &context](Interpreter& interpreter, Arguments& arguments) {
        const Binder bind(creates ? "Sequence.create" : "Sequence.drop", arguments, {"bind", "checkfirst"});
        bind.reject_extra();
        const bool checks = flag_argument(interpreter, bind, "checkfirst", true);
        if (creates) {
          context.recorder.record(model::CreateSequence{self->sequence, checks}, bind.where(), "Sequence.create");
        } else {
          context.recorder.record(model::DropSequence{self->sequence.name, checks}, bind.where(), "Sequence.drop");
        }
        return Value();
      });
}

ServerDefault to_server_default(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (const auto item = value.as<DefaultItem>()) {
    if (item->value) return *item->value;
    return std::monostate{};
  }
  if (const auto item = value.as<IdentityItem>()) return item->identity;
  if (const auto item = value.as<ComputedItem>()) return item->computed;
  if (const auto item = value.as<ExpressionObject>()) return item->expression();
  if (const auto* text = value.as_str())
    return model::Expression(model::LiteralExpr{model::Value(*text), std::nullopt});
  if (value.as<FinalName>() || value.as<QuotedName>())
    return model::Expression(model::LiteralExpr{model::Value(to_text(interpreter, value, needed_for)), std::nullopt});
  throw evaluate::Refusal("invalid-schema",
                          needed_for + " must be a str or a SQL expression, not " + evaluate::type_name(value),
                          "write it as a str ('0') or as sa.text('0'); the Python-side default is default=");
}

std::unordered_map<std::string, Value> column_members(Context& context) {
  using evaluate::make_function;
  return {
      {"Column", make_function("sa.Column",
                               [&context](Interpreter& interpreter, Arguments& arguments) {
                                 return make_column(interpreter, arguments, context);
                               })},
      {"Identity", make_function("sa.Identity", make_identity)},
      {"Computed", make_function("sa.Computed", make_computed)},
      {"Sequence", make_function("sa.Sequence",
                                 [&context](Interpreter& interpreter, Arguments& arguments) {
                                   return Value(evaluate::ObjectPtr(make_sequence(interpreter, arguments, context)));
                                 })},
      {"DefaultClause", make_function("sa.DefaultClause", make_default_clause)},
      {"FetchedValue", make_function("sa.FetchedValue", make_fetched_value)}};
}

}  // namespace bascule::formats::alembic
