// What: completion scripts for shells: commands, options, and revisions asked from `bascule history --json`-like
// output. Must not know: how commands work.
#pragma once

#include <string>

namespace bascule::cli {

/// shell: "bash", "zsh" or "fish".
std::string completion_script(const std::string& shell);

}  // namespace bascule::cli
