// Named types: sa.Enum, postgresql.ENUM and postgresql.DOMAIN.
#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/sa_types.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;

namespace {

/// The labels of an enum class as the database sees them: member names, or what values_callable says.
std::vector<std::pair<std::string, std::string>> labels_of(Interpreter& interpreter, const Value& enum_class,
                                                           const evaluate::EnumClass& members, const Binder& bind) {
  std::vector<std::pair<std::string, std::string>> labels;
  auto values_callable = bind.present("values_callable");
  if (!values_callable) {
    for (const auto& [name, value] : members.members) labels.emplace_back(name, name);
    return labels;
  }
  Arguments arguments;
  arguments.positional = {enum_class};
  arguments.where = bind.where();
  const Value result = interpreter.call(*values_callable, std::move(arguments));
  const std::string needed_for = "the values_callable of " + bind.function();
  if (result.is_opaque()) interpreter.refuse_opaque(result, needed_for);
  const std::vector<Value> values = interpreter.iterate(result);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].is_opaque()) interpreter.refuse_opaque(values[i], needed_for);
    auto* text = values[i].as_str();
    if (!text) evaluate::raise_type_error(needed_for + " must give str, not " + evaluate::type_name(values[i]));
    labels.emplace_back(i < members.members.size() ? members.members[i].first : *text, *text);
  }
  return labels;
}

/// metadata=sa.MetaData(schema="x") gives the type its schema.
std::string schema_of_metadata(Interpreter& interpreter, const Value& metadata) {
  if (metadata.is_opaque()) return "";
  auto schema = find_attribute(interpreter, metadata, "schema");
  if (!schema || schema->is_none() || schema->is_opaque()) return "";
  return to_identifier(interpreter, *schema, "the schema of a MetaData").text();
}

std::shared_ptr<TypeObject> make_enum(Interpreter& interpreter, Arguments& arguments, Recorder& recorder,
                                      const std::string& function, bool postgres) {
  Binder bind(function, arguments, {},
              {"name", "schema", "metadata", "quote", "native_enum", "create_constraint", "length", "inherit_schema",
               "validate_strings", "values_callable", "sort_key_function", "omit_aliases", "create_type", "collation",
               "collation_schema", "default", "convert_unicode"},
              true);
  // SQLAlchemy ignores other keywords of Enum; so does this.
  model::EnumType type;
  auto made = make_type(type, recorder, function);
  std::optional<std::string> default_name;
  const std::vector<Value>& given = bind.rest();
  if (given.size() == 1 && evaluate::as_enum_class(given[0])) {
    auto enum_class = *evaluate::as_enum_class(given[0]);
    made->enum_labels = labels_of(interpreter, given[0], enum_class, bind);
    made->enum_class = given[0];
    for (const auto& [name, label] : made->enum_labels) type.values.push_back(label);
    default_name = to_lower_ascii(enum_class.name);
  } else {
    for (const Value& item : given) {
      if (item.is_opaque()) interpreter.refuse_opaque(item, "the values of " + function);
      if (auto* text = item.as_str()) {
        type.values.push_back(*text);
      } else if (item.as_sequence()) {
        evaluate::raise_type_error(function + "() takes its values as separate arguments; write " + function +
                                   "(*values)");
      } else {
        evaluate::raise_type_error(function + "(): values are str, not " + evaluate::type_name(item));
      }
    }
  }
  std::optional<std::int64_t> longest = 0;
  for (const std::string& value : type.values) {
    longest = std::max(*longest, static_cast<std::int64_t>(utf8_length(value)));
  }
  if (auto length = bind.optional("length")) {
    if (length->is_none()) {
      longest.reset();
    } else {
      auto wanted = integer_argument(interpreter, bind, "length");
      if (*wanted < *longest) {
        evaluate::raise_python("ValueError",
                               fmt::format("When provided, length must be larger or equal than the length of the "
                                           "longest enum value. {} < {}",
                                           *wanted, *longest));
      }
      longest = wanted;
    }
  }
  type.length = longest.value_or(0);  // 0: VARCHAR without a length
  if (auto name = bind.optional("name")) {
    if (!name->is_none()) type.name.name = to_identifier(interpreter, *name, "the name of " + function);
  } else if (default_name) {
    type.name.name = Identifier(*default_name);
  }
  if (bool_argument(interpreter, bind, "quote", false)) {
    type.name.name = Identifier(type.name.name.text(), true);
  }
  made->inherit_schema = bool_argument(interpreter, bind, "inherit_schema", false);
  auto metadata = bind.present("metadata");
  if (auto schema = bind.present("schema")) {
    type.name.schema = to_identifier(interpreter, *schema, "the schema of " + function);
  } else if (metadata && !made->inherit_schema) {
    type.name.schema = Identifier(schema_of_metadata(interpreter, *metadata));
  }
  // PostgreSQL's own ENUM is native whatever native_enum says.
  type.native = postgres || bool_argument(interpreter, bind, "native_enum", true);
  type.create_constraint = bool_argument(interpreter, bind, "create_constraint", false);
  type.collation = string_argument(interpreter, bind, "collation");
  refuse_argument(bind, "collation_schema");
  made->create_type = bool_argument(interpreter, bind, "create_type", true);
  made->constraint_name = type.create_constraint ? type.name.name : Identifier();
  made->checks_first = postgres;
  made->set_type(std::move(type));
  return made;
}

