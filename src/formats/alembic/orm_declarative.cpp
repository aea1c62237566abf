// Declarative classes: what stands in their bodies, and how a class becomes a mapper.
#include <algorithm>
#include <array>

#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "evaluate/native_tools.h"
#include "formats/alembic/orm_mapper.h"
#include "formats/alembic/sa_exceptions.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::ClassObject;
using evaluate::Descriptor;
using evaluate::Instance;
using evaluate::make_function;
using evaluate::Object;
using evaluate::ObjectPtr;

/// Where a class keeps what its body mapped, so that its names are found by nothing else.
constexpr const char* kDeclared = "__mapped_names__";

/// synonym("name").
class Synonym final : public Object {
 public:
  explicit Synonym(std::string held) : name(std::move(held)) {}
  std::string name;
  std::string type_name() const override { return "Synonym"; }
};

/// @declared_attr: what it gives is made for each class that is mapped.
class DeclaredAttribute final : public Object {
 public:
  explicit DeclaredAttribute(Value held) : function(std::move(held)) {}
  Value function;
  std::string type_name() const override { return "declared_attr"; }
};

/// column_property(...) and its like: an attribute that is no plain column. Read: refused.
class OtherProperty final : public Object {
 public:
  explicit OtherProperty(std::string held) : name(std::move(held)) {}
  std::string name;
  std::string type_name() const override { return name; }
};

Value native_method(const std::string& name, evaluate::NativeFunction function) {
  return Value(
      ObjectPtr(std::make_shared<Descriptor>(Descriptor::Kind::kMethod, make_function(name, std::move(function)))));
}

std::shared_ptr<Instance> self_of(const Arguments& arguments) {
  return arguments.positional.empty() ? nullptr : arguments.positional.front().as<Instance>();
}

Value construct(Interpreter& interpreter, Arguments& arguments) {
  const auto instance = self_of(arguments);
  const auto mapper = instance ? mapper_of(*instance) : nullptr;
  if (!mapper) evaluate::raise_type_error("__init__() needs an instance of a mapped class");
  if (arguments.positional.size() > 1)
    evaluate::raise_type_error("__init__() takes 1 positional argument but " +
                               std::to_string(arguments.positional.size()) + " were given");
  for (const auto& [name, value] : arguments.keywords) {
    const std::string real(mapper->real_name(name));
    if (mapper->find(real) == nullptr && !mapper->relationships.contains(real) && !mapper->unknown.contains(real) &&
        instance->type->lookup(real) == nullptr)
      evaluate::raise_type_error("'" + name + "' is an invalid keyword argument for " + mapper->name);
    static_cast<void>(instance->set_attribute(interpreter, real, value));
  }
  return {};
}

Value find_missing(Interpreter& interpreter, Arguments& arguments) {
  const auto instance = self_of(arguments);
  const auto mapper = instance ? mapper_of(*instance) : nullptr;
  const std::string* name = arguments.positional.size() == 2 ? arguments.positional[1].as_str() : nullptr;
  if (mapper && name != nullptr) {
    if (auto value = missing_attribute(interpreter, instance, *mapper, *name)) return *value;
  }
  evaluate::raise_python("AttributeError", "'" + (instance ? instance->type->name : std::string("object")) +
                                               "' object has no attribute '" + (name ? *name : "") + "'");
}

void add_methods(ClassObject& type) {
  if (type.lookup("__init__") == nullptr) type.names.set("__init__", native_method("__init__", construct));
  if (type.lookup("__getattr__") == nullptr) type.names.set("__getattr__", native_method("__getattr__", find_missing));
}

/// Maps one class.
class ClassMapping {
 public:
  ClassMapping(Interpreter& interpreter, ClassObject& type, std::shared_ptr<DeclarativeBase> base)
      : interpreter_(interpreter), type_(type), base_(base), mapper_(std::make_shared<Mapper>(std::move(base))) {}

