// Evaluates Python snippets for the differential test: files named on the command line, or with --batch one file with
// snippets between lines "#--- name". For each it prints the repr of the global `result`, or what went wrong.
#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "evaluate/interpreter.h"
#include "syntax/python/ast.h"

namespace {

using bascule::Diagnostic;
using bascule::SourceFile;

class NoModules final : public bascule::evaluate::ModuleProvider {
 public:
  std::optional<bascule::evaluate::Value> import_module(std::string_view) override { return std::nullopt; }
};

std::string describe(const Diagnostic& diagnostic) {
  return fmt::format("error {} line {}: {}", diagnostic.code, diagnostic.location.span.begin.line, diagnostic.message);
}

std::string evaluate(const std::string& name, const std::string& text) {
  const auto file = std::make_shared<const SourceFile>(name, text);
  const auto module = bascule::syntax::python::parse(file);
  if (!module) return describe(module.error());
  NoModules modules;
  const std::map<std::string, std::string> environment = {{"HOME", "/home/someone"}};
  bascule::evaluate::Interpreter interpreter(file, *module, modules, environment, {});
  if (auto ran = interpreter.run_module(); !ran) return describe(ran.error());
  const auto result = interpreter.global("result");
  if (!result) return "no result";
  if (const auto* unknown = result->as_opaque()) return "opaque " + unknown->what;
  try {
    return interpreter.repr(*result);
  } catch (const std::exception& error) {
    return std::string("error in repr: ") + error.what();
  }
}

std::string read(std::istream& stream) {
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 2 && arguments[0] == "--batch") {
    std::ifstream stream(arguments[1]);
    std::istringstream lines(read(stream));
    std::string name;
    std::string snippet;
    const auto flush = [&] {
      if (!name.empty()) std::cout << name << '\t' << evaluate(name, snippet) << '\n';
      snippet.clear();
    };
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("#--- ")) {
        flush();
        name = line.substr(5);
      } else {
        snippet += line + "\n";
      }
    }
    flush();
    return 0;
  }
  for (const std::string& path : arguments) {
    std::ifstream stream(path);
    std::cout << evaluate(path, read(stream)) << '\n';
  }
  return 0;
}
