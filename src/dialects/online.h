// What: what a database offers to plans that run while an application works: how a step's effect is seen in the
// catalog, which changes of rows may be split, what is asked of the server meanwhile.
// Must not know: the run loop, rewrites.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialects/server.h"
#include "model/operation.h"
#include "model/schema.h"
#include "plan/journal_words.h"
#include "plan/online.h"

namespace bascule::dialects {

class OnlineDialect {
 public:
  virtual ~OnlineDialect() = default;
  /// What can be read of one atomic operation's effect. before: the schema that it finds.
  virtual plan::Guard guard(const model::Operation& atomic, const model::Schema& before,
                            const Server& server) const = 0;
  /// One whole-table UPDATE or DELETE as batches, or why it has to stay whole ("it reads other rows of orders").
  virtual Result<plan::Backfill, std::string> batches(std::string_view statement,
                                                      const model::Schema& before) const = 0;
  /// What gives new rows a column's value while the old ones are filled: statements, one by one; none: it cannot be,
  /// and why_not says why ("its value reads other tables").
  struct Filler {
    QualifiedName table;
    Identifier column;
    Identifier trigger;
    std::vector<std::string> make, drop;
    std::string why_not;
  };
  /// Of an UPDATE that gives every row, or every one that has none, a value: one for each of its columns.
  virtual std::vector<Filler> fillers(std::string_view update, const model::Schema& before,
                                      const Server& server) const = 0;
  /// What an UPDATE brings about that ALTER TABLE would not, besides the values that it writes ("the trigger t fires");
  /// empty: nothing.
  virtual std::string side_effect(std::string_view update, const model::Schema& before) const = 0;
  virtual const plan::OnlineWords& words() const = 0;
  /// Where runs are written down: docs/journal.md.
  virtual const plan::JournalWords& journal() const = 0;
};

}  // namespace bascule::dialects