  void run() {
    if (const Value* abstract = type_.names.find("__abstract__");
        abstract != nullptr && interpreter_.truth(*abstract)) {
      type_.native_base = base_;
      return;
    }
    mapper_->name = type_.name;
    mapper_->type = type_.self();
    for (const auto& ancestor : type_.ancestors) {
      if (const auto parent = std::dynamic_pointer_cast<Mapper>(ancestor->native_base);
          parent && parent->class_object() == ancestor)
        mapper_->unusable = "it derives from another mapped class, " + parent->name;
    }
    if (const Value* own = type_.names.find("__table__"); own != nullptr && own->as<TableItem>()) {
      mapper_->table = own->as<TableItem>();
      type_.names.erase("__table__");
    } else {
      make_table();
    }
    for (const auto& held : gathered()) take(held.first, held.second.value, held.second.annotation);
    if (made_table_) {
      add_table_arguments();
      base_->metadata()->tables.push_back(mapper_->table);
    } else {
      for (const auto& column : mapper_->table->column_items()) {
        if (mapper_->find(*column) == nullptr) mapper_->attributes.push_back({column->key, column, false});
      }
    }
    type_.native_base = mapper_;
    add_methods(type_);
    base_->remember(type_.self());
  }

 private:
  struct Declared {
    Value value;
    std::string annotation;
  };
  using Names = std::vector<std::pair<std::string, Declared>>;

  std::optional<Value> special(const char* name) {
    const Value* found = type_.lookup(name);
    if (found == nullptr) return std::nullopt;
    if (const auto declared = found->as<DeclaredAttribute>()) return declare(*declared);
    if (const auto descriptor = found->as<Descriptor>()) return call(descriptor->function());
    return *found;
  }

  Value call(const Value& function) {
    return interpreter_.call(function,
                             Arguments{{Value(ObjectPtr(type_.shared_from_this()))}, {}, interpreter_.here()});
  }

  Value declare(const DeclaredAttribute& declared) {
    const auto descriptor = declared.function.as<Descriptor>();
    return call(descriptor ? descriptor->function() : declared.function);
  }

  void make_table() {
    QualifiedName name;
    name.schema = base_->metadata()->schema;
    auto given = special("__tablename__");
    if (given && given->is_opaque()) interpreter_.refuse_opaque(*given, "the table of the mapped class " + type_.name);
    if (!given || given->as_str() == nullptr)
      raise_sqlalchemy("InvalidRequestError", "Class " + type_.name +
                                                  " does not have a __table__ or __tablename__ specified and does not "
                                                  "inherit from an existing table-mapped class.");
    name.name = Identifier(*given->as_str());
    if (const auto options = options_of(special("__table_args__"))) {
      if (const Value* schema = options->find(std::string_view("schema"));
          schema != nullptr && schema->as_str() != nullptr)
        name.schema = Identifier(*schema->as_str());
    }
    mapper_->table = std::make_shared<TableItem>(name, base_->context(), interpreter_.here());
    mapper_->table->naming = base_->metadata()->naming;
    made_table_ = true;
  }

  static const evaluate::Dict* options_of(const std::optional<Value>& arguments) {
    if (!arguments) return nullptr;
    if (arguments->as_dict() != nullptr) return arguments->as_dict();
    const auto* items = arguments->as_sequence();
    return items == nullptr || items->empty() ? nullptr : items->back().as_dict();
  }

  void add_table_arguments() {
    const auto arguments = special("__table_args__");
    const auto* items = arguments ? arguments->as_sequence() : nullptr;
    if (items == nullptr) return;
    for (const Value& item : *items) {
      if (item.as_dict() == nullptr && !item.is_opaque()) mapper_->table->add_item(interpreter_, item);
    }
  }

  static bool is_mapped_value(const Value& value) {
    return value.as<UnnamedColumn>() || value.as<ColumnItem>() || value.as<Relationship>() ||
           value.as<DeclaredAttribute>() || value.as<Synonym>() || value.as<OtherProperty>();
  }

  /// Moves what a class's body maps out of its names, once.
  static Names& no_names() {
    static Names none;
    return none;
  }

