// How steps are taken back: by the operations that model::reverse gives, on the part of the schema that matters.
#include <algorithm>
#include <array>
#include <type_traits>

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/postgres/online.h"
#include "dialects/postgres/online_catalog.h"
#include "dialects/postgres/parse_tree.h"
#include "dialects/postgres/postgres.h"
#include "model/key_index.h"
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

/// A helper of a rewrite (add_column's sequence): nobody else depends on where it stood.
constexpr std::string_view kOurs = "bascule_";
/// What add_column ends an identity with; it goes with the identity.
constexpr std::string_view kIdentityGoesOn = "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(";

bool is_helper(const model::Operation& operation) {
  const auto* sequence = std::get_if<model::DropSequence>(&operation);
  return sequence != nullptr && sequence->name.name.text().starts_with(kOurs);
}

/// What came with rows that are gone, or cannot be known, is not taken back.
bool comes_back(const model::Operation& operation) {
  if (is_helper(operation)) return true;
  return !std::holds_alternative<model::DropTable>(operation) &&
         !std::holds_alternative<model::DropColumn>(operation) &&
         !std::holds_alternative<model::DropSequence>(operation) && !std::holds_alternative<model::RawSql>(operation) &&
         !std::holds_alternative<model::InsertRows>(operation) &&
         !std::holds_alternative<model::UpdateRows>(operation) &&
         !std::holds_alternative<model::DeleteRows>(operation) &&
         !std::holds_alternative<model::TruncateTables>(operation) &&
         !std::holds_alternative<model::SetTableOption>(operation);
}

