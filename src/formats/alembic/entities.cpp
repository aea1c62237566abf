// PGFunction, PGTrigger, PGExtension, PGView, PGMaterializedView, PGPolicy, PGGrantTable. Facts: alembic_utils 0.8.8.
#include "formats/alembic/entities.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/native_tools.h"
#include "evaluate/natives.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;

enum class Kind { kFunction, kTrigger, kExtension, kView, kMaterializedView, kPolicy, kGrant };

struct KindName {
  Kind kind;
  const char* class_name;
};
constexpr std::array<KindName, 7> kKinds = {{{Kind::kFunction, "PGFunction"},
                                             {Kind::kTrigger, "PGTrigger"},
                                             {Kind::kExtension, "PGExtension"},
                                             {Kind::kView, "PGView"},
                                             {Kind::kMaterializedView, "PGMaterializedView"},
                                             {Kind::kPolicy, "PGPolicy"},
                                             {Kind::kGrant, "PGGrantTable"}}};

const char* class_name(Kind kind) {
  for (const KindName& one : kKinds)
    if (one.kind == kind) return one.class_name;
  return "";
}

std::string without_quotes(std::string_view text) { return replace_all(text, "\"", ""); }

std::string one_line(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

std::string quoted(std::string_view text) {
  while (text.ends_with('"')) text.remove_suffix(1);
  while (text.starts_with('"')) text.remove_prefix(1);
  return "\"" + std::string(trim(text)) + "\"";
}

/// "public.t" is "public"."t".
std::string quoted_path(const std::string& text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) return quoted(text);
  return quoted(std::string_view(text).substr(0, dot)) + "." + quoted(std::string_view(text).substr(dot + 1));
}

std::string without_semicolon(std::string_view sql) {
  sql = trim(sql);
  while (sql.ends_with(';')) sql.remove_suffix(1);
  return std::string(trim(sql));
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// A pattern as alembic_utils writes them: words in any case, "{name}" the shortest text that fits, "_" blanks.
/// Gives the texts of the names, in order; nullopt: it does not fit.
std::optional<std::vector<std::string>> fit(std::string_view text, const std::vector<std::string_view>& parts) {
  const std::string lower = to_lower_ascii(text);
  std::vector<std::string> found;
  std::size_t at = 0;
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t field = kNone;  // where the open name begins
  const auto blanks = [&](std::size_t from) {
    std::size_t end = from;
    while (end < text.size() && is_blank(text[end])) ++end;
    return end;
  };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == "{}") {
      field = at;
      continue;
    }
    // A word with the blanks that must stand around it.
    const bool before = i > 0 && parts[i - 1] == "_";
    if (parts[i] == "_" && i + 1 < parts.size() && parts[i + 1] != "{}") continue;
    std::size_t from = field != kNone ? field + 1 : at;
    bool placed = false;
    for (; from <= text.size(); ++from) {
      std::size_t begin = from;
      if (before || parts[i] == "_") {
        begin = blanks(from);
        if (begin == from) {
          if (field == kNone) return std::nullopt;
          continue;
        }
      }
      const std::string_view word = parts[i] == "_" ? std::string_view() : parts[i];
      const std::size_t behind = begin + word.size();
      const bool ends = word.empty() || i + 1 == parts.size() || parts[i + 1] != "_" ||
                        (behind < text.size() && is_blank(text[behind]));
      if (ends && lower.compare(begin, word.size(), word) == 0) {
        if (field != kNone) found.emplace_back(text.substr(field, from - field));
        field = kNone;
        at = behind;
        placed = true;
        break;
      }
      if (field == kNone) return std::nullopt;
    }
    if (!placed) return std::nullopt;
  }
  if (field != kNone) {
    if (field >= text.size()) return std::nullopt;
    found.emplace_back(text.substr(field));
  }
  return found;
}

class Entity final : public evaluate::Object {
 public:
  explicit Entity(Kind held) : kind(held) {}
  std::string type_name() const override { return class_name(kind); }
  std::optional<Value> attribute(Interpreter&, std::string_view wanted) override {
    if (wanted == "schema") return Value(schema);
    if (wanted == "signature") return Value(signature);
    if (wanted == "definition") return Value(definition);
    if (wanted == "on_entity" && (kind == Kind::kTrigger || kind == Kind::kPolicy)) return Value(on_entity);
    if (wanted == "is_constraint" && kind == Kind::kTrigger) return Value(is_constraint);
    if (wanted == "with_data" && kind == Kind::kMaterializedView) return Value(with_data);
    return std::nullopt;
  }

