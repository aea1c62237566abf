// add_column, drop_column, alter_column.
#include "evaluate/error.h"
#include "formats/alembic/op.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;

Value add_column(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind = target.bind(
      "add_column", arguments, {"table_name", "column", "schema"}, {"column"},
      {"schema", "if_not_exists", "inline_references", "inline_primary_key", "insert_before", "insert_after"});
  bind.reject_extra();
  const QualifiedName table = target.table(interpreter, bind);
  const Value value = bind.required("column");
  if (value.is_opaque()) interpreter.refuse_opaque(value, "the column of " + bind.function());
  if (const auto unnamed = value.as<UnnamedColumn>()) refuse_unnamed_column(unnamed->arguments.where);
  const auto column = value.as<ColumnItem>();
  if (!column) evaluate::raise_type_error(bind.function() + " takes a Column, not " + evaluate::type_name(value));
  model::AddColumn operation = build_added_column(interpreter, target.context, table, column, target.in_batch());
  operation.if_not_exists = flag_argument(interpreter, bind, "if_not_exists", false);
  operation.inline_references =
      flag_argument(interpreter, bind, "inline_references", false) && column->foreign_keys.size() == 1;
  if (column->primary_key && flag_argument(interpreter, bind, "inline_primary_key", false)) {
    model::PrimaryKey key;
    key.columns = {column->name()};
    operation.constraints.insert(operation.constraints.begin(), std::move(key));
  }
  operation.insert_before = optional_identifier(interpreter, bind, "insert_before");
  operation.insert_after = optional_identifier(interpreter, bind, "insert_after");
  target.record(std::move(operation), bind);
  return Value();
}

/// existing_*: only a hint. What is not known is as good as not said.
std::optional<Value> hint(const Binder& bind, std::string_view name) {
  auto value = bind.present(name);
  return value && value->is_opaque() ? std::nullopt : value;
}

/// The CHECK that a type brought along goes with it. The database may have lost it already.
void drop_type_checks(Interpreter& interpreter, const Target& target, const Binder& bind, const QualifiedName& table,
                      const Identifier& column, const Value& type_value) {
  const auto type = to_type(interpreter, type_value, target.context.recorder, "existing_type of " + bind.function());
  // Outside a batch Alembic skips this on SQLite, which has no ALTER for it.
  if (target.context.on_sqlite() && !target.in_batch()) return;
  for (const model::Constraint& check :
       type_checks(target.context, target.context.naming, table, {column.text(), column.text()}, *type, bind.where())) {
    const auto& held = std::get<model::CheckConstraint>(check);
    if (held.name.empty()) continue;
    target.record(model::DropConstraint{table, held.name, model::ConstraintKind::kCheck, target.in_batch()}, bind);
  }
}

Value drop_column(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind = target.bind("drop_column", arguments, {"table_name", "column_name", "schema"}, {"column_name"},
                                  {"schema", "if_exists", "existing_type"});
  dialect_options(bind, {});
  model::DropColumn operation;
  operation.table = target.table(interpreter, bind);
  operation.column = identifier_argument(interpreter, bind, "column_name");
  operation.if_exists = flag_argument(interpreter, bind, "if_exists", false);
  if (const auto type = hint(bind, "existing_type"); type && target.in_batch() && target.context.on_sqlite())
    drop_type_checks(interpreter, target, bind, operation.table, operation.column, *type);
  target.record(std::move(operation), bind);
  return Value();
}

/// server_default=False (not given): nothing; None: drop it.
std::optional<model::DefaultChange> default_change(Interpreter& interpreter, const Binder& bind,
                                                   std::string_view name) {
  const auto value = bind.optional(name);
  if (!value) return std::nullopt;
  if (const bool* flag = value->as_bool(); flag != nullptr && !*flag) return std::nullopt;
  if (value->is_none()) return model::DropDefault{};
  ServerDefault held = to_server_default(interpreter, *value, std::string(name) + " of " + bind.function());
  if (auto* expression = std::get_if<model::Expression>(&held)) return model::DefaultChange(std::move(*expression));
  if (auto* identity = std::get_if<model::Identity>(&held)) return model::DefaultChange(std::move(*identity));
  if (auto* computed = std::get_if<model::Computed>(&held)) return model::DefaultChange(std::move(*computed));
  return std::nullopt;
}