/// What leaves nothing that would have to be taken back.
bool leaves_nothing(const model::Operation& operation) {
  if (std::holds_alternative<model::ValidateConstraint>(operation)) return true;
  const auto* raw = std::get_if<model::RawSql>(&operation);
  if (raw == nullptr) return false;
  if (raw->sql.starts_with(kIdentityGoesOn)) return true;
  const ParseTree tree(raw->sql);
  if (tree.problem() || tree.statement_count() != 1) return false;
  constexpr std::array<std::string_view, 8> kKinds = {"VariableSetStmt", "VariableShowStmt", "VacuumStmt",
                                                      "ReindexStmt",     "CheckPointStmt",   "ConstraintsSetStmt",
                                                      "LockStmt",        "DiscardStmt"};
  return std::find(kKinds.begin(), kKinds.end(), tree.statement(0).tag()) != kKinds.end();
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

std::vector<std::string> spelled(const model::Operation& operation) {
  auto rendered = postgres_dialect().render(operation);
  return rendered ? std::move(*rendered) : std::vector<std::string>();
}

std::string question(const std::string& condition) { return "SELECT " + condition; }

std::string alter_table(const QualifiedName& table, const std::string& what) {
  return "ALTER TABLE " + postgres_dialect().quote(table) + " " + what;
}

/// Undoes that read or index much: as the rewrites do the same, so that nobody waits for an abort.
class GentleUndo {
 public:
  GentleUndo(const model::Schema& before, const Server& server, plan::Guard& guard)
      : before_(before), server_(server), guard_(guard) {}

  /// False: nothing gentler is known for it.
  bool operator()(const model::AddConstraint& back) {
    return std::visit([&](const auto& one) { return constraint(back.table, one); }, back.constraint);
  }

  /// SET NOT NULL, over a check that has been validated.
  bool operator()(const model::AlterColumn& back) {
    if (!back.nullable || *back.nullable || back.type || back.new_name || server_.major < 12) return false;
    constexpr std::size_t kNameBytes = 63;
    const std::string name = "bascule_not_null_" + back.column.text();
    const Identifier helper(name.size() <= kNameBytes ? name : std::string("bascule_not_null"));
    const std::string quoted = postgres_dialect().quote(helper);
    const std::string gone = alter_table(back.table, "DROP CONSTRAINT IF EXISTS " + quoted);
    guard_.undo_first = {gone, alter_table(back.table, fmt::format("ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID",
                                                                   quoted, postgres_dialect().quote(back.column)))};
    guard_.undo = {alter_table(back.table, "VALIDATE CONSTRAINT " + quoted)};
    guard_.undo_last = spelled(back);
    guard_.undo_last.push_back(gone);
    left(constraint_exists(back.table, helper), gone);
    return true;
  }

  template <class Other>
  bool operator()(const Other&) {
    return false;
  }

 private:
  bool constraint(const QualifiedName& table, const model::PrimaryKey& key) { return over_index(table, key); }
  bool constraint(const QualifiedName& table, const model::UniqueConstraint& key) { return over_index(table, key); }
  bool constraint(const QualifiedName& table, const model::CheckConstraint& check) { return in_two(table, check); }
  bool constraint(const QualifiedName& table, const model::ForeignKey& key) {
    return (server_.major >= 18 || !is_partitioned(table)) && in_two(table, key);
  }
  static bool constraint(const QualifiedName&, const model::ExcludeConstraint&) { return false; }

  template <class Constraint>
  bool in_two(const QualifiedName& table, Constraint one) {
    if (one.name.empty() || one.not_valid || one.not_enforced) return false;
    one.not_valid = true;
    const std::string name = postgres_dialect().quote(one.name);
    const std::string gone = alter_table(table, "DROP CONSTRAINT IF EXISTS " + name);
    guard_.undo_first = spelled(model::AddConstraint{table, one, false});
    guard_.undo_first.insert(guard_.undo_first.begin(), gone);
    guard_.undo = {alter_table(table, "VALIDATE CONSTRAINT " + name)};
    left(constraint_exists(table, one.name, "NOT k.convalidated"), gone);
    return true;
  }

  template <class Key>
  bool over_index(const QualifiedName& table, Key key) {
    if (key.name.empty() || key.columns.empty() || is_partitioned(table)) return false;
    const std::string gone =
        "DROP INDEX CONCURRENTLY IF EXISTS " + postgres_dialect().quote(QualifiedName{table.schema, key.name});
    guard_.undo = spelled(model::CreateIndex{table, model::index_of(key), false});
    guard_.undo.insert(guard_.undo.begin(), gone);
    left(index_exists(table, key.name, "NOT x.indisvalid"), gone);
    guard_.undo_last = spelled(model::AddConstraint{table, model::over_its_index(std::move(key)), false});
    return true;
  }

  void left(const std::string& condition, const std::string& gone) {
    guard_.leftover_when = question(condition);
    guard_.clean_up = {gone};
  }

  bool is_partitioned(const QualifiedName& name) const {
    const model::Table* table = model::find_table(before_, name);
    return table == nullptr || !table->postgresql.partition_by.empty();
  }

  const model::Schema& before_;
  const Server& server_;
  plan::Guard& guard_;
};

/// A type that goes back: what is not cast by itself (text to an enum) is cast by name; not to a string, which would be
/// cut without a word. The column's default is of the type that goes, and is made again.
std::vector<std::string> type_back(model::AlterColumn back, const model::Schema& before) {
  const auto type = postgres_dialect().type(*back.type);
  const std::string lower = type ? to_lower_ascii(*type) : std::string();
  const bool string = lower.starts_with("varchar") || lower.starts_with("char") || lower.starts_with("text");
  if (string || lower.empty() || back.postgresql_using) return spelled(back);
  back.postgresql_using = postgres_dialect().quote(back.column) + "::" + *type;
  const model::Table* table = model::find_table(before, back.table);
  const model::Column* column = table == nullptr ? nullptr : model::find_column(*table, back.column);
  std::vector<std::string> statements = spelled(back);
  if (column == nullptr || !column->server_default) return statements;
  model::AlterColumn defaulted;
  defaulted.table = back.table;
  defaulted.column = back.column;
  defaulted.server_default = model::DropDefault{};
  const std::vector<std::string> without = spelled(defaulted);
  defaulted.server_default = *column->server_default;
  const std::vector<std::string> with = spelled(defaulted);
  statements.insert(statements.begin(), without.begin(), without.end());
  statements.insert(statements.end(), with.begin(), with.end());
  return statements;
}

}  // namespace

void find_undo(const model::Operation& atomic, const model::Schema& before, const Server& server, plan::Guard& guard) {
  guard.undo_is_whole = leaves_nothing(atomic);
  if (!comes_back(atomic)) return;
  const PostgresDialect& dialect = postgres_dialect();
  const model::Reversal reversal = model::reverse(
      {atomic}, near(atomic, before),
      [&](model::Schema& schema, const model::Operation& operation) { dialect.complete(schema, operation); });
  guard.undo_is_whole = guard.undo_is_whole || reversal.gaps.empty() || is_helper(atomic);
  if (reversal.operations.size() == 1 && std::visit(GentleUndo(before, server, guard), reversal.operations.front())) {
    guard.undo_in_transaction = false;
    return;
  }
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
    const auto* altered = std::get_if<model::AlterColumn>(&operation);
    const bool typed = altered != nullptr && altered->type && !altered->new_name;
    std::vector<std::string> statements = typed ? type_back(*altered, before) : spelled(operation);
    guard.undo_is_whole = guard.undo_is_whole && !statements.empty();
    for (std::string& sql : statements) guard.undo.push_back(std::move(sql));
  }
  guard.undo_in_transaction = !concurrently;
}

}  // namespace bascule::dialects::postgres
