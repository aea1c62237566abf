// What: what online runs need of the command line, and `abort`.
// Must not know: how the command line is spelled.
#pragma once

#include "app/failure.h"
#include "app/workspace.h"
#include "cli/command_line.h"
#include "cli/console.h"
#include "cli/event_sink.h"

namespace bascule::cli {

/// Lets `events` hear an online run, in the file that --events names. Fails (kUsage) where that cannot be written.
app::Outcome<void> listen(const CommandLine& line, app::Request& request, EventSink& events);
/// plan --online: both plans.
int compare_plans(const CommandLine& line, Console& console, model::Direction direction, const std::string& target);
int abort_run(const CommandLine& line, Console& console);
int backfill(const CommandLine& line, Console& console);
/// pause, resume, throttle.
int wish(const CommandLine& line, Console& console);

}  // namespace bascule::cli
