// What: text put into Markdown so that it stays what it is: nothing in a file's text becomes a link, a mention or
// markup. Must not know: what is said.
#pragma once

#include <string>
#include <string_view>

namespace bascule::report {

/// Plain text in a paragraph, list or table cell; line ends become blanks.
/// @param keep_code what stands in `backticks` is code: for our own texts, not for those of files.
std::string markdown_text(std::string_view text, bool keep_code = false);
/// `code` in a line, cut to `most` characters, with as many backticks as it needs; fit for a table cell too.
std::string markdown_code(std::string_view code, std::size_t most = 160);
/// A fenced block; ends with a line end. @param language may be empty.
std::string markdown_block(std::string_view code, std::string_view language);

}  // namespace bascule::report