  static void collect(ClassObject& type, Names& out) {
    const auto add = [&](const std::string& name, const Value& value, const std::string& annotation) {
      const bool known = std::any_of(out.begin(), out.end(), [&](const auto& held) { return held.first == name; });
      if (!known) out.emplace_back(name, Declared{value, annotation});
    };
    auto annotations = std::make_shared<evaluate::Dict>();
    if (const Value* held = type.names.find("__annotations__"); held != nullptr && held->as_dict() != nullptr)
      annotations = std::make_shared<evaluate::Dict>(*held->as_dict());
    const auto text_of = [&](const std::string& name) {
      const Value* text = annotations->find(name);
      return text != nullptr && text->as_str() != nullptr ? *text->as_str() : std::string();
    };
    std::vector<std::pair<std::string, Value>> mapped;
    for (const auto& [name, value] : type.names.entries()) {
      if (name.starts_with("__")) continue;
      if (is_mapped_value(value) || value.is_opaque()) mapped.emplace_back(name, value);
    }
    auto declared = std::make_shared<evaluate::Dict>();
    if (const Value* before = type.names.find(kDeclared)) declared = std::get<evaluate::DictPtr>(before->payload());
    for (const auto& [name, value] : mapped) {
      declared->set(Value(name), value);
      type.names.erase(name);
    }
    if (declared->size() > 0) type.names.set(kDeclared, Value(declared));
    for (const auto& [name, value] : declared->entries()) add(*name.as_str(), value, text_of(*name.as_str()));
    for (const auto& [name, text] : annotations->entries()) {
      if (type.names.find(*name.as_str()) == nullptr && read_annotation(*text.as_str()))
        add(*name.as_str(), Value(ObjectPtr(std::make_shared<UnnamedColumn>(Arguments{}))), *text.as_str());
    }
  }

  Names gathered() {
    Names out;
    collect(type_, out);
    for (const auto& ancestor : type_.ancestors) {
      if (!ancestor->is_builtin) collect(*ancestor, out);
    }
    return out;
  }

  void take(const std::string& name, const Value& value, const std::string& annotation) {
    if (value.is_opaque()) {
      mapper_->unknown[name] = value;
    } else if (const auto unnamed = value.as<UnnamedColumn>()) {
      add_column(name, unnamed->named(interpreter_, base_->context(), name), annotation, unnamed->deferred);
    } else if (const auto column = value.as<ColumnItem>()) {
      add_column(name, column, annotation, false);
    } else if (const auto relationship = value.as<Relationship>()) {
      auto own = std::make_shared<Relationship>(*relationship);
      own->annotation = annotation;
      mapper_->relationships[name] = std::move(own);
    } else if (const auto declared = value.as<DeclaredAttribute>()) {
      take(name, declare(*declared), annotation);
    } else if (const auto synonym = value.as<Synonym>()) {
      mapper_->synonyms[name] = synonym->name;
    } else if (const auto other = value.as<OtherProperty>()) {
      mapper_->unknown[name] =
          make_opaque(mapper_->name + "." + name, other->name + "() is not supported", interpreter_.here());
    }
  }

  void add_column(const std::string& name, const std::shared_ptr<ColumnItem>& given, const std::string& annotation,
                  bool deferred) {
    std::shared_ptr<ColumnItem> column = given;
    if (const auto said = read_annotation(annotation)) {
      if (!column->type_object() && said->type && column->foreign_keys.empty())
        column = column->typed(make_type(*said->type, base_->context().recorder, ""));
      else
        column = column->copy();
      if (!column->nullable && !column->primary_key) column->nullable = said->nullable;
    }
    if (made_table_) {
      mapper_->table->add_item(interpreter_, Value(ObjectPtr(column)));
      column = mapper_->table->column_items().back();
    } else if (const auto held = std::dynamic_pointer_cast<ColumnItem>(mapper_->table->find_column(column->key))) {
      column = held;
    }
    mapper_->attributes.push_back({name, column, deferred});
  }

  Interpreter& interpreter_;
  ClassObject& type_;
  std::shared_ptr<DeclarativeBase> base_;
  std::shared_ptr<Mapper> mapper_;
  bool made_table_ = false;
};

/// DeclarativeBase itself: a class that derives from it is a base of its own.
class DeclarativeRoot final : public Object {
 public:
  explicit DeclarativeRoot(Context& context) : context_(context) {}
  std::string type_name() const override { return "type"; }
  std::optional<Value> attribute(Interpreter&, std::string_view name) override {
    if (name != "__init_subclass__") return std::nullopt;
    Context& context = context_;
    return make_function("DeclarativeBase.__init_subclass__", [&context](Interpreter& in, Arguments& arguments) {
      const auto type = arguments.positional.front().as<ClassObject>();
      auto metadata = std::make_shared<MetaDataItem>(context, in.here());
      if (const Value* own = type->names.find("metadata"); own != nullptr && own->as<MetaDataItem>())
        metadata = own->as<MetaDataItem>();
      type->native_base = std::make_shared<DeclarativeBase>(context, metadata);
      add_methods(*type);
      return Value();
    });
  }

