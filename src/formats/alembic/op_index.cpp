// create_index, drop_index.
#include "evaluate/error.h"
#include "formats/alembic/op.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;

Value create_index(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind =
      target.bind("create_index", arguments, {"index_name", "table_name", "columns", "schema", "unique"},
                  {"index_name", "columns"}, {"schema", "unique", "quote", "if_not_exists"});
  bind.required("index_name");
  const QualifiedName table = target.table(interpreter, bind);
  const auto elements = items_of(interpreter, bind.required("columns"), "the columns of " + bind.function());
  if (elements.empty()) refuse_schema(bind.function() + " has no columns", "", bind.where());
  const auto item = make_index_item(interpreter, bind, elements);
  target.record(model::CreateIndex{table, build_index(target.context, target.context.naming, table, *item),
                                   flag_argument(interpreter, bind, "if_not_exists", false)},
                bind);
  return Value();
}

Value drop_index(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind = target.bind("drop_index", arguments, {"index_name", "table_name", "schema"}, {"index_name"},
                                  {"table_name", "schema", "if_exists", "postgresql_concurrently", "unique", "quote"});
  dialect_options(bind, {"info"});
  model::DropIndex operation;
  operation.name.schema = optional_identifier(interpreter, bind, "schema");
  if (target.in_batch()) {
    operation.table = target.batch->batch.table;
    operation.name.schema = operation.table->schema;
  } else if (bind.present("table_name")) {
    operation.table = QualifiedName{operation.name.schema, identifier_argument(interpreter, bind, "table_name")};
  }
  model::NamingSubject subject;
  subject.kind = "ix";
  if (operation.table) subject.table = *operation.table;
  bind.required("index_name");
  const model::GivenName given = name_argument(interpreter, bind, "index_name");
  if (given.text.empty())
    throw evaluate::Refusal("name-required", bind.function() + " needs the name of the index", "", bind.where());
  operation.name.name = settle_name(target.context, target.context.naming, subject, given, bind.where());
  operation.if_exists = flag_argument(interpreter, bind, "if_exists", false);
  operation.concurrently = flag_argument(interpreter, bind, "postgresql_concurrently", false);
  target.record(std::move(operation), bind);
  return Value();
}

}  // namespace

std::vector<NamedOperator> index_operators() { return {{"create_index", create_index}, {"drop_index", drop_index}}; }

}  // namespace bascule::formats::alembic
