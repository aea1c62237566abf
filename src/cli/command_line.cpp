#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "app/words.h"
#include "base/duration.h"
#include "base/json.h"
#include "base/text.h"
#include "base/version.h"
#include "report/diagnostics.h"

namespace bascule::cli {

namespace {

constexpr const char* kFooter = R"(
Options of `bascule --help` may stand before or after any command.

The database is the first of: --url, BASCULE_URL, DATABASE_URL, url in bascule.toml,
sqlalchemy.url in alembic.ini, sqlite:///bascule.db.

Exit codes: 0 done, 1 failed, 2 usage, 3 the project is not sound (database untouched),
4 another run holds the lock, 130 interrupted.)";

/// Builds the commands on a CLI::App that fills one CommandLine.
class Parser {
 public:
  explicit Parser(CommandLine& line)
      : line_(line), app_("Runs the migrations you have, safely, without Python.", "bascule") {
    app_.footer(kFooter);
    app_.set_version_flag("-V,--version", "bascule " + std::string(version()));
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.get_formatter()->column_width(34);
    add_global_options();
    add_running_commands();
    add_looking_commands();
    add_history_commands();
    add_schema_commands();
    add_lint_commands();
    add_writing_commands();
    app_.add_subcommand("completion", "print a completion script: bash, zsh or fish")
        ->add_option("shell", line_.targets, "bash, zsh or fish")
        ->required()
        ->expected(1)
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  }

  CLI::App& app() { return app_; }

 private:
  void add_global_options() {
    app_.add_option("-c,--config", line_.config, "settings file (alembic.ini, bascule.toml, pyproject.toml)");
    app_.add_option("-d,--directory", line_.directory, "project folder (default: here)");
    app_.add_option("--url", line_.url, "the database");
    app_.add_option("--format", line_.format, "kind of project, where several could be meant (flyway, prisma ...)");
    app_.add_option_function<std::vector<std::string>>(
            "--set",
            [this](const std::vector<std::string>& settings) {
              for (const std::string& setting : settings) {
                const auto equals = setting.find('=');
                if (equals == std::string::npos || equals == 0)
                  throw CLI::ValidationError("--set", "'" + setting + "' is not KEY=VALUE");
                line_.options[setting.substr(0, equals)] = setting.substr(equals + 1);
              }
            },
            "a setting of the project's own tool: KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app_.add_option_function<std::string>(
        "--wait",
        [this](const std::string& text) {
          const auto wait = parse_duration(text);
          if (!wait) throw CLI::ValidationError("--wait", "'" + text + "' is not a time; write 30s, 5m or 500ms");
          line_.wait = *wait;
        },
        "how long to wait for another run (default 30s)");
    app_.add_flag("--json", line_.json, "print JSON");
    app_.add_flag("-q,--quiet", line_.quiet, "print errors and what was asked for, nothing else");
    app_.add_flag("-v,--verbose", line_.verbose, "say more");
    app_.add_option("--color,--colour", line_.colour, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    app_.add_flag_callback(
        "--no-color,--no-colour", [this] { line_.colour = "never"; }, "no colours");
    // Alembic's, for fingers that know them. env.py is not run, so -x has nobody to speak to.
    app_.add_option("-x", ignored_, "accepted for Alembic's sake; env.py is not run")->group("");
    app_.add_option_function<std::string>(
            "-n,--name",
            [](const std::string& section) {
              if (section != "alembic")
                throw CLI::ValidationError("--name", "only the section [alembic] of alembic.ini is read");
            },
            "section of alembic.ini")
        ->group("");
    app_.add_flag("--raiseerr", raise_, "accepted for Alembic's sake")->group("");
  }

  CLI::App* command(const char* name, const char* help) { return app_.add_subcommand(name, help); }

  void transaction_options(CLI::App* sub) {
    sub->add_flag("--single-transaction", line_.single_transaction, "one transaction for the whole run");
    sub->add_flag("--transaction-per-migration", line_.transaction_per_migration,
                  "one transaction a revision (the default; overrides the project's setting)");
  }

  void duration_option(CLI::App* sub, const std::string& name, std::optional<std::chrono::milliseconds>& to,
                       const std::string& help) {
    sub->add_option_function<std::string>(
           name,
           [name, &to](const std::string& text) {
             to = parse_duration(text);
             if (!to || to->count() == 0)
               throw CLI::ValidationError(name, "'" + text + "' is not a time; write 100ms, 30s or 5m");
           },
           help)
        ->group("Online");
  }

  void allow_option(CLI::App* sub) {
    sub->add_flag("--online", line_.online.online, "so that the application can go on working meanwhile")
        ->group("Online");
    sub->add_option("--allow", line_.online.allow, "accept this, though it disturbs: drop-column, rename-table ...")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false)
        ->group("Online");
  }

