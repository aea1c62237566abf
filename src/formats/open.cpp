#include "formats/open.h"

#include <utility>

#include "formats/alembic/project.h"

namespace bascule::formats {

Result<std::unique_ptr<Project>, Diagnostic> open_project(const std::string& directory,
                                                          const std::optional<std::string>& config,
                                                          const std::map<std::string, std::string>& environment) {
  using Open = std::optional<Result<std::unique_ptr<Project>, Diagnostic>> (*)(
      const std::string&, const std::optional<std::string>&, const std::map<std::string, std::string>&);
  constexpr Open kFormats[] = {alembic::open_alembic_project};
  for (const Open open : kFormats) {
    if (auto found = open(directory, config, environment)) return std::move(*found);
  }
  Diagnostic out;
  out.code = "no-project";
  out.message = "there is no migration project in " + (directory == "." ? "this folder" : directory);
  out.cause =
      "looked for alembic.ini, bascule.toml, pyproject.toml with [tool.alembic], and migrations/versions or "
      "alembic/versions";
  out.help = "go to the project's folder (or name it with -d), or start a new one with: bascule init";
  return failure(std::move(out));
}

}  // namespace bascule::formats
