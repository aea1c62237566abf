// sa.inspect(bind): what is in the database now, in the shapes of SQLAlchemy's Inspector; and tables made of it.
#include <algorithm>
#include <functional>
#include <map>

#include "base/overload.h"
#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "formats/alembic/live_connection.h"
#include "formats/alembic/op.h"
#include "formats/alembic/sa_exceptions.h"
#include "formats/alembic/sa_expressions.h"
#include "formats/alembic/sa_schema.h"
#include "formats/live.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::make_function;
using evaluate::make_list;
using evaluate::ObjectPtr;

Value dict_of(const std::vector<std::pair<const char*, Value>>& entries) {
  auto dict = std::make_shared<evaluate::Dict>();
  for (auto& [key, value] : entries) dict->set(Value(key), std::move(value));
  return Value(dict);
}

Value name_or_none(const Identifier& name) { return name.empty() ? Value() : Value(name.text()); }
Value text_or_none(const std::optional<std::string>& text) { return text ? Value(*text) : Value(); }

Value name_list(const std::vector<Identifier>& names) {
  std::vector<Value> out;
  for (const Identifier& name : names) out.emplace_back(name.text());
  return make_list(std::move(out));
}

/// SQL of a default or a CHECK, as the database keeps it.
Value sql_text(const model::Expression& expression) {
  if (const auto* text = std::get_if<model::TextExpr>(&expression)) return Value(text->sql);
  if (const auto* column = std::get_if<model::ColumnExpr>(&expression)) return Value(column->column.text());
  if (const auto* literal = std::get_if<model::LiteralExpr>(&expression))
    return Value(spell_literal(literal->value, "sqlite", "a default"));
  return Value();
}

template <class Kind>
std::vector<const Kind*> constraints_of(const model::Table& table) {
  std::vector<const Kind*> found;
  for (const model::Constraint& constraint : table.constraints) {
    if (const auto* one = std::get_if<Kind>(&constraint)) found.push_back(one);
  }
  return found;
}

template <class Kind>
bool by_name(const Kind* left, const Kind* right) {
  return left->name.text() < right->name.text();
}

class Reader {
 public:
  Reader(Context& context, Location where, std::string doing)
      : context_(context), where_(std::move(where)), doing_(std::move(doing)) {}

  model::Schema schema(const Identifier& name) const { return value_of(context_.recorder.live()->schema(name)); }
  template <class T>
  T value_of(LiveResult<T> result) const {
    if (!result) raise_failure(result.error(), context_.dialect(), where_, doing_);
    return std::move(*result);
  }
  static bool same_name(const Context& context, const std::string& left, const std::string& right) {
    if (!context.on_sqlite()) return left == right;
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
      const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
      return lower(a) == lower(b);
    });
  }
  const model::Table* find(const model::Schema& schema, const std::string& name) const {
    for (const model::Table& table : schema.tables) {
      if (same_name(context_, table.name.name.text(), name)) return &table;
    }
    return nullptr;
  }
  model::Table table(const Identifier& schema_name, const std::string& name) const {
    const model::Schema all = schema(schema_name);
    const model::Table* found = find(all, name);
    if (found == nullptr) raise_sqlalchemy("NoSuchTableError", name);
    return *found;
  }

 private:
  Context& context_;
  Location where_;
  std::string doing_;
};

const model::PrimaryKey* primary_key(const model::Table& table) {
  const auto keys = constraints_of<model::PrimaryKey>(table);
  return keys.empty() ? nullptr : keys.front();
}

Value columns_of(Context& context, const model::Table& table) {
  const model::PrimaryKey* key = primary_key(table);
  std::vector<Value> out;
  for (const model::Column& column : table.columns) {
    Value default_text;
    if (column.server_default) default_text = sql_text(*column.server_default);
    if (column.autoincrement && context.on_postgres() && !column.identity) {
      default_text = Value("nextval('" + table.name.name.text() + "_" + column.name.text() + "_seq'::regclass)");
    }
    std::int64_t position = 0;
    if (key != nullptr) {
      const auto found = std::find(key->columns.begin(), key->columns.end(), column.name);
      if (found != key->columns.end()) position = found - key->columns.begin() + 1;
    }
    std::vector<std::pair<const char*, Value>> entries = {
        {"name", Value(column.name.text())},
        {"type", Value(ObjectPtr(make_type(column.type, context.recorder, "")))},
        {"nullable", Value(column.nullable)},
        {"default", default_text}};
    if (context.on_sqlite()) {
      entries.emplace_back("primary_key", Value(position));
    } else {
      entries.emplace_back("autoincrement", Value(column.autoincrement));
      entries.emplace_back("comment", text_or_none(column.comment));
    }
    out.push_back(dict_of(std::move(entries)));
  }
  return make_list(std::move(out));
}

