// What: says that statements which are understood now will be asked for their impact later, perhaps by another thread:
// a dialect may keep what it has parsed until then. Must not know: what is kept, how. Invariants: nothing but speed
// depends on it.
#pragma once

namespace bascule::dialects {

/// Holds for this thread as long as one lives.
class ReadTwice {
 public:
  ReadTwice() { ++living_; }
  ~ReadTwice() { --living_; }
  ReadTwice(const ReadTwice&) = delete;
  ReadTwice& operator=(const ReadTwice&) = delete;

  static bool expected() { return living_ > 0; }

 private:
  static inline thread_local int living_ = 0;
};

}  // namespace bascule::dialects
