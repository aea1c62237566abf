// What: where op.* calls and .create()/.drop() of types put their operations while a revision is evaluated.
// Must not know: Python syntax, SQL.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/identifier.h"
#include "db/connection.h"
#include "formats/format.h"
#include "model/authored.h"
#include "model/expression.h"
#include "model/schema.h"

namespace bascule::formats::alembic {

class Recorder {
 public:
  explicit Recorder(EvaluationTarget target) : target_(std::move(target)) {}
  const EvaluationTarget& target() const { return target_; }
  /// Keeps the operation; with a live database it is done at once, and what goes wrong is raised as Python's exception.
  void record(model::Operation operation, Location where, std::string written_as);
  LiveDatabase* live() const { return target_.live; }
  /// What the last recorded operation gave, with a live database.
  const db::ResultSet& last_rows() const { return last_rows_; }
  /// Notes a foreign key of a CREATE TABLE that the table is made without.
  void leave_out(const QualifiedName& table, const model::ForeignKey& key, Location where) {
    left_out_.push_back({table, key, std::move(where)});
  }
  /// A warning for each left-out key that no operation recorded so far adds.
  Diagnostics warnings() const;
  /// A rollback() of the script's own has ended the revision's transaction: what follows is refused, as SQLAlchemy
  /// refuses it.
  void break_transaction(const Location& where) { broken_at_ = where; }
  const std::optional<Location>& broken_at() const { return broken_at_; }
  void require_transaction() const;
  void enter_autocommit(const Location& where);
  void leave_autocommit(const Location& where);
  /// Aliases of tables and queries by their number (model::FromItem::source).
  int next_alias() { return ++last_alias_; }
  void remember_alias(model::FromItem item) { aliases_.insert_or_assign(item.source, std::move(item)); }
  const model::FromItem* find_alias(int source) const {
    const auto found = aliases_.find(source);
    return found == aliases_.end() ? nullptr : &found->second;
  }
  std::vector<model::AuthoredOperation> take() { return std::move(operations_); }

 private:
  struct LeftOutKey {
    QualifiedName table;
    model::ForeignKey key;
    Location where;
  };

  EvaluationTarget target_;
  std::vector<model::AuthoredOperation> operations_;
  std::vector<LeftOutKey> left_out_;
  db::ResultSet last_rows_;
  std::map<int, model::FromItem> aliases_;
  int last_alias_ = 0;
  std::optional<Location> broken_at_;
  int autocommit_depth_ = 0;
};

}  // namespace bascule::formats::alembic
