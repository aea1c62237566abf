// What: a rewrite: one way to do one operation without keeping anybody out for long, to the same end. A rewrite is one
// file here and one line in list.h.
// Must not know: how steps are run; a dialect's spelling, except where it writes its own text.
// Invariants: what a rewrite gives is looked at by the rewrites again (a new column with a key is first a column, then
// a key), until nothing wants it any more. The schema after its drafts is the schema after the operation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"
#include "dialects/online.h"
#include "model/operation.h"
#include "plan/impact.h"
#include "planner/hazard.h"
#include "planner/new_relations.h"
#include "planner/piece.h"

namespace bascule::planner {

/// A step on its way into the online plan.
struct Draft {
  model::Operation operation;  ///< atomic
  std::string sql = {};        ///< the statement; empty: as the dialect spells the operation
  std::string reason = {};     ///< why it is so; empty: as for what it was made from
  std::optional<plan::Backfill> batches = {};
  bool settled = false;    ///< no rewrite looks at it again
  bool with_next = false;  ///< it runs in one transaction with the next one
  bool outside = false;    ///< it runs outside of a transaction
  bool last = false;       ///< it comes when the piece `until` of the revision has been done
  std::size_t until = 0;
  /// What it does to the model's schema, where that is not the operation (an index on the whole of a partitioned table
  /// alone, whose parts follow).
  std::optional<std::vector<model::Operation>> replay = {};
  std::vector<std::string> undo_too = {};    ///< takes it back, behind what the guard's own undo does
  std::vector<std::string> undo_first = {};  ///< plan::Guard::undo_first
};
using Drafts = std::vector<Draft>;

/// An AlterColumn that changes nothing yet.
model::AlterColumn alter(const QualifiedName& table, const Identifier& column);
/// 'text' in SQL.
std::string sql_text(std::string_view text);

/// What a rewrite may look at.
struct Sight {
  const dialects::Dialect& dialect;
  const dialects::OnlineDialect& online;
  const dialects::Server& server;
  const model::Schema& before;  ///< what the operation finds
  const NewRelations& fresh;
  const std::string& sql;  ///< the statement that does it
  const plan::Impact& impact;
  const std::optional<Hazard>& hazard;
  const std::vector<Piece>& pieces;  ///< of the revision
  std::size_t piece = 0;             ///< the one at hand

  /// A table that was there before this run; null: it is not known, or it is new.
  const model::Table* old_table(const QualifiedName& name) const;
  /// What is left of the schema when this has been done too: names that the database chooses can be read off it.
  model::Schema after(const model::Operation& operation) const;
  /// The constraint's name: its author's, or the one that the database would give it.
  Identifier name_given(const model::AddConstraint& added) const;
  Identifier name_given(const model::CreateIndex& made) const;
};

/// The last piece after `piece` that writes an added column: its NOT NULL may wait until then. nullopt: none does.
std::optional<std::size_t> filled_later(const model::AddColumn& added, const std::vector<Piece>& pieces,
                                        std::size_t piece);

struct Rewrite {
  std::string_view id;      ///< "index_concurrently"
  std::string_view naive;   ///< what it takes
  std::string_view online;  ///< what it makes of it
  std::string_view needs;   ///< when it can
  std::string_view same;    ///< why the end is the same
  /// nullopt: it has nothing to say of this operation.
  std::optional<Drafts> (*rewrite)(const model::Operation& operation, const Sight& sight);
};

/// All rewrites, in the order in which they are asked.
const std::vector<const Rewrite*>& all_rewrites();

}  // namespace bascule::planner
