#include "formats/alembic/sa_types.h"

#include <fmt/core.h>

#include "base/overload.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "evaluate/python_error.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using model::ScalarKind;

namespace {

/// What SQLAlchemy's types have and migrations have no use for here.
constexpr std::string_view kUnsupportedAttributes[] = {
    "adapt",
    "bind_processor",
    "result_processor",
    "compile",
    "coerce_compared_value",
    "comparator",
    "dialect_impl",
    "literal_processor",
    "bind_expression",
    "column_expression",
    "get_dbapi_type",
    "load_dialect_impl",
    "evaluates_none",
    "python_type",
    "sort_key_function",
    "enum_class",
    "metadata",
    "dispatch",
    "impl",
    "get_col_spec",
};

Value integer_or_none(const std::optional<std::int64_t>& number) { return number ? Value(*number) : Value(); }
Value text_or_none(const std::string& text) { return text.empty() ? Value() : Value(text); }

/// sa.TEXT().as_generic() -> sa.Text(): the upper-case kinds' generic cousins.
ScalarKind generic_kind(ScalarKind kind) {
  switch (kind) {
    case ScalarKind::kSqlBoolean:
      return ScalarKind::kBoolean;
    case ScalarKind::kSqlSmallint:
      return ScalarKind::kSmallInteger;
    case ScalarKind::kSqlInteger:
      return ScalarKind::kInteger;
    case ScalarKind::kSqlBigint:
      return ScalarKind::kBigInteger;
    case ScalarKind::kSqlNumeric:
    case ScalarKind::kSqlDecimal:
      return ScalarKind::kNumeric;
    case ScalarKind::kSqlFloat:
    case ScalarKind::kSqlReal:
      return ScalarKind::kFloat;
    case ScalarKind::kSqlDouble:
    case ScalarKind::kSqlDoublePrecision:
      return ScalarKind::kDouble;
    case ScalarKind::kSqlChar:
    case ScalarKind::kSqlVarchar:
      return ScalarKind::kString;
    case ScalarKind::kSqlNchar:
    case ScalarKind::kSqlNvarchar:
      return ScalarKind::kUnicode;
    case ScalarKind::kSqlText:
    case ScalarKind::kSqlClob:
      return ScalarKind::kText;
    case ScalarKind::kSqlBlob:
    case ScalarKind::kSqlBinary:
    case ScalarKind::kSqlVarbinary:
      return ScalarKind::kLargeBinary;
    case ScalarKind::kSqlDate:
      return ScalarKind::kDate;
    case ScalarKind::kSqlTime:
      return ScalarKind::kTime;
    case ScalarKind::kSqlDatetime:
    case ScalarKind::kSqlTimestamp:
      return ScalarKind::kDateTime;
    case ScalarKind::kSqlJson:
      return ScalarKind::kJson;
    case ScalarKind::kSqlUuid:
      return ScalarKind::kUuid;
    case ScalarKind::kBoolean:
    case ScalarKind::kSmallInteger:
    case ScalarKind::kInteger:
    case ScalarKind::kBigInteger:
    case ScalarKind::kNumeric:
    case ScalarKind::kFloat:
    case ScalarKind::kDouble:
    case ScalarKind::kString:
    case ScalarKind::kText:
    case ScalarKind::kUnicode:
    case ScalarKind::kUnicodeText:
    case ScalarKind::kDate:
    case ScalarKind::kTime:
    case ScalarKind::kDateTime:
    case ScalarKind::kInterval:
    case ScalarKind::kLargeBinary:
    case ScalarKind::kJson:
    case ScalarKind::kUuid:
    case ScalarKind::kNull:
      return kind;
  }
  return kind;
}

Value with_variant(Interpreter& interpreter, const std::shared_ptr<TypeObject>& self, Arguments& arguments) {
  const std::string who = self->type_name() + ".with_variant";
  Binder bind(who, arguments, {"type_"}, {}, true);
  bind.reject_extra();
  auto variant = to_type(interpreter, bind.required("type_"), self->recorder(), "the type of " + who);
  if (bind.rest().empty()) evaluate::raise_python("ArgumentError", "At least one dialect name is required");
  auto* already = std::get_if<Box<model::VariantType>>(&self->type());
  model::VariantType combined = already ? **already : model::VariantType{self->type(), {}};
  std::shared_ptr<TypeObject> here = already ? self->inner : self;
  for (const Value& item : bind.rest()) {
    if (item.is_opaque()) interpreter.refuse_opaque(item, "the dialect name of " + who);
    auto* dialect = item.as_str();
    if (!dialect) evaluate::raise_type_error(who + "(): dialect names are str, not " + evaluate::type_name(item));
    if (!combined.by_dialect.emplace(*dialect, variant->type()).second) {
      evaluate::raise_python("ArgumentError",
                             fmt::format("Dialect {} is already present in the mapping for this type", *dialect));
    }
    if (*dialect == self->recorder().target().dialect) here = variant;
  }
  // On this database `here` is the type, and what it implies is what counts.
  auto made = std::make_shared<TypeObject>(*here);
  made->inner = here;
  made->set_type(Box<model::VariantType>(std::move(combined)));
  made->class_name = self->class_name;
  return Value(evaluate::ObjectPtr(made));
}

struct AttributeOfType {
  std::string_view name;
  using Result = std::optional<Value>;

