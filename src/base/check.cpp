#include "base/check.h"

#include <string>

namespace bascule {

void check_failed(const char* condition, const std::string& message, const char* file, int line) {
  std::string text = std::string(file) + ":" + std::to_string(line) + ": " + message;
  text += " (";
  text += condition;
  text += ")";
  throw InternalError(text);
}

}  // namespace bascule
