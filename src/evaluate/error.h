// What: how evaluation fails inside the room: as C++ exceptions, because Python's own exceptions cross every frame.
// Invariant: none leaves evaluate's public entry points (run.h); there they have become Diagnostics.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "base/diagnostic.h"
#include "base/source.h"

namespace bascule::evaluate {

/// A refusal: what Bascule will not or cannot evaluate. Python's try/except does not catch it.
/// The interpreter fills in the location of the innermost expression where it is unknown.
class Refusal : public std::exception {
 public:
  explicit Refusal(Diagnostic diagnostic) : diagnostic_(std::move(diagnostic)) {}
  Refusal(std::string code, std::string message, std::string help = "", Location location = {}) {
    diagnostic_.code = std::move(code);
    diagnostic_.message = std::move(message);
    diagnostic_.help = std::move(help);
    diagnostic_.location = std::move(location);
  }
  Diagnostic& diagnostic() { return diagnostic_; }
  const Diagnostic& diagnostic() const { return diagnostic_; }
  const char* what() const noexcept override { return diagnostic_.message.c_str(); }

 private:
  Diagnostic diagnostic_;
};

/// Raises a Python exception that try/except can catch: raise_python("KeyError", "'x'").
/// help: of the diagnostic, if nothing catches it.
[[noreturn]] void raise_python(const std::string& type, const std::string& message, const std::string& help = "");
/// The usual TypeError for a wrong argument.
[[noreturn]] void raise_type_error(const std::string& message, const std::string& help = "");

}  // namespace bascule::evaluate