std::shared_ptr<TypeObject> make_domain(Interpreter& interpreter, Arguments& arguments, Recorder& recorder) {
  Binder bind("DOMAIN", arguments, {"name", "data_type"},
              {"collation", "collation_schema", "default", "constraint_name", "not_null", "check", "create_type",
               "schema", "metadata", "quote", "inherit_schema"});
  bind.reject_extra();
  refuse_argument(bind, "collation_schema");
  model::CreateDomain definition;
  definition.name.name = to_identifier(interpreter, bind.required("name"), "the name of DOMAIN");
  auto data_type = to_type(interpreter, bind.required("data_type"), recorder, "the data type of DOMAIN");
  definition.type = data_type->type();
  definition.collation = string_argument(interpreter, bind, "collation");
  if (auto value = bind.present("default")) {
    definition.server_default = to_expression(interpreter, *value, &definition.type, "the default of DOMAIN");
  }
  if (auto name = bind.present("constraint_name")) {
    definition.constraint_name = to_identifier(interpreter, *name, "the constraint name of DOMAIN");
  }
  if (bind.present("not_null")) definition.not_null = bool_argument(interpreter, bind, "not_null", false);
  if (auto check = bind.present("check")) {
    definition.check = to_sql(interpreter, *check, "the check of DOMAIN");
  }
  auto metadata = bind.present("metadata");
  if (auto schema = bind.present("schema")) {
    definition.name.schema = to_identifier(interpreter, *schema, "the schema of DOMAIN");
  } else if (metadata) {
    definition.name.schema = Identifier(schema_of_metadata(interpreter, *metadata));
  }
  auto made = make_type(model::DomainType{definition.name}, recorder, "DOMAIN");
  made->inherit_schema = bool_argument(interpreter, bind, "inherit_schema", false);
  made->create_type = bool_argument(interpreter, bind, "create_type", true);
  made->checks_first = true;
  made->domain = std::move(definition);
  return made;
}

}  // namespace

TypeFactory enum_type(Recorder& recorder, std::string name, bool postgres) {
  return [&recorder, name = std::move(name), postgres](Interpreter& interpreter, Arguments& arguments) {
    return make_enum(interpreter, arguments, recorder, name, postgres);
  };
}

TypeFactory domain_type(Recorder& recorder) {
  return [&recorder](Interpreter& interpreter, Arguments& arguments) {
    return make_domain(interpreter, arguments, recorder);
  };
}

}  // namespace bascule::formats::alembic
