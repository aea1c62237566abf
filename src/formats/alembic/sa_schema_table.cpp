// Table, MetaData, the options of tables, and DDL elements that op.execute runs.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "evaluate/error.h"
#include "formats/alembic/live_connection.h"
#include "formats/alembic/sa_schema.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::make_function;

void postgres_table_option(Interpreter& interpreter, const Binder& bind, const DialectOption& option,
                           model::Table::Postgres& out) {
  const std::string label = "postgresql_" + option.name;
  if (option.value.is_opaque()) interpreter.refuse_opaque(option.value, label);
  if (option.value.is_none()) return;
  if (option.name == "partition_by") {
    out.partition_by = to_text(interpreter, option.value, label);
  } else if (option.name == "using") {
    out.using_method = to_text(interpreter, option.value, label);
  } else if (option.name == "on_commit") {
    out.on_commit = to_text(interpreter, option.value, label);
  } else if (option.name == "tablespace") {
    out.tablespace = to_identifier(interpreter, option.value, label);
  } else if (option.name == "inherits") {
    std::vector<Value> parents = {option.value};
    if (const auto* items = option.value.as_sequence()) parents = *items;
    for (const Value& parent : parents) out.inherits.push_back({{}, to_identifier(interpreter, parent, label)});
  } else if (option.name == "with") {
    for (const auto& [key, held] : entries_of(interpreter, option.value, label))
      out.with.emplace_back(key, interpreter.str(held));
  } else if (option.name == "with_oids") {
    if (interpreter.truth(option.value))
      refuse_schema("PostgreSQL has no tables with OIDs since version 12", "take postgresql_with_oids out",
                    bind.where());
  } else if (option.name != "ignore_search_path") {
    refuse_option(bind, option);
  }
}

void sqlite_table_option(Interpreter& interpreter, const Binder& bind, const DialectOption& option,
                         model::Table::Sqlite& out) {
  const bool on = !option.value.is_none() && interpreter.truth(option.value);
  if (option.name == "autoincrement")
    out.autoincrement = on;
  else if (option.name == "with_rowid")
    out.with_rowid = on;
  else if (option.name == "strict")
    out.strict = on;
  else
    refuse_option(bind, option);
}

void add_option(Interpreter& interpreter, const Binder& bind, const std::string& key, const Value& value,
                TableOptions& out) {
  if (key == "comment") {
    if (!value.is_none()) out.comment = to_text(interpreter, value, "the comment of a table");
    return;
  }
  if (key == "prefixes") {
    for (const Value& prefix : items_of(interpreter, value, "the prefixes of a table"))
      out.prefixes.push_back(to_text(interpreter, prefix, "a prefix of a table"));
    return;
  }
  static constexpr std::array<std::string_view, 11> kIgnored = {"info",
                                                                "listeners",
                                                                "quote",
                                                                "quote_schema",
                                                                "extend_existing",
                                                                "keep_existing",
                                                                "implicit_returning",
                                                                "autoload_replace",
                                                                "resolve_fks",
                                                                "must_exist",
                                                                "_constraints_included"};
  if (std::find(kIgnored.begin(), kIgnored.end(), key) != kIgnored.end()) return;
  const DialectOption option =
      to_dialect_option(bind, key, value, {"comment", "prefixes", "info", "quote", "quote_schema", "extend_existing"});
  if (option.dialect == "postgresql") postgres_table_option(interpreter, bind, option, out.postgresql);
  if (option.dialect == "sqlite") sqlite_table_option(interpreter, bind, option, out.sqlite);
  out.any = true;
}

Value make_metadata(Interpreter& interpreter, Arguments& arguments, Context& context) {
  const Binder bind("MetaData", arguments, {"schema", "quote_schema", "naming_convention", "info"}, {"bind"});
  bind.reject_extra();
  auto item = std::make_shared<MetaDataItem>(context, bind.where());
  // A bound MetaData is SQLAlchemy 1.x's; its first argument may be a connection, which says nothing of a schema.
  if (const auto schema = bind.present("schema");
      schema && (schema->as_str() || schema->as<QuotedName>() || schema->is_opaque()))
    item->schema = optional_identifier(interpreter, bind, "schema");
  if (const auto naming = bind.present("naming_convention"))
    for (const auto& [key, value] : entries_of(interpreter, *naming, "naming_convention"))
      if (value.as_str() != nullptr) item->naming[key] = *value.as_str();
  return Value(evaluate::ObjectPtr(item));
}

