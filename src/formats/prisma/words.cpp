#include "formats/prisma/words.h"

#include <algorithm>
#include <utility>

namespace bascule::formats::prisma {

namespace {

/// "--from-url X" and its like as what Bascule's diff compares.
Result<std::string, Diagnostic> side(const Arguments& line, const std::string& way) {
  if (line.has(way + "-empty")) return std::string("base");
  if (std::string url = line.value(way + "-url"); !url.empty()) return url;
  if (line.values.count(way + "-migrations") > 0) return std::string("head");
  return failure(usage("migrate diff needs --" + way + "-url, --" + way + "-migrations or --" + way + "-empty",
                       "a schema's models are not compared yet; databases and migrations are"));
}

Result<Words, Diagnostic> diff(const Arguments& line) {
  BASCULE_TRY_ASSIGN(std::string from, side(line, "from"));
  BASCULE_TRY_ASSIGN(std::string to, side(line, "to"));
  Words out = {"diff", std::move(from), std::move(to)};
  if (line.has("script")) out.emplace_back("--sql");
  if (line.has("exit-code")) out.emplace_back("--exit-code");
  return out;
}

Words resolve(const Arguments& line) {
  Words out = {"resolve"};
  line.pass_on({{"applied", "applied"}, {"rolled-back", "rolled-back"}}, out);
  return out;
}

Words dev(const Arguments& line) {
  const std::string name = line.value(line.values.count("name") > 0 ? "name" : "n");
  if (name.empty() && !line.has("create-only")) return {"upgrade", "head"};
  return {"revision", "-m", name};
}

Result<Words, Diagnostic> command(const Arguments& line) {
  const std::string verb = line.words.size() > 1 ? line.words[1] : "";
  if (verb == "deploy") return Words{"upgrade", "head"};
  if (verb == "status") return Words{"status", "--exit-code"};
  if (verb == "dev") return dev(line);
  if (verb == "resolve") return resolve(line);
  if (verb == "diff") return diff(line);
  if (verb == "reset") {
    Words out = {"reset"};
    if (line.has("force") || line.has("f")) out.emplace_back("--force");
    return out;
  }
  return failure(usage(verb.empty() ? "migrate needs a word after it" : "there is no command 'migrate " + verb + "'",
                       "there are: migrate deploy, status, dev, resolve, reset, diff"));
}

Result<Words, Diagnostic> translate(const Words& words) {
  const auto first = std::find(words.begin(), words.end(), "migrate");
  if (first == words.end()) {
    const auto db = std::find(words.begin(), words.end(), "db");
    if (db != words.end() && db + 1 != words.end() && *(db + 1) == "execute")
      return failure(usage("'db execute' runs SQL past the migrations, and is not taken over",
                           "run the file with psql -f FILE or sqlite3 DATABASE < FILE"));
    return words;
  }
  BASCULE_TRY_ASSIGN(const Arguments line,
                     read_arguments(words, {"name", "n", "schema", "config", "applied", "rolled-back", "from-url",
                                            "to-url", "from-migrations", "to-migrations", "telemetry-information",
                                            "shadow-database-url", "output", "o", "file", "from-schema", "to-schema"}));
  BASCULE_TRY_ASSIGN(const Words translated, command(line));
  Words out;
  line.pass_on({{"schema", "schema"}}, out);
  if (const std::string config = line.value("config"); !config.empty()) out.insert(out.end(), {"-c", config});
  return line.whole(out, translated);
}

}  // namespace

const Vocabulary& prisma_vocabulary() {
  static const Vocabulary kVocabulary = {
      "prisma",
      {"npx", "prisma"},
      {
          {"migrate deploy", "run what is pending"},
          {"migrate status", "the migrations and where the database stands"},
          {"migrate dev", "run what is pending"},
          {"migrate dev --name NAME [--create-only]", "write a new migration's folder"},
          {"migrate resolve --applied NAME", "record a migration as applied"},
          {"migrate resolve --rolled-back NAME", "record a failed migration as rolled back"},
          {"migrate reset --force", "drop everything and run all migrations"},
          {"migrate diff --from-X --to-Y [--script]", "what differs between databases and migrations"},
      },
      translate};
  return kVocabulary;
}

}  // namespace bascule::formats::prisma