  Result operator()(const model::ScalarType& type) const {
    if (name == "length") return integer_or_none(type.length);
    if (name == "precision") return integer_or_none(type.precision);
    if (name == "scale") return integer_or_none(type.scale);
    if (name == "timezone") return Value(type.timezone);
    if (name == "collation") return text_or_none(type.collation);
    if (name == "create_constraint") return Value(type.create_constraint);
    if (name == "native" || name == "native_uuid") return Value(type.native);
    return std::nullopt;
  }
  Result operator()(const model::EnumType& type) const {
    if (name == "name") return text_or_none(type.name.name.text());
    if (name == "schema") return text_or_none(type.name.schema.text());
    if (name == "length") return type.length == 0 ? Value() : integer_or_none(type.length);
    if (name == "native_enum") return Value(type.native);
    if (name == "create_constraint") return Value(type.create_constraint);
    if (name == "collation") return text_or_none(type.collation);
    if (name == "enums") {
      std::vector<Value> values(type.values.begin(), type.values.end());
      return evaluate::make_list(std::move(values));
    }
    return std::nullopt;
  }
  Result operator()(const model::DomainType& type) const {
    if (name == "name") return text_or_none(type.name.name.text());
    if (name == "schema") return text_or_none(type.name.schema.text());
    return std::nullopt;
  }
  Result operator()(const model::NativeType& type) const {
    if (name == "collation") return text_or_none(type.collation);
    return std::nullopt;
  }
  Result operator()(const model::RawType&) const { return std::nullopt; }
  Result operator()(const Box<model::ArrayType>& type) const {
    if (name == "dimensions") return Value(type->dimensions);
    return std::nullopt;
  }
  Result operator()(const Box<model::VariantType>& type) const { return std::visit(*this, type->base); }
};
static_assert(kCovers<AttributeOfType, model::Type>);

}  // namespace

std::string TypeObject::type_name() const { return class_name.empty() ? "TypeEngine" : class_name; }

std::string TypeObject::repr(Interpreter&) { return type_name() + "()"; }

std::optional<model::Operation> TypeObject::creation(bool if_not_exists) const {
  if (is_variant() && inner) return inner->creation(if_not_exists);
  if (recorder_.target().dialect != "postgresql") return std::nullopt;
  if (auto* named = std::get_if<model::EnumType>(&type_)) {
    if (!named->native) return std::nullopt;
    return model::CreateEnum{*named, if_not_exists};
  }
  if (domain) {
    model::CreateDomain operation = *domain;
    operation.if_not_exists = if_not_exists;
    return operation;
  }
  return std::nullopt;
}

std::optional<model::Operation> TypeObject::removal(bool if_exists) const {
  if (is_variant() && inner) return inner->removal(if_exists);
  if (recorder_.target().dialect != "postgresql") return std::nullopt;
  if (auto* named = std::get_if<model::EnumType>(&type_)) {
    if (!named->native) return std::nullopt;
    return model::DropEnum{named->name, if_exists};
  }
  if (domain) return model::DropDomain{domain->name, if_exists};
  return std::nullopt;
}

std::optional<model::Operation> TypeObject::implied_creation(bool if_not_exists) const {
  if (inner) return inner->implied_creation(if_not_exists);
  return create_type ? creation(if_not_exists) : std::nullopt;
}

