#include "cli/request.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

// NOLINTNEXTLINE(readability-redundant-declaration)
extern char** environ;

namespace bascule::cli {

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) out.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

app::Request request_of(const CommandLine& line, Console& console) {
  app::Request request;
  request.directory = line.directory;
  request.config = line.config;
  request.url = line.url;
  request.format = line.format;
  request.options = line.options;
  request.wait = line.wait;
  request.allow_data_loss = line.allow_data_loss;
  if (line.single_transaction) request.single_transaction = true;
  if (line.transaction_per_migration) request.single_transaction = false;
  if (line.online.online || line.command == "abort" || line.command == "backfill") {
    app::OnlineRequest online;
    const OnlineLine& said = line.online;
    if (said.lock_timeout) online.settings.lock_timeout = *said.lock_timeout;
    if (said.deadline) online.settings.deadline = *said.deadline;
    // Who wants to write a row of a batch waits for the batch, and who commits waits while what it wrote goes to the
    // log: for a part of the lock timeout only, if nobody says otherwise.
    online.settings.batch_time =
        said.batch_time.value_or(std::min(online.settings.batch_time, online.settings.lock_timeout / 4));
    if (said.most_lag) online.settings.most_lag = *said.most_lag;
    if (said.jobs) online.settings.jobs = *said.jobs;
    online.settings.terminate_blockers_after = said.terminate_blockers_after;
    online.allow = said.allow;
    request.online = std::move(online);
  }
  request.environment = process_environment();
  request.notices = &console;
  return request;
}

}  // namespace bascule::cli
