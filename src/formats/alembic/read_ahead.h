// What: parsed revision files, some of them ahead of time on threads of its own while the caller evaluates others.
// Must not know: what a module means; where files come from (their texts are in memory already).
// Invariants: the answer for a file is what syntax::python::parse gives for it, whoever parsed it and when; at most
// kWindow modules are held at a time; few files, or one processor, start no thread.
// Thread rules: one thread, the owner's, calls the public functions. The threads inside only call parse(), which keeps
// no state between calls, and share nothing but the slots, under the mutex. The destructor ends and joins them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/source.h"
#include "syntax/python/ast.h"

namespace bascule::formats::alembic {

using ParsedModule = Result<syntax::python::Module, Diagnostic>;

class ReadAhead {
 public:
  /// Modules that may be ready or in work at a time.
  static constexpr std::size_t kWindow = 16;
  /// Fewer files than this are parsed as they are asked for: starting a thread costs more than it saves.
  static constexpr std::size_t kFewest = 8;

  ReadAhead() = default;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  ~ReadAhead();

  /// Forgets what was expected before. @param files in the order in which they will be asked for; what is asked for
  /// out of order, or not at all, costs time and nothing else.
  void expect(std::vector<SourceFilePtr> files);
  /// The file's module; good until the next call. Asking for the same file again costs nothing.
  const ParsedModule& module_of(const SourceFilePtr& file);

 private:
  enum class State { kWaiting, kInWork, kDone };
  struct Slot {
    SourceFilePtr file;
    State state = State::kWaiting;
    std::optional<ParsedModule> parsed;  ///< when done; or else
    std::exception_ptr failed;           ///< what parse() threw: a fault of ours, for the owner's thread
  };

  void stop();
  void work(const std::stop_token& stopped);
  /// The first file of the window that nobody has begun; null: there is none. The mutex is held.
  Slot* next_waiting();
  /// Parses a slot's file with the mutex released.
  void parse_slot(Slot& slot, std::unique_lock<std::mutex>& lock);
  ParsedModule take(std::size_t position);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Slot> slots_;  ///< guarded by mutex_; not resized while threads run
  std::size_t next_ = 0;     ///< guarded by mutex_: the first slot that may still be asked for
  std::unordered_map<const SourceFile*, std::size_t> positions_;
  SourceFilePtr current_file_;
  std::optional<ParsedModule> current_;
  std::vector<std::jthread> threads_;  ///< last: joined before what they use goes
};

}  // namespace bascule::formats::alembic
