#include <toml++/toml.h>

#include "formats/toml_file.h"

namespace bascule::formats {
namespace {

std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return std::to_string(number->get());
  return std::nullopt;
}

void flatten(const toml::table& table, const std::string& prefix, TomlFile& out) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    Position place;
    place.line = key.source().begin.line;
    place.column = key.source().begin.column;
    out.places.emplace(name, place);
    if (const auto* inner = node.as_table()) {
      flatten(*inner, name + ".", out);
    } else if (const auto* array = node.as_array()) {
      auto& items = out.arrays[name];
      for (const auto& item : *array) {
        if (auto text = scalar_text(item)) items.push_back(std::move(*text));
        if (const auto* row = item.as_table()) flatten(*row, "", out.tables[name].emplace_back());
      }
    } else if (auto text = scalar_text(node)) {
      out.values[name] = std::move(*text);
    }
  }
}

Diagnostic toml_error(const std::string& path, const std::string& text, const toml::parse_error& error) {
  Diagnostic diagnostic;
  diagnostic.code = "config-invalid";
  diagnostic.message = "cannot read " + path + ": " + std::string(error.description());
  auto file = std::make_shared<const SourceFile>(path, text);
  Position begin;
  begin.line = error.source().begin.line;
  begin.column = error.source().begin.column;
  diagnostic.location = {file, {begin, begin}};
  return diagnostic;
}

}  // namespace

Result<TomlFile, Diagnostic> parse_toml(const std::string& path, const std::string& text) {
  TomlFile out;
  try {
    flatten(toml::parse(text, path), "", out);
  } catch (const toml::parse_error& error) {
    return failure(toml_error(path, text, error));
  }
  return out;
}

}  // namespace bascule::formats
