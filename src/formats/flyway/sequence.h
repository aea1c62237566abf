// What: a Flyway project's list beside a database's history table: what `info` shows, `validate` finds, and what
// `migrate`, `undo`, `baseline` and `repair` do.
// Must not know: the run loop, drivers, the command line.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "formats/flyway/history_table.h"
#include "formats/flyway/scripts.h"
#include "formats/flyway/states.h"
#include "formats/sequence.h"

namespace bascule::formats::flyway {

class FlywaySequence final : public Sequence {
 public:
  /// Both must outlive it.
  FlywaySequence(const Settings& settings, const Scripts& scripts);

  db::DbResult<void> read(db::Connection* connection) override;
  db::DbResult<std::string> history_state(db::Connection& connection) const override;
  bool table_exists() const override { return around_.table_exists; }
  std::string table_name() const override;
  std::string standing() const override;
  std::vector<Entry> entries() const override;
  Refusal problems() const override;
  std::string to_settle() const override;
  Result<Course, Refusal> chart(const Goal& goal, const EvaluationTarget& target) override;
  Result<AmendmentPlan, Refusal> amend(const Amendment& amendment, const EvaluationTarget& target) override;

  /// Values of ${flyway:...}: the database's where it was asked, else what the settings say.
  std::map<std::string, std::string> built_in(const std::string& dialect) const;

 private:
  void judge();
  bool ignored(const Item& item, bool pending_too) const;
  std::optional<Diagnostic> problem_of(const Item& item, const List& made, bool pending_too) const;
  Refusal problems(const List& list, bool pending_too) const;
  HistoryTable history_table(const EvaluationTarget& target) const;
  List list(const Reach& reach) const { return make_list(scripts_, judged_, around_.rows, reach); }
  Result<Reach, Diagnostic> reach_of(const std::string& target) const;

  Result<AmendmentPlan, Refusal> baseline(const Amendment& amendment, const EvaluationTarget& target) const;
  Result<AmendmentPlan, Refusal> repair(const EvaluationTarget& target);

  const Settings& settings_;
  const Scripts& scripts_;
  Surroundings around_;
  Judged judged_;
  Diagnostics unreadable_;  ///< placeholders of repeatables without a value, shouldExecute that cannot be read
  std::string timestamp_;
};

/// A row for a script that has run (or failed).
HistoryRow row_of(const Script& script, const Sums& sums, std::int64_t rank);
/// At most 200 characters, as Flyway cuts descriptions.
std::string cut_description(const std::string& text);
/// The row that `baseline` writes. Code: invalid-setting (the version is none).
Result<HistoryRow, Diagnostic> baseline_row(const Settings& settings);

}  // namespace bascule::formats::flyway
