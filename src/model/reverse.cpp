#include "model/reverse.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/overload.h"
#include "model/apply.h"
#include "model/diff.h"
#include "model/lookup.h"

namespace bascule::model {

namespace {

/// What kind of undoing an operation needs. A rename is undone by its opposite, because a difference of schemas sees a
/// drop and an addition; what cannot be known has a reason.
struct Way {
  std::optional<Operation> opposite;
  std::string gap;
  bool structure_returns = false;
  bool nothing = false;
};

struct WayBack {
  static Way by_difference() { return {}; }
  static Way nothing() { return Way{std::nullopt, "", false, true}; }
  static Way by(Operation opposite) { return Way{std::move(opposite), "", false, false}; }
  static Way lost_data(std::string reason) { return Way{std::nullopt, std::move(reason), true, false}; }
  static Way unknown(std::string reason) { return Way{std::nullopt, std::move(reason), false, true}; }

  Way operator()(const CreateTable&) const { return by_difference(); }
  Way operator()(const DropTable& o) const { return lost_data("the rows of " + display(o.table) + " are gone"); }
  Way operator()(const RenameTable& o) const {
    return by(RenameTable{QualifiedName{o.table.schema, o.new_name}, o.table.name});
  }
  Way operator()(const AddColumn&) const { return by_difference(); }
  Way operator()(const DropColumn& o) const {
    return lost_data("the values of " + display(o.table) + "." + o.column.text() + " are gone");
  }
  Way operator()(const AlterColumn&) const { return by_difference(); }
  Way operator()(const AddConstraint&) const { return by_difference(); }
  Way operator()(const DropConstraint&) const { return by_difference(); }
  Way operator()(const CreateIndex&) const { return by_difference(); }
  Way operator()(const DropIndex&) const { return by_difference(); }
  Way operator()(const SetTableComment&) const { return by_difference(); }
  Way operator()(const SetColumnComment&) const { return by_difference(); }
  Way operator()(const SetConstraintComment&) const { return by_difference(); }
  Way operator()(const CreateEnum&) const { return by_difference(); }
  Way operator()(const DropEnum&) const { return by_difference(); }
  Way operator()(const CreateDomain&) const { return by_difference(); }
  Way operator()(const DropDomain&) const { return by_difference(); }
  Way operator()(const CreateSequence&) const { return by_difference(); }
  Way operator()(const DropSequence& o) const {
    return lost_data("where the sequence " + display(o.name) + " stood is not known");
  }
  Way operator()(const InsertRows& o) const {
    return unknown("which rows of " + display(o.statement.table) + " were inserted cannot be known afterwards");
  }
  Way operator()(const UpdateRows& o) const {
    return unknown("what the rows of " + display(o.statement.table) + " held before is not known");
  }
  Way operator()(const DeleteRows& o) const {
    return unknown("the rows deleted from " + display(o.statement.table) + " are gone");
  }
  Way operator()(const RenameConstraint& o) const { return by(RenameConstraint{o.table, o.new_name, o.name}); }
  Way operator()(const ValidateConstraint&) const { return nothing(); }
  Way operator()(const AddEnumValue& o) const {
    return unknown("a value ('" + o.value + "') cannot be taken out of the type " + display(o.type));
  }
  Way operator()(const RenameEnumValue& o) const { return by(RenameEnumValue{o.type, o.new_value, o.value}); }
  Way operator()(const AttachPartition& o) const { return by(DetachPartition{o.table, o.partition}); }
  Way operator()(const DetachPartition&) const { return by_difference(); }
  Way operator()(const TruncateTables& o) const {
    return unknown("the rows of " + (o.tables.empty() ? std::string("the table") : display(o.tables.front())) +
                   " are gone");
  }
  Way operator()(const SetTableOption& o) const {
    return unknown("how " + display(o.table) + " was set before is not known");
  }
  Way operator()(const CreateObject&) const { return by_difference(); }
  Way operator()(const DropObject& o) const {
    if (o.kind == ObjectKind::kSchema && o.cascade)
      return lost_data("everything in the schema " + o.name.name.text() + " is gone");
    return by_difference();
  }
  Way operator()(const RenameObject& o) const {
    RenameObject back = o;
    back.name.name = o.new_name;
    back.new_name = o.name.name;
    return by(std::move(back));
  }
  Way operator()(const MoveToSchema& o) const {
    MoveToSchema back = o;
    back.name.schema = o.new_schema;
    back.new_schema = o.name.schema.empty() ? Identifier("public") : o.name.schema;
    return by(std::move(back));
  }
  Way operator()(const RawSql&) const { return unknown("what this SQL changed is not known"); }
  Way operator()(const BatchAlter&) const { return by_difference(); }
};
static_assert(kCovers<WayBack, Operation>);

/// What an operation creates that holds rows afterwards: lost when it is undone.
struct Creates {
  const Schema& before;
  std::optional<DataLoss> operator()(const CreateTable& o) const {
    if (find_table(before, o.table.name) != nullptr) return std::nullopt;
    return DataLoss{o.table.name, {}};
  }
  std::optional<DataLoss> operator()(const AddColumn& o) const {
    const Table* table = find_table(before, o.table);
    if (table != nullptr && find_column(*table, o.column.name) != nullptr) return std::nullopt;
    return DataLoss{o.table, o.column.name};
  }
  template <class Other>
  std::optional<DataLoss> operator()(const Other&) const {
    return std::nullopt;
  }
};

class Reverser {
 public:
  Reverser(const Schema& before, const Completion& complete) : schema_(before), complete_(complete) {}

