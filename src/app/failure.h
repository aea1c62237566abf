// What: how a use case ends when it does not end well, and the exit codes that go with it.
// Must not know: how it is printed.
#pragma once

#include <string>
#include <utility>

#include "base/diagnostic.h"
#include "base/result.h"

namespace bascule::app {

/// What the process returns; documented in docs/commands.md. Never renumber.
enum class ExitCode {
  kDone = 0,
  kFailed = 1,        ///< the database or the file system refused; what stands is said
  kUsage = 2,         ///< the command line is wrong, or names what is not there
  kUnsound = 3,       ///< the project cannot be read or evaluated; the database was not touched
  kBusy = 4,          ///< another run holds the lock, --wait is over
  kInterrupted = 130  ///< Ctrl-C or SIGTERM
};

struct Failure {
  ExitCode code = ExitCode::kFailed;
  Diagnostics diagnostics;
};

inline Failure make_failure(ExitCode code, Diagnostic diagnostic) {
  Failure out;
  out.code = code;
  out.diagnostics.add(std::move(diagnostic));
  return out;
}

/// Of kUsage.
inline Failure usage_failure(std::string code, std::string message, std::string help) {
  Diagnostic out;
  out.code = std::move(code);
  out.message = std::move(message);
  out.help = std::move(help);
  return make_failure(ExitCode::kUsage, std::move(out));
}

template <class T>
using Outcome = Result<T, Failure>;

}  // namespace bascule::app