  void lock_options(CLI::App* sub) {
    OnlineLine& online = line_.online;
    duration_option(sub, "--lock-timeout", online.lock_timeout, "how long a lock is waited for at a time (100ms)");
    duration_option(sub, "--lock-deadline", online.deadline, "how long a step is tried again (10m)");
    duration_option(sub, "--terminate-blockers-after", online.terminate_blockers_after,
                    "end sessions that keep a lock for longer (default: never)");
    sub->add_option("--hook", online.hooks,
                    "WHEN=COMMAND: run it, the event on its stdin; WHEN: before-step, after-run ...")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false)
        ->group("Online");
    sub->add_option("--metrics", online.metrics, "write OpenMetrics text to this file at the end, or - for stdout")
        ->group("Online");
    sub->add_option("--events", online.events, "write what happens as JSON lines to this file, or - for stdout")
        ->group("Online");
  }

  /// What says how an online run goes means nothing without one.
  static void only_online(CLI::App* sub) {
    CLI::Option* online = sub->get_option("--online");
    for (CLI::Option* option : sub->get_options([](const CLI::Option* one) { return one->get_group() == "Online"; }))
      if (option != online) option->needs(online);
  }

  void batch_options(CLI::App* sub) {
    duration_option(sub, "--batch-time", line_.online.batch_time,
                    "what a batch of a backfill aims at (a quarter of the lock timeout, 250ms at most)");
    duration_option(sub, "--max-lag", line_.online.most_lag,
                    "a backfill waits while a replica is further behind (10s)");
    sub->add_option("--load-hook", line_.online.load_hook,
                    "a backfill waits while this command fails; its output says why")
        ->group("Online");
    sub->add_option("--jobs", line_.online.jobs, "connections that a backfill works on (1)")
        ->check(CLI::Range(1, 64))
        ->group("Online");
  }

  void data_loss_option(CLI::App* sub) {
    sub->add_flag("--allow-data-loss", line_.allow_data_loss, "a way down that nobody wrote may destroy data");
  }

  void add_running_commands() {
    for (const char* name : {"upgrade", "downgrade"}) {
      const bool up = std::string_view(name) == "upgrade";
      CLI::App* sub = command(name, up ? "run revisions up to a target: head, +1, ae10, label@head"
                                       : "take revisions back down to a target: -1, base, ae10");
      sub->add_option("revision", line_.targets, "target, or a range from:to with --sql")->required()->expected(1);
      sub->add_flag("--sql", line_.sql, "print the SQL instead of running it");
      sub->add_option("--tag", ignored_, "accepted for Alembic's sake")->group("");
      if (!up) data_loss_option(sub);
      transaction_options(sub);
      allow_option(sub);
      lock_options(sub);
      batch_options(sub);
      only_online(sub);
    }
    CLI::App* plan = command("plan", "show what would run, without running it");
    plan->add_option("revision", line_.targets, "target or range (default: heads)")->expected(1);
    plan->add_flag("--down", line_.down, "the way down");
    data_loss_option(plan);
    allow_option(plan);
    only_online(plan);
    CLI::App* abort = command("abort", "take back the steps of an online run that is not finished");
    lock_options(abort);
    CLI::App* backfill = command("backfill", "change or delete the rows of a whole table in batches");
    backfill->add_option("table", line_.targets, "the table")->required()->expected(1);
    backfill->add_option("--set", line_.backfill.set,
                         "as in an UPDATE: \"full_name = first_name || ' ' || last_name\"");
    backfill->add_option("--where", line_.backfill.where, "which rows: \"full_name IS NULL\"");
    backfill->add_flag("--delete", line_.backfill.remove, "delete them");
    backfill->add_flag("--forget", line_.backfill.forget, "give up an unfinished one; what is done stays");
    lock_options(backfill);
    batch_options(backfill);
    command("pause", "let an online run that works elsewhere wait between two batches");
    command("resume", "let it go on");
    command("throttle", "let it work a share of the time: 30 (percent); 100 is full speed")
        ->add_option("percent", line_.targets, "1 to 100")
        ->required()
        ->expected(1)
        ->check(CLI::Range(1, 100));
    command("check", "read and evaluate every revision; touches no database");
    CLI::App* stamp = command("stamp", "write the history table as if revisions had run");
    stamp->add_option("revisions", line_.targets, "targets")->required();
    stamp->add_flag("--purge", line_.purge, "forget all rows first");
    stamp->add_flag("--sql", line_.sql, "print the SQL instead of running it");
    stamp->add_option("--tag", ignored_, "accepted for Alembic's sake")->group("");
  }

