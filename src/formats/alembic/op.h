// What: the natives `op` and `batch_op`: every operation of Alembic, recorded as the author meant it.
// Must not know: SQL's spelling, how revisions are found.
// Invariants: op and batch_op share one implementation of each operation; only where the table comes from and where the
// operation goes differ (Target).
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "formats/alembic/op_context.h"
#include "formats/alembic/sa_schema.h"
#include "model/operation.h"

namespace bascule::formats::alembic {

/// A batch_alter_table block that is running.
struct BatchState {
  model::BatchAlter batch;
  model::NamingConvention naming;
};

/// op itself (batch is null), or the batch_op of one block.
struct Target {
  Context& context;
  std::shared_ptr<BatchState> batch;

  bool in_batch() const { return batch != nullptr; }
  /// "op.add_column", "batch_op.add_column".
  std::string name(const char* operation) const { return std::string(in_batch() ? "batch_op." : "op.") + operation; }
  /// Takes the operation's arguments apart; `table` parameters lead the positional ones outside a batch.
  evaluate::Binder bind(const char* operation, const evaluate::Arguments& arguments,
                        std::initializer_list<std::string_view> outside, std::initializer_list<std::string_view> inside,
                        std::initializer_list<std::string_view> keywords = {}, bool variadic = false) const {
    return evaluate::Binder(name(operation), arguments, in_batch() ? inside : outside, keywords, variadic);
  }
  /// The batch's table, or the one named by the arguments.
  QualifiedName table(Interpreter& interpreter, const evaluate::Binder& bind,
                      const char* table_parameter = "table_name", const char* schema_parameter = "schema") const;
  void record(model::BatchItem item, const evaluate::Binder& bind) const;
};

using Operator = Value (*)(Interpreter&, evaluate::Arguments&, const Target&);
struct NamedOperator {
  const char* name;
  Operator function;
};

/// The parts, a file each.
std::vector<NamedOperator> column_operators();
std::vector<NamedOperator> constraint_operators();
std::vector<NamedOperator> index_operators();
std::vector<NamedOperator> table_comment_operators();
std::vector<NamedOperator> shared_operators();  ///< execute, f, get_bind, get_context, inline_literal ...
std::vector<NamedOperator> table_operators();   ///< outside a batch only
std::vector<NamedOperator> batch_operators();   ///< batch_alter_table

/// The object `op`.
Value make_op(Context& context);
/// The object that `with op.batch_alter_table(...) as batch_op` gives.
Value make_batch_op(Context& context, std::shared_ptr<BatchState> batch);

/// op.get_bind() and op.get_context(), and alembic.context.
Value make_bind(Context& context);
Value make_dialect(Context& context);
Value make_migration_context(Context& context);
Value make_alembic_context(Context& context);

}  // namespace bascule::formats::alembic
