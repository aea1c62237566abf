#include "evaluate/stdlib.h"

#include <string>
#include <unordered_map>

#include "evaluate/stdlib_modules.h"
#include "evaluate/temporal.h"

namespace bascule::evaluate {

std::optional<Value> stdlib_module(std::string_view dotted) {
  using Maker = Value (*)();
  static const std::unordered_map<std::string_view, Maker> makers = {
      {"__future__", future_module},
      {"base64", base64_module},
      {"collections", collections_module},
      {"collections.abc", collections_abc_module},
      {"copy", copy_module},
      {"datetime", datetime_module},
      {"decimal", decimal_module},
      {"itertools", itertools_module},
      {"json", json_module},
      {"logging", logging_module},
      {"math", math_module},
      {"operator", operator_module},
      {"os", os_module},
      {"os.path", os_path_module},
      {"pathlib", pathlib_module},
      {"posixpath", os_path_module},
      {"random", random_module},
      {"re", re_module},
      {"secrets", secrets_module},
      {"string", string_module},
      {"sys", sys_module},
      {"textwrap", textwrap_module},
      {"time", time_module},
      {"typing", typing_module},
      {"typing_extensions", typing_module},
      {"uuid", uuid_module},
      {"warnings", warnings_module},
  };
  // One set a thread: values count their owners, and interpreters of different threads are independent.
  thread_local std::unordered_map<std::string_view, Value> made;
  auto maker = makers.find(dotted);
  if (maker == makers.end()) return std::nullopt;
  auto found = made.find(maker->first);
  if (found == made.end()) found = made.emplace(maker->first, maker->second()).first;
  return found->second;
}

}  // namespace bascule::evaluate