  std::string create() const {
    const std::string path = quoted_path(schema) + ".";
    switch (kind) {
      case Kind::kFunction:
        return "CREATE FUNCTION " + path + called() + " " + definition;
      case Kind::kTrigger:
        return std::string("CREATE") + (is_constraint ? " CONSTRAINT" : "") + " TRIGGER \"" + signature + "\" " +
               on_own_schema();
      case Kind::kExtension:
        return "CREATE EXTENSION \"" + signature + "\" WITH SCHEMA " + quoted_path(schema);
      case Kind::kView:
        return "CREATE VIEW " + path + "\"" + signature + "\" AS " + definition;
      case Kind::kMaterializedView:
        return "CREATE MATERIALIZED VIEW " + path + "\"" + signature + "\" AS " + definition + " WITH " +
               (with_data ? "" : "NO ") + "DATA";
      case Kind::kPolicy:
        return "CREATE POLICY " + signature + " on " + on_entity + " " + definition;
      case Kind::kGrant:
        return "GRANT " + signature + (columns.empty() ? " " : " ( " + join(columns, ", ") + " ) ") + "ON " + path +
               quoted_path(on_entity) + " TO " + quoted_path(role) + (with_grant_option ? " WITH GRANT OPTION" : "");
    }
    return "";
  }
  std::string drop(bool cascade) const {
    const std::string path = quoted_path(schema) + ".";
    const std::string end = cascade ? " cascade" : "";
    switch (kind) {
      case Kind::kFunction:
        return "DROP FUNCTION " + path + without_defaults() + end;
      case Kind::kTrigger:
        return "DROP TRIGGER \"" + signature + "\" ON " + on_entity + end;
      case Kind::kExtension:
        return "DROP EXTENSION \"" + signature + "\"" + end;
      case Kind::kView:
        return "DROP VIEW " + path + "\"" + signature + "\"" + end;
      case Kind::kMaterializedView:
        return "DROP MATERIALIZED VIEW " + path + "\"" + signature + "\"" + end;
      case Kind::kPolicy:
        return "DROP POLICY " + signature + " on " + on_entity + end;
      case Kind::kGrant:
        return "REVOKE " + signature + " ON " + path + quoted_path(on_entity) + " FROM " + quoted_path(role);
    }
    return "";
  }
  /// Refused for extensions, as there.
  std::vector<std::string> replace() const {
    const std::string path = quoted_path(schema) + ".\"" + signature + "\"";
    switch (kind) {
      case Kind::kFunction:
        return {"CREATE OR REPLACE FUNCTION " + quoted_path(schema) + "." + called() + " " + definition};
      case Kind::kTrigger:
        return {"DROP TRIGGER IF EXISTS \"" + signature + "\" ON " + on_entity, create()};
      case Kind::kExtension:
        evaluate::raise_python("NotImplementedError", "");
      case Kind::kView:
        return {"do $$\n    begin\n        CREATE OR REPLACE VIEW " + path + " AS " + definition +
                ";\n\n    exception when others then\n        DROP VIEW IF EXISTS " + path +
                ";\n\n        CREATE VIEW " + path + " AS " + definition + ";\n    end;\n$$ language 'plpgsql'"};
      case Kind::kMaterializedView:
        return {"DROP MATERIALIZED VIEW IF EXISTS " + path, create()};
      case Kind::kPolicy:
        return {"DROP POLICY IF EXISTS " + signature + " on " + on_entity, create()};
      case Kind::kGrant:
        return {drop(false), create()};
    }
    return {};
  }

  Kind kind;
  std::string schema, signature, definition, on_entity, role;
  std::vector<std::string> columns;
  bool is_constraint = false;
  bool with_data = true;
  bool with_grant_option = false;

