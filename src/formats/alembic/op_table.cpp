// create_table, drop_table, rename_table, table comments, bulk_insert.
#include "evaluate/error.h"
#include "formats/alembic/op.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;

Value create_table(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind("op.create_table", arguments, {"table_name"}, {"schema", "if_not_exists", "quote"}, true);
  Context& context = target.context;
  QualifiedName name = target.table(interpreter, bind);
  if (const auto quote = flag_argument(interpreter, bind, "quote")) name.name = Identifier(name.name.text(), quote);
  auto table = std::make_shared<TableItem>(name, context, bind.where());
  table->naming = context.naming;
  for (const Value& item : bind.rest()) table->add_item(interpreter, item);
  table->options = to_table_options(interpreter, bind, bind.extra());
  BuiltTable built = build_table(interpreter, context, *table, true);
  for (model::Operation& before : built.before)
    context.recorder.record(std::move(before), bind.where(), bind.function());
  context.recorder.record(
      model::CreateTable{std::move(built.table), flag_argument(interpreter, bind, "if_not_exists", false)},
      bind.where(), bind.function());
  return Value(evaluate::ObjectPtr(table));
}

Value drop_table(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind("op.drop_table", arguments, {"table_name", "schema"}, {"if_exists", "table_kw"});
  to_table_options(interpreter, bind, bind.extra());
  target.context.recorder.record(
      model::DropTable{target.table(interpreter, bind), flag_argument(interpreter, bind, "if_exists", false)},
      bind.where(), bind.function());
  return Value();
}

Value rename_table(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind("op.rename_table", arguments, {"old_table_name", "new_table_name", "schema"});
  bind.reject_extra();
  target.context.recorder.record(model::RenameTable{target.table(interpreter, bind, "old_table_name"),
                                                    identifier_argument(interpreter, bind, "new_table_name")},
                                 bind.where(), bind.function());
  return Value();
}

Value create_table_comment(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind =
      target.bind("create_table_comment", arguments, {"table_name", "comment", "existing_comment", "schema"},
                  {"comment"}, {"existing_comment", "schema"});
  bind.reject_extra();
  bind.required("comment");
  target.record(model::SetTableComment{target.table(interpreter, bind), text_argument(interpreter, bind, "comment")},
                bind);
  return Value();
}

Value drop_table_comment(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind = target.bind("drop_table_comment", arguments, {"table_name", "existing_comment", "schema"}, {},
                                  {"existing_comment", "schema"});
  bind.reject_extra();
  target.record(model::SetTableComment{target.table(interpreter, bind), std::nullopt}, bind);
  return Value();
}

Value bulk_insert(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind("op.bulk_insert", arguments, {"table", "rows", "multiinsert"});
  bind.reject_extra();
  const Value value = bind.required("table");
  if (value.is_opaque()) interpreter.refuse_opaque(value, "the table of op.bulk_insert");
  const auto table = value.as<TableClause>();
  if (!table) evaluate::raise_type_error("op.bulk_insert takes a table, not " + evaluate::type_name(value));
  for (model::InsertStatement& statement : bulk_insert_statements(
           interpreter, *table, bind.required("rows"), flag_argument(interpreter, bind, "multiinsert", true)))
    target.context.recorder.record(model::InsertRows{std::move(statement)}, bind.where(), bind.function());
  return Value();
}

}  // namespace

std::vector<NamedOperator> table_operators() {
  return {{"create_table", create_table},
          {"drop_table", drop_table},
          {"rename_table", rename_table},
          {"bulk_insert", bulk_insert}};
}

std::vector<NamedOperator> table_comment_operators() {
  return {{"create_table_comment", create_table_comment}, {"drop_table_comment", drop_table_comment}};
}

}  // namespace bascule::formats::alembic
