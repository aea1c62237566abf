// Any bytes: the reader gives a tree or one diagnostic, and evaluating what it read ends within its bounds.
// Rooms: evaluate syntax base
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "evaluate/interpreter.h"
#include "syntax/python/ast.h"

namespace {

class NoModules final : public bascule::evaluate::ModuleProvider {
 public:
  std::optional<bascule::evaluate::Value> import_module(std::string_view) override { return std::nullopt; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto file =
      std::make_shared<const bascule::SourceFile>("fuzz.py", std::string(reinterpret_cast<const char*>(data), size));
  auto module = bascule::syntax::python::parse(file);
  if (!module) {
    BASCULE_CHECK(!module.error().code.empty() && module.error().location.span.begin.known(),
                  "a diagnostic without a place");
    return 0;
  }
  NoModules modules;
  const std::map<std::string, std::string> environment = {{"HOME", "/home/someone"}};
  bascule::evaluate::Interpreter interpreter(file, *module, modules, environment,
                                             {.steps = 20'000, .depth = 30, .size = 100'000});
  auto ran = interpreter.run_module();
  BASCULE_CHECK(ran || !ran.error().code.empty(), "a diagnostic without a code");
  if (ran && interpreter.global("upgrade")) {
    auto called = interpreter.call_global("upgrade", {});
    BASCULE_CHECK(called || !called.error().code.empty(), "a diagnostic without a code");
  }
  return 0;
}
