// CREATE INDEX on a partitioned table that is in use.
// Needs: no partition that is partitioned itself and has the index already; partitions of partitions too.
// Does: the index ON ONLY the whole, which has no rows and takes a moment; then each partition's own concurrently;
// then ATTACH, after the last of which the whole's is valid. An index that a partition has already is attached as it
// is, as the server would have done it.
// The same end: the same index on the whole, and on each partition under the name that the server would have given it.
#include <utility>

#include "model/apply.h"
#include "model/lookup.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

class Parts {
 public:
  explicit Parts(const Sight& sight) : sight_(sight), schema_(sight.before) {}

  std::optional<Drafts> of(const model::CreateIndex& made) {
    whole_alone(made.table, made.index);
    below(made.table, made.index);
    if (!can_) return std::nullopt;
    // The parts' indexes are the whole's when all is done: to the model it is one index.
    const auto gone = [](const QualifiedName& table, const Identifier& index) {
      model::DropIndex drop;
      drop.name = QualifiedName{table.schema, index};
      return model::Operation(drop);
    };
    auto& replay = drafts_.back().replay.emplace();
    if (drafts_.size() > 1) replay.push_back(gone(made.table, made.index.name));
    for (const auto& [table, index] : made_) replay.push_back(gone(table, index));
    replay.emplace_back(made);
    return std::move(drafts_);
  }

 private:
  void whole_alone(const QualifiedName& table, const model::Index& index) {
    model::CreateIndex alone{table, index, false};
    alone.index.postgresql.only_here = true;
    const auto rendered = sight_.dialect.render(alone);
    std::string sql = rendered && !rendered->empty() ? rendered->front() : std::string();
    // The renderer spells the index of a whole; this one stands on the whole alone.
    const std::string head = std::string(index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ") +
                             sight_.dialect.quote(index.name) + " ON ";
    if (sql.starts_with(head)) sql.insert(head.size(), "ONLY ");
    Draft draft{
        .operation = alone, .sql = std::move(sql), .reason = "on the whole alone: nothing is read", .settled = true};
    drafts_.push_back(std::move(draft));
  }

  void below(const QualifiedName& whole, const model::Index& index) {
    std::vector<const model::Table*> parts;
    for (const model::Table& table : sight_.before.tables)
      if (model::same_name(table.postgresql.partition_of, whole)) parts.push_back(&table);
    for (const model::Table* part : parts) {
      const bool divided = !part->postgresql.partition_by.empty();
      Identifier name = there_already(*part, index);
      const bool there = !name.empty();
      // What is attached goes with the whole's when it is taken back, and an index of many parts is not built anew
      // gently.
      can_ = can_ && !(there && divided);
      if (!there) {
        name = name_for(*part, index);
        model::Index its = index;
        its.name = name;
        made_.emplace_back(part->name, name);
        if (divided) {
          whole_alone(part->name, its);
          below(part->name, its);
        } else {
          its.postgresql.concurrently = true;
          drafts_.push_back({.operation = model::CreateIndex{part->name, its, false},
                             .reason = "built while writes go on",
                             .settled = true});
        }
      }
      const QualifiedName above{whole.schema, index.name};
      const QualifiedName its{part->name.schema, name};
      const std::string sql =
          "ALTER INDEX " + sight_.dialect.quote(above) + " ATTACH PARTITION " + sight_.dialect.quote(its);
      Draft attach{.operation = model::RawSql{sql},
                   .sql = sql,
                   .reason = "it becomes a part of the whole's index",
                   .settled = true};
      // What is attached cannot be let go again: it goes with the whole's, and what was there before is built anew.
      auto& back = there ? attach.undo_first : attach.undo_too;
      back.push_back("DROP INDEX IF EXISTS " + sight_.dialect.quote(above));
      if (there) build_anew(*part, index, its, attach);
      drafts_.push_back(std::move(attach));
    }
  }

  void build_anew(const model::Table& part, const model::Index& index, const QualifiedName& name, Draft& attach) const {
    model::Index again = index;
    again.name = name.name;
    again.postgresql.concurrently = true;
    attach.undo_too.push_back("DROP INDEX CONCURRENTLY IF EXISTS " + sight_.dialect.quote(name));
    if (const auto rendered = sight_.dialect.render(model::CreateIndex{part.name, again, false}))
      attach.undo_too.insert(attach.undo_too.end(), rendered->begin(), rendered->end());
  }

  /// The part's own index that the server would take for it, however either is written (USING btree, ASC).
  Identifier there_already(const model::Table& part, const model::Index& index) const {
    model::Table table = part;
    table.postgresql.partition_of = {};
    model::Index wanted = index;
    wanted.name = Identifier("bascule_wanted");
    wanted.postgresql.concurrently = false;
    table.indexes.push_back(wanted);
    model::Schema alone;
    alone.enums = sight_.before.enums;
    alone.domains = sight_.before.domains;
    alone.tables.push_back(std::move(table));
    alone = sight_.dialect.canonical(std::move(alone));
    const model::Index* known = model::find_index(alone.tables.front(), wanted.name);
    if (known == nullptr) return {};
    for (const model::Index& one : alone.tables.front().indexes) {
      if (one.name == known->name || one.postgresql.invalid) continue;
      model::Index same = one;
      same.name = known->name;
      same.postgresql.concurrently = known->postgresql.concurrently;
      if (same == *known) return one.name;
    }
    return {};
  }

  /// As the server would name it; names given before are taken.
  Identifier name_for(const model::Table& part, const model::Index& index) {
    model::Index unnamed = index;
    unnamed.name = Identifier();
    const model::CreateIndex made{part.name, unnamed, false};
    advance(schema_, {made}, sight_.dialect);
    const model::Table* table = model::find_table(std::as_const(schema_), part.name);
    return table == nullptr || table->indexes.empty() ? Identifier() : table->indexes.back().name;
  }

  const Sight& sight_;
  model::Schema schema_;
  Drafts drafts_;
  std::vector<std::pair<QualifiedName, Identifier>> made_;  ///< on partitions
  bool can_ = true;
};

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* made = std::get_if<model::CreateIndex>(&operation);
  if (made == nullptr || !sight.hazard || made->index.postgresql.only_here) return std::nullopt;
  const model::Table* table = sight.old_table(made->table);
  if (table == nullptr || table->postgresql.partition_by.empty()) return std::nullopt;
  model::CreateIndex named = *made;
  named.index.name = sight.name_given(*made);
  return named.index.name.empty() ? std::nullopt : Parts(sight).of(named);
}

}  // namespace

const Rewrite index_of_partitions = {
    .id = "index_of_partitions",
    .naive = "`CREATE INDEX` on a partitioned table",
    .online =
        "`CREATE INDEX ... ON ONLY` the whole; `CREATE INDEX CONCURRENTLY` on each partition; `ALTER INDEX ... "
        "ATTACH PARTITION`",
    .needs = "no partition that is partitioned itself and has the index already",
    .same =
        "the whole's index is valid when the last part is attached; parts have the names that the server would have "
        "given them",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