Value key_of(Context&, const model::Table& table) {
  const model::PrimaryKey* key = primary_key(table);
  return dict_of({{"constrained_columns", name_list(key == nullptr ? std::vector<Identifier>() : key->columns)},
                  {"name", key == nullptr ? Value() : name_or_none(key->name)}});
}

/// PostgreSQL's unique constraints are indexes too; SQLite's are not shown as such.
Value indexes_of(Context& context, const model::Table& table) {
  struct Entry {
    std::string name;
    std::vector<Value> columns;
    bool unique;
    Value constraint;
  };
  std::vector<Entry> entries;
  for (const model::Index& index : table.indexes) {
    Entry entry{index.name.text(), {}, index.unique, Value()};
    for (const model::IndexElement& element : index.elements) {
      const model::Expression* inner = &element.sql;
      while (const auto* unary = std::get_if<Box<model::UnaryExpr>>(inner)) inner = &(*unary)->operand;
      const auto* column = std::get_if<model::ColumnExpr>(inner);
      entry.columns.push_back(column == nullptr ? Value() : Value(column->column.text()));
    }
    entries.push_back(std::move(entry));
  }
  if (context.on_postgres()) {
    for (const auto* unique : constraints_of<model::UniqueConstraint>(table)) {
      std::vector<Value> columns;
      for (const Identifier& column : unique->columns) columns.emplace_back(column.text());
      entries.push_back({unique->name.text(), std::move(columns), true, Value(unique->name.text())});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  std::vector<Value> out;
  for (Entry& entry : entries) {
    std::vector<std::pair<const char*, Value>> fields = {
        {"name", Value(entry.name)},
        {"column_names", make_list(std::move(entry.columns))},
        {"unique", context.on_sqlite() ? Value(entry.unique ? 1 : 0) : Value(entry.unique)}};
    if (!entry.constraint.is_none()) fields.emplace_back("duplicates_constraint", entry.constraint);
    fields.emplace_back("dialect_options", Value(std::make_shared<evaluate::Dict>()));
    out.push_back(dict_of(std::move(fields)));
  }
  return make_list(std::move(out));
}

Value unique_of(Context&, const model::Table& table) {
  auto found = constraints_of<model::UniqueConstraint>(table);
  std::sort(found.begin(), found.end(), by_name<model::UniqueConstraint>);
  std::vector<Value> out;
  for (const auto* one : found)
    out.push_back(dict_of({{"name", name_or_none(one->name)}, {"column_names", name_list(one->columns)}}));
  return make_list(std::move(out));
}

Value foreign_of(Context& context, const model::Table& table) {
  auto found = constraints_of<model::ForeignKey>(table);
  if (context.on_postgres()) std::sort(found.begin(), found.end(), by_name<model::ForeignKey>);
  std::vector<Value> out;
  for (const auto* one : found) {
    auto options = std::make_shared<evaluate::Dict>();
    if (!one->on_delete.empty()) options->set(Value("ondelete"), Value(one->on_delete));
    if (!one->on_update.empty()) options->set(Value("onupdate"), Value(one->on_update));
    const bool same_schema = one->referent.schema == table.name.schema;
    out.push_back(dict_of({{"name", name_or_none(one->name)},
                           {"constrained_columns", name_list(one->columns)},
                           {"referred_schema", same_schema ? Value() : name_or_none(one->referent.schema)},
                           {"referred_table", Value(one->referent.name.text())},
                           {"referred_columns", name_list(one->referent_columns)},
                           {"options", Value(options)}}));
  }
  return make_list(std::move(out));
}

Value checks_of(Context&, const model::Table& table) {
  auto found = constraints_of<model::CheckConstraint>(table);
  std::sort(found.begin(), found.end(), by_name<model::CheckConstraint>);
  std::vector<Value> out;
  for (const auto* one : found)
    out.push_back(dict_of({{"name", name_or_none(one->name)}, {"sqltext", sql_text(one->sql)}}));
  return make_list(std::move(out));
}

Value comment_of(Context&, const model::Table& table) { return dict_of({{"text", text_or_none(table.comment)}}); }

using Fact = Value (*)(Context&, const model::Table&);
struct NamedFact {
  std::string_view name;
  Fact fact;
};
constexpr NamedFact kTableFacts[] = {{"get_columns", columns_of},      {"get_pk_constraint", key_of},
                                     {"get_indexes", indexes_of},      {"get_unique_constraints", unique_of},
                                     {"get_foreign_keys", foreign_of}, {"get_check_constraints", checks_of},
                                     {"get_table_comment", comment_of}};

/// One inspector: what it has said once it says again, as SQLAlchemy's does, until clear_cache().
class InspectorObject final : public evaluate::Object {
 public:
  explicit InspectorObject(Context& context) : context_(context) {}
  std::string type_name() const override { return "Inspector"; }
  bool reaches_database() const override { return true; }

  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    const auto self = std::static_pointer_cast<InspectorObject>(shared_from_this());
    const std::string full = "Inspector." + std::string(name);
    for (const NamedFact& fact : kTableFacts) {
      if (fact.name != name) continue;
      return make_function(full, [self, full, fact = fact.fact](Interpreter& in, Arguments& arguments) {
        const Binder bind(full, arguments, {"table_name", "schema"});
        const std::string table = to_text(in, bind.required("table_name"), "the table of " + full);
        const Identifier schema = optional_identifier(in, bind, "schema");
        return self->cached(full + " " + schema.text() + " " + table, [&] {
          return fact(self->context_, self->reader(arguments.where, full).table(schema, table));
        });
      });
    }
    if (name == "has_table" || name == "has_index")
      return make_function(full, [self, full, index = name == "has_index"](Interpreter& in, Arguments& arguments) {
        return self->has(in, arguments, full, index);
      });
    if (name == "get_table_names" || name == "get_view_names" || name == "get_materialized_view_names")
      return make_function(full, [self, full, name = std::string(name)](Interpreter& in, Arguments& arguments) {
        const Binder bind(full, arguments, {"schema"});
        const Identifier schema = optional_identifier(in, bind, "schema");
        return self->cached(full + " " + schema.text(),
                            [&] { return self->names(self->reader(arguments.where, full).schema(schema), name); });
      });
    if (name == "get_schema_names")
      return make_function(full, [self, full](Interpreter&, Arguments& arguments) {
        const Reader reader = self->reader(arguments.where, full);
        std::vector<Value> out;
        for (std::string& one : reader.value_of(self->context_.recorder.live()->schema_names()))
          out.emplace_back(std::move(one));
        return make_list(std::move(out));
      });
    if (name == "get_enums" && context_.on_postgres())
      return make_function(full, [self, full](Interpreter& in, Arguments& arguments) {
        const Binder bind(full, arguments, {"schema"});
        return self->enums(self->reader(arguments.where, full).schema(optional_identifier(in, bind, "schema")));
      });
    if (name == "get_sequence_names" || name == "has_sequence")
      return make_function(full, [self, full, has = name == "has_sequence"](Interpreter& in, Arguments& arguments) {
        const Value given =
            has ? Binder(full, arguments, {"sequence_name", "schema"}).required("sequence_name") : Value();
        std::vector<Value> out;
        for (const auto& one : self->reader(arguments.where, full).schema(Identifier()).sequences) {
          if (has && given.as_str() && *given.as_str() == one.name.name.text()) return Value(true);
          out.emplace_back(one.name.name.text());
        }
        static_cast<void>(in);
        return has ? Value(false) : make_list(std::move(out));
      });
    if (name == "default_schema_name") {
      const Reader reader = this->reader(interpreter.here(), full);
      return Value(reader.value_of(context_.recorder.live()->default_schema()));
    }
    if (name == "bind" || name == "engine") return make_bind_of(context_);
    if (name == "dialect") return interpreter.attribute(make_bind_of(context_), "dialect");
    if (name == "clear_cache")
      return make_function(full, [self](Interpreter&, Arguments&) {
        self->said_.clear();
        return Value();
      });
    if (name.starts_with("__")) return std::nullopt;
    refuse_unsupported(full, "ask the catalogue: bind.execute(sa.text(\"SELECT ...\"))");
  }

 private:
  static Value make_bind_of(Context& context);
  Reader reader(const Location& where, const std::string& doing) const { return {context_, where, doing}; }
  Value cached(const std::string& key, const std::function<Value()>& read) {
    const auto found = said_.find(key);
    if (found != said_.end()) return found->second;
    return said_.emplace(key, read()).first->second;
  }
  Value names(const model::Schema& schema, const std::string& what) const {
    std::vector<std::string> names;
    if (what == "get_table_names") {
      for (const model::Table& table : schema.tables) names.push_back(table.name.name.text());
      if (context_.on_sqlite()) std::sort(names.begin(), names.end());
    } else {
      const auto kind = what == "get_view_names" ? model::ObjectKind::kView : model::ObjectKind::kMaterializedView;
      for (const model::SchemaObject& object : schema.objects) {
        if (object.kind == kind) names.push_back(object.name.name.text());
      }
    }
    std::vector<Value> out;
    for (std::string& name : names) out.emplace_back(std::move(name));
    return make_list(std::move(out));
  }
  Value enums(const model::Schema& schema) const {
    std::vector<Value> out;
    for (const model::EnumType& type : schema.enums) {
      std::vector<Value> labels;
      for (const std::string& label : type.values) labels.emplace_back(label);
      out.push_back(dict_of({{"name", Value(type.name.name.text())},
                             {"schema", type.name.schema.empty() ? Value("public") : Value(type.name.schema.text())},
                             {"visible", Value(true)},
                             {"labels", make_list(std::move(labels))}}));
    }
    return make_list(std::move(out));
  }
  Value has(Interpreter& in, Arguments& arguments, const std::string& full, bool index) {
    const Binder bind(full, arguments, {"table_name", index ? "index_name" : "schema", "schema"});
    const std::string table = to_text(in, bind.required("table_name"), "the table of " + full);
    const Identifier schema = optional_identifier(in, bind, "schema");
    const std::string wanted = index ? to_text(in, bind.required("index_name"), "the index of " + full) : "";
    return cached(full + " " + schema.text() + " " + table + " " + wanted, [&]() -> Value {
      const model::Schema all = reader(arguments.where, full).schema(schema);
      const model::Table* found = reader(arguments.where, full).find(all, table);
      if (!index) {
        const bool view = std::any_of(all.objects.begin(), all.objects.end(), [&](const auto& object) {
          return (object.kind == model::ObjectKind::kView || object.kind == model::ObjectKind::kMaterializedView) &&
                 Reader::same_name(context_, object.name.name.text(), table);
        });
        return Value(found != nullptr || view);
      }
      if (found == nullptr) return Value(false);
      const Value indexes = indexes_of(context_, *found);
      for (const Value& one : *indexes.as_sequence()) {
        const Value* name = one.as_dict()->find(std::string_view("name"));
        if (name->as_str() && *name->as_str() == wanted) return Value(true);
      }
      return Value(false);
    });
  }

  Context& context_;
  std::map<std::string, Value> said_;
};

void fill(Interpreter& interpreter, Context& context, TableItem& item, const model::Table& table,
          const Location& where) {
  const model::PrimaryKey* key = primary_key(table);
  for (const model::Column& column : table.columns) {
    if (item.find_column(column.name.text())) continue;  // the script says it itself
    auto made = std::make_shared<ColumnItem>(column.name, make_type(column.type, context.recorder, ""), where);
    made->nullable = column.nullable;
    made->has_server_default = column.server_default.has_value();
    made->primary_key =
        key != nullptr && std::find(key->columns.begin(), key->columns.end(), column.name) != key->columns.end();
    for (const auto* foreign : constraints_of<model::ForeignKey>(table)) {
      if (foreign->columns.size() != 1 || foreign->referent_columns.size() != 1 ||
          !(foreign->columns.front() == column.name))
        continue;
      auto reference = std::make_shared<ForeignKeyItem>(where);
      reference->target = {foreign->referent, foreign->referent_columns.front()};
      if (foreign->referent.schema == table.name.schema) reference->target.table.schema = item.table_name().schema;
      made->foreign_keys.push_back(std::move(reference));
    }
    item.add_item(interpreter, Value(ObjectPtr(made)));
  }
  item.reflected = false;
}

}  // namespace

