#include "planner/lower.h"

#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/overload.h"
#include "dialects/mariadb/mariadb.h"

namespace bascule::planner {

namespace {

using Operations = std::vector<model::Operation>;

/// One authored operation into atomic ones. The order is Alembic's, measured with `alembic upgrade --sql`.
struct Decomposition {
  Operations operator()(const model::CreateTable& operation) const {
    Operations parts;
    model::CreateTable bare = operation;
    bare.table.indexes.clear();
    bare.table.comment.reset();
    for (auto& column : bare.table.columns) column.comment.reset();
    parts.emplace_back(std::move(bare));
    const auto& table = operation.table;
    for (const auto& index : table.indexes) parts.emplace_back(model::CreateIndex{table.name, index, false});
    if (table.comment) parts.emplace_back(model::SetTableComment{table.name, table.comment});
    for (const auto& column : table.columns)
      if (column.comment) parts.emplace_back(model::SetColumnComment{table.name, column.name, column.comment});
    return parts;  // comments of constraints: Alembic writes none
  }

  Operations operator()(const model::AddColumn& operation) const {
    Operations parts;
    model::AddColumn bare = operation;
    bare.constraints.clear();
    bare.indexes.clear();
    bare.column.comment.reset();
    Operations constraints;
    const bool in_column = operation.inline_references && has_one_plain_foreign_key(operation);
    for (const auto& constraint : operation.constraints) {
      // Only inline_primary_key gives one; primary_key=True alone adds no key in Alembic.
      const bool is_primary = std::holds_alternative<model::PrimaryKey>(constraint);
      const bool is_key = std::holds_alternative<model::ForeignKey>(constraint);
      if (std::holds_alternative<model::CheckConstraint>(constraint) || is_primary || (is_key && in_column))
        bare.constraints.push_back(constraint);
      else
        constraints.emplace_back(model::AddConstraint{operation.table, constraint, false});
    }
    parts.emplace_back(std::move(bare));
    for (auto& constraint : constraints) parts.push_back(std::move(constraint));
    for (const auto& index : operation.indexes) parts.emplace_back(model::CreateIndex{operation.table, index, false});
    if (operation.column.comment)
      parts.emplace_back(model::SetColumnComment{operation.table, operation.column.name, operation.column.comment});
    return parts;
  }

  static bool has_one_plain_foreign_key(const model::AddColumn& operation) {
    std::size_t keys = 0;
    bool plain = true;
    for (const auto& constraint : operation.constraints) {
      const auto* key = std::get_if<model::ForeignKey>(&constraint);
      if (key == nullptr) continue;
      ++keys;
      plain = plain && key->columns.size() == 1;
    }
    return keys == 1 && plain;
  }

  Operations operator()(const model::AlterColumn& operation) const {
    model::AlterColumn blank = operation;  // the table, the column and what it is now
    blank.new_name.reset();
    blank.type.reset();
    blank.nullable.reset();
    blank.server_default.reset();
    blank.comment.reset();
    blank.postgresql_using.reset();
    blank.type_constraints.clear();
    Operations parts;
    if (operation.type && operation.existing_type) {
      // The CHECK of an enum that is not native goes with its type.
      const auto* existing = std::get_if<model::EnumType>(&*operation.existing_type);
      if (existing != nullptr && existing->create_constraint && !existing->native && !existing->name.name.empty())
        parts.emplace_back(
            model::DropConstraint{operation.table, existing->name.name, model::ConstraintKind::kCheck, false});
    }
    const auto change = [&](auto apply) {
      model::AlterColumn part = blank;
      apply(part);
      parts.emplace_back(std::move(part));
    };
    if (operation.type || operation.postgresql_using)
      change([&](model::AlterColumn& part) {
        part.type = operation.type;
        part.postgresql_using = operation.postgresql_using;
      });
    if (operation.nullable) change([&](model::AlterColumn& part) { part.nullable = operation.nullable; });
    if (operation.server_default)
      change([&](model::AlterColumn& part) { part.server_default = operation.server_default; });
    if (operation.comment) change([&](model::AlterColumn& part) { part.comment = operation.comment; });
    if (operation.new_name) change([&](model::AlterColumn& part) { part.new_name = operation.new_name; });
    for (const auto& constraint : operation.type_constraints)
      parts.emplace_back(model::AddConstraint{operation.table, constraint, false});
    return parts;
  }