  void add(std::size_t index, const Operation& operation) {
    if (const auto* batch = std::get_if<BatchAlter>(&operation)) {
      add_batch(index, *batch);
      return;
    }
    // A column that changes and gets a name does so in two steps: its opposite is two steps as well.
    const auto* altered = std::get_if<AlterColumn>(&operation);
    if (altered != nullptr && altered->new_name && !(*altered->new_name == altered->column)) {
      AlterColumn change = *altered;
      change.new_name.reset();
      add_one(index, change);
      rename_column(index, *altered);
      return;
    }
    add_one(index, operation);
  }

  Reversal take() {
    std::reverse(undone_.begin(), undone_.end());
    for (auto& group : undone_)
      reversal_.operations.insert(reversal_.operations.end(), std::make_move_iterator(group.begin()),
                                  std::make_move_iterator(group.end()));
    leave_out_idle_changes();
    return std::move(reversal_);
  }

 private:
  /// A column that goes need not change before: on databases that rebuild tables, that would be a rebuild more.
  void leave_out_idle_changes() {
    std::vector<Operation>& all = reversal_.operations;
    for (std::size_t i = all.size(); i-- > 0;) {
      const auto* change = std::get_if<AlterColumn>(&all[i]);
      if (change == nullptr || change->new_name) continue;
      for (std::size_t next = i + 1; next < all.size(); ++next) {
        const bool only_goes = std::holds_alternative<DropIndex>(all[next]) ||
                               std::holds_alternative<DropConstraint>(all[next]) ||
                               std::holds_alternative<DropColumn>(all[next]);
        const auto* also = std::get_if<AlterColumn>(&all[next]);
        if (!only_goes && (also == nullptr || also->new_name)) break;
        const auto* dropped = std::get_if<DropColumn>(&all[next]);
        if (dropped == nullptr || !same_name(dropped->table, change->table) || !(dropped->column == change->column))
          continue;
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
        break;
      }
    }
  }

  void add_one(std::size_t index, const Operation& operation) {
    Way way = std::visit(WayBack{}, operation);
    const bool known = !made_here(operation);
    if (!way.gap.empty() && known) gap(index, std::move(way.gap), way.structure_returns);
    if (auto loss = std::visit(Creates{schema_}, operation)) add_loss(std::move(*loss));
    const Schema before = schema_;
    if (!step(index, operation)) return;
    follow_names(operation);
    if (way.opposite) {
      undone_.push_back({std::move(*way.opposite)});
    } else if (!way.nothing) {
      undone_.push_back(concurrent_as(operation, diff(schema_, before)));
    }
  }

  void rename_column(std::size_t index, const AlterColumn& altered) {
    AlterColumn rename;
    rename.table = altered.table;
    rename.column = altered.column;
    rename.new_name = altered.new_name;
    if (!step(index, rename)) return;
    follow_names(rename);
    AlterColumn back = rename;
    back.column = *altered.new_name;
    back.new_name = altered.column;
    undone_.push_back({back});
  }

