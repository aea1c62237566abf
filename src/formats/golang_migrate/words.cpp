// golang-migrate's command line as Bascule's: `migrate -path migrations -database URL up 2`.
#include <utility>

#include "base/text.h"
#include "formats/golang_migrate/project.h"
#include "formats/versioned/environment.h"
#include "formats/versioned/migration.h"

namespace bascule::formats::golang_migrate {

namespace {

/// golang-migrate's URLs: "sqlite3://path", "pgx5://...", and its own settings behind the "?".
struct Address {
  std::string url;
  std::string table;
};
Address address_of(const std::string& text) {
  Address out{text, ""};
  constexpr std::string_view kTable = "x-migrations-table=";
  const auto question = text.find('?');
  if (question != std::string::npos) {
    out.url.resize(question);
    std::vector<std::string> kept;
    for (const std::string_view one : split(std::string_view(text).substr(question + 1), '&')) {
      if (one.starts_with(kTable)) out.table = one.substr(kTable.size());
      if (!one.starts_with("x-")) kept.emplace_back(one);
    }
    if (!kept.empty()) out.url += "?" + join(kept, "&");
  }
  for (const std::string_view scheme : {"sqlite3://", "sqlite://"})
    if (text.starts_with(scheme)) out.url = versioned::sqlite_url(out.url.substr(scheme.size()));
  for (const std::string_view scheme : {"pgx5://", "pgx4://", "pgx://"})
    if (text.starts_with(scheme)) out.url = "postgres://" + out.url.substr(scheme.size());
  return out;
}

Result<Words, Diagnostic> command(const Arguments& line, const Words& words) {
  const std::string verb = words.empty() ? "" : words.front();
  const std::string argument = words.size() > 1 ? words[1] : "";
  if (verb == "up" || verb == "down") {
    const bool up = verb == "up";
    if (!argument.empty()) {
      if (!versioned::number_of(argument))
        return failure(usage("'" + verb + "' takes how many migrations", "as in: bascule " + verb + " 1"));
      return up ? Words{"upgrade", "+" + argument} : Words{"downgrade", "-" + argument};
    }
    if (up) return Words{"upgrade", "head"};
    if (line.has("all")) return Words{"downgrade", "base"};
    // golang-migrate asks whether all are meant.
    return failure(usage("say how many migrations are to be taken back", "bascule down 1, or all: bascule down -all"));
  }
  if (verb == "goto") {
    if (argument.empty()) return failure(usage("'goto' needs a version", "as in: bascule goto 7"));
    return Words{"upgrade", argument};
  }
  if (verb == "version") return Words{"current"};
  if (verb == "drop") return line.has("f") ? Words{"clean", "--force"} : Words{"clean"};
  if (verb == "create") {
    if (argument.empty()) return failure(usage("the new migration needs a name", "bascule create -ext sql add_users"));
    return Words{"revision", "-m", argument};
  }
  return words;
}

Result<Words, Diagnostic> translate(const Words& words) {
  BASCULE_TRY_ASSIGN(const Arguments line, read_arguments(words, {"path", "source", "database", "ext", "dir", "digits",
                                                                  "format", "tz", "prefetch", "lock-timeout"}));
  Words commands = line.words;
  if (!commands.empty() && commands.front() == "migrate") commands.erase(commands.begin());
  BASCULE_TRY_ASSIGN(const Words translated, command(line, commands));
  Words out;
  std::string path = line.value(line.value("path").empty() ? "dir" : "path");
  if (const std::string source = line.value("source"); !source.empty()) {
    if (!source.starts_with("file://"))
      return failure(usage("migrations are read from a folder, not from " + source, "-source file://FOLDER"));
    path = source.substr(std::string_view("file://").size());
  }
  if (!path.empty()) out.insert(out.end(), {"--set", "path=" + path});
  if (const std::string database = line.value("database"); !database.empty()) {
    const Address address = address_of(database);
    out.insert(out.end(), {"--url", address.url});
    if (!address.table.empty()) out.insert(out.end(), {"--set", "table=" + address.table});
  }
  return line.whole(out, translated);
}

}  // namespace

const Vocabulary& golang_migrate_vocabulary() {
  static const Vocabulary kWords = {"golang-migrate",
                                    {},
                                    {{"up [N]", "run what is pending, or the next N"},
                                     {"down N, down -all", "take the last N back, or all"},
                                     {"goto V", "go to a version, up or down"},
                                     {"force V", "say which version the database has; -1 is none"},
                                     {"drop -f", "drop everything"},
                                     {"version", "where the database stands"},
                                     {"create NAME", "write a new migration's two files"}},
                                    translate,
                                    [](const Words& words) {
                                      return holds_option(words, {"path", "source", "database"});
                                    }};
  return kWords;
}

}  // namespace bascule::formats::golang_migrate
