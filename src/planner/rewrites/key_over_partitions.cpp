// ADD UNIQUE and ADD PRIMARY KEY on a partitioned table that is in use.
// Needs: no partition that has the key already; for a primary key PostgreSQL 17 at most.
// Does: NOT NULL first, where a primary key needs it; the key ON ONLY the whole, which has no rows and takes a moment;
// on each partition the unique index concurrently and the key over it, as key_using_index does it; then ATTACH, after
// the last of which the whole's is valid. Partitions of partitions likewise.
// The same end: the same key on the whole, and on each partition under the name that the server would have given it.
#include <utility>

#include "planner/rewrites/key_steps.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

template <class Key>
class KeyOfParts {
 public:
  explicit KeyOfParts(const Sight& sight) : sight_(sight), schema_(sight.before) {}

  std::optional<Drafts> of(const model::Table& table, Key key) {
    drafts_ = not_null_first(table, key);
    on_whole_alone(table.name, key);
    below(table.name, key);
    if (!can_) return std::nullopt;
    // To the model the parts' keys are the whole's.
    auto& replay = drafts_.back().replay.emplace();
    for (const auto& [part, name] : made_)
      replay.emplace_back(model::DropConstraint{.table = part, .name = name, .kind = kKind});
    if (made_.empty()) replay.emplace_back(model::AddConstraint{table.name, key, false});
    return std::move(drafts_);
  }

 private:
  void on_whole_alone(const QualifiedName& table, const Key& key) {
    const model::AddConstraint added{table, key, false};
    const auto rendered = sight_.dialect.render(added);
    std::string sql = rendered && !rendered->empty() ? rendered->front() : std::string();
    constexpr std::string_view kHead = "ALTER TABLE ";
    if (sql.starts_with(kHead)) sql.insert(kHead.size(), "ONLY ");
    drafts_.push_back(
        {.operation = added, .sql = std::move(sql), .reason = "on the whole alone: nothing is read", .settled = true});
  }

  void below(const QualifiedName& whole, const Key& key) {
    for (const model::Table& part : sight_.before.tables) {
      if (!model::same_name(part.postgresql.partition_of, whole)) continue;
      can_ = can_ && !has_it(part, key);
      Key its = key;
      its.name = name_for(part.name, key);
      made_.emplace_back(part.name, its.name);
      if (part.postgresql.partition_by.empty()) {
        for (Draft& one : over_index(part.name, its)) drafts_.push_back(std::move(one));
      } else {
        on_whole_alone(part.name, its);
        below(part.name, its);
      }
      const auto quoted = [&](const QualifiedName& table, const Identifier& name) {
        return sight_.dialect.quote(QualifiedName{table.schema, name});
      };
      const std::string sql =
          "ALTER INDEX " + quoted(whole, key.name) + " ATTACH PARTITION " + quoted(part.name, its.name);
      drafts_.push_back({.operation = model::RawSql{sql},
                         .sql = sql,
                         .reason = "it becomes a part of the whole's key",
                         .settled = true,
                         // What is attached cannot be let go again: it goes with the whole's.
                         .undo_too = {"ALTER TABLE " + sight_.dialect.quote(whole) + " DROP CONSTRAINT IF EXISTS " +
                                      sight_.dialect.quote(key.name)}});
    }
  }

  static bool has_it(const model::Table& part, const Key& key) {
    for (const model::Constraint& one : part.constraints)
      if (const auto* same = std::get_if<Key>(&one); same != nullptr && same->columns == key.columns) return true;
    return false;
  }

  /// As the server would name it; names given before are taken.
  Identifier name_for(const QualifiedName& part, const Key& key) {
    Key unnamed = key;
    unnamed.name = Identifier();
    advance(schema_, {model::AddConstraint{part, unnamed, false}}, sight_.dialect);
    const model::Table* table = model::find_table(std::as_const(schema_), part);
    return table == nullptr || table->constraints.empty() ? Identifier()
                                                          : model::constraint_name(table->constraints.back());
  }

  static constexpr model::ConstraintKind kKind =
      std::is_same_v<Key, model::PrimaryKey> ? model::ConstraintKind::kPrimaryKey : model::ConstraintKind::kUnique;
  const Sight& sight_;
  model::Schema schema_;
  Drafts drafts_;
  std::vector<std::pair<QualifiedName, Identifier>> made_;  ///< on partitions
  bool can_ = true;
};

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  return with_key(operation, sight, [&](const model::Table& table, auto key) -> std::optional<Drafts> {
    using Key = decltype(key);
    if (table.postgresql.partition_by.empty() || key.name.empty()) return std::nullopt;
    // From 18 on NOT NULL is a constraint, and a partition's own key makes it the partition's own.
    if (std::is_same_v<Key, model::PrimaryKey> && sight.server.major >= 18) return std::nullopt;
    return KeyOfParts<Key>(sight).of(table, std::move(key));
  });
}

}  // namespace

const Rewrite key_over_partitions = {
    .id = "key_over_partitions",
    .naive = "`ADD UNIQUE`, `ADD PRIMARY KEY` on a partitioned table",
    .online =
        "`SET NOT NULL` the gentle way where the key needs it; the key `ON ONLY` the whole; on each partition `CREATE "
        "UNIQUE INDEX CONCURRENTLY`, `ADD CONSTRAINT ... USING INDEX` and `ALTER INDEX ... ATTACH PARTITION`",
    .needs =
        "no partition that has the key already; for a primary key PostgreSQL 17 at most: later ones would leave NOT "
        "NULLs of the partitions' own; partitions of partitions too",
    .same =
        "the whole's key is valid when the last part is attached; parts have the names that the server would have "
        "given them",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