  /// The way back of a batch is a batch: databases that rebuild tables do it once.
  void add_batch(std::size_t index, const BatchAlter& batch) {
    Reverser inner(schema_, complete_);
    inner.reversal_.losses = std::move(reversal_.losses);
    QualifiedName table = batch.table;
    for (const BatchItem& item : batch.items) {
      std::visit([&](const auto& one) { inner.add(index, one); }, item);
      if (const auto* renamed = std::get_if<RenameTable>(&item)) table.name = renamed->new_name;
    }
    if (batch.recreate == Recreate::kAlways) {
      for (const Constraint& constraint : batch.table_constraints) inner.add(index, AddConstraint{table, constraint});
      for (const Index& created : batch.table_indexes) inner.add(index, CreateIndex{table, created});
    }
    schema_ = inner.schema_;
    Reversal undone = inner.take();
    reversal_.losses = std::move(undone.losses);
    for (Irreversible& one : undone.gaps) reversal_.gaps.push_back(std::move(one));
    std::vector<Operation> outside;
    BatchAlter back;
    back.table = table;
    back.recreate = batch.recreate;
    for (Operation& operation : undone.operations) {
      if (auto item = as_item(operation))
        back.items.push_back(std::move(*item));
      else
        outside.push_back(std::move(operation));
    }
    std::vector<Operation> group;
    if (!back.items.empty()) group.emplace_back(std::move(back));
    group.insert(group.end(), std::make_move_iterator(outside.begin()), std::make_move_iterator(outside.end()));
    undone_.push_back(std::move(group));
  }

  static std::optional<BatchItem> as_item(const Operation& operation) {
    return std::visit(
        [](const auto& one) -> std::optional<BatchItem> {
          using One = std::decay_t<decltype(one)>;
          if constexpr (std::is_constructible_v<BatchItem, One>)
            return BatchItem(one);
          else
            return std::nullopt;
        },
        operation);
  }

  bool step(std::size_t index, const Operation& operation) {
    if (auto applied = apply(schema_, operation); !applied) {
      if (applied.error().kind != ApplyProblem::Kind::kNotApplied)
        gap(index, problem_text(applied.error()) + " in the schema before it", false);
      return false;
    }
    if (complete_) complete_(schema_, operation);
    return true;
  }

  void gap(std::size_t index, std::string reason, bool structure_returns) {
    reversal_.gaps.push_back(Irreversible{index, std::move(reason), structure_returns});
  }

  /// Columns of a table that is itself new are lost with it.
  void add_loss(DataLoss loss) {
    for (const DataLoss& known : reversal_.losses)
      if (known.column.empty() && same_name(known.table, loss.table)) return;
    reversal_.losses.push_back(std::move(loss));
  }

  /// Dropping what these operations made themselves takes nothing that was there before; it is no loss either.
  bool made_here(const Operation& operation) {
    const auto* table = std::get_if<DropTable>(&operation);
    const auto* column = std::get_if<DropColumn>(&operation);
    if (table == nullptr && column == nullptr) return false;
    const QualifiedName& name = table != nullptr ? table->table : column->table;
    bool made = false;
    std::erase_if(reversal_.losses, [&](const DataLoss& loss) {
      if (!same_name(loss.table, name)) return false;
      if (table != nullptr) {
        made = made || loss.column.empty();
        return true;
      }
      made = made || loss.column.empty() || loss.column == column->column;
      return !loss.column.empty() && loss.column == column->column;
    });
    return made;
  }

  /// Losses are counted before the way back runs: by the names of that moment.
  void follow_names(const Operation& operation) {
    for (DataLoss& loss : reversal_.losses) {
      if (const auto* renamed = std::get_if<RenameTable>(&operation)) {
        if (same_name(loss.table, renamed->table)) loss.table.name = renamed->new_name;
      } else if (const auto* altered = std::get_if<AlterColumn>(&operation)) {
        if (altered->new_name && same_name(loss.table, altered->table) && loss.column == altered->column)
          loss.column = *altered->new_name;
      } else if (const auto* moved = std::get_if<MoveToSchema>(&operation)) {
        if (moved->kind == ObjectKind::kTable && same_name(loss.table, moved->name))
          loss.table.schema = moved->new_schema;
      }
    }
  }

  /// What was built without locking out writers goes, or comes back, the same way.
  static std::vector<Operation> concurrent_as(const Operation& operation, std::vector<Operation> undo) {
    const auto* created = std::get_if<CreateIndex>(&operation);
    const auto* dropped = std::get_if<DropIndex>(&operation);
    const bool concurrently =
        (created != nullptr && created->index.postgresql.concurrently) || (dropped != nullptr && dropped->concurrently);
    if (!concurrently) return undo;
    for (Operation& one : undo) {
      if (auto* drop = std::get_if<DropIndex>(&one)) drop->concurrently = true;
      if (auto* create = std::get_if<CreateIndex>(&one)) create->index.postgresql.concurrently = true;
    }
    return undo;
  }

  Schema schema_;
  const Completion& complete_;
  std::vector<std::vector<Operation>> undone_;
  Reversal reversal_;
};

}  // namespace

Reversal reverse(const std::vector<Operation>& operations, const Schema& before, const Completion& complete) {
  Reverser reverser(before, complete);
  for (std::size_t i = 0; i < operations.size(); ++i) reverser.add(i, operations[i]);
  return reverser.take();
}

}  // namespace bascule::model
