// What: what PostgreSQL offers to online plans. Internal to this folder, but for the one instance that
// PostgresDialect::online gives.
// Must not know: the run loop, rewrites.
// Invariants: stateless. Queries look names up as the run's search path has them; a name that is not there makes a
// query say no, never fail. Where a part lives: guards in online_guard*.cpp, SQL of the catalog in online_catalog.cpp,
// batches in online_batches.cpp and online_rows.cpp, words in online_words.cpp, the journal in
// online_journal.cpp.
#pragma once

#include <string>
#include <string_view>

#include "dialects/online.h"

namespace bascule::dialects::postgres {

class PostgresOnline final : public OnlineDialect {
 public:
  plan::Guard guard(const model::Operation& atomic, const model::Schema& before, const Server& server) const override;
  Result<plan::Backfill, std::string> batches(std::string_view statement, const model::Schema& before) const override;
  std::vector<Filler> fillers(std::string_view update, const model::Schema& before,
                              const Server& server) const override;
  std::string side_effect(std::string_view update, const model::Schema& before) const override;
  const plan::OnlineWords& words() const override;
  const plan::JournalWords& journal() const override;
};

/// Queries whose rows would make the operation fail, and what they mean. Fills in rows_against and its text.
void find_rows_against(const model::Operation& atomic, const model::Schema& before, plan::Guard& guard);
/// Statements that take the operation back. Fills in what of a Guard begins with undo, and what an undo that was
/// interrupted or refused has left.
void find_undo(const model::Operation& atomic, const model::Schema& before, const Server& server, plan::Guard& guard);

}  // namespace bascule::dialects::postgres
