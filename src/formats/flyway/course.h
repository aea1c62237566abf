// What: the moves of a run up or down, with callbacks and history, in Flyway's order.
// Must not know: which scripts run.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "formats/flyway/history_table.h"
#include "formats/flyway/scripts.h"
#include "formats/flyway/statements.h"
#include "formats/flyway/states.h"
#include "formats/sequence.h"

namespace bascule::formats::flyway {

/// Builds a Course move by move and keeps count of the history table's rows, which each move's state speaks of.
class CourseBuilder {
 public:
  CourseBuilder(const Settings& settings, const Scripts& scripts, const Surroundings& around, HistoryTable table,
                std::string dialect, std::map<std::string, std::string> built_in);

  /// Makes what has to be there before the first migration. Codes: non-empty-schema, missing-schema, invalid-setting.
  void prepare(bool for_undo);
  /// The callbacks of an event, each in a transaction of its own.
  void callbacks(const std::string& event);
  void migrate(const Item& item);
  /// undo: null: there is no script, the way back is to be derived, and the history says that the row was deleted.
  void undo(const Item& item, const Script* undo, const Sums& sums);
  /// The course, or everything that was wrong.
  Result<Course, Refusal> finish();

 private:
  std::vector<model::AuthoredOperation> event_operations(const std::string& event);
  void run_script(const Script& script, const char* each, Move& move);
  void on_failure(const std::string& event, Move& move);
  void record(Move& move, HistoryRow row, bool in_transaction);
  void close(Move move);
  std::optional<Statements> cut_script(const Script& script);

  const Settings& settings_;
  const Scripts& scripts_;
  const Surroundings& around_;
  HistoryTable table_;
  std::string dialect_;
  std::map<std::string, std::string> built_in_;
  Course course_;
  Refusal wrong_;
  bool exists_;
  std::size_t count_;
  std::int64_t rank_;
  std::string state_;
  std::vector<std::string> restore_;  ///< puts the session back where a script has changed it
};

}  // namespace bascule::formats::flyway
