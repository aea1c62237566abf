// op.sync_enum_values() and op.add_enum_value(). Facts: alembic-postgresql-enum 1.11.0.
#include <memory>

#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/native_tools.h"
#include "formats/alembic/entities.h"
#include "formats/alembic/sa_exceptions.h"
#include "formats/live.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using Renames = std::vector<std::pair<std::string, std::string>>;

/// ColumnType.COMMON, ColumnType.ARRAY.
class ColumnTypeObject final : public evaluate::Object {
 public:
  explicit ColumnTypeObject(bool is_array) : array(is_array) {}
  std::string type_name() const override { return "ColumnType"; }
  std::string repr(Interpreter&) override { return array ? "ColumnType.ARRAY" : "ColumnType.COMMON"; }
  bool equals(const Object& other) const override {
    const auto* type = dynamic_cast<const ColumnTypeObject*>(&other);
    return type != nullptr && type->array == array;
  }
  const bool array;
};

class TableReferenceObject final : public evaluate::Object {
 public:
  std::string type_name() const override { return "TableReference"; }
  std::string table, column;
  std::optional<std::string> schema;
  bool schema_given = false;  ///< left out, it is the enum's
  bool array = false;
  std::optional<std::string> server_default;
};

class TableIndexObject final : public evaluate::Object {
 public:
  TableIndexObject(std::string its_name, std::string its_definition)
      : name(std::move(its_name)), definition(std::move(its_definition)) {}
  std::string type_name() const override { return "TableIndex"; }
  const std::string name, definition;
};

std::string name_of(std::string_view text) { return "\"" + replace_all(text, "\"", "\"\"") + "\""; }
std::string literal(std::string_view text) { return "'" + replace_all(text, "'", "''") + "'"; }

std::optional<std::string> text_or_none(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (value.is_none()) return std::nullopt;
  return to_text(interpreter, value, needed_for);
}

bool is_array(Interpreter& interpreter, const Value& value) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, "the kind of a column");
  const auto type = value.as<ColumnTypeObject>();
  return type && type->array;
}

Value make_reference(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("TableReference", arguments,
                    {"table_name", "column_name", "table_schema", "column_type", "existing_server_default"});
  bind.reject_extra();
  auto made = std::make_shared<TableReferenceObject>();
  made->table = to_text(interpreter, bind.required("table_name"), "the table of TableReference");
  made->column = to_text(interpreter, bind.required("column_name"), "the column of TableReference");
  if (const auto schema = bind.optional("table_schema")) {
    made->schema_given = true;
    made->schema = text_or_none(interpreter, *schema, "the schema of TableReference");
  }
  if (const auto type = bind.optional("column_type")) made->array = is_array(interpreter, *type);
  if (const auto value = bind.optional("existing_server_default"))
    made->server_default = text_or_none(interpreter, *value, "the default of TableReference");
  return Value(evaluate::ObjectPtr(std::move(made)));
}

Value make_index(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("TableIndex", arguments, {"name", "definition"});
  bind.reject_extra();
  return Value(evaluate::ObjectPtr(std::make_shared<TableIndexObject>(
      to_text(interpreter, bind.required("name"), "the name of TableIndex"),
      to_text(interpreter, bind.required("definition"), "the definition of TableIndex"))));
}

/// What is said of a column by a tuple says nothing of its default: the database is asked.
std::optional<std::string> default_now(const Target& target, const Binder& bind, const std::string& schema,
                                       const std::string& table, const std::string& column) {
  Recorder& recorder = target.context.recorder;
  if (recorder.live() == nullptr)
    refuse_needs_database("the default of column '" + column + "' (" + bind.function() + ")", bind.where());
  const std::string sql =
      "SELECT column_default FROM information_schema.columns WHERE table_schema = " + literal(schema) +
      " AND table_name = " + literal(table) + " AND column_name = " + literal(column);
  auto rows = recorder.live()->run(sql);
  if (!rows) raise_failure(rows.error(), target.context.dialect(), bind.where(), bind.function());
  if (rows->rows.empty()) return std::nullopt;
  return rows->rows.front().front();
}

std::vector<TableReferenceObject> references_of(Interpreter& interpreter, const Target& target, const Binder& bind,
                                                const std::string& enum_schema) {
  std::vector<TableReferenceObject> out;
  for (const Value& item :
       items_of(interpreter, bind.required("affected_columns"), "the columns of " + bind.function())) {
    if (item.is_opaque()) interpreter.refuse_opaque(item, "a column of " + bind.function());
    if (const auto reference = item.as<TableReferenceObject>()) {
      out.push_back(*reference);
      if (!reference->schema_given) out.back().schema = enum_schema;
      continue;
    }
    const auto* parts = item.as_tuple();
    if (parts == nullptr || parts->items.size() < 2)
      evaluate::raise_python("ValueError", "Affected columns must contain tuples or TableReferences");
    TableReferenceObject& one = out.emplace_back();
    one.table = to_text(interpreter, parts->items[0], "a table of " + bind.function());
    one.column = to_text(interpreter, parts->items[1], "a column of " + bind.function());
    one.schema = enum_schema;
    if (parts->items.size() > 2) one.array = is_array(interpreter, parts->items[2]);
    one.server_default = default_now(target, bind, enum_schema, one.table, one.column);
  }
  return out;
}

