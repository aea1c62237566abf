// goose's command line as Bascule's: `goose sqlite3 ./app.db up`, `goose -dir migrations up-to 7`.
#include <algorithm>
#include <array>
#include <utility>

#include "formats/goose/project.h"
#include "formats/versioned/environment.h"

namespace bascule::formats::goose {

namespace {

/// The driver and the place of the database may stand before the command.
bool is_driver(const std::string& word) {
  constexpr std::array<std::string_view, 6> kDrivers = {"postgres", "pgx", "sqlite3", "sqlite", "mysql", "redshift"};
  return std::find(kDrivers.begin(), kDrivers.end(), word) != kDrivers.end();
}

Result<std::string, Diagnostic> argument(const Words& words, const char* what) {
  if (words.size() < 2)
    return failure(usage("'" + words.front() + "' needs " + what, "as in: bascule " + words.front() + " " + what));
  return words[1];
}

Result<Words, Diagnostic> command(const Words& words) {
  const std::string verb = words.empty() ? "" : words.front();
  if (verb == "up") return Words{"upgrade", "head"};
  if (verb == "up-by-one") return Words{"upgrade", "+1"};
  if (verb == "down") return Words{"downgrade", "-1"};
  if (verb == "reset") return Words{"downgrade", "base"};
  if (verb == "version") return Words{"current"};
  if (verb == "validate") return Words{"check"};
  if (verb == "up-to" || verb == "down-to") {
    BASCULE_TRY_ASSIGN(const std::string version, argument(words, "VERSION"));
    if (verb == "up-to") return Words{"upgrade", version};
    return Words{"downgrade", version == "0" ? "base" : version};
  }
  if (verb == "create") {
    BASCULE_TRY_ASSIGN(const std::string name, argument(words, "NAME"));
    // goose takes "go" where nothing is said.
    if (words.size() < 3 || words[2] != "sql")
      return failure(usage("only SQL migrations are written here", "bascule create " + name + " sql"));
    return Words{"revision", "-m", name};
  }
  if (verb == "fix")
    return failure(usage("goose's 'fix' renames files, and is not taken over", "run it with goose, then go on here"));
  return words;
}

Result<Words, Diagnostic> translate(const Words& words) {
  BASCULE_TRY_ASSIGN(Arguments line,
                     read_arguments(words, {"dir", "table", "env", "certfile", "ssl-cert", "ssl-key", "timeout"}));
  if (line.has("no-versioning"))
    return failure(usage("-no-versioning runs files without the history table, and is not taken over",
                         "run the files with psql -f FILE or sqlite3 DATABASE < FILE"));
  Words out;
  if (line.words.size() > 2 && is_driver(line.words[0])) {
    const bool sqlite = line.words[0].starts_with("sqlite");
    out.insert(out.end(), {"--url", sqlite ? versioned::sqlite_url(line.words[1]) : line.words[1]});
    line.words.erase(line.words.begin(), line.words.begin() + 2);
  }
  BASCULE_TRY_ASSIGN(const Words translated, command(line.words));
  line.pass_on({{"dir", "dir"}, {"table", "table"}, {"env", "env-file"}}, out);
  if (line.has("allow-missing")) out.insert(out.end(), {"--set", "allow-missing=true"});
  if (line.has("s")) out.insert(out.end(), {"--set", "sequential=true"});
  return line.whole(out, translated);
}

}  // namespace

const Vocabulary& goose_vocabulary() {
  static const Vocabulary kWords = {"goose",
                                    {},
                                    {{"up [-allow-missing]", "run what is pending"},
                                     {"up-by-one, up-to VERSION", "run the next one, or up to a version"},
                                     {"down, down-to VERSION", "take the last one back, or down to a version"},
                                     {"redo", "take the last one back and run it again"},
                                     {"goose reset", "take all back"},
                                     {"status", "each migration and whether it has run"},
                                     {"version", "where the database stands"},
                                     {"create NAME sql", "write a new migration's file"}},
                                    translate,
                                    [](const Words& words) {
                                      return holds_option(words, {"dir", "table", "allow-missing", "no-versioning"});
                                    }};
  return kWords;
}

}  // namespace bascule::formats::goose