  Operations operator()(const model::BatchAlter& batch) const {
    Operations parts;
    const auto add = [&](const model::Operation& operation) {
      for (auto& part : std::visit(*this, operation)) parts.push_back(std::move(part));
    };
    for (const auto& item : batch.items)
      std::visit([&](const auto& operation) { add(model::Operation(operation)); }, item);
    if (batch.recreate == model::Recreate::kAlways) {
      // What table_args would have put into the copy.
      for (const auto& constraint : batch.table_constraints) add(model::AddConstraint{batch.table, constraint, false});
      for (const auto& index : batch.table_indexes) add(model::CreateIndex{batch.table, index, false});
    }
    return parts;
  }

  // The others are one change already.
  Operations operator()(const model::DropTable& operation) const { return {operation}; }
  Operations operator()(const model::RenameTable& operation) const { return {operation}; }
  Operations operator()(const model::DropColumn& operation) const { return {operation}; }
  Operations operator()(const model::AddConstraint& operation) const { return {operation}; }
  Operations operator()(const model::DropConstraint& operation) const { return {operation}; }
  Operations operator()(const model::CreateIndex& operation) const { return {operation}; }
  Operations operator()(const model::DropIndex& operation) const { return {operation}; }
  Operations operator()(const model::SetTableComment& operation) const { return {operation}; }
  Operations operator()(const model::SetColumnComment& operation) const { return {operation}; }
  Operations operator()(const model::SetConstraintComment& operation) const { return {operation}; }
  Operations operator()(const model::CreateEnum& operation) const { return {operation}; }
  Operations operator()(const model::DropEnum& operation) const { return {operation}; }
  Operations operator()(const model::CreateDomain& operation) const { return {operation}; }
  Operations operator()(const model::DropDomain& operation) const { return {operation}; }
  Operations operator()(const model::CreateSequence& operation) const { return {operation}; }
  Operations operator()(const model::DropSequence& operation) const { return {operation}; }
  Operations operator()(const model::InsertRows& operation) const { return {operation}; }
  Operations operator()(const model::UpdateRows& operation) const { return {operation}; }
  Operations operator()(const model::DeleteRows& operation) const { return {operation}; }
  Operations operator()(const model::RenameConstraint& operation) const { return {operation}; }
  Operations operator()(const model::ValidateConstraint& operation) const { return {operation}; }
  Operations operator()(const model::AddEnumValue& operation) const { return {operation}; }
  Operations operator()(const model::RenameEnumValue& operation) const { return {operation}; }
  Operations operator()(const model::AttachPartition& operation) const { return {operation}; }
  Operations operator()(const model::DetachPartition& operation) const { return {operation}; }
  Operations operator()(const model::TruncateTables& operation) const { return {operation}; }
  Operations operator()(const model::SetTableOption& operation) const { return {operation}; }
  Operations operator()(const model::CreateObject& operation) const { return {operation}; }
  Operations operator()(const model::DropObject& operation) const { return {operation}; }
  Operations operator()(const model::RenameObject& operation) const { return {operation}; }
  Operations operator()(const model::MoveToSchema& operation) const { return {operation}; }
  Operations operator()(const model::RawSql& operation) const { return {operation}; }
};
static_assert(kCovers<Decomposition, model::Operation>);

/// A column's place among the others can only be chosen in a rebuild; null if nothing asks for one.
const Identifier* misplaced_column(const model::BatchAlter& batch) {
  for (const auto& item : batch.items) {
    if (const auto* added = std::get_if<model::AddColumn>(&item))
      if (!added->insert_before.empty() || !added->insert_after.empty()) return &added->column.name;
    if (const auto* altered = std::get_if<model::AlterColumn>(&item))
      if (!altered->insert_before.empty() || !altered->insert_after.empty()) return &altered->column;
  }
  return nullptr;
}

/// MariaDB says a column as a whole: its comment stands in it, and all changes of it are one.
Operations with_whole_columns(const model::Operation& operation) {
  if (const auto* batch = std::get_if<model::BatchAlter>(&operation)) {
    Operations parts;
    for (const auto& item : batch->items)
      std::visit(
          [&](const auto& one) {
            for (auto& part : with_whole_columns(model::Operation(one))) parts.push_back(std::move(part));
          },
          item);
    return parts;
  }
  Operations parts = std::visit(Decomposition{}, operation);
  const auto drop = [&](auto is_said) { std::erase_if(parts, is_said); };
  const auto is_comment = [](const model::Operation& part) {
    return std::holds_alternative<model::SetColumnComment>(part) ||
           std::holds_alternative<model::SetTableComment>(part);
  };
  if (const auto* create = std::get_if<model::CreateTable>(&operation)) {
    drop(is_comment);
    auto& made = std::get<model::CreateTable>(parts.front()).table;
    made.comment = create->table.comment;
    made.columns = create->table.columns;
  } else if (const auto* add = std::get_if<model::AddColumn>(&operation)) {
    drop(is_comment);
    std::get<model::AddColumn>(parts.front()).column.comment = add->column.comment;
  } else if (const auto* alter = std::get_if<model::AlterColumn>(&operation)) {
    drop([](const model::Operation& part) { return std::holds_alternative<model::AlterColumn>(part); });
    model::AlterColumn bare = *alter;
    bare.type_constraints.clear();
    parts.insert(parts.begin(), std::move(bare));
  }
  return parts;
}

class Lowering {
 public:
  Lowering(const dialects::Dialect& dialect, Diagnostics& diagnostics) : dialect_(dialect), diagnostics_(diagnostics) {}

