#include <utility>

#include <fmt/core.h>

#include "syntax/python/ast.h"
#include "syntax/python/convert.h"
#include "syntax/python/encoding.h"
#include "syntax/python/grammar.h"
#include "syntax/python/lexer.h"
#include "syntax/python/positions.h"
#include "syntax/python/tree.h"

namespace bascule::syntax::python {

namespace {

/// CPython's own choice: a bracket that is never closed is blamed when the grammar failed on a later line.
SyntaxFailure unclosed_or(const SyntaxFailure& failure, const Tokens& tokens, std::string_view text,
                          const Positions& positions) {
  if (tokens.unclosed.empty() || failure.code != "syntax-error") return failure;
  const Token& open = tokens.unclosed.back();
  // The last token is kEnd; the grammar blames the end of the one before it.
  bool at_end = tokens.list.size() < 2 || failure.begin >= tokens.list[tokens.list.size() - 2].end;
  if (!at_end && positions.at(failure.begin).line <= positions.at(open.begin).line) return failure;
  return {"syntax-error", fmt::format("'{}' was never closed", text[open.begin]), open.begin, open.end, ""};
}

std::string help_for(const SyntaxFailure& failure, const std::string& path) {
  if (!failure.help.empty()) {
    std::string help = failure.help;
    if (auto at = help.find("FILE"); at != std::string::npos) help.replace(at, 4, path);
    return help;
  }
  if (failure.code == "syntax-error") return "check with: python3 -m py_compile " + path;
  if (failure.code == "too-deep") return "split the expression or the function into smaller parts";
  if (failure.code == "too-large") return "a migration of this size is data: load it with COPY or an SQL file";
  return "write it in another way, or put the statements in an SQL file";
}

Diagnostic to_diagnostic(const SyntaxFailure& failure, const SourceFilePtr& file, const Positions& positions) {
  Diagnostic out;
  out.code = failure.code;
  out.message = failure.message;
  out.location = {file, positions.span(failure.begin, failure.end)};
  out.help = help_for(failure, file->path());
  return out;
}

Module read(std::string_view text, std::uint32_t start, const Positions& positions) {
  Tokens tokens = tokenize(text, start);
  Notes notes;
  try {
    notes = recognise(text, tokens);
  } catch (const SyntaxFailure& failure) {
    throw unclosed_or(failure, tokens, text, positions);
  }
  TreeParser parser;
  return Converter(text, start, tokens, notes, positions).module(parser);
}

}  // namespace

Result<Module, Diagnostic> parse(const SourceFilePtr& file) {
  std::string_view text = file->text();
  std::uint32_t start = 0;
  try {
    start = check_encoding(text);
    return read(text, start, Positions(text, start));
  } catch (const SyntaxFailure& found) {
    return failure(to_diagnostic(found, file, Positions(text, start)));
  }
}

}  // namespace bascule::syntax::python