/// Old and new text, in quotes of either kind.
std::string with_renames(std::string text, const Renames& renames) {
  for (const auto& [from, to] : renames) {
    text = replace_all(text, "'" + from + "'", "'" + to + "'");
    text = replace_all(text, "\"" + from + "\"", "\"" + to + "\"");
  }
  return text;
}

/// Every "::old_type" becomes "::type".
std::string with_casts(const std::string& text, const std::string& type) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, 2, "::") != 0) {
      out += text[i++];
      continue;
    }
    std::size_t end = i + 2;
    const auto in_name = [](char c) {
      return c == '.' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    while (end < text.size() && in_name(text[end])) ++end;
    if (end == i + 2) {
      out += "::";
    } else {
      out += "::" + type;
    }
    i = end;
  }
  return out;
}

std::string new_default(const std::string& old, const std::string& schema, const std::string& name,
                        const Renames& renames) {
  const std::string type = schema.empty() ? name : schema + "." + name;
  if (old.starts_with("ARRAY[")) return with_casts(with_renames(old, renames), type);
  // Without a cast, the last character goes there too; nobody's default of an enum column has none.
  const std::size_t cast = old.find("::");
  const std::string value = with_renames(cast == std::string::npos ? old : old.substr(0, cast), renames);
  return value + "::" + type + (old.ends_with("[]") ? "[]" : "");
}

std::string comparison(const std::string& schema, const std::string& type, const std::string& old_type,
                       const Renames& renames, const std::string& sign, const std::string& function) {
  std::string theirs = "old_enum_val::text";
  if (!renames.empty()) {
    theirs = "CASE";
    for (const auto& [from, to] : renames)
      theirs += " WHEN old_enum_val::text = " + literal(from) + " THEN " + literal(to);
    theirs += " ELSE old_enum_val::text END";
  }
  return "CREATE FUNCTION " + name_of(schema) + "." + function + "(new_enum_val " + type + ", old_enum_val " +
         old_type + ") RETURNS boolean AS $$ SELECT new_enum_val::text " + sign + " " + theirs +
         "; $$ LANGUAGE SQL IMMUTABLE";
}

std::string change_type(const TableReferenceObject& column, const std::string& type, const Renames& renames) {
  const std::string table =
      (column.schema && !column.schema->empty() ? name_of(*column.schema) + "." : "") + name_of(column.table);
  const std::string name = name_of(column.column);
  std::string value;
  if (column.array) {
    value = name + "::text[]";
    for (const auto& [from, to] : renames)
      value = "array_replace(" + value + ", " + literal(from) + ", " + literal(to) + ")";
    value += "::" + type + "[]";
  } else if (renames.empty()) {
    value = name + "::text::" + type;
  } else {
    value = "CASE";
    for (const auto& [from, to] : renames)
      value += " WHEN " + name + "::text = " + literal(from) + " THEN " + literal(to) + "::" + type;
    value += " ELSE " + name + "::text::" + type + " END";
  }
  return "ALTER TABLE " + table + " ALTER COLUMN " + name + " TYPE " + type + (column.array ? "[]" : "") + " USING " +
         value;
}

std::string index_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return name_of(replace_all(name, "\"", ""));
  return name_of(replace_all(name.substr(0, dot), "\"", "")) + "." +
         name_of(replace_all(name.substr(dot + 1), "\"", ""));
}

