// What: a Python exception on its way through C++ frames, and the signals of generators.
// Must not know: how it is reported (interpreter.cpp).
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "evaluate/objects.h"

namespace bascule::evaluate {

class PythonError : public std::exception {
 public:
  explicit PythonError(std::shared_ptr<Instance> raised) : exception(std::move(raised)) {}
  const char* what() const noexcept override { return "a Python exception"; }

  std::shared_ptr<Instance> exception;
  Location location;                ///< filled in where it is first caught
  std::vector<RelatedPlace> chain;  ///< the calls it left, innermost first
  std::string code;                 ///< of the diagnostic, if it is not "python-exception"
  std::string message;              ///< of the diagnostic, if it is not "KeyError: 'x'"
  std::string help;
};

/// Leaves a generator whose loop wants no more items. No except clause sees it.
struct GeneratorStop {
  const void* generator;
};

}  // namespace bascule::evaluate
