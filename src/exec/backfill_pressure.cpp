#include "exec/backfill_pressure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace bascule::exec {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kEvery{500};
/// How often a wait is told of again whose text has changed: how far a replica is behind.
constexpr milliseconds kSayAgain{10'000};
constexpr std::string_view kThrottle = "throttle ";

}  // namespace

Pressure::Pressure(OnlineSession& session, std::int64_t run, std::size_t step, std::string table_sql)
    : session_(session), run_(run), step_(step), table_sql_(std::move(table_sql)) {}

db::DbResult<void> Pressure::look() {
  const milliseconds now = session_.tools().clock.now();
  if (looked_.count() != 0 && now - looked_ < kEvery) return {};
  looked_ = now;
  BASCULE_TRY_ASSIGN(Reason why, reason());
  paused_ = !why.text.empty();
  if (why.kind == said_.kind && (why.text == said_.text || now - told_ < kSayAgain)) return {};
  told_ = now;
  said_ = std::move(why);
  plan::Event event;
  event.kind = said_.text.empty() ? plan::Event::Kind::kResumed : plan::Event::Kind::kPaused;
  event.text = said_.text;
  session_.tell(std::move(event), step_);
  return {};
}

db::DbResult<Pressure::Reason> Pressure::reason() {
  OnlineTools& tools = session_.tools();
  BASCULE_TRY_ASSIGN(const std::string wish, tools.journal.wish(session_.connection(), run_));
  percent_ = wish.starts_with(kThrottle) ? std::clamp(std::atoi(wish.c_str() + kThrottle.size()), 1, 100) : 100;
  if (wish == "pause") return Reason{"wish", "somebody asked for it: bascule resume"};
  BASCULE_TRY_ASSIGN(Reason slow, slow_replica());
  if (!slow.text.empty()) return slow;
  if (!tools.words.lock_waiters.empty()) {
    const std::array<db::Cell, 1> parameters = {table_sql_};
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, session_.connection().query(tools.words.lock_waiters, parameters));
    const std::string waiting = rows.rows.empty() ? "" : rows.rows.front().front().value_or("");
    constexpr long kManyWait = 3;
    if (std::atol(waiting.c_str()) > kManyWait)
      return Reason{"waiters", waiting + " sessions wait for locks on " + table_sql_};
  }
  const std::string overload = tools.listener.overload();
  return overload.empty() ? Reason{} : Reason{"load", overload};
}

/// A replica that is not connected is not waited for: nobody knows whether it comes back.
db::DbResult<Pressure::Reason> Pressure::slow_replica() {
  const OnlineTools& tools = session_.tools();
  if (tools.words.replica_lag.empty()) return Reason{};
  BASCULE_TRY_ASSIGN(const db::ResultSet rows, session_.connection().query(tools.words.replica_lag));
  const double most = static_cast<double>(tools.settings.most_lag.count()) / 1000;
  const std::string waited_for = std::exchange(slow_replica_, "");
  bool is_there = false;
  Reason out;
  for (const std::vector<db::Cell>& row : rows.rows) {
    const std::string name = row[1].value_or("");
    is_there = is_there || name == waited_for;
    if (!row[0] && !std::exchange(told_of_unseen_, true))
      note("replicas are not waited for: this role may not see how far they are; GRANT pg_read_all_stats lets it");
    const double lag = row[0] ? std::strtod(row[0]->c_str(), nullptr) : 0;
    if (lag <= most || !out.text.empty()) continue;
    slow_replica_ = name;
    out = {"replica " + name, fmt::format("replica '{}' is {:g} s behind with replaying, --max-lag allows {:g} s", name,
                                          std::round(lag * 10) / 10, most)};
  }
  if (!waited_for.empty() && !is_there)
    note("replica '" + waited_for + "' is no longer connected: it is not waited for");
  return out;
}

void Pressure::note(std::string text) {
  plan::Event event;
  event.kind = plan::Event::Kind::kNote;
  event.text = std::move(text);
  session_.tell(std::move(event), step_);
}

milliseconds Pressure::rest(milliseconds worked) const {
  const int percent = percent_;
  return percent >= 100 ? milliseconds(0) : worked * (100 - percent) / percent;
}

}  // namespace bascule::exec