Value InspectorObject::make_bind_of(Context& context) { return make_bind(context); }

Value make_inspector(Context& context, const Location& where, const std::string& name) {
  if (context.recorder.live() == nullptr) refuse_needs_database(name + "(...)", where);
  context.recorder.require_transaction();
  return Value(ObjectPtr(std::make_shared<InspectorObject>(context)));
}

void reflect_table(Interpreter& interpreter, Context& context, TableItem& table, const Location& where) {
  if (context.recorder.live() == nullptr)
    refuse_needs_database("the table '" + display(table.table_name()) + "' (autoload)", where);
  const Reader reader(context, where, "Table(autoload)");
  fill(interpreter, context, table, reader.table(table.table_name().schema, table.table_name().name.text()), where);
}

void reflect_metadata(Interpreter& interpreter, Context& context, const std::shared_ptr<MetaDataItem>& metadata,
                      const std::vector<std::string>& only, const Identifier& schema, const Location& where) {
  if (context.recorder.live() == nullptr) refuse_needs_database("MetaData.reflect()", where);
  const model::Schema all = Reader(context, where, "MetaData.reflect").schema(schema);
  for (const model::Table& table : all.tables) {
    const std::string& name = table.name.name.text();
    if (!only.empty() && std::find(only.begin(), only.end(), name) == only.end()) continue;
    if (metadata->find(name)) continue;
    auto item = std::make_shared<TableItem>(QualifiedName{schema, table.name.name}, context, where);
    fill(interpreter, context, *item, table, where);
    metadata->tables.push_back(item);
    metadata->reflected.push_back(std::move(item));
  }
  for (const std::string& name : only) {
    if (!metadata->find(name))
      raise_sqlalchemy("InvalidRequestError", "Could not reflect: requested table(s) not available: (" + name + ")");
  }
}

}  // namespace bascule::formats::alembic