Value sync_enum_values(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind(
      "op.sync_enum_values", arguments,
      {"enum_schema", "enum_name", "new_values", "affected_columns", "enum_values_to_rename", "indexes_to_recreate"});
  bind.reject_extra();
  if (!target.context.on_postgres()) return Value();
  const std::string schema = to_text(interpreter, bind.required("enum_schema"), "the schema of " + bind.function());
  const std::string name = to_text(interpreter, bind.required("enum_name"), "the enum of " + bind.function());
  std::vector<std::string> values;
  for (const Value& value : items_of(interpreter, bind.required("new_values"), "the values of " + bind.function()))
    values.push_back(literal(to_text(interpreter, value, "a value of " + bind.function())));
  Renames renames;
  if (const auto given = bind.present("enum_values_to_rename")) {
    for (const Value& pair : items_of(interpreter, *given, "the renamed values of " + bind.function())) {
      const auto* parts = pair.as_sequence();
      if (parts == nullptr || parts->size() != 2)
        evaluate::raise_python("ValueError", "enum_values_to_rename holds pairs of an old and a new value");
      renames.emplace_back(to_text(interpreter, (*parts)[0], "a renamed value"),
                           to_text(interpreter, (*parts)[1], "a renamed value"));
    }
  }
  std::vector<std::pair<std::string, std::string>> indexes;
  if (const auto given = bind.present("indexes_to_recreate")) {
    for (const Value& item : items_of(interpreter, *given, "the indexes of " + bind.function())) {
      const auto index = item.as<TableIndexObject>();
      if (!index) evaluate::raise_type_error("indexes_to_recreate holds TableIndex objects");
      std::string definition = index->definition;
      for (const auto& [from, to] : renames) {
        definition = replace_all(definition, "'" + from + "'::" + name, "'" + to + "'::" + name);
        definition =
            replace_all(definition, "'" + from + "'::" + schema + "." + name, "'" + to + "'::" + schema + "." + name);
      }
      indexes.emplace_back(index->name, std::move(definition));
    }
  }
  const std::vector<TableReferenceObject> columns = references_of(interpreter, target, bind, schema);

  const std::string prefix = name_of(schema) + ".";
  const std::string type = prefix + name_of(name);
  const std::string old_type = prefix + name_of(name + "_old");
  const auto run = [&](std::string sql) {
    target.context.recorder.record(model::RawSql{std::move(sql)}, bind.where(), bind.function());
  };
  run("ALTER TYPE " + type + " RENAME TO " + name_of(name + "_old"));
  run("CREATE TYPE " + type + " AS ENUM(" + join(values, ", ") + ")");
  static constexpr std::pair<const char*, const char*> kOperators[] = {{"!=", "new_old_not_equals"},
                                                                       {"=", "new_old_equals"}};
  for (const auto& [sign, function] : kOperators) {
    run(comparison(schema, type, old_type, renames, sign, function));
    run("CREATE OPERATOR " + prefix + sign + " (leftarg = " + type + ", rightarg = " + old_type +
        ", procedure = " + prefix + function + ")");
  }
  for (const auto& [index, definition] : indexes) run("DROP INDEX IF EXISTS " + index_name(index));
  for (const TableReferenceObject& column : columns) {
    const std::string alter = "ALTER TABLE " +
                              (column.schema && !column.schema->empty() ? name_of(*column.schema) + "." : "") +
                              name_of(column.table) + " ALTER COLUMN " + name_of(column.column);
    if (column.server_default) run(alter + " DROP DEFAULT");
    run(change_type(column, type, renames));
    if (column.server_default)
      run(alter + " SET DEFAULT " + new_default(*column.server_default, schema, name, renames));
  }
  for (const auto& [sign, function] : kOperators) {
    run("DROP OPERATOR IF EXISTS " + prefix + sign + " (" + type + ", " + old_type + ")");
    run("DROP FUNCTION " + prefix + function + "(new_enum_val " + type + ", old_enum_val " + old_type + ")");
  }
  run("DROP TYPE " + old_type);
  for (const auto& [index, definition] : indexes) run(definition);
  return Value();
}

Value add_enum_value(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind("op.add_enum_value", arguments, {"enum_schema", "enum_name", "new_value", "before_value"});
  bind.reject_extra();
  if (!target.context.on_postgres()) return Value();
  const auto text = [&](const char* parameter) {
    return to_text(interpreter, bind.required(parameter),
                   std::string("the argument '") + parameter + "' of op.add_enum_value");
  };
  std::string sql = "ALTER TYPE " + name_of(text("enum_schema")) + "." + name_of(text("enum_name")) + " ADD VALUE " +
                    literal(text("new_value"));
  // Whatever its name says, the value comes behind that neighbour there.
  if (const auto neighbour = text_argument(interpreter, bind, "before_value"); neighbour && !neighbour->empty())
    sql += " AFTER " + literal(*neighbour);
  target.context.recorder.record(model::RawSql{std::move(sql)}, bind.where(), bind.function());
  return Value();
}

}  // namespace

std::vector<NamedOperator> enum_sync_operators() {
  return {{"sync_enum_values", sync_enum_values}, {"add_enum_value", add_enum_value}};
}

std::optional<Value> enum_sync_module(std::string_view dotted_name) {
  constexpr std::string_view kPackage = "alembic_postgresql_enum";
  if (dotted_name != kPackage && !dotted_name.starts_with(std::string(kPackage) + ".")) return std::nullopt;
  std::unordered_map<std::string, Value> types = {
      {"COMMON", Value(evaluate::ObjectPtr(std::make_shared<ColumnTypeObject>(false)))},
      {"ARRAY", Value(evaluate::ObjectPtr(std::make_shared<ColumnTypeObject>(true)))}};
  std::unordered_map<std::string, Value> members;
  members["ColumnType"] = evaluate::make_namespace("ColumnType", std::move(types));
  members["TableReference"] = evaluate::make_function("TableReference", make_reference);
  members["TableIndex"] = evaluate::make_function("TableIndex", make_index);
  members["set_configuration"] =
      evaluate::make_function("set_configuration", [](Interpreter&, Arguments&) { return Value(); });
  return evaluate::make_namespace(std::string(dotted_name), std::move(members));
}

}  // namespace bascule::formats::alembic