 private:
  Context& context_;
};

Value make_relationship(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("relationship", arguments, {"argument", "secondary"},
                    {"primaryjoin",
                     "secondaryjoin",
                     "back_populates",
                     "order_by",
                     "backref",
                     "overlaps",
                     "post_update",
                     "cascade",
                     "viewonly",
                     "init",
                     "repr",
                     "default",
                     "lazy",
                     "passive_deletes",
                     "passive_updates",
                     "active_history",
                     "enable_typechecks",
                     "foreign_keys",
                     "remote_side",
                     "join_depth",
                     "comparator_factory",
                     "single_parent",
                     "innerjoin",
                     "distinct_target_key",
                     "load_on_pending",
                     "query_class",
                     "info",
                     "omit_join",
                     "sync_backref",
                     "uselist",
                     "collection_class",
                     "doc"});
  auto made = std::make_shared<Relationship>();
  made->target = bind.optional("argument").value_or(Value());
  made->secondary = bind.optional("secondary").value_or(Value());
  made->order_by = bind.present("order_by");
  if (const auto uselist = bind.present("uselist")) made->uselist = interpreter.truth(*uselist);
  for (const char* name : {"primaryjoin", "secondaryjoin", "foreign_keys", "remote_side", "collection_class"}) {
    if (bind.present(name)) made->unread = name;
  }
  if (const auto lazy = bind.present("lazy");
      lazy && lazy->as_str() != nullptr && (*lazy->as_str() == "dynamic" || *lazy->as_str() == "write_only"))
    made->unread = "lazy=\"" + *lazy->as_str() + "\"";
  return Value(ObjectPtr(made));
}

/// mapped_column(...), and deferred(Column(...)).
Value make_mapped_column(Arguments& arguments) {
  static constexpr std::array<std::string_view, 12> kOfDataclasses = {
      "init",     "repr",           "default_factory",    "compare",    "kw_only",        "hash",
      "deferred", "deferred_group", "deferred_raiseload", "sort_order", "active_history", "use_existing_column"};
  Arguments kept = arguments;
  std::erase_if(kept.keywords, [](const auto& keyword) {
    return std::find(kOfDataclasses.begin(), kOfDataclasses.end(), keyword.first) != kOfDataclasses.end();
  });
  auto made = std::make_shared<UnnamedColumn>(std::move(kept));
  for (const auto& [name, value] : arguments.keywords) {
    if (name == "deferred") made->deferred = value.as_bool() != nullptr && *value.as_bool();
  }
  return Value(ObjectPtr(made));
}

Value make_load_option(Interpreter& interpreter, const Arguments& arguments, LoadOption::Kind kind) {
  auto made = std::make_shared<LoadOption>();
  made->kind = kind;
  for (const Value& value : arguments.positional) {
    if (value.is_opaque()) interpreter.refuse_opaque(value, "a column of load_only()");
    const auto column = value.as<ColumnClause>();
    if (!column) refuse_unsupported("load_only() of " + evaluate::type_name(value));
    made->columns.push_back(column);
  }
  return Value(ObjectPtr(made));
}

Value make_base(Context& context, Interpreter& interpreter, const Arguments& arguments) {
  const Binder bind("declarative_base", arguments, {},
                    {"metadata", "mapper", "cls", "name", "class_registry", "type_annotation_map", "constructor",
                     "metaclass", "bind"});
  auto metadata = bind.present("metadata").value_or(Value()).as<MetaDataItem>();
  if (!metadata) metadata = std::make_shared<MetaDataItem>(context, interpreter.here());
  return make_declarative_base(context, metadata);
}

}  // namespace

std::optional<Value> DeclarativeBase::attribute(Interpreter&, std::string_view name) {
  if (name == "metadata") return Value(ObjectPtr(metadata_));
  if (name != "__init_subclass__") return std::nullopt;
  const auto self = std::static_pointer_cast<DeclarativeBase>(shared_from_this());
  return make_function("__init_subclass__", [self](Interpreter& in, Arguments& arguments) {
    ClassMapping(in, *arguments.positional.front().as<ClassObject>(), self).run();
    return Value();
  });
}

