#include "base/diagnostic.h"

#include <algorithm>

namespace bascule {

bool Diagnostics::has_errors() const { return error_count() != 0; }

std::size_t Diagnostics::error_count() const {
  return static_cast<std::size_t>(std::count_if(
      list_.begin(), list_.end(), [](const Diagnostic& item) { return item.severity == Severity::kError; }));
}

}  // namespace bascule
