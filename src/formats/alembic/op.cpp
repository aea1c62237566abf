#include "formats/alembic/op.h"

#include <algorithm>

#include "base/text.h"
#include "evaluate/error.h"
#include "formats/alembic/entities.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;

void add(std::unordered_map<std::string, Value>& members, const Target& target,
         const std::vector<NamedOperator>& list) {
  for (const NamedOperator& named : list)
    members[named.name] = evaluate::make_function(
        target.name(named.name),
        [target, function = named.function](Interpreter& interpreter, Arguments& arguments) {
          return function(interpreter, arguments, target);
        },
        true);
}

Value make_namespace(const Target& target) {
  std::unordered_map<std::string, Value> members;
  add(members, target, column_operators());
  add(members, target, constraint_operators());
  add(members, target, index_operators());
  add(members, target, table_comment_operators());
  add(members, target, shared_operators());
  if (!target.in_batch()) {
    add(members, target, table_operators());
    add(members, target, batch_operators());
    add(members, target, entity_operators());
    add(members, target, enum_sync_operators());
  }
  std::vector<std::string> names;
  for (const auto& [name, value] : members) names.push_back(name);
  std::sort(names.begin(), names.end());
  const std::string object = target.in_batch() ? "batch_op" : "op";
  return evaluate::make_namespace(
      object, std::move(members),
      [object, names](Interpreter& interpreter, std::string_view name) -> std::optional<Value> {
        // Python asks objects for such names by itself.
        if (name.starts_with("__")) return std::nullopt;
        const auto near = did_you_mean(name, names);
        throw evaluate::Refusal(
            "unknown-operation", "Alembic has no operation " + object + "." + std::string(name),
            near ? "did you mean " + object + "." + *near + "?"
                 : "operations that the project registers itself are not run; say it in SQL with op.execute(...)",
            interpreter.here());
      },
      true);
}

}  // namespace

QualifiedName Target::table(Interpreter& interpreter, const evaluate::Binder& bind, const char* table_parameter,
                            const char* schema_parameter) const {
  if (in_batch()) return batch->batch.table;
  QualifiedName out;
  out.name = to_identifier(interpreter, bind.required(table_parameter), "the table of " + bind.function());
  if (const auto schema = bind.present(schema_parameter))
    out.schema = to_identifier(interpreter, *schema, "the schema of " + bind.function());
  return out;
}

void Target::record(model::BatchItem item, const evaluate::Binder& bind) const {
  if (in_batch()) {
    batch->batch.items.push_back(std::move(item));
    return;
  }
  std::visit(
      [&](auto&& held) { context.recorder.record(std::forward<decltype(held)>(held), bind.where(), bind.function()); },
      std::move(item));
}

Value make_op(Context& context) { return make_namespace(Target{context, nullptr}); }

Value make_batch_op(Context& context, std::shared_ptr<BatchState> batch) {
  return make_namespace(Target{context, std::move(batch)});
}

}  // namespace bascule::formats::alembic
