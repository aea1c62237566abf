#include "evaluate/error.h"

#include "evaluate/objects.h"
#include "evaluate/python_error.h"

namespace bascule::evaluate {

void raise_python(const std::string& type, const std::string& message, const std::string& help) {
  auto found = builtin_class(type);
  if (!found || !found->is_exception) {
    // An exception of a library that somebody native stands for: known by its name only.
    auto base = builtin_class("Exception");
    found = std::make_shared<ClassObject>();
    found->name = type;
    found->bases.emplace_back(ObjectPtr(base));
    found->ancestors.push_back(base);
    for (const auto& ancestor : base->ancestors) found->ancestors.push_back(ancestor);
    found->is_exception = true;
    found->is_builtin = true;
  }
  auto exception = make_exception(found, {Value(message)});
  exception->exception_text = message;
  PythonError error(std::move(exception));
  error.help = help;
  throw error;
}

void raise_type_error(const std::string& message, const std::string& help) { raise_python("TypeError", message, help); }

}  // namespace bascule::evaluate
