// with op.batch_alter_table(...) as batch_op: gathers the block's operations and records them as one.
#include "evaluate/error.h"
#include "formats/alembic/op.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;

class BatchBlock final : public evaluate::Object {
 public:
  BatchBlock(Context& context, std::shared_ptr<BatchState> state, Location where)
      : context_(context), state_(std::move(state)), where_(std::move(where)) {}
  std::string type_name() const override { return "batch_alter_table"; }
  std::optional<Value> enter(Interpreter&) override { return make_batch_op(context_, state_); }
  void exit(Interpreter&, bool failing) override {
    if (failing) return;
    // A block that says nothing does nothing, unless it asks for a rebuild.
    if (state_->batch.items.empty() && state_->batch.recreate != model::Recreate::kAlways) return;
    context_.recorder.record(state_->batch, where_, "op.batch_alter_table");
  }

 private:
  Context& context_;
  std::shared_ptr<BatchState> state_;
  Location where_;
};

model::Recreate to_recreate(Interpreter& interpreter, const Binder& bind) {
  const std::string text = text_argument(interpreter, bind, "recreate").value_or("auto");
  if (text == "auto") return model::Recreate::kAuto;
  if (text == "always") return model::Recreate::kAlways;
  if (text == "never") return model::Recreate::kNever;
  evaluate::raise_python("ValueError", "recreate may be one of 'auto', 'always', or 'never'.");
}

/// Columns, constraints and indexes of table_args= and reflect_args=, seen as those of the batch's table.
std::shared_ptr<TableItem> gathered(Interpreter& interpreter, Context& context, const Binder& bind, const char* name,
                                    const QualifiedName& table) {
  auto item = std::make_shared<TableItem>(table, context, bind.where());
  item->reflected = true;
  if (const auto value = bind.present(name))
    for (const Value& element : items_of(interpreter, *value, std::string(name) + " of op.batch_alter_table"))
      item->add_item(interpreter, element);
  return item;
}

void read_table_args(Interpreter& interpreter, Context& context, const Binder& bind, BatchState& state) {
  model::BatchAlter& batch = state.batch;
  const auto extra = gathered(interpreter, context, bind, "table_args", batch.table);
  for (const auto& item : extra->constraints)
    batch.table_constraints.push_back(build_constraint(context, state.naming, batch.table, *item));
  for (const auto& item : extra->indexes)
    batch.table_indexes.push_back(build_index(context, state.naming, batch.table, *item));
  if (const auto value = bind.present("table_kwargs")) {
    const TableOptions options =
        to_table_options(interpreter, bind, entries_of(interpreter, *value, "table_kwargs of op.batch_alter_table"));
    batch.table_sqlite = options.sqlite;
    batch.has_table_options = options.any;
  }
}

void read_reflection(Interpreter& interpreter, Context& context, const Binder& bind, BatchState& state) {
  model::BatchAlter& batch = state.batch;
  const auto reflected = gathered(interpreter, context, bind, "reflect_args", batch.table);
  for (const auto& column : reflected->column_items()) {
    batch.reflect_columns.push_back(build_column(context, *column, batch.table));
    for (auto& check : type_checks(context, state.naming, batch.table, {column->name().text(), column->key},
                                   *column->type_object(), column->where))
      batch.reflect_constraints.push_back(std::move(check));
  }
  for (const auto& item : reflected->constraints)
    batch.reflect_constraints.push_back(build_constraint(context, state.naming, batch.table, *item));
  if (const auto value = bind.present("copy_from")) {
    if (value->is_opaque()) interpreter.refuse_opaque(*value, "copy_from of op.batch_alter_table");
    const auto table = value->as<TableItem>();
    if (!table) evaluate::raise_type_error("copy_from takes a Table, not " + evaluate::type_name(*value));
    batch.copy_from = build_table(interpreter, context, *table, false).table;
  }
}

Value batch_alter_table(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind("op.batch_alter_table", arguments,
                    {"table_name", "schema", "recreate", "partial_reordering", "copy_from", "table_args",
                     "table_kwargs", "reflect_args", "reflect_kwargs", "naming_convention"});
  bind.reject_extra();
  Context& context = target.context;
  auto state = std::make_shared<BatchState>();
  model::BatchAlter& batch = state->batch;
  batch.table = target.table(interpreter, bind);
  batch.recreate = to_recreate(interpreter, bind);
  if (const auto value = bind.present("naming_convention"))
    for (const auto& [key, held] : entries_of(interpreter, *value, "naming_convention of op.batch_alter_table"))
      batch.naming[key] = to_text(interpreter, held, "naming_convention of op.batch_alter_table");
  state->naming = context.naming;
  if (const auto value = bind.present("partial_reordering"))
    for (const Value& order : items_of(interpreter, *value, "partial_reordering"))
      batch.partial_reordering.push_back(identifier_list(interpreter, order, "partial_reordering"));
  read_table_args(interpreter, context, bind, *state);
  read_reflection(interpreter, context, bind, *state);
  return Value(evaluate::ObjectPtr(std::make_shared<BatchBlock>(context, std::move(state), bind.where())));
}

}  // namespace

std::vector<NamedOperator> batch_operators() { return {{"batch_alter_table", batch_alter_table}}; }

}  // namespace bascule::formats::alembic
