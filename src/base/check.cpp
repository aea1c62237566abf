#include "base/check.h"

#include <string>

namespace bascule {

void check_failed(const char* condition, const std::string& message, std::source_location where) {
  std::string text = std::string(where.file_name()) + ":" + std::to_string(where.line()) + ": " + message;
  text += " (";
  text += condition;
  text += ")";
  throw InternalError(text);
}

}  // namespace bascule
