// What: runs another program without a shell, with a time limit, in a process group of its own.
// Must not know: what the program is for.
// Invariants: when it returns, nothing of the group is left running; the program reads what it is given, or nothing.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace bascule::app {

/// A program and its arguments: the words of a command line, never given to a shell. directory: where it starts.
struct ChildCommand {
  std::vector<std::string> words;
  std::string directory = ".";
  std::map<std::string, std::string> environment;
  std::chrono::milliseconds timeout{600'000};
  std::string input;     ///< what it finds on its stdin
  bool capture = false;  ///< its stdout is kept; else it goes to our stderr, as its stderr always does
};

/// How it ended. kNotStarted: `reason` says why ("No such file or directory").
struct ChildOutcome {
  enum class End { kNotStarted, kExited, kSignalled, kTimedOut, kInterrupted };
  End end = End::kNotStarted;
  int code = 0;  ///< kExited: the exit code; kSignalled: the signal
  std::string reason;
  std::string output;  ///< capture: the first megabyte of its stdout
};

/// Waits for it to end. When the time is over, or a signal of the user's came (which it is given first), the whole
/// group is killed.
ChildOutcome run_child(const ChildCommand& command);

}  // namespace bascule::app
