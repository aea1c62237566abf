// What: tells how far a long statement is, from a second connection, while the first one runs it.
// Must not know: the server's progress tables (OnlineWords asks).
// Thread rules: a thread of its own between constructor and destructor; the listener hears it from there, while the
// thread that made it waits for the server.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "exec/online.h"

namespace bascule::exec {

class ProgressWatch {
 public:
  ProgressWatch(OnlineTools& tools, const plan::RevisionPlan& revision, std::size_t step, std::string session);
  ~ProgressWatch();
  ProgressWatch(const ProgressWatch&) = delete;
  ProgressWatch& operator=(const ProgressWatch&) = delete;

 private:
  void watch();

  OnlineTools& tools_;
  const plan::RevisionPlan& revision_;
  std::size_t step_;
  std::string session_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace bascule::exec
