// What: what we did wrong. Thrown once, caught once, in main.
#pragma once

#include <source_location>
#include <stdexcept>
#include <string>

namespace bascule {

/// A broken invariant of Bascule itself; never caused by a user's file or by a server.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void check_failed(const char* condition, const std::string& message, std::source_location where);

}  // namespace bascule

#define BASCULE_CHECK(condition, message)                                                          \
  do {                                                                                             \
    if (!(condition)) ::bascule::check_failed(#condition, message, std::source_location::current()); \
  } while (false)