Value make_table(Interpreter& interpreter, Arguments& arguments, Context& context) {
  const Binder bind("Table", arguments, {"name", "metadata"},
                    {"schema", "autoload", "autoload_with", "include_columns"}, true);
  QualifiedName name;
  name.name = identifier_argument(interpreter, bind, "name");
  name.schema = optional_identifier(interpreter, bind, "schema");
  const auto metadata = bind.optional("metadata").value_or(Value()).as<MetaDataItem>();
  if (name.schema.empty() && metadata) name.schema = metadata->schema;
  if (const auto value = bind.optional("quote"); value && value->as_bool() != nullptr)
    name.name = Identifier(name.name.text(), *value->as_bool());
  auto table = std::make_shared<TableItem>(name, context, bind.where());
  if (metadata) table->naming = metadata->naming;
  table->reflected = bind.present("autoload_with").has_value() || flag_argument(interpreter, bind, "autoload", false);
  // metadata.tables["x"], and Table("x", metadata) a second time, are the table that was reflected.
  if (metadata && bind.rest().empty()) {
    if (const auto known = metadata->find(name.name.text()); known && known->table_name() == name)
      return Value(evaluate::ObjectPtr(known));
  }
  for (const Value& item : bind.rest()) table->add_item(interpreter, item);
  if (table->reflected) reflect_table(interpreter, context, *table, bind.where());
  table->options = to_table_options(interpreter, bind, bind.extra());
  if (metadata) metadata->tables.push_back(table);
  return Value(evaluate::ObjectPtr(table));
}

/// Records the table and what comes with it: .create(), metadata.create_all(), CreateTable(...).
void record_table(Interpreter& interpreter, Context& context, const TableItem& table, bool if_not_exists,
                  const Location& where, const char* written_as) {
  BuiltTable built = build_table(interpreter, context, table, false);
  for (model::Operation& before : built.before) {
    // checkfirst reaches the types too.
    if (auto* made = std::get_if<model::CreateEnum>(&before))
      made->if_not_exists = made->if_not_exists || if_not_exists;
    if (auto* made = std::get_if<model::CreateDomain>(&before))
      made->if_not_exists = made->if_not_exists || if_not_exists;
    context.recorder.record(std::move(before), where, written_as);
  }
  context.recorder.record(model::CreateTable{std::move(built.table), if_not_exists}, where, written_as);
}

Value ddl_element(std::vector<model::Operation> operations) {
  return Value(evaluate::ObjectPtr(std::make_shared<DdlElement>(std::move(operations))));
}

std::shared_ptr<TableItem> table_argument(Interpreter& interpreter, const Binder& bind, std::string_view name) {
  const Value value = bind.required(name);
  if (value.is_opaque()) interpreter.refuse_opaque(value, "the table of " + bind.function());
  auto table = value.as<TableItem>();
  if (!table) evaluate::raise_type_error(bind.function() + " takes a Table, not " + evaluate::type_name(value));
  return table;
}

Value make_create_table(Interpreter& interpreter, Arguments& arguments, Context& context) {
  const Binder bind("CreateTable", arguments, {"element"}, {"include_foreign_key_constraints", "if_not_exists"});
  const auto table = table_argument(interpreter, bind, "element");
  // CREATE TABLE alone: no types, no indexes.
  BuiltTable built = build_table(interpreter, context, *table, true);
  built.table.indexes.clear();
  return ddl_element(
      {model::CreateTable{std::move(built.table), flag_argument(interpreter, bind, "if_not_exists", false)}});
}

Value make_drop_table(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("DropTable", arguments, {"element"}, {"if_exists"});
  const auto table = table_argument(interpreter, bind, "element");
  return ddl_element({model::DropTable{table->table_name(), flag_argument(interpreter, bind, "if_exists", false)}});
}

Value make_sequence_ddl(Interpreter& interpreter, Arguments& arguments, bool creates) {
  const Binder bind(creates ? "CreateSequence" : "DropSequence", arguments, {"element"},
                    {"if_not_exists", "if_exists"});
  const auto sequence = bind.required("element").as<SequenceItem>();
  if (!sequence) evaluate::raise_type_error(bind.function() + " takes a Sequence");
  if (creates)
    return ddl_element(
        {model::CreateSequence{sequence->sequence, flag_argument(interpreter, bind, "if_not_exists", false)}});
  return ddl_element(
      {model::DropSequence{sequence->sequence.name, flag_argument(interpreter, bind, "if_exists", false)}});
}

std::string quoted(const std::string& name) { return "\"" + replace_all(name, "\"", "\"\"") + "\""; }

Value make_schema_ddl(Interpreter& interpreter, Arguments& arguments, bool creates) {
  const Binder bind(creates ? "CreateSchema" : "DropSchema", arguments, {"name"},
                    {"if_not_exists", "if_exists", "cascade"});
  const std::string name = quoted(identifier_argument(interpreter, bind, "name").text());
  std::string sql = creates ? "CREATE SCHEMA " : "DROP SCHEMA ";
  if (creates && flag_argument(interpreter, bind, "if_not_exists", false)) sql += "IF NOT EXISTS ";
  if (!creates && flag_argument(interpreter, bind, "if_exists", false)) sql += "IF EXISTS ";
  sql += name;
  if (!creates && flag_argument(interpreter, bind, "cascade", false)) sql += " CASCADE";
  return ddl_element({model::RawSql{sql}});
}

