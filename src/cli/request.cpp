#include "cli/request.h"

#include <unistd.h>

#include <string_view>

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
  request.environment = process_environment();
  request.notices = &console;
  return request;
}

}  // namespace bascule::cli
