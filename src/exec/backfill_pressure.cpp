#include "exec/backfill_pressure.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace bascule::exec {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kEvery{500};
constexpr std::string_view kThrottle = "throttle ";

}  // namespace

Pressure::Pressure(OnlineSession& session, std::int64_t run, std::size_t step, std::string table_sql)
    : session_(session), run_(run), step_(step), table_sql_(std::move(table_sql)) {}

db::DbResult<void> Pressure::look() {
  const milliseconds now = session_.tools().clock.now();
  if (looked_.count() != 0 && now - looked_ < kEvery) return {};
  looked_ = now;
  BASCULE_TRY_ASSIGN(const std::string why, reason());
  paused_ = !why.empty();
  if (why == said_) return {};
  said_ = why;
  plan::Event event;
  event.kind = why.empty() ? plan::Event::Kind::kResumed : plan::Event::Kind::kPaused;
  event.text = why;
  session_.tell(std::move(event), step_);
  return {};
}

db::DbResult<std::string> Pressure::reason() {
  OnlineTools& tools = session_.tools();
  BASCULE_TRY_ASSIGN(const std::string wish, tools.journal.wish(session_.connection(), run_));
  percent_ = wish.starts_with(kThrottle) ? std::clamp(std::atoi(wish.c_str() + kThrottle.size()), 1, 100) : 100;
  if (wish == "pause") return std::string("somebody asked for it: bascule resume");
  if (!tools.words.replica_lag.empty()) {
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, session_.connection().query(tools.words.replica_lag));
    const std::string seconds = rows.rows.empty() ? "" : rows.rows.front().front().value_or("");
    const double most = static_cast<double>(tools.settings.most_lag.count()) / 1000;
    if (const double lag = std::strtod(seconds.c_str(), nullptr); lag > most)
      return fmt::format("a replica is {:.0f} s behind, {:.0f} s are allowed", lag, most);
  }
  if (!tools.words.lock_waiters.empty()) {
    const std::array<db::Cell, 1> parameters = {table_sql_};
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, session_.connection().query(tools.words.lock_waiters, parameters));
    const std::string waiting = rows.rows.empty() ? "" : rows.rows.front().front().value_or("");
    constexpr long kManyWait = 3;
    if (std::atol(waiting.c_str()) > kManyWait) return waiting + " sessions wait for locks on " + table_sql_;
  }
  return tools.listener.overload();
}

milliseconds Pressure::rest(milliseconds worked) const {
  const int percent = percent_;
  return percent >= 100 ? milliseconds(0) : worked * (100 - percent) / percent;
}

}  // namespace bascule::exec