  void add_history_commands() {
    CLI::App* validate = command("validate", "are the files still those that ran, and is nothing in the way");
    validate->group("History table");
    for (const auto& [name, help] : {std::pair{"baseline", "begin the history of a database that has tables already"},
                                     std::pair{"repair", "put the history table right after a failure or an edit"},
                                     std::pair{"resolve", "mark a failed migration as dealt with"},
                                     std::pair{"force", "set the version without running anything"}}) {
      CLI::App* sub = command(name, help);
      sub->group("History table");
      sub->add_option("arguments", line_.targets, "as the project's tool has them")->expected(0, 8);
      sub->add_flag("--sql", line_.sql, "print the SQL instead of running it");
    }
    for (const auto& [name, help] : {std::pair{"clean", "drop everything (development databases)"},
                                     std::pair{"reset", "drop everything, then run all migrations"}}) {
      CLI::App* sub = command(name, help);
      sub->group("History table");
      sub->add_flag("--force,-f,--yes", line_.force, "yes, this database can be lost");
    }
    CLI::App* redo = command("redo", "take the last migration back and run it again");
    redo->group("History table");
    data_loss_option(redo);
  }

  void add_looking_commands() {
    CLI::App* status = command("status", "each migration and whether it has run");
    status->add_flag("--table", line_.table, "as Flyway's info prints it");
    status->add_flag("--exit-code", line_.exit_code, "exit with 1 when something is pending");
    status->add_flag("--watch", line_.watch, "look again every second until the online run that is on is over");
    CLI::App* current = command("current", "where the database stands");
    current->add_flag("--check-heads", line_.check_heads, "fail when revisions are pending");
    CLI::App* history = command("history", "the revisions, newest first");
    history->add_option("-r,--rev-range", line_.range, "from:to; -3:current, base:ae10");
    history->add_flag("-i,--indicate-current", line_.indicate_current, "mark where the database stands");
    CLI::App* heads = command("heads", "the newest revisions");
    heads->add_flag("--resolve-dependencies", line_.resolve_dependencies, "without those that others depend on");
    command("branches", "where the history forks");
    CLI::App* show = command("show", "a revision and its file");
    show->add_option("revision", line_.targets, "id, head, label@head, current")->required();
  }

  void add_schema_commands() {
    CLI::App* schema = command("schema", "the schema at a revision, of a database (--url) or of an .sql file");
    schema->add_option("what", line_.targets, "revision, database or file (default: heads; with --url the database)")
        ->expected(1);
    CLI::App* diff = command("diff", "what lies between two schemas: revisions, databases, .sql files");
    diff->add_option("what", line_.targets, "from and to (default: to the database)")->required()->expected(1, 2);
    diff->add_flag("--exit-code", line_.exit_code, "exit with 1 when there is a difference");
  }

  void add_lint_commands() {
    LintLine& lint = line_.lint;
    CLI::App* sub = command("lint", "what each migration does to a live database, and what to write instead");
    sub->add_option("files", line_.targets, "migrations, or SQL files; - for standard input (default: the project)");
    sub->add_option("--since", lint.since, "only files that have changed since a Git revision: origin/main");
    sub->add_flag("--pending", lint.pending, "only what the database has not run yet");
    server_options(sub);
    sub->add_option("--rule", lint.rules, "how loud a rule is: NAME=error, warning, note or off")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
    sub->add_option("--fail-on", lint.fail_on, "exit with 1 from this level on (default: warning)")
        ->check(CLI::IsMember({"error", "warning", "note", "never"}));
    sub->add_option("-o,--output", lint.output, "text, json, sarif, github, gitlab or markdown")
        ->check(CLI::IsMember({"text", "json", "sarif", "github", "gitlab", "markdown"}));
    sub->add_option("--output-file", lint.output_file, "where the report goes (default: standard output)");
    sub->add_option("--write-baseline", lint.write_baseline, "note all findings there, to be left out from now on");
    sub->add_flag("--no-baseline", lint.no_baseline, "report old findings, too");
    sub->add_option("--stdin-path", lint.stdin_path, "the file that standard input stands for, in its project or not");
    CLI::App* explain = command("explain", "a rule, or what a statement locks, reads and rewrites");
    explain->add_option("what", line_.targets, "a rule's name, or SQL (default: list the rules)")->expected(1);
    server_options(explain);
  }

