// What: what queries read: aliases, subqueries and common tables, joins.
// Must not know: rendering, connections.
// Invariants: an alias is never changed; its columns carry its number, so that two aliases of one name differ.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/alembic/sa_dml.h"

namespace bascule::formats::alembic {

/// table.alias("x"), query.subquery(), query.cte("x"): columns of its own under a name of its own.
class AliasClause final : public TableClause {
 public:
  /// item: with its alias and number. columns: as they are called in it; copies are attached.
  AliasClause(model::FromItem item, const std::vector<std::shared_ptr<ColumnClause>>& columns, Recorder& recorder);
  std::string type_name() const override { return item_.query ? "Subquery" : "Alias"; }
  model::FromItem from_item() const override { return item_; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;

 private:
  model::FromItem item_;
};

/// a.join(b, condition).
class JoinClause final : public evaluate::Object {
 public:
  JoinClause(model::FromItem item, std::vector<std::shared_ptr<TableClause>> tables, Recorder& recorder)
      : item_(std::move(item)), tables_(std::move(tables)), recorder_(recorder) {}
  const model::FromItem& item() const { return item_; }
  const std::vector<std::shared_ptr<TableClause>>& tables() const { return tables_; }
  std::string type_name() const override { return "Join"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;

 private:
  model::FromItem item_;
  std::vector<std::shared_ptr<TableClause>> tables_;  ///< left to right
  Recorder& recorder_;
};

/// An alias with a number of its own; an empty name becomes anon_1, anon_2 ...
std::shared_ptr<AliasClause> make_alias(model::FromItem item, const std::vector<std::shared_ptr<ColumnClause>>& columns,
                                        Recorder& recorder);
/// A table, alias or join as FROM takes it; nullopt: the value is none of them.
std::optional<model::FromItem> to_from(const Value& value);
/// left JOIN right ON on; a missing condition is made from their foreign keys, as SQLAlchemy does.
Value make_join(Interpreter& interpreter, const Value& left, const Value& right, const std::optional<Value>& on,
                const std::string& words, Recorder& recorder);
/// What join() and outerjoin() have in common: (right, onclause=None, isouter=False, full=False).
Value join_by_arguments(Interpreter& interpreter, const Value& left, const evaluate::Arguments& arguments, bool outer,
                        Recorder& recorder);

}  // namespace bascule::formats::alembic