 private:
  /// The function's name in quotes, with its parameters.
  std::string called() const {
    const std::size_t open = signature.find('(');
    if (open == std::string::npos)
      evaluate::raise_python("ValueError", "not enough values to unpack (expected 2, got 1)");
    return "\"" + std::string(trim(std::string_view(signature).substr(0, open))) + "\"" + signature.substr(open);
  }
  /// The same without what parameters default to; there, a comma in such a default goes wrong too.
  std::string without_defaults() const {
    const std::size_t open = signature.find('(');
    const std::size_t close = signature.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open)
      evaluate::raise_type_error("'NoneType' object is not subscriptable");
    std::vector<std::string> parameters;
    for (const std::string_view parameter :
         split(std::string_view(signature).substr(open + 1, close - open - 1), ',')) {
      const std::size_t end = to_lower_ascii(parameter).find("default");
      parameters.emplace_back(trim(parameter.substr(0, end)));
    }
    return "\"" + std::string(trim(std::string_view(signature).substr(0, open))) + "\"(" + join(parameters, ", ") + ")";
  }
  /// A trigger's definition with its table in the trigger's schema.
  std::string on_own_schema() const {
    const auto parts = fit(definition, {"{}", "_", "on", "_", "{}", "_", "{}"});
    if (!parts || parts->size() != 3)
      evaluate::raise_python("SQLParseFailure", "Failed to parse SQL into PGTrigger.definition");
    std::string table = (*parts)[1];
    if (const std::size_t dot = table.find('.'); dot != std::string::npos) table = table.substr(dot + 1);
    return (*parts)[0] + " ON " + schema + "." + table + " " + (*parts)[2];
  }
};

/// A colon that is no cast is SQLAlchemy's parameter, unless it is escaped; := belongs to plpgsql.
std::string escaped(std::string_view sql, bool plpgsql) {
  std::string out;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const std::string_view two = sql.substr(i, 2);
    if (two == "::" || (plpgsql && (two == ":=" || two == "\\:"))) {
      out += two;
      ++i;
    } else if (sql[i] == ':') {
      out += "\\:";
    } else {
      out += sql[i];
    }
  }
  return out;
}

std::string qualified(const std::string& on_entity) {
  return without_quotes(on_entity.find('.') == std::string::npos ? "public." + on_entity : on_entity);
}

void set_definition(Entity& entity, const std::string& given) {
  entity.definition = without_semicolon(given);
  if (entity.kind == Kind::kTrigger || entity.kind == Kind::kPolicy)
    entity.definition = escaped(entity.definition, false);
  if (entity.kind != Kind::kFunction) return;
  const bool plpgsql =
      to_lower_ascii(replace_all(one_line(given), "'", "")).find("language plpgsql") != std::string::npos;
  entity.definition = escaped(entity.definition, plpgsql);
}

void set_grant(Interpreter& interpreter, const Binder& bind, Entity& entity) {
  const auto text = [&](const char* name) {
    return to_text(interpreter, bind.required(name), std::string("the argument '") + name + "' of PGGrantTable");
  };
  entity.schema = without_quotes(text("schema"));
  entity.on_entity = without_quotes(text("table"));
  entity.role = without_quotes(text("role"));
  const Value grant = bind.required("grant");
  if (auto member = evaluate::as_enum_member(grant))
    entity.signature = to_text(interpreter, member->value, "the grant");
  else
    entity.signature = text("grant");
  if (const auto columns = bind.present("columns")) {
    for (const Value& column : items_of(interpreter, *columns, "the columns of PGGrantTable"))
      entity.columns.push_back(to_text(interpreter, column, "a column of PGGrantTable"));
    std::sort(entity.columns.begin(), entity.columns.end());
  }
  entity.with_grant_option = flag_argument(interpreter, bind, "with_grant_option", false);
  static constexpr std::array<std::string_view, 4> kOfColumns = {"SELECT", "INSERT", "UPDATE", "REFERENCES"};
  static constexpr std::array<std::string_view, 3> kOfTables = {"DELETE", "TRUNCATE", "TRIGGER"};
  const bool of_columns = std::find(kOfColumns.begin(), kOfColumns.end(), entity.signature) != kOfColumns.end();
  if (!of_columns && std::find(kOfTables.begin(), kOfTables.end(), entity.signature) == kOfTables.end())
    evaluate::raise_python("ValueError", "'" + entity.signature + "' is not a valid PGGrantTableChoice");
  if (of_columns == entity.columns.empty())
    evaluate::raise_python("BadInputException", "When grant type is " + entity.signature + " a value must " +
                                                    (of_columns ? "be" : "not be") + " provided for columns");
}