  void server_options(CLI::App* sub) {
    sub->add_option("--server-version", line_.lint.server_version, "the database's version: 14, 14.2");
    sub->add_option("--dialect", line_.lint.dialect, "postgresql, sqlite, mariadb or mysql, where no URL says it")
        ->check(CLI::IsMember({"postgresql", "sqlite", "mariadb", "mysql"}));
  }

  void add_writing_commands() {
    CLI::App* init = command("init", "start a new project: Alembic's layout, or --format sql");
    init->add_option("directory", line_.targets, "where migrations go (default: migrations)")->expected(1);
    init->add_option("-t,--template", ignored_, "accepted for Alembic's sake")->group("");
    init->add_flag("--package", raise_, "accepted for Alembic's sake")->group("");
    CLI::App* revision = command("revision", "write a new revision file");
    revision_options(revision);
    revision->add_option("--head", line_.heads, "its parent (default: the head)");
    revision->add_flag("--splice", line_.splice, "allow a parent that is not a head");
    revision->add_option("--version-path", line_.version_path, "folder to write to");
    revision->add_flag("--sql-file", line_.sql_file, "bodies in .up.sql and .down.sql files");
    revision->add_flag("--autogenerate", line_.autogenerate, "not available: models are not read")->group("");
    revision->add_flag("--sql", line_.sql, "accepted for Alembic's sake")->group("");
    CLI::App* merge = command("merge", "write a revision that joins branches");
    merge->add_option("revisions", line_.targets, "what to merge (default: heads)");
    revision_options(merge);
  }

  void revision_options(CLI::App* sub) {
    sub->add_option("-m,--message", line_.message, "what it does, in a line");
    sub->add_option("--rev-id", line_.rev_id, "its id (default: made up)");
    sub->add_option("--branch-label", line_.branch_labels, "label(s) of the branch it starts");
    sub->add_option("--depends-on", line_.depends_on, "revisions that must have run before it");
  }

  CommandLine& line_;
  CLI::App app_;
  std::vector<std::string> ignored_;
  bool raise_ = false;
};

Stop usage(std::string message, std::string help) {
  Stop stop;
  stop.text = "error: " + message + "\n  = help: " + help + "\n";
  stop.is_error = true;
  stop.exit_code = 2;
  stop.message = std::move(message);
  stop.help = std::move(help);
  return stop;
}

/// Alembic's commands that are not ours: what to do instead.
std::optional<std::string> instead_of(std::string_view word) {
  if (word == "edit") return "`bascule show REV` says which file it is; open that with your editor";
  if (word == "ensure_version") return "`bascule stamp base` makes the history table";
  if (word == "list_templates") return "there are two kinds: bascule init, and bascule init --format sql";
  return std::nullopt;
}

/// "upgarde" -> a usage error that names "upgrade".
std::optional<Stop> unknown_command(int argc, const char* const* argv) {
  const std::vector<std::string> names = command_names();
  const std::vector<std::string> with_value = {"-c", "--config", "-d",      "--directory", "--url",    "--wait", "-x",
                                               "-n", "--name",   "--color", "--colour",    "--format", "--set"};
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with("-")) {
      if (std::find(with_value.begin(), with_value.end(), word) != with_value.end()) ++i;
      continue;
    }
    if (std::find(names.begin(), names.end(), word) != names.end()) return std::nullopt;
    std::string help = "`bascule --help` lists the commands";
    if (auto other = instead_of(word))
      help = std::move(*other);
    else if (auto near = did_you_mean(word, names))
      help = "did you mean `bascule " + *near + "`?";
    return usage("there is no command '" + word + "'", std::move(help));
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> command_names() {
  return {"upgrade", "downgrade", "abort",  "backfill", "pause",    "resume", "throttle", "plan",
          "check",   "stamp",     "status", "current",  "history",  "heads",  "branches", "show",
          "init",    "revision",  "merge",  "validate", "baseline", "repair", "resolve",  "force",
          "clean",   "reset",     "redo",   "schema",   "diff",     "lint",   "explain",  "completion"};
}

