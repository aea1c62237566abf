// What: which migration files a lint is about: those named, or those that Git says have changed. Internal to app/lint.
// Must not know: projects, rules.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "app/workspace.h"

namespace bascule::app {

/// The file's own place, however it is spelt: absolute, links followed.
std::string file_key(const std::string& path);

/// Files below the folder that differ from a Git revision, or are not in Git yet, by file_key. Error code: git-failed.
Outcome<std::set<std::string>> changed_since(const Request& request, const std::string& git_revision);

}  // namespace bascule::app