Value construct(Interpreter& interpreter, Arguments& arguments, Kind kind) {
  auto entity = std::make_shared<Entity>(kind);
  const std::string name = class_name(kind);
  if (kind == Kind::kGrant) {
    const Binder bind(name, arguments, {"schema", "table", "role", "grant", "columns", "with_grant_option"});
    bind.reject_extra();
    set_grant(interpreter, bind, *entity);
    return Value(evaluate::ObjectPtr(std::move(entity)));
  }
  const auto fill = [&](const Binder& bind) {
    bind.reject_extra();
    const auto text = [&](const char* parameter) {
      return to_text(interpreter, bind.required(parameter), std::string("the argument '") + parameter + "' of " + name);
    };
    entity->schema = without_quotes(one_line(text("schema")));
    entity->signature = without_quotes(one_line(text("signature")));
    if (kind == Kind::kExtension) return;
    set_definition(*entity, text("definition"));
    if (kind == Kind::kTrigger || kind == Kind::kPolicy) entity->on_entity = qualified(text("on_entity"));
    if (kind == Kind::kTrigger) entity->is_constraint = flag_argument(interpreter, bind, "is_constraint", false);
    if (kind == Kind::kMaterializedView) entity->with_data = flag_argument(interpreter, bind, "with_data", true);
  };
  if (kind == Kind::kExtension)
    fill(Binder(name, arguments, {"schema", "signature"}));
  else if (kind == Kind::kTrigger)
    fill(Binder(name, arguments, {"schema", "signature", "definition", "on_entity", "is_constraint"}));
  else if (kind == Kind::kPolicy)
    fill(Binder(name, arguments, {"schema", "signature", "definition", "on_entity"}));
  else if (kind == Kind::kMaterializedView)
    fill(Binder(name, arguments, {"schema", "signature", "definition", "with_data"}));
  else
    fill(Binder(name, arguments, {"schema", "signature", "definition"}));
  return Value(evaluate::ObjectPtr(std::move(entity)));
}

[[noreturn]] void refuse_sql(Kind kind) {
  evaluate::raise_python(
      "SQLParseFailure", std::string("Failed to parse SQL into ") + class_name(kind),
      "give its parts: " + std::string(class_name(kind)) + "(schema=..., signature=..., definition=...)");
}

Value from_sql(Interpreter& interpreter, Arguments& arguments, Kind kind) {
  const std::string name = std::string(class_name(kind)) + ".from_sql";
  const Binder bind(name, arguments, {"sql"});
  bind.reject_extra();
  const std::string sql(trim(to_text(interpreter, bind.required("sql"), "the SQL of " + name)));
  auto entity = std::make_shared<Entity>(kind);
  using Parts = std::vector<std::string_view>;
  std::optional<std::vector<std::string>> found;
  std::string definition;
  switch (kind) {
    case Kind::kFunction:
      found = fit(sql, Parts{"create", "{}", "function", "_", "{}", ".", "{}", "_", "returns", "_", "{}"});
      if (!found || found->size() != 4) refuse_sql(kind);
      entity->schema = (*found)[1];
      entity->signature = (*found)[2];
      definition = "returns " + (*found)[3];
      break;
    case Kind::kView:
      found = fit(sql, Parts{"create", "{}", "view", "_", "{}", ".", "{}", "_", "as", "_", "{}"});
      if (!found || found->size() != 4) refuse_sql(kind);
      entity->schema = (*found)[1];
      entity->signature = (*found)[2].substr(0, (*found)[2].find('('));
      definition = (*found)[3];
      break;
    case Kind::kTrigger: {
      found = fit(sql, Parts{"create", "_", "constraint", "_", "trigger", "_", "{}", "_", "{}", "_", "on", "_", "{}",
                             "_", "{}"});
      entity->is_constraint = found.has_value();
      if (!found)
        found = fit(sql, Parts{"create", "_", "trigger", "_", "{}", "_", "{}", "_", "on", "_", "{}", "_", "{}"});
      if (!found || found->size() != 4) refuse_sql(kind);
      entity->signature = (*found)[0];
      const std::string on = (*found)[2].find('.') == std::string::npos ? "public." + (*found)[2] : (*found)[2];
      entity->schema = on.substr(0, on.find('.'));
      entity->on_entity = qualified(on);
      definition = (*found)[1] + " ON " + on + " " + (*found)[3];
      break;
    }
    case Kind::kPolicy: {
      found = fit(sql, Parts{"create policy", "_", "{}", "_", "on", "_", "{}", "_", "{}"});
      if (!found || found->size() != 3) refuse_sql(kind);
      entity->signature = (*found)[0];
      const std::string on = (*found)[1].find('.') == std::string::npos ? "public." + (*found)[1] : (*found)[1];
      entity->schema = on.substr(0, on.find('.'));
      entity->on_entity = qualified(on);
      definition = (*found)[2];
      break;
    }
    case Kind::kMaterializedView:
    case Kind::kExtension:
    case Kind::kGrant:
      refuse_unsupported(name, "give its parts: " + std::string(class_name(kind)) + "(schema=..., signature=..., ...)");
  }
  entity->schema = without_quotes(one_line(entity->schema));
  entity->signature = without_quotes(one_line(entity->signature));
  set_definition(*entity, definition);
  return Value(evaluate::ObjectPtr(std::move(entity)));
}

