// What: the pieces that diagnostics and findings are laid out with: a place with its source line and caret, lines
// behind a mark. Must not know: what is said.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/source.h"
#include "report/style.h"

namespace bascule::report {

/// Long lines are shown in this width.
inline constexpr std::size_t kLineWindow = 160;

/// Terminals must not be driven by what stands in a file: control characters become blanks.
std::string printable(std::string_view line);
/// One line: runs of blanks and line ends are one blank.
std::string one_line(std::string_view text);
/// At most `most` bytes, cut between characters, with " ..." behind a cut.
std::string cut(std::string text, std::size_t most);
/// " --> versions/a.py:7:12", the source line and the caret under it. Nothing when there is no file.
void add_place(std::string& out, const Location& location, const Style& style);
/// "  = help: first line" and the others below its "h". Nothing when text is empty.
void add_lines(std::string& out, std::string_view text, std::string_view label, const Style& style);
/// {"file", "line", "column", "end_line", "end_column"}; null without a file, no lines where they are not known.
Json place_json(const Location& location);

}  // namespace bascule::report
