// What: binding a native call's arguments to parameter names, with Python's own TypeErrors.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evaluate/value.h"

namespace bascule::evaluate {

/// Takes arguments apart by name. Example:
///   Binder bind("op.add_column", arguments, {"table_name", "column"}, {"schema"});
///   Value table = bind.required("table_name");
/// Positional arguments fill `positional` names in order; the rest only come by keyword. Keywords that no list names
/// are kept in extra() (for **kw); call reject_extra() where there may be none. Too many positionals go to rest() if
/// `variadic`, else TypeError.
class Binder {
 public:
  Binder(std::string function, const Arguments& arguments, std::initializer_list<std::string_view> positional,
         std::initializer_list<std::string_view> keyword_only = {}, bool variadic = false);
  /// The argument, or TypeError naming the parameter.
  Value required(std::string_view name) const;
  /// The argument, or nullopt when it was not given. (None given explicitly is a value.)
  std::optional<Value> optional(std::string_view name) const;
  /// Not given and None are both nullopt.
  std::optional<Value> present(std::string_view name) const;
  bool given(std::string_view name) const { return optional(name).has_value(); }
  const std::vector<Value>& rest() const { return rest_; }
  const std::vector<std::pair<std::string, Value>>& extra() const { return extra_; }
  /// The names of all its parameters, for "did you mean"; filled only where extra() is not empty.
  const std::vector<std::string>& parameters() const { return parameters_; }
  void reject_extra() const;
  const Location& where() const { return where_; }
  const std::string& function() const { return function_; }

 private:
  std::string function_;
  Location where_;
  std::vector<std::pair<std::string, Value>> bound_;
  std::vector<Value> rest_;
  std::vector<std::pair<std::string, Value>> extra_;
  std::vector<std::string> parameters_;
};

}  // namespace bascule::evaluate
