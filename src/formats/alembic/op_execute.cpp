// execute, f, inline_literal, get_bind, get_context, and what is refused: invoke, run_async.
#include "evaluate/error.h"
#include "formats/alembic/op.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;

Value execute(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind(target.name("execute"), arguments, {"sqltext"}, {"execution_options"});
  bind.reject_extra();
  const Value value = bind.required("sqltext");
  const std::string needed_for = "the statement of " + bind.function();
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  Recorder& recorder = target.context.recorder;
  if (const std::string* text = value.as_str()) {
    // A str is what sa.text() makes of it: \: is a colon, and a :parameter would have no value.
    const TextClause clause(*text, recorder.target().dialect);
    recorder.record(model::RawSql{clause.sql(interpreter)}, bind.where(), bind.function());
    return Value();
  }
  if (const auto element = value.as<DdlElement>()) {
    for (const model::Operation& operation : element->operations)
      recorder.record(operation, bind.where(), bind.function());
    return Value();
  }
  auto operation = to_executable(interpreter, value, needed_for);
  if (!operation)
    throw evaluate::Refusal("not-executable", bind.function() + " cannot run a " + evaluate::type_name(value),
                            "it takes a str, sa.text(...), or an insert, update or delete", bind.where());
  recorder.record(std::move(*operation), bind.where(), bind.function());
  return Value();
}

Value final_name(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind(target.name("f"), arguments, {"name"});
  bind.reject_extra();
  return Value(evaluate::ObjectPtr(
      std::make_shared<FinalName>(to_text(interpreter, bind.required("name"), "the name in " + bind.function()))));
}

Value inline_literal(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind(target.name("inline_literal"), arguments, {"value", "type_"});
  bind.reject_extra();
  std::optional<model::Type> type;
  if (const auto given = bind.present("type_"))
    type = to_type(interpreter, *given, target.context.recorder, "the type of " + bind.function())->type();
  model::Expression literal =
      to_expression(interpreter, bind.required("value"), type ? &*type : nullptr, "the value of " + bind.function());
  return Value(evaluate::ObjectPtr(std::make_shared<ExpressionObject>(std::move(literal), std::move(type))));
}

Value get_bind(Interpreter&, Arguments&, const Target& target) { return make_bind(target.context); }

Value get_context(Interpreter&, Arguments&, const Target& target) { return make_migration_context(target.context); }

Value invoke(Interpreter&, Arguments& arguments, const Target& target) {
  throw evaluate::Refusal("unsupported-operation",
                          target.name("invoke") + " runs operation objects, which are Alembic's own Python code",
                          "call the operation itself: op.add_column(...), op.execute(...)", arguments.where);
}

Value run_async(Interpreter&, Arguments& arguments, const Target& target) {
  throw evaluate::Refusal("unsupported-operation",
                          target.name("run_async") + " runs the project's own asynchronous code",
                          "say what it does in SQL with op.execute(...), or run this revision with Alembic and record "
                          "it with `bascule stamp`",
                          arguments.where);
}

}  // namespace

std::vector<NamedOperator> shared_operators() {
  return {{"execute", execute},
          {"f", final_name},
          {"inline_literal", inline_literal},
          {"get_bind", get_bind},
          {"get_context", get_context},
          {"invoke", invoke},
          {"run_async", run_async}};
}

}  // namespace bascule::formats::alembic
