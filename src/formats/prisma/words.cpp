#include "formats/prisma/words.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"

namespace bascule::formats::prisma {

namespace {

/// Options of Prisma that say nothing here.
constexpr std::array<std::string_view, 4> kIgnored = {"--skip-seed", "--skip-generate", "--skip-generators",
                                                      "--accept-data-loss"};
constexpr std::array<std::string_view, 18> kWithValue = {"--name",
                                                         "-n",
                                                         "--schema",
                                                         "--config",
                                                         "--applied",
                                                         "--rolled-back",
                                                         "--from-url",
                                                         "--to-url",
                                                         "--from-migrations",
                                                         "--to-migrations",
                                                         "--telemetry-information",
                                                         "--shadow-database-url",
                                                         "--output",
                                                         "-o",
                                                         "--url",
                                                         "--file",
                                                         "--from-schema",
                                                         "--to-schema"};
/// Options of Bascule that go before the command, as the user wrote them.
constexpr std::array<std::string_view, 8> kOursWithValue = {"-d",       "--directory", "-c",      "--wait",
                                                            "--format", "--set",       "--color", "--colour"};
constexpr std::array<std::string_view, 6> kOurs = {"--json", "-q", "--quiet", "-v", "--verbose", "--sql"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

struct Line {
  Words global;  ///< Bascule's own options
  Words words;   ///< "migrate", "deploy"
  std::map<std::string, std::string> values;
  std::set<std::string> flags;
};

Diagnostic usage(std::string message, std::string help) {
  Diagnostic out;
  out.code = "usage";
  out.message = std::move(message);
  out.help = std::move(help);
  return out;
}

Result<Line, Diagnostic> read(const Words& words) {
  Line line;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    std::optional<std::string> value;
    const auto equals = word.find('=');
    if (word.starts_with("--") && equals != std::string::npos) {
      value = word.substr(equals + 1);
      word.resize(equals);
    }
    const bool ours = holds(kOursWithValue, word);
    if (ours || holds(kWithValue, word)) {
      if (!value) {
        if (i + 1 >= words.size()) return failure(usage(word + " needs a value", ""));
        value = words[++i];
      }
      if (ours || word == "--url") {
        line.global.push_back(word);
        line.global.push_back(*value);
      } else {
        line.values[word == "-n" ? "--name" : word] = *value;
      }
    } else if (holds(kOurs, word)) {
      line.global.push_back(word);
    } else if (word.starts_with("-")) {
      if (!holds(kIgnored, word)) line.flags.insert(word);
    } else {
      line.words.push_back(word);
    }
  }
  if (const auto schema = line.values.find("--schema"); schema != line.values.end()) {
    line.global.emplace_back("--set");
    line.global.push_back("schema=" + schema->second);
  }
  if (const auto config = line.values.find("--config"); config != line.values.end()) {
    line.global.emplace_back("-c");
    line.global.push_back(config->second);
  }
  return line;
}

/// "--from-url X" and its like as what Bascule's diff compares.
Result<std::string, Diagnostic> side(const Line& line, const std::string& way) {
  if (line.flags.count("--" + way + "-empty") > 0) return std::string("base");
  if (const auto url = line.values.find("--" + way + "-url"); url != line.values.end()) return url->second;
  if (line.values.count("--" + way + "-migrations") > 0) return std::string("head");
  return failure(usage("migrate diff needs --" + way + "-url, --" + way + "-migrations or --" + way + "-empty",
                       "a schema's models are not compared yet; databases and migrations are"));
}

Result<Words, Diagnostic> diff(const Line& line) {
  BASCULE_TRY_ASSIGN(std::string from, side(line, "from"));
  BASCULE_TRY_ASSIGN(std::string to, side(line, "to"));
  Words out = {"diff", std::move(from), std::move(to)};
  if (line.flags.count("--script") > 0) out.emplace_back("--sql");
  if (line.flags.count("--exit-code") > 0) out.emplace_back("--exit-code");
  return out;
}

Result<Words, Diagnostic> resolve(const Line& line) {
  Words out = {"resolve"};
  for (const char* option : {"--applied", "--rolled-back"}) {
    const auto found = line.values.find(option);
    if (found == line.values.end()) continue;
    out.emplace_back("--set");
    out.push_back(std::string(option + 2) + "=" + found->second);
  }
  return out;
}

Words dev(const Line& line) {
  const auto name = line.values.find("--name");
  if (name == line.values.end() && line.flags.count("--create-only") == 0) return {"upgrade", "head"};
  return {"revision", "-m", name == line.values.end() ? "" : name->second};
}

Result<Words, Diagnostic> command(const Line& line) {
  const std::string verb = line.words.size() > 1 ? line.words[1] : "";
  if (verb == "deploy") return Words{"upgrade", "head"};
  if (verb == "status") return Words{"status"};
  if (verb == "dev") return dev(line);
  if (verb == "resolve") return resolve(line);
  if (verb == "diff") return diff(line);
  if (verb == "reset") {
    Words out = {"reset"};
    if (line.flags.count("--force") > 0 || line.flags.count("-f") > 0) out.emplace_back("--force");
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
  BASCULE_TRY_ASSIGN(const Line line, read(words));
  BASCULE_TRY_ASSIGN(Words translated, command(line));
  Words out = line.global;
  out.insert(out.end(), translated.begin(), translated.end());
  return out;
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