  void add(const model::AuthoredOperation& authored) {
    if (const auto* batch = std::get_if<model::BatchAlter>(&authored.operation)) {
      if (dialect_.rebuilds(*batch)) {
        push(plan::Rebuild{*batch}, *batch, authored);
        return;
      }
      const Identifier* misplaced = misplaced_column(*batch);
      if (misplaced != nullptr && batch->recreate != model::Recreate::kAlways)
        refuse({fmt::format("column '{}' has insert_before or insert_after, but the table is altered in place",
                            misplaced->text()),
                "write op.batch_alter_table(..., recreate=\"always\")"},
               authored);
    }
    const bool whole = dialects::is_mariadb(dialect_.name());
    for (const auto& part : whole ? with_whole_columns(authored.operation) : decompose(authored.operation))
      render(part, authored);
  }

  std::vector<plan::Step> take() { return std::move(steps_); }

 private:
  void render(const model::Operation& part, const model::AuthoredOperation& authored) {
    auto rendered = dialect_.render(part);
    if (!rendered) {
      refuse(std::move(rendered).error(), authored);
      return;
    }
    for (auto& sql : *rendered) {
      const bool is_raw = std::holds_alternative<model::RawSql>(part);
      model::Operation effect = is_raw ? model::Operation(model::RawSql{sql}) : part;
      push(plan::Statement{std::move(sql)}, std::move(effect), authored);
    }
  }

  void push(std::variant<plan::Statement, plan::Rebuild> action, model::Operation effect,
            const model::AuthoredOperation& authored) {
    plan::Step step;
    step.action = std::move(action);
    step.cause = {authored.written_as, model::operation_subject(authored.operation), authored.where};
    step.in_transaction = !authored.autocommit && !dialect_.outside_transaction(effect);
    step.effect = std::move(effect);
    steps_.push_back(std::move(step));
  }

  void refuse(dialects::Unsupported why, const model::AuthoredOperation& authored) {
    Diagnostic diagnostic;
    diagnostic.code = fmt::format("unsupported-on-{}", dialect_.name());
    diagnostic.message = std::move(why.message);
    diagnostic.location = authored.where;
    diagnostic.help = std::move(why.help);
    diagnostics_.add(std::move(diagnostic));
    for (dialects::Unsupported& other : why.also) refuse(std::move(other), authored);
  }

  const dialects::Dialect& dialect_;
  Diagnostics& diagnostics_;
  std::vector<plan::Step> steps_;
};

}  // namespace

std::vector<model::Operation> decompose(const model::Operation& operation) {
  return std::visit(Decomposition{}, operation);
}

std::vector<plan::Step> lower(const std::vector<model::AuthoredOperation>& operations, const dialects::Dialect& dialect,
                              Diagnostics& diagnostics) {
  Lowering lowering(dialect, diagnostics);
  for (const auto& authored : operations) lowering.add(authored);
  return lowering.take();
}

}  // namespace bascule::planner