void read_comment(Interpreter& interpreter, const Binder& bind, model::AlterColumn& operation) {
  const auto comment = bind.optional("comment");
  if (!comment) return;
  if (const bool* flag = comment->as_bool(); flag != nullptr && !*flag) return;
  model::AlterColumn::CommentChange change;
  if (!comment->is_none()) change.text = to_text(interpreter, *comment, "the comment of " + bind.function());
  operation.comment = std::move(change);
}

Value alter_column(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind = target.bind(
      "alter_column", arguments,
      {"table_name", "column_name", "nullable", "comment", "server_default", "new_column_name", "type_",
       "existing_type", "existing_server_default", "existing_nullable", "existing_comment", "schema"},
      {"column_name", "nullable", "comment", "server_default", "new_column_name", "type_", "existing_type",
       "existing_server_default", "existing_nullable", "existing_comment"},
      {"schema", "autoincrement", "existing_autoincrement", "postgresql_using", "insert_before", "insert_after"});
  dialect_options(bind, {"info"});
  model::AlterColumn operation;
  operation.table = target.table(interpreter, bind);
  operation.column = identifier_argument(interpreter, bind, "column_name");
  operation.nullable = flag_argument(interpreter, bind, "nullable");
  operation.server_default = default_change(interpreter, bind, "server_default");
  if (const auto value = bind.optional("existing_server_default"); value && !value->is_opaque())
    operation.existing_server_default = default_change(interpreter, bind, "existing_server_default");
  operation.existing_nullable = flag_argument(interpreter, bind, "existing_nullable");
  if (hint(bind, "existing_comment")) operation.existing_comment = text_argument(interpreter, bind, "existing_comment");
  read_comment(interpreter, bind, operation);
  if (const auto value = bind.present("new_column_name"))
    operation.new_name = to_identifier(interpreter, *value, "new_column_name of " + bind.function());
  const std::string subject = "column '" + operation.column.text() + "'";
  const auto existing = hint(bind, "existing_type");
  if (existing)
    operation.existing_type =
        to_type(interpreter, *existing, target.context.recorder, "existing_type of " + subject)->type();
  const auto type = bind.present("type_");
  if (type) {
    const auto object = to_type(interpreter, *type, target.context.recorder, "the new type of " + subject);
    operation.type = object->type();
    if (auto* held = std::get_if<model::EnumType>(&*operation.type);
        held != nullptr && object->inherit_schema && held->name.schema.empty())
      held->name.schema = operation.table.schema;
    if (target.in_batch() || !target.context.on_sqlite()) {
      const Identifier& name = operation.new_name ? *operation.new_name : operation.column;
      // Alembic names the CHECK for the old column name, and adds it after the rename: only the new name works.
      operation.type_constraints = type_checks(target.context, target.context.naming, operation.table,
                                               {name.text(), name.text()}, *object, bind.where());
    }
  }
  operation.autoincrement = flag_argument(interpreter, bind, "autoincrement");
  operation.postgresql_using = text_argument(interpreter, bind, "postgresql_using");
  operation.insert_before = optional_identifier(interpreter, bind, "insert_before");
  operation.insert_after = optional_identifier(interpreter, bind, "insert_after");
  if (existing && type) drop_type_checks(interpreter, target, bind, operation.table, operation.column, *existing);
  target.record(std::move(operation), bind);
  return Value();
}

}  // namespace

std::vector<NamedOperator> column_operators() {
  return {{"add_column", add_column}, {"drop_column", drop_column}, {"alter_column", alter_column}};
}

}  // namespace bascule::formats::alembic
