// Imports: never run code, never fail. What nobody knows is an opaque value that remembers its import.
#include <fmt/core.h>

#include "evaluate/core_modules.h"
#include "evaluate/interpreter_impl.h"
#include "evaluate/stdlib.h"

namespace bascule::evaluate {

Value Interpreter::Implementation::opaque(std::string what, std::string cause) const {
  return OpaquePtr(std::make_shared<const Opaque>(Opaque{std::move(what), std::move(cause), here(), false}));
}

Value Interpreter::Implementation::opaque(std::string what, const Opaque& from) const {
  // A chain of calls in a loop must not grow a name without end.
  constexpr std::size_t kLongest = 200;
  if (what.size() > kLongest) what = from.what;
  return OpaquePtr(std::make_shared<const Opaque>(Opaque{std::move(what), from.cause, from.origin, from.harmless}));
}

std::optional<Value> Interpreter::Implementation::find_module(const std::string& dotted) {
  if (auto found = modules_.import_module(dotted)) return found;
  if (auto found = core_module(dotted)) return found;
  return stdlib_module(dotted);
}

Flow Interpreter::Implementation::run(const py::Import& node) {
  for (const py::ImportAlias& alias : node.names) {
    const std::string top = alias.name.substr(0, alias.name.find('.'));
    const std::string& wanted = alias.as.empty() ? top : alias.name;
    auto found = find_module(wanted);
    if (!found && wanted != top) {
      // import a.b as c, where only a is known: b may be a member of it.
      if (auto parent = find_module(wanted.substr(0, wanted.rfind('.')))) {
        found = find_attribute(*parent, std::string_view(wanted).substr(wanted.rfind('.') + 1));
      }
    }
    assign_name(alias.as.empty() ? top : alias.as,
                found ? *std::move(found) : opaque(wanted, "imported from " + alias.name));
  }
  return Flow::kNormal;
}

Flow Interpreter::Implementation::run(const py::ImportFrom& node) {
  const std::string module_name = std::string(static_cast<std::size_t>(node.level), '.') + node.module;
  const auto module = node.level == 0 ? find_module(node.module) : std::nullopt;
  if (node.star) {
    star_modules_.push_back(module ? *module : opaque(module_name, "imported from " + module_name));
    return Flow::kNormal;
  }
  for (const py::ImportAlias& alias : node.names) {
    std::optional<Value> found;
    if (module) found = find_attribute(*module, alias.name);
    if ((!found || found->is_opaque()) && node.level == 0) {
      if (auto submodule = find_module(node.module + "." + alias.name)) found = std::move(submodule);
    }
    // What a file of the project does not tell goes by the name that the migration gives it: a function `log` of the
    // application is no method of a logger.
    if (const Opaque* unknown = found ? found->as_opaque() : nullptr;
        unknown && unknown->cause.starts_with("imported from"))
      found = opaque(alias.name, *unknown);
    assign_name(alias.as.empty() ? alias.name : alias.as,
                found ? *std::move(found) : opaque(alias.name, "imported from " + module_name));
  }
  return Flow::kNormal;
}

}  // namespace bascule::evaluate
