// What: the migrations' folder beside _prisma_migrations: states, what is in the way, the course, `migrate resolve`.
// Must not know: drivers, the run loop.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "formats/prisma/history_table.h"
#include "formats/prisma/migrations.h"
#include "formats/prisma/settings.h"
#include "formats/sequence.h"

namespace bascule::formats::prisma {

class PrismaSequence final : public Sequence {
 public:
  /// Both must outlive the sequence.
  PrismaSequence(const Settings& settings, const std::vector<Migration>& migrations)
      : settings_(settings), migrations_(migrations) {}

  db::DbResult<void> read(db::Connection* connection) override;
  db::DbResult<std::string> history_state(db::Connection& connection) const override;
  bool table_exists() const override { return table_.exists; }
  std::string table_name() const override { return kTable; }
  std::string standing() const override;
  std::vector<Entry> entries() const override;
  Refusal problems() const override;
  std::string to_settle() const override;
  Result<Course, Refusal> chart(const Goal& goal, const EvaluationTarget& target) override;
  Result<AmendmentPlan, Refusal> amend(const Amendment& amendment, const EvaluationTarget& target) override;

 private:
  using Records = std::vector<const Record*>;

  const Records& records_of(const std::string& name) const;
  bool is_pending(const std::string& name) const;
  bool is_applied(const std::string& name) const;
  const Migration* find(const std::string& name) const;
  Entry entry_of(const Migration& migration) const;
  Entry entry_of_missing(const Record& record) const;
  Result<std::vector<const Migration*>, Refusal> chosen(const Goal& goal) const;
  Result<Move, Refusal> move_up(const Migration& migration, const HistorySql& sql, const std::string& dialect,
                                Counts& counts) const;
  Move move_down(const Migration& migration, const HistorySql& sql, Counts& counts) const;
  Result<AmendmentPlan, Refusal> resolve(const Amendment& amendment, const HistorySql& sql) const;
  Result<AmendmentPlan, Refusal> mark_applied(const std::string& name, const HistorySql& sql) const;
  Result<AmendmentPlan, Refusal> mark_rolled_back(const std::string& name, const HistorySql& sql) const;
  Result<AmendmentPlan, Refusal> baseline(const Amendment& amendment, const HistorySql& sql) const;
  void prepare(std::vector<std::string>& sql, const HistorySql& history) const;

  const Settings& settings_;
  const std::vector<Migration>& migrations_;
  TableState table_;
  std::map<std::string, Records> by_name_;
  std::string dialect_;  ///< of the connection that was read; empty: none was
};

}  // namespace bascule::formats::prisma
