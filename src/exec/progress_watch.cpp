#include "exec/progress_watch.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "exec/rate.h"

namespace bascule::exec {

namespace {

/// Most statements are over before anybody needs to be told.
constexpr std::chrono::milliseconds kFirst{1'000};
constexpr std::chrono::milliseconds kEvery{1'000};

std::int64_t number(const db::Cell& cell) { return cell ? std::strtoll(cell->c_str(), nullptr, 10) : 0; }

}  // namespace

ProgressWatch::ProgressWatch(OnlineTools& tools, const plan::RevisionPlan& revision, std::size_t step,
                             std::string session)
    : tools_(tools), revision_(revision), step_(step), session_(std::move(session)) {
  if (!tools.words.progress.empty()) thread_ = std::thread([this] { watch(); });
}

ProgressWatch::~ProgressWatch() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ProgressWatch::watch() {
  std::unique_lock lock(mutex_);
  if (ended_.wait_for(lock, kFirst, [&] { return end_; })) return;
  auto connection = tools_.connector.connect();
  if (!connection) return;
  std::string phase;
  Rate rate;
  while (true) {
    const std::array<db::Cell, 1> parameters = {session_};
    auto rows = (*connection)->query(tools_.words.progress, parameters);
    if (!rows) return;
    if (!rows->rows.empty()) {
      const std::vector<db::Cell>& row = rows->rows.front();
      plan::Event event;
      event.kind = plan::Event::Kind::kProgress;
      event.revision = revision_.revision;
      event.step = step_ + 1;
      event.steps = revision_.steps.size();
      event.text = row[0].value_or("");
      // Each phase counts for itself.
      if (event.text != phase) rate = Rate();
      phase = event.text;
      event.done = number(row[1]);
      event.total = number(row[2]);
      event.unit = row[3].value_or("");
      rate.add(tools_.clock.now(), event.done);
      event.rate = rate.per_second();
      event.left = rate.left(event.total);
      tools_.listener.event(event);
    }
    if (ended_.wait_for(lock, kEvery, [&] { return end_; })) return;
  }
}

}  // namespace bascule::exec