namespace {

Result<CommandLine, Stop> parse_words(int argc, const char* const* argv) {
  CommandLine line;
  if (auto stop = unknown_command(argc, argv)) return failure(std::move(*stop));
  // `downgrade -1` and `upgrade +1`: a relative target is no option. CLI11 would take -1 for a flag.
  std::vector<std::string> words;
  std::vector<std::string> relative;
  bool takes_target = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    takes_target = takes_target || word == "downgrade" || word == "upgrade" || word == "plan" || word == "show" ||
                   word == "stamp" || word == "force";
    const bool number = word.size() > 1 && word[0] == '-' && std::isdigit(static_cast<unsigned char>(word[1])) != 0;
    if (takes_target && number && relative.empty())
      relative.push_back(word);
    else
      words.push_back(word);
  }
  constexpr const char* kPlaceholder = "\x01relative";
  if (!relative.empty()) words.emplace_back(kPlaceholder);
  Parser parser(line);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    parser.app().parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    const auto chosen = parser.app().get_subcommands();
    return failure(Stop{chosen.empty() ? parser.app().help() : chosen.front()->help("bascule"), false, 0});
  } catch (const CLI::CallForVersion& asked) {
    return failure(Stop{std::string(asked.what()) + "\n", false, 0});
  } catch (const CLI::ParseError& wrong) {
    if (argc <= 1) return failure(Stop{parser.app().help(), true, 2});
    const auto chosen = parser.app().get_subcommands();
    const std::string which = chosen.empty() ? "" : " " + chosen.front()->get_name();
    return failure(usage(wrong.what(), "see `bascule" + which + " --help`"));
  }
  std::replace(line.targets.begin(), line.targets.end(), std::string(kPlaceholder),
               relative.empty() ? std::string() : relative.front());
  line.command = parser.app().get_subcommands().front()->get_name();
  return line;
}

}  // namespace

namespace {

/// "In this flyway project, these words work as well", after the general help.
std::string project_words(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment) {
  const auto help = app::help_of_project(arguments, environment);
  if (!help) return {};
  std::string text = "\nThis is a project of " + help->tool + ": its own words work as well.\n";
  std::size_t width = 0;
  for (const auto& [usage, what] : help->words) width = std::max(width, usage.size());
  for (const auto& [usage, what] : help->words)
    text += "  " + usage + std::string(width - usage.size() + 2, ' ') + what + "\n";
  return text;
}

}  // namespace

Result<CommandLine, Stop> parse(int argc, const char* const* argv,
                                const std::map<std::string, std::string>& environment) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  // `bascule help upgrade` is what many type.
  const bool help_word = !arguments.empty() && arguments[0] == "help";
  if (help_word) {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  const bool general_help =
      help_word ? arguments.size() == 1 : std::all_of(arguments.begin(), arguments.end(), [](const std::string& word) {
        return word == "--help" || word == "-h";
      });
  auto translated = app::translate_words(arguments, command_names(), environment);
  if (!translated) {
    return failure(usage(std::move(translated.error().message), std::move(translated.error().help)));
  }
  std::vector<const char*> words = {argc > 0 ? argv[0] : "bascule"};
  for (const std::string& word : translated->words) words.push_back(word.c_str());
  auto line = parse_words(static_cast<int>(words.size()), words.data());
  const bool json = std::any_of(words.begin(), words.end(), [](std::string_view word) { return word == "--json"; });
  if (!line && json && !line.error().message.empty()) {
    Diagnostic diagnostic;
    diagnostic.code = "usage";
    diagnostic.message = line.error().message;
    diagnostic.help = line.error().help;
    Diagnostics all;
    all.add(std::move(diagnostic));
    line.error().text = Json::object().set("exit_code", 2).set("diagnostics", report::to_json(all)).dump();
    line.error().is_error = false;
  }
  if (line && translated->format && !line->format) line->format = translated->format;
  if (!line && general_help && !arguments.empty()) line.error().text += project_words(arguments, environment);
  return line;
}

}  // namespace bascule::cli