std::shared_ptr<Entity> target_entity(Interpreter& interpreter, const Binder& bind) {
  const Value value = bind.required("target");
  if (value.is_opaque()) interpreter.refuse_opaque(value, "the entity of " + bind.function());
  auto entity = value.as<Entity>();
  if (!entity)
    evaluate::raise_type_error(bind.function() + " takes an entity of alembic_utils, not " +
                               evaluate::type_name(value));
  return entity;
}

void record(Interpreter& interpreter, const Target& target, const Binder& bind, const std::string& sql) {
  Recorder& recorder = target.context.recorder;
  const TextClause clause(sql, recorder.target().dialect);
  recorder.record(model::RawSql{clause.sql(interpreter)}, bind.where(), bind.function());
}

Value create_entity(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind("op.create_entity", arguments, {"target"});
  bind.reject_extra();
  record(interpreter, target, bind, target_entity(interpreter, bind)->create());
  return Value();
}

Value drop_entity(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind("op.drop_entity", arguments, {"target", "cascade"});
  bind.reject_extra();
  record(interpreter, target, bind,
         target_entity(interpreter, bind)->drop(flag_argument(interpreter, bind, "cascade", false)));
  return Value();
}

Value replace_entity(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind("op.replace_entity", arguments, {"target"});
  bind.reject_extra();
  for (const std::string& sql : target_entity(interpreter, bind)->replace()) record(interpreter, target, bind, sql);
  return Value();
}

}  // namespace

std::vector<NamedOperator> entity_operators() {
  return {{"create_entity", create_entity}, {"drop_entity", drop_entity}, {"replace_entity", replace_entity}};
}

std::optional<Value> entity_module(std::string_view dotted_name) {
  constexpr std::string_view kPackage = "alembic_utils";
  if (dotted_name != kPackage && !dotted_name.starts_with(std::string(kPackage) + ".pg_")) return std::nullopt;
  std::unordered_map<std::string, Value> members;
  for (const KindName& one : kKinds) {
    const Kind kind = one.kind;
    std::map<std::string, Value, std::less<>> methods;
    methods["from_sql"] = evaluate::make_function(
        std::string(one.class_name) + ".from_sql",
        [kind](Interpreter& interpreter, Arguments& arguments) { return from_sql(interpreter, arguments, kind); });
    members[one.class_name] = Value(evaluate::ObjectPtr(std::make_shared<evaluate::NativeClass>(
        one.class_name,
        [kind](Interpreter& interpreter, Arguments& arguments) { return construct(interpreter, arguments, kind); },
        [kind](const Value& value) {
          const auto entity = value.as<Entity>();
          return entity && entity->kind == kind;
        },
        std::move(methods))));
  }
  // PGGrantTableChoice.SELECT is its own name.
  std::unordered_map<std::string, Value> choices;
  for (const char* choice : {"SELECT", "INSERT", "UPDATE", "REFERENCES", "DELETE", "TRUNCATE", "TRIGGER"})
    choices[choice] = Value(choice);
  members["PGGrantTableChoice"] = evaluate::make_namespace("PGGrantTableChoice", std::move(choices));
  return evaluate::make_namespace(std::string(dotted_name), std::move(members));
}

}  // namespace bascule::formats::alembic
