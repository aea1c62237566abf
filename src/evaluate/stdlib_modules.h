// What: the modules of stdlib.h, one maker each. Included only by stdlib*.cpp.
// Must not know: natives of a format.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>

#include "evaluate/native_tools.h"
#include "evaluate/value.h"

namespace bascule::evaluate {

/// Collects a module's members under their short names.
class Members {
 public:
  explicit Members(std::string module) : module_(std::move(module)) {}
  Members& value(const std::string& name, Value held) {
    map_[name] = std::move(held);
    return *this;
  }
  /// A function whose result is opaque when an argument is.
  Members& function(const std::string& name, NativeFunction made) {
    return value(name, pure_function(module_ + "." + name, std::move(made)));
  }
  Value build(NamespaceFallback fallback = {}) { return make_namespace(module_, std::move(map_), std::move(fallback)); }

 private:
  std::string module_;
  std::unordered_map<std::string, Value> map_;
};

Value json_module();
Value uuid_module();
Value decimal_module();
Value re_module();
Value os_module();
Value os_path_module();
Value pathlib_module();
Value sys_module();
Value logging_module();
Value typing_module();
Value collections_module();
Value collections_abc_module();
Value itertools_module();
Value operator_module();
Value math_module();
Value string_module();
Value textwrap_module();
Value base64_module();
Value copy_module();
Value random_module();
Value secrets_module();
Value warnings_module();
Value future_module();

/// Items handed out as an iterator.
Value make_iterator(std::string kind, std::vector<Value> items);

}  // namespace bascule::evaluate
