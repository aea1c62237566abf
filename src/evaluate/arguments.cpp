#include "evaluate/arguments.h"

#include <algorithm>

#include "base/text.h"
#include "evaluate/error.h"

namespace bascule::evaluate {

Binder::Binder(std::string function, const Arguments& arguments, std::initializer_list<std::string_view> positional,
               std::initializer_list<std::string_view> keyword_only, bool variadic)
    : function_(std::move(function)), where_(arguments.where) {
  const auto* name = positional.begin();
  for (const Value& value : arguments.positional) {
    if (name != positional.end()) {
      bound_.emplace_back(std::string(*name++), value);
    } else if (variadic) {
      rest_.push_back(value);
    } else {
      raise_type_error(function_ + "() takes " + std::to_string(positional.size()) + " positional argument" +
                       (positional.size() == 1 ? "" : "s") + " but " + std::to_string(arguments.positional.size()) +
                       (arguments.positional.size() == 1 ? " was" : " were") + " given");
    }
  }
  for (const auto& [key, value] : arguments.keywords) {
    const bool listed = std::find(positional.begin(), positional.end(), key) != positional.end() ||
                        std::find(keyword_only.begin(), keyword_only.end(), key) != keyword_only.end();
    if (!listed) {
      extra_.emplace_back(key, value);
    } else if (given(key)) {
      raise_type_error(function_ + "() got multiple values for argument '" + key + "'");
    } else {
      bound_.emplace_back(key, value);
    }
  }
  if (extra_.empty()) return;
  for (const std::string_view parameter : positional) parameters_.emplace_back(parameter);
  for (const std::string_view parameter : keyword_only) parameters_.emplace_back(parameter);
}

Value Binder::required(std::string_view name) const {
  if (auto value = optional(name)) return *std::move(value);
  raise_type_error(function_ + "() missing 1 required argument: '" + std::string(name) + "'");
}

std::optional<Value> Binder::optional(std::string_view name) const {
  for (const auto& [key, value] : bound_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<Value> Binder::present(std::string_view name) const {
  auto value = optional(name);
  if (value && value->is_none()) return std::nullopt;
  return value;
}

void Binder::reject_extra() const {
  if (extra_.empty()) return;
  const std::string& unknown = extra_.front().first;
  const auto near = did_you_mean(unknown, parameters_);
  raise_type_error(function_ + "() got an unexpected keyword argument '" + unknown + "'",
                   near ? "did you mean '" + *near + "'?" : "");
}

}  // namespace bascule::evaluate
