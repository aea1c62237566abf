// What: the files of a tool that keeps versions beside its table: states, what is in the way, the course, stamping.
// Must not know: which tool, drivers, the run loop.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "formats/sequence.h"
#include "formats/versioned/tool.h"

namespace bascule::formats::versioned {

class VersionedSequence final : public Sequence {
 public:
  /// Both must outlive the sequence.
  VersionedSequence(const Tool& tool, const std::vector<Migration>& migrations)
      : tool_(tool), migrations_(migrations) {}

  db::DbResult<void> read(db::Connection* connection) override;
  db::DbResult<std::string> history_state(db::Connection& connection) const override;
  bool table_exists() const override { return ledger_.exists; }
  std::string table_name() const override;
  std::string standing() const override;
  std::vector<Entry> entries() const override;
  Refusal problems() const override;
  std::string to_settle() const override;
  Result<Course, Refusal> chart(const Goal& goal, const EvaluationTarget& target) override;
  Result<AmendmentPlan, Refusal> amend(const Amendment& amendment, const EvaluationTarget& target) override;

 private:
  using Chosen = std::vector<const Migration*>;

  db::DbResult<Ledger> look(db::Connection& connection) const;
  Result<const Migration*, Refusal> find(const std::string& version) const;
  model::Direction direction_of(const Goal& goal) const;
  Chosen applied_newest_first() const;
  Result<Chosen, Refusal> chosen_up(const std::string& target) const;
  Result<Chosen, Refusal> chosen_down(const std::string& target) const;
  const Migration* before(const Migration& migration, const Ledger& ledger) const;
  Result<AmendmentPlan, Refusal> stamp(const Amendment& amendment, const std::string& dialect) const;

  const Tool& tool_;
  const std::vector<Migration>& migrations_;
  Ledger ledger_;
};

}  // namespace bascule::formats::versioned