std::optional<Value> TypeObject::attribute(Interpreter& interpreter, std::string_view name) {
  auto self = std::static_pointer_cast<TypeObject>(shared_from_this());
  if (name == "with_variant") {
    return evaluate::make_function(type_name() + ".with_variant", [self](Interpreter& in, Arguments& arguments) {
      return with_variant(in, self, arguments);
    });
  }
  if (name == "copy") {
    return evaluate::make_function(type_name() + ".copy", [self](Interpreter&, Arguments&) {
      return Value(evaluate::ObjectPtr(std::make_shared<TypeObject>(*self)));
    });
  }
  if (name == "as_generic") {
    return evaluate::make_function(type_name() + ".as_generic", [self](Interpreter&, Arguments& arguments) {
      Binder bind(self->type_name() + ".as_generic", arguments, {"allow_nulltype"});
      bind.reject_extra();
      auto* scalar = std::get_if<model::ScalarType>(&self->type());
      if (!scalar) refuse_unsupported(self->type_name() + ".as_generic()");
      model::ScalarType generic = *scalar;
      generic.kind = generic_kind(generic.kind);
      return Value(evaluate::ObjectPtr(make_type(generic, self->recorder(), self->type_name())));
    });
  }
  // A variant has .create where its base has.
  const model::Type& shown = is_variant() ? std::get<Box<model::VariantType>>(type_)->base : type_;
  const bool makes_types =
      std::holds_alternative<model::EnumType>(shown) || std::holds_alternative<model::DomainType>(shown);
  if (makes_types && (name == "create" || name == "drop")) {
    const bool create = name == "create";
    const std::string who = type_name() + (create ? ".create" : ".drop");
    return evaluate::make_function(who, [self, create, who](Interpreter& in, Arguments& arguments) {
      Binder bind(who, arguments, {"bind", "checkfirst"});
      bind.reject_extra();
      (void)bind.required("bind");
      const bool checkfirst = bool_argument(in, bind, "checkfirst", self->checks_first);
      if (self->domain && self->recorder().target().dialect != "postgresql") {
        throw evaluate::Refusal("not-supported", "a DOMAIN exists on PostgreSQL only",
                                "guard the call with: if op.get_bind().dialect.name == 'postgresql'", bind.where());
      }
      auto operation = create ? self->creation(checkfirst) : self->removal(checkfirst);
      if (operation) self->recorder().record(std::move(*operation), bind.where(), who);
      return Value();
    });
  }
  if (name == "item_type" && inner && std::holds_alternative<Box<model::ArrayType>>(type_)) {
    return Value(evaluate::ObjectPtr(inner));
  }
  if (name == "none_as_null") return Value(none_as_null);
  if (name == "create_type" && makes_types) return Value(create_type);
  if (name == "inherit_schema" && makes_types) return Value(inherit_schema);
  if (auto found = std::visit(AttributeOfType{name}, type_)) return found;
  for (std::string_view unsupported : kUnsupportedAttributes) {
    if (name == unsupported) refuse_unsupported(fmt::format("{}.{}", type_name(), name));
  }
  (void)interpreter;
  return std::nullopt;
}

std::shared_ptr<TypeObject> TypeClass::make(Interpreter& interpreter, Arguments& arguments) const {
  return factory_(interpreter, arguments);
}

Value TypeClass::call(Interpreter& interpreter, Arguments& arguments) {
  return Value(evaluate::ObjectPtr(make(interpreter, arguments)));
}

std::optional<Value> TypeClass::attribute(Interpreter&, std::string_view name) {
  if (name == "__name__") return Value(name_);
  if (name == "NULL" && name_ == "JSON") {
    return Value(evaluate::ObjectPtr(
        std::make_shared<ExpressionObject>(model::LiteralExpr{model::JsonValue{"null"}, std::nullopt})));
  }
  return std::nullopt;
}

void add_type(Members& members, const std::string& name, TypeFactory factory, TypeClass::Role role) {
  members[name] = Value(evaluate::ObjectPtr(std::make_shared<TypeClass>(name, std::move(factory), role)));
}

std::shared_ptr<TypeObject> make_type(model::Type type, Recorder& recorder, std::string class_name) {
  auto made = std::make_shared<TypeObject>(std::move(type), recorder);
  made->class_name = std::move(class_name);
  return made;
}

void refuse_unsupported(const std::string& what, const std::string& help) {
  throw evaluate::Refusal("not-supported", what + " is not supported",
                          help.empty() ? "write this step as SQL with op.execute(), or as a .sql file" : help);
}

void refuse_argument(const Binder& bind, std::string_view name) {
  if (bind.present(name)) {
    throw evaluate::Refusal("not-supported", fmt::format("{}({}=) is not supported", bind.function(), name),
                            "leave the argument out, or write this step as SQL with op.execute()", bind.where());
  }
}

std::optional<std::int64_t> integer_argument(Interpreter& interpreter, const Binder& bind, std::string_view name) {
  auto value = bind.present(name);
  if (!value) return std::nullopt;
  if (value->is_opaque()) interpreter.refuse_opaque(*value, fmt::format("the {} of {}", name, bind.function()));
  if (auto* number = value->as_int()) return *number;
  evaluate::raise_type_error(
      fmt::format("{}(): {} must be an int, not {}", bind.function(), name, evaluate::type_name(*value)));
}

std::string string_argument(Interpreter& interpreter, const Binder& bind, std::string_view name) {
  auto value = bind.present(name);
  if (!value) return "";
  return to_identifier(interpreter, *value, fmt::format("the {} of {}", name, bind.function())).text();
}

bool bool_argument(Interpreter& interpreter, const Binder& bind, std::string_view name, bool otherwise) {
  auto value = bind.optional(name);
  if (!value) return otherwise;
  if (value->is_opaque()) interpreter.refuse_opaque(*value, fmt::format("{}= of {}", name, bind.function()));
  return interpreter.truth(*value);
}

std::optional<Value> find_attribute(Interpreter& interpreter, const Value& object, std::string_view name) {
  try {
    return interpreter.attribute(object, name);
  } catch (const evaluate::PythonError&) {
    return std::nullopt;
  }
}

Value make_opaque(std::string what, std::string cause, Location origin, bool harmless) {
  auto opaque = std::make_shared<evaluate::Opaque>();
  opaque->what = std::move(what);
  opaque->cause = std::move(cause);
  opaque->origin = std::move(origin);
  opaque->harmless = harmless;
  return Value(evaluate::OpaquePtr(std::move(opaque)));
}

}  // namespace bascule::formats::alembic