/// DDL("...%%..."): a template of Python's % operator, so %% is one percent sign.
Value make_ddl(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("DDL", arguments, {"statement", "context"});
  const std::string text = to_text(interpreter, bind.required("statement"), "the text of a DDL");
  const auto context = bind.present("context");
  if (context || text.find("%(") != std::string::npos)
    refuse_schema("DDL(...) with %(name)s in it depends on an event that only Alembic sees",
                  "write the SQL out in op.execute(...)", bind.where());
  return ddl_element({model::RawSql{replace_all(text, "%%", "%")}});
}

/// Tables in an order in which foreign keys find their referents; what goes in circles stays as it is.
std::vector<std::shared_ptr<TableItem>> creation_order(const std::vector<std::weak_ptr<TableItem>>& tables) {
  std::vector<std::shared_ptr<TableItem>> left;
  for (const auto& table : tables)
    if (auto held = table.lock()) left.push_back(std::move(held));
  std::vector<std::shared_ptr<TableItem>> out;
  const auto waits_for = [&](const TableItem& table, const QualifiedName& name) {
    for (const auto& column : table.column_items())
      for (const auto& key : column->foreign_keys)
        if (key->target.table == name) return true;
    return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const auto& item) {
      return std::holds_alternative<model::ForeignKey>(item->constraint) && !item->targets.empty() &&
             item->targets.front().table == name;
    });
  };
  while (!left.empty()) {
    auto ready = std::find_if(left.begin(), left.end(), [&](const auto& candidate) {
      return std::none_of(left.begin(), left.end(), [&](const auto& other) {
        return other != candidate && waits_for(*candidate, other->table_name());
      });
    });
    if (ready == left.end()) ready = left.begin();
    out.push_back(*ready);
    left.erase(ready);
  }
  return out;
}

}  // namespace

TableOptions to_table_options(Interpreter& interpreter, const Binder& bind,
                              const std::vector<std::pair<std::string, Value>>& keywords) {
  TableOptions out;
  for (const auto& [key, value] : keywords) add_option(interpreter, bind, key, value, out);
  return out;
}

void TableItem::add_item(Interpreter& interpreter, const Value& item) {
  if (item.is_opaque())
    interpreter.refuse_opaque(item, "a column or constraint of table '" + display(table_name()) + "'");
  if (const auto unnamed = item.as<UnnamedColumn>()) refuse_unnamed_column(unnamed->arguments.where);
  if (const auto column = item.as<ColumnItem>()) {
    for (const auto& other : column_items_)
      if (other->key == column->key && !reflected)
        throw evaluate::Refusal(
            "duplicate-column",
            "table '" + display(table_name()) + "' has two columns named '" + column->name().text() + "'",
            "take one of them out", column->where);
    auto own = column->copy();
    own->attach(table_name());
    add_column(own);
    column_items_.push_back(std::move(own));
  } else if (const auto constraint = item.as<ConstraintItem>()) {
    constraints.push_back(constraint);
  } else if (const auto index = item.as<IndexItem>()) {
    indexes.push_back(index);
  } else if (!item.is_none()) {
    refuse_schema("table '" + display(table_name()) + "' is given a " + evaluate::type_name(item) +
                      " where a Column, a constraint or an Index belongs",
                  "", where);
  }
}

std::optional<Value> TableItem::attribute(Interpreter& interpreter, std::string_view wanted) {
  const auto self = std::static_pointer_cast<TableItem>(shared_from_this());
  Context& context = context_;
  if (wanted == "create" || wanted == "drop") {
    const bool creates = wanted == "create";
    return make_function(creates ? "Table.create" : "Table.drop",
                         [self, creates, &context](Interpreter& inner, Arguments& arguments) {
                           const char* name = creates ? "Table.create" : "Table.drop";
                           const Binder bind(name, arguments, {"bind", "checkfirst"});
                           const bool checks = flag_argument(inner, bind, "checkfirst", false);
                           if (creates) {
                             record_table(inner, context, *self, checks, bind.where(), name);
                           } else {
                             context.recorder.record(model::DropTable{self->table_name(), checks}, bind.where(), name);
                           }
                           return Value();
                         });
  }
  if (wanted == "append_column" || wanted == "append_constraint")
    return make_function("Table." + std::string(wanted), [self](Interpreter& inner, Arguments& arguments) {
      for (const Value& item : arguments.positional) self->add_item(inner, item);
      return Value();
    });
  return TableClause::attribute(interpreter, wanted);
}

