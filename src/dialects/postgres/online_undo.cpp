// How steps are taken back: by the operations that model::reverse gives, on the part of the schema that matters.
#include <algorithm>

#include "dialects/postgres/online.h"
#include "dialects/postgres/postgres.h"
#include "model/lookup.h"
#include "model/reverse.h"

namespace bascule::dialects::postgres {

namespace {

/// The table that an operation is about; null: it is about something else.
struct AboutTable {
  using Found = const QualifiedName*;
  Found operator()(const model::CreateTable& o) const { return &o.table.name; }
  Found operator()(const model::CreateIndex& o) const { return &o.table; }
  Found operator()(const model::AddColumn& o) const { return &o.table; }
  Found operator()(const model::AlterColumn& o) const { return &o.table; }
  Found operator()(const model::AddConstraint& o) const { return &o.table; }
  Found operator()(const model::DropConstraint& o) const { return &o.table; }
  Found operator()(const model::SetTableComment& o) const { return &o.table; }
  Found operator()(const model::SetColumnComment& o) const { return &o.table; }
  Found operator()(const model::SetConstraintComment& o) const { return &o.table; }
  Found operator()(const model::RenameConstraint& o) const { return &o.table; }
  Found operator()(const model::ValidateConstraint& o) const { return &o.table; }
  Found operator()(const model::AttachPartition& o) const { return &o.partition; }
  Found operator()(const model::DetachPartition& o) const { return &o.partition; }
  template <class Other>
  Found operator()(const Other&) const {
    return nullptr;
  }
};

/// What came with rows that are gone, or cannot be known, is not taken back.
bool comes_back(const model::Operation& operation) {
  return !std::holds_alternative<model::DropTable>(operation) &&
         !std::holds_alternative<model::DropColumn>(operation) &&
         !std::holds_alternative<model::DropSequence>(operation) && !std::holds_alternative<model::RawSql>(operation) &&
         !std::holds_alternative<model::InsertRows>(operation) &&
         !std::holds_alternative<model::UpdateRows>(operation) &&
         !std::holds_alternative<model::DeleteRows>(operation) &&
         !std::holds_alternative<model::TruncateTables>(operation) &&
         !std::holds_alternative<model::SetTableOption>(operation);
}

/// Names that the operation's reverse can need: its table with what it refers to and what belongs to it.
model::Schema near(const model::Operation& operation, const model::Schema& before) {
  model::Schema part;
  part.enums = before.enums;
  part.domains = before.domains;
  const QualifiedName* name = std::visit(AboutTable{}, operation);
  const auto* dropped = std::get_if<model::DropIndex>(&operation);
  if (name == nullptr && dropped == nullptr) {
    part.objects = before.objects;
    part.sequences = before.sequences;
    return part;
  }
  std::vector<QualifiedName> names;
  for (const model::Table& table : before.tables) {
    const bool meant =
        name != nullptr ? model::same_name(table.name, *name) : model::find_index(table, dropped->name.name) != nullptr;
    if (!meant) continue;
    names.push_back(table.name);
    if (!table.postgresql.partition_of.name.empty()) names.push_back(table.postgresql.partition_of);
    for (const model::Constraint& one : table.constraints)
      if (const auto* key = std::get_if<model::ForeignKey>(&one)) names.push_back(key->referent);
  }
  if (const auto* attached = std::get_if<model::AttachPartition>(&operation)) names.push_back(attached->table);
  if (const auto* detached = std::get_if<model::DetachPartition>(&operation)) names.push_back(detached->table);
  const auto wanted = [&](const QualifiedName& one) {
    return std::any_of(names.begin(), names.end(),
                       [&](const QualifiedName& other) { return model::same_name(one, other); });
  };
  for (const model::Table& table : before.tables)
    if (wanted(table.name)) part.tables.push_back(table);
  for (const model::Sequence& sequence : before.sequences)
    if (!sequence.owned_by.name.empty() && wanted(sequence.owned_by)) part.sequences.push_back(sequence);
  return part;
}

}  // namespace

void find_undo(const model::Operation& atomic, const model::Schema& before, plan::Guard& guard) {
  if (!comes_back(atomic)) return;
  const PostgresDialect& dialect = postgres_dialect();
  const model::Reversal reversal = model::reverse(
      {atomic}, near(atomic, before),
      [&](model::Schema& schema, const model::Operation& operation) { dialect.complete(schema, operation); });
  const auto* made = std::get_if<model::CreateIndex>(&atomic);
  const auto* gone = std::get_if<model::DropIndex>(&atomic);
  const bool concurrently =
      (made != nullptr && made->index.postgresql.concurrently) || (gone != nullptr && gone->concurrently);
  for (model::Operation operation : reversal.operations) {
    // What goes with something else that is taken back before it may be gone already: a part with its whole.
    if (auto* drop = std::get_if<model::DropIndex>(&operation)) {
      drop->concurrently = concurrently;
      drop->if_exists = true;
    }
    if (auto* drop = std::get_if<model::DropConstraint>(&operation)) drop->if_exists = true;
    if (auto* create = std::get_if<model::CreateIndex>(&operation)) {
      create->index.postgresql.concurrently = concurrently;
      // An abort that was interrupted while it built leaves an invalid one.
      if (concurrently)
        guard.undo.push_back("DROP INDEX CONCURRENTLY IF EXISTS " +
                             dialect.quote(QualifiedName{create->table.schema, create->index.name}));
    }
    auto rendered = dialect.render(operation);
    if (!rendered) continue;
    for (std::string& sql : *rendered) guard.undo.push_back(std::move(sql));
  }
  guard.undo_in_transaction = !concurrently;
}

}  // namespace bascule::dialects::postgres