Value make_declarative_base(Context& context, const std::shared_ptr<MetaDataItem>& metadata) {
  return Value(ObjectPtr(std::make_shared<DeclarativeBase>(context, metadata)));
}

std::unordered_map<std::string, Value> declarative_members(Context& context) {
  std::unordered_map<std::string, Value> members;
  members["DeclarativeBase"] = Value(ObjectPtr(std::make_shared<DeclarativeRoot>(context)));
  members["DeclarativeBaseNoMeta"] = members["DeclarativeBase"];
  members["declarative_base"] = make_function("declarative_base", [&context](Interpreter& in, Arguments& arguments) {
    return make_base(context, in, arguments);
  });
  members["registry"] = make_function("registry", [&context](Interpreter& in, Arguments& arguments) {
    const Binder bind("registry", arguments, {}, {"metadata", "class_registry", "type_annotation_map", "constructor"});
    auto metadata = bind.present("metadata").value_or(Value()).as<MetaDataItem>();
    if (!metadata) metadata = std::make_shared<MetaDataItem>(context, in.here());
    std::unordered_map<std::string, Value> parts;
    parts["metadata"] = Value(ObjectPtr(metadata));
    parts["generate_base"] = make_function("registry.generate_base", [&context, metadata](Interpreter&, Arguments&) {
      return make_declarative_base(context, metadata);
    });
    parts["configure"] = make_function("registry.configure", [](Interpreter&, Arguments&) { return Value(); });
    return evaluate::make_namespace("registry", std::move(parts));
  });
  members["mapped_column"] =
      make_function("mapped_column", [](Interpreter&, Arguments& arguments) { return make_mapped_column(arguments); });
  members["deferred"] = make_function("deferred", [](Interpreter&, Arguments& arguments) {
    const auto column = arguments.positional.empty() ? nullptr : arguments.positional.front().as<UnnamedColumn>();
    if (!column) refuse_unsupported("deferred() of something besides a Column without a name");
    auto made = std::make_shared<UnnamedColumn>(*column);
    made->deferred = true;
    return Value(ObjectPtr(made));
  });
  members["relationship"] = make_function("relationship", make_relationship);
  members["declared_attr"] = make_function("declared_attr", [](Interpreter&, Arguments& arguments) {
    const Binder bind("declared_attr", arguments, {"fn"}, {"cascading"});
    return Value(ObjectPtr(std::make_shared<DeclaredAttribute>(bind.required("fn"))));
  });
  members["synonym"] = make_function("synonym", [](Interpreter& in, Arguments& arguments) {
    const Binder bind("synonym", arguments, {"name"},
                      {"map_column", "descriptor", "comparator_factory", "doc", "info"});
    return Value(ObjectPtr(std::make_shared<Synonym>(to_text(in, bind.required("name"), "the name of synonym()"))));
  });
  for (const char* name : {"column_property", "composite", "query_expression"}) {
    members[name] = make_function(
        name, [name](Interpreter&, Arguments&) { return Value(ObjectPtr(std::make_shared<OtherProperty>(name))); });
  }
  // How something is fetched changes nothing about what it is.
  for (const char* name : {"joinedload", "selectinload", "subqueryload", "lazyload", "immediateload", "noload",
                           "raiseload", "undefer", "contains_eager", "defaultload"}) {
    members[name] = make_function("orm." + std::string(name), [](Interpreter&, Arguments&) {
      return Value(ObjectPtr(std::make_shared<LoadOption>()));
    });
  }
  members["load_only"] = make_function("orm.load_only", [](Interpreter& in, Arguments& arguments) {
    return make_load_option(in, arguments, LoadOption::Kind::kOnly);
  });
  members["defer"] = make_function("orm.defer", [](Interpreter& in, Arguments& arguments) {
    return make_load_option(in, arguments, LoadOption::Kind::kDefer);
  });
  members["configure_mappers"] =
      make_function("orm.configure_mappers", [](Interpreter&, Arguments&) { return Value(); });
  return members;
}

}  // namespace bascule::formats::alembic