std::optional<Value> MetaDataItem::attribute(Interpreter&, std::string_view wanted) {
  const auto self = std::static_pointer_cast<MetaDataItem>(shared_from_this());
  Context& context = context_;
  if (wanted == "create_all" || wanted == "drop_all") {
    const bool creates = wanted == "create_all";
    return make_function(
        "MetaData." + std::string(wanted), [self, creates, &context](Interpreter& inner, Arguments& arguments) {
          const char* name = creates ? "MetaData.create_all" : "MetaData.drop_all";
          const Binder bind(name, arguments, {"bind", "tables", "checkfirst"});
          const bool checks = flag_argument(inner, bind, "checkfirst", true);
          auto chosen_tables = creation_order(self->tables);
          if (const auto chosen = bind.present("tables")) {
            const auto wanted_tables = items_of(inner, *chosen, "the tables of " + std::string(name));
            std::erase_if(chosen_tables, [&](const auto& table) {
              return std::none_of(wanted_tables.begin(), wanted_tables.end(),
                                  [&](const Value& value) { return value.as<TableItem>() == table; });
            });
          }
          if (!creates) std::reverse(chosen_tables.begin(), chosen_tables.end());
          for (const auto& table : chosen_tables) {
            if (creates)
              record_table(inner, context, *table, checks, bind.where(), name);
            else
              context.recorder.record(model::DropTable{table->table_name(), checks}, bind.where(), name);
          }
          return Value();
        });
  }
  if (wanted == "reflect")
    return make_function("MetaData.reflect", [self, &context](Interpreter& inner, Arguments& arguments) {
      const Binder bind("MetaData.reflect", arguments,
                        {"bind", "schema", "views", "only", "extend_existing", "autoload_replace", "resolve_fks"});
      std::vector<std::string> only;
      if (const auto given = bind.present("only")) {
        for (const Value& name : items_of(inner, *given, "the tables of MetaData.reflect"))
          only.push_back(to_text(inner, name, "a table of MetaData.reflect"));
      }
      Identifier from = optional_identifier(inner, bind, "schema");
      if (from.empty()) from = self->schema;
      reflect_metadata(inner, context, self, only, from, bind.where());
      return Value();
    });
  if (wanted == "tables" || wanted == "sorted_tables") {
    auto dict = std::make_shared<evaluate::Dict>();
    std::vector<Value> sorted;
    for (const auto& table : creation_order(tables)) {
      dict->set(Value(display(table->table_name())), Value(evaluate::ObjectPtr(table)));
      sorted.emplace_back(evaluate::ObjectPtr(table));
    }
    return wanted == "tables" ? Value(dict) : evaluate::make_list(std::move(sorted));
  }
  if (wanted == "schema") return schema.empty() ? Value() : Value(schema.text());
  if (wanted == "bind") return Value();
  return std::nullopt;
}

std::shared_ptr<TableItem> MetaDataItem::find(std::string_view name) const {
  for (const auto& weak : tables) {
    const auto table = weak.lock();
    if (table && table->table_name().name.text() == name) return table;
  }
  return nullptr;
}

std::unordered_map<std::string, Value> table_members(Context& context) {
  const auto with_context = [&context](auto function) {
    return [&context, function](Interpreter& interpreter, Arguments& arguments) {
      return function(interpreter, arguments, context);
    };
  };
  const auto flagged = [](auto function, bool flag) {
    return [function, flag](Interpreter& interpreter, Arguments& arguments) {
      return function(interpreter, arguments, flag);
    };
  };
  return {{"MetaData", make_function("sa.MetaData", with_context(make_metadata))},
          {"Table", make_function("sa.Table", with_context(make_table))},
          {"CreateTable", make_function("sa.schema.CreateTable", with_context(make_create_table))},
          {"DropTable", make_function("sa.schema.DropTable", make_drop_table)},
          {"CreateSequence", make_function("sa.schema.CreateSequence", flagged(make_sequence_ddl, true))},
          {"DropSequence", make_function("sa.schema.DropSequence", flagged(make_sequence_ddl, false))},
          {"CreateSchema", make_function("sa.schema.CreateSchema", flagged(make_schema_ddl, true))},
          {"DropSchema", make_function("sa.schema.DropSchema", flagged(make_schema_ddl, false))},
          {"DDL", make_function("sa.DDL", make_ddl)},
          {"conv", make_function("conv", [](Interpreter& interpreter, Arguments& arguments) {
             const Binder bind("conv", arguments, {"value"});
             const std::string text = to_text(interpreter, bind.required("value"), "the name in conv()");
             return Value(evaluate::ObjectPtr(std::make_shared<FinalName>(text)));
           })}};
}

std::unordered_map<std::string, Value> schema_members(Context& context) {
  auto members = constraint_members();
  members.merge(column_members(context));
  members.merge(table_members(context));
  return members;
}

}  // namespace bascule::formats::alembic
