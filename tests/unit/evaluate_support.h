// What: evaluating a snippet in a test: its `result`, or the diagnostic.
#pragma once

#include <fmt/core.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "evaluate/interpreter.h"
#include "syntax/python/ast.h"

namespace bascule::evaluate {

/// Modules by name, given by the test.
class TestModules final : public ModuleProvider {
 public:
  std::map<std::string, Value, std::less<>> modules;
  std::optional<Value> import_module(std::string_view dotted_name) override {
    auto found = modules.find(dotted_name);
    return found == modules.end() ? std::nullopt : std::optional<Value>(found->second);
  }
};

/// An interpreter with everything it refers to.
class TestRun {
 public:
  explicit TestRun(const std::string& text, Limits limits = {}, std::map<std::string, Value, std::less<>> modules = {})
      : file_(std::make_shared<const SourceFile>("versions/a1_test.py", text)) {
    modules_.modules = std::move(modules);
    auto parsed = syntax::python::parse(file_);
    if (!parsed) {
      diagnostic_ = parsed.error();
      return;
    }
    module_ = std::make_unique<syntax::python::Module>(*std::move(parsed));
    interpreter_ = std::make_unique<Interpreter>(file_, *module_, modules_, environment_, limits);
    if (auto ran = interpreter_->run_module(); !ran) diagnostic_ = ran.error();
  }
  bool failed() const { return diagnostic_.has_value(); }
  const Diagnostic& diagnostic() const { return diagnostic_.value(); }
  Interpreter& interpreter() { return *interpreter_; }
  Value result() { return interpreter_->global("result").value_or(Value("(no result)")); }
  /// repr(result), "opaque <what>", or "<code> at <line>: <message>".
  std::string outcome() {
    if (failed()) return describe(*diagnostic_);
    const Value value = result();
    return value.is_opaque() ? "opaque " + value.as_opaque()->what : interpreter_->repr(value);
  }
  static std::string describe(const Diagnostic& diagnostic) {
    return fmt::format("{} at {}:{}: {}", diagnostic.code, diagnostic.location.span.begin.line,
                       diagnostic.location.span.begin.column, diagnostic.message);
  }

 private:
  SourceFilePtr file_;
  TestModules modules_;
  std::map<std::string, std::string> environment_ = {{"HOME", "/home/someone"}};
  std::unique_ptr<syntax::python::Module> module_;
  std::unique_ptr<Interpreter> interpreter_;
  std::optional<Diagnostic> diagnostic_;
};

inline std::string outcome_of(const std::string& text) { return TestRun(text).outcome(); }

}  // namespace bascule::evaluate
