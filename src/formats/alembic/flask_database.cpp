#include "formats/alembic/flask_database.h"

#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/live_connection.h"
#include "formats/alembic/op.h"
#include "formats/alembic/orm_mapper.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::make_function;
using evaluate::ObjectPtr;

FlaskDatabase::FlaskDatabase(Context& context, std::unordered_map<std::string, Value> members)
    : members_(std::move(members)) {
  auto metadata = std::make_shared<MetaDataItem>(context, Location{});
  members_["metadata"] = Value(ObjectPtr(metadata));
  members_["Model"] = make_declarative_base(context, metadata);
  members_["session"] = make_scoped_session(context);
  members_["engine"] = make_bind(context);
  for (const char* quiet : {"init_app", "configure_mappers", "__init__"})
    members_[quiet] = make_function("db." + std::string(quiet), [](Interpreter&, Arguments&) { return Value(); });
}

Value FlaskDatabase::call(Interpreter&, Arguments&) { return Value(ObjectPtr(shared_from_this())); }

std::optional<Value> FlaskDatabase::attribute(Interpreter& interpreter, std::string_view name) {
  if (const auto found = members_.find(std::string(name)); found != members_.end()) return found->second;
  if (name.starts_with("__")) return std::nullopt;
  return make_opaque("db." + std::string(name), "a part of flask_sqlalchemy that Bascule does not know",
                     interpreter.here());
}

bool derives_from_flask(const Value& klass) {
  const auto type = klass.as<evaluate::ClassObject>();
  return type && std::dynamic_pointer_cast<FlaskDatabase>(type->native_base) != nullptr;
}

Value flask_module(Context& context, std::unordered_map<std::string, Value> sqlalchemy) {
  std::unordered_map<std::string, Value> members;
  members["SQLAlchemy"] = Value(ObjectPtr(std::make_shared<FlaskDatabase>(context, std::move(sqlalchemy))));
  return evaluate::make_namespace("flask_sqlalchemy", std::move(members));
}

namespace {

/// Mutable, MutableDict ...: what a value does in memory; the column is what it is.
class MutableClass final : public evaluate::Object {
 public:
  std::string type_name() const override { return "type"; }
  std::optional<Value> attribute(Interpreter&, std::string_view name) override {
    if (name != "as_mutable") return std::nullopt;
    return make_function("Mutable.as_mutable", [](Interpreter&, Arguments& arguments) {
      if (arguments.positional.size() != 1) evaluate::raise_type_error("as_mutable() takes a type");
      return arguments.positional.front();
    });
  }
};

/// A type that is stored as another one.
TypeFactory stored_as(Recorder& recorder, std::string name, model::ScalarKind kind, std::optional<std::int64_t> length,
                      bool encodes) {
  return [&recorder, name = std::move(name), kind, length, encodes](Interpreter&, Arguments&) {
    model::ScalarType type;
    type.kind = kind;
    type.length = length;
    auto made = make_type(type, recorder, name);
    if (encodes) made->unread_storage = "sqlalchemy_utils." + name;
    return made;
  };
}

}  // namespace

Value mutable_module() {
  const Value mutable_class{ObjectPtr(std::make_shared<MutableClass>())};
  return evaluate::make_namespace("sqlalchemy.ext.mutable", {{"Mutable", mutable_class},
                                                             {"MutableBase", mutable_class},
                                                             {"MutableDict", mutable_class},
                                                             {"MutableList", mutable_class},
                                                             {"MutableSet", mutable_class},
                                                             {"MutableComposite", mutable_class}});
}

std::optional<Value> type_package_module(std::string_view dotted_name, Recorder& recorder) {
  constexpr std::string_view kPackage = "sqlalchemy_utils";
  if (dotted_name != kPackage && !dotted_name.starts_with(std::string(kPackage) + ".types")) return std::nullopt;
  using Kind = model::ScalarKind;
  Members members;
  const auto add = [&](const char* name, Kind kind, std::optional<std::int64_t> length, bool encodes) {
    add_type(members, name, stored_as(recorder, name, kind, length, encodes));
  };
  // https://sqlalchemy-utils.readthedocs.io/en/latest/data_types.html
  // TSVectorType("name", "text"): the columns that its triggers are made for.
  add_type(members, "TSVectorType",
           [native = native_type(recorder, "postgresql", "TSVECTOR")](Interpreter& interpreter, Arguments& arguments) {
             Arguments none;
             none.where = arguments.where;
             return native(interpreter, none);
           });
  add("EncryptedType", Kind::kLargeBinary, std::nullopt, true);
  add("StringEncryptedType", Kind::kString, std::nullopt, true);
  add("EmailType", Kind::kUnicode, 255, true);
  add("URLType", Kind::kUnicodeText, std::nullopt, false);
  add("LocaleType", Kind::kUnicode, 10, true);
  add("TimezoneType", Kind::kUnicode, 50, true);
  add("ColorType", Kind::kUnicode, 20, true);
  add("CountryType", Kind::kString, 2, true);
  add("CurrencyType", Kind::kString, 3, true);
  return evaluate::make_namespace(std::string(dotted_name), std::move(members),
                                  [](Interpreter&, std::string_view) -> std::optional<Value> { return std::nullopt; });
}

}  // namespace bascule::formats::alembic
