// What: what we did wrong. Thrown once, caught once, in main.
#pragma once

#include <stdexcept>
#include <string>

namespace bascule {

/// A broken invariant of Bascule itself; never caused by a user's file or by a server.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void check_failed(const char* condition, const std::string& message, const char* file, int line);

}  // namespace bascule

// __FILE__ rather than std::source_location: clang 14, which lints and fuzzes, has none.
#define BASCULE_CHECK(condition, message)                                               \
  do {                                                                                  \
    if (!(condition)) ::bascule::check_failed(#condition, message, __FILE__, __LINE__); \
  } while (false)
