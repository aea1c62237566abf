// What: reads a revision file's ids without parsing it: a tokenizer that knows strings, comments, brackets and line
// starts, looking for plain top-level assignments.
// Must not know: the rest of Python (evaluate_revision reads what this cannot).
// Invariants: never guesses: where the file does anything with the four names that is not a plain assignment of
// literals, the scan says so and the full evaluation decides.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bascule::formats::alembic {

/// A value and the stretch of the text (bytes) that it was written in.
struct HeaderField {
  std::vector<std::string> values;
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Header {
  std::optional<HeaderField> revision;       ///< one value
  std::optional<HeaderField> down_revision;  ///< none for a base; unset: there is no such name
  std::optional<HeaderField> branch_labels;
  std::optional<HeaderField> depends_on;
  std::string message;                     ///< the docstring's first line
  std::optional<std::string> create_date;  ///< the docstring's "Create Date:" line
};

/// nullopt: unsure, evaluate the file. text: valid UTF-8, a BOM and CRLF are fine. A syntax error elsewhere is not
/// seen.
std::optional<Header> scan_header(std::string_view text);

/// What can be taken from a file that has a syntax error: its ids where both `revision` and `down_revision` stand,
/// plainly, before the first unterminated string or stray bracket. nullopt: the error may be in the ids themselves.
std::optional<Header> scan_broken_header(std::string_view text);

/// message and create_date from a docstring.
void read_docstring(std::string_view docstring, Header& header);

/// name=literal arguments (str, bool as "True"/"False", None as "None") of every call of `function` ("configure"), in
/// order. An argument that is not a literal has no value.
struct ScannedArgument {
  std::string name;
  std::optional<std::string> value;
};
std::vector<ScannedArgument> scan_call_arguments(std::string_view text, std::string_view function);

}  // namespace bascule::formats::alembic
