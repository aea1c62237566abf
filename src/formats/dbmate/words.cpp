// dbmate's command line as Bascule's: `dbmate --url ... up`.
#include <cctype>
#include <map>
#include <utility>

#include "formats/dbmate/project.h"

namespace bascule::formats::dbmate {

namespace {

/// What Bascule leaves to the database's own programs: what to do instead.
std::optional<std::string> instead_of(const std::string& word) {
  static const std::map<std::string, std::string> kInstead = {
      {"create", "createdb NAME makes a PostgreSQL database; a SQLite file is made by bascule up"},
      {"drop", "dropdb NAME drops a PostgreSQL database; bascule clean empties the one there is"},
      {"dump", "bascule schema --url URL prints the database's schema"},
      {"load", "run the file with psql -f FILE, then bascule stamp head"},
      {"wait", "pg_isready says when a server is up; --wait 60s is how long a run waits for another one"},
  };
  const auto found = kInstead.find(word);
  return found == kInstead.end() ? std::nullopt : std::optional(found->second);
}

Result<Words, Diagnostic> command(const Arguments& line) {
  const std::string verb = line.words.empty() ? "" : line.words.front();
  if (verb == "up" || verb == "migrate") return Words{"upgrade", "head"};
  if (verb == "rollback" || verb == "down") return Words{"downgrade", "-1"};
  if (verb == "status") return line.has("exit-code") ? Words{"status", "--exit-code"} : Words{"status"};
  if (verb == "new" || verb == "n") {
    if (line.words.size() < 2) return failure(usage("the new migration needs a name", "bascule new create_users"));
    return Words{"revision", "-m", line.words[1]};
  }
  if (auto instead = instead_of(verb))
    return failure(usage("dbmate's '" + verb + "' is not taken over", std::move(*instead)));
  return line.words;
}

Result<Words, Diagnostic> translate(const Words& words) {
  // dbmate's --wait stands alone, Bascule's has a time behind it.
  Words kept;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool time = i + 1 < words.size() && std::isdigit(static_cast<unsigned char>(words[i + 1][0])) != 0;
    if (words[i] != "--wait" || time) kept.push_back(words[i]);
  }
  BASCULE_TRY_ASSIGN(const Arguments line,
                     read_arguments(kept, {"u", "e", "env", "env-file", "migrations-dir", "migrations-table", "s",
                                           "schema-file", "wait-timeout", "driver"}));
  BASCULE_TRY_ASSIGN(const Words translated, command(line));
  Words out;
  if (const std::string url = line.value("u"); !url.empty()) out.insert(out.end(), {"--url", url});
  line.pass_on({{"e", "env"},
                {"env", "env"},
                {"env-file", "env-file"},
                {"migrations-dir", "migrations-dir"},
                {"migrations-table", "migrations-table"}},
               out);
  if (line.has("strict")) out.insert(out.end(), {"--set", "strict=true"});
  return line.whole(out, translated);
}

}  // namespace

const Vocabulary& dbmate_vocabulary() {
  static const Vocabulary kWords = {"dbmate",
                                    {"npx", "dbmate"},
                                    {{"up, migrate [--strict]", "run what is pending"},
                                     {"rollback, down", "take the newest migration back"},
                                     {"status [--exit-code]", "each migration and whether it has run"},
                                     {"new NAME", "write a new migration's file"}},
                                    translate,
                                    [](const Words& words) {
                                      return holds_option(words, {"migrations-dir", "migrations-table", "env-file",
                                                                  "strict", "schema-file", "no-dump-schema"});
                                    }};
  return kWords;
}

}  // namespace bascule::formats::dbmate
