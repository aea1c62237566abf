#include "formats/versioned/problems.h"

#include <memory>
#include <utility>

#include "base/text.h"

namespace bascule::formats::versioned {

namespace {

Location place_of(const Migration& migration) {
  if (migration.file) return {migration.file, {{1, 1, 0}, {1, 1, 0}}};
  return {std::make_shared<const SourceFile>(migration.path, ""), {}};
}

}  // namespace

Diagnostic version_without_file(const std::string& version, const std::string& folder, Severity severity) {
  Diagnostic out;
  out.code = "version-without-file";
  out.severity = severity;
  out.message = "the database has run version " + version + ", of which " + folder + " has no file";
  out.help = "restore the file from version control; without it there is no way down";
  return out;
}

Diagnostic unknown_version(const std::string& version, const std::vector<Migration>& migrations) {
  Diagnostic out;
  out.code = "unknown-version";
  out.message = "there is no migration '" + version + "'";
  std::vector<std::string> known;
  for (const Migration& migration : migrations) known.push_back(migration.version);
  if (const auto near = did_you_mean(version, known))
    out.help = "did you mean " + *near + "?";
  else
    out.help = "`bascule status` lists them";
  return out;
}

Diagnostic runs_out_of_order(const std::vector<const Migration*>& late, const std::string& how) {
  Diagnostic out;
  out.code = "out-of-order";
  std::vector<std::string> versions;
  for (const Migration* migration : late) versions.push_back(migration->version);
  out.message = counted(late.size(), "migration") + " came after later ones had run: " + join(versions, ", ");
  out.location = place_of(*late.front());
  out.cause = "what runs now was written for a database without the later ones";
  out.help = how;
  return out;
}

Diagnostic cannot_run_code(const Migration& migration, const std::string& tool) {
  Diagnostic out;
  out.code = "migration-is-code";
  out.message = migration.path + " is a program, not SQL; only " + tool + " can run it";
  out.location = place_of(migration);
  out.help = "bring the database past version " + migration.version + " with " + tool + ", then go on here";
  return out;
}

}  // namespace bascule::formats::versioned
