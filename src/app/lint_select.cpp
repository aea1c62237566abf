#include "app/lint_select.h"

#include <filesystem>
#include <utility>

#include "app/child_process.h"
#include "base/text.h"

namespace bascule::app {

namespace {

namespace fs = std::filesystem;

Failure git_failed(std::string message, std::string cause, std::string help) {
  Diagnostic out;
  out.code = "git-failed";
  out.message = std::move(message);
  out.cause = std::move(cause);
  out.help = std::move(help);
  return make_failure(ExitCode::kUsage, std::move(out));
}

Outcome<std::string> run_git(const Request& request, std::vector<std::string> words) {
  constexpr std::chrono::milliseconds kEnough{60'000};
  ChildCommand command;
  command.words = std::move(words);
  command.words.insert(command.words.begin(), "git");
  command.directory = request.directory;
  command.environment = request.environment;
  command.environment["GIT_OPTIONAL_LOCKS"] = "0";
  command.timeout = kEnough;
  command.capture = true;
  ChildOutcome outcome = run_child(command);
  const std::string said = "`" + join(command.words, " ") + "`";
  switch (outcome.end) {
    case ChildOutcome::End::kNotStarted:
      return failure(
          git_failed("git cannot be started: " + outcome.reason, "", "--since needs git; or name the files"));
    case ChildOutcome::End::kTimedOut:
      return failure(git_failed(said + " did not end within a minute", "", "name the files instead of --since"));
    case ChildOutcome::End::kInterrupted:
    case ChildOutcome::End::kSignalled:
      return failure(git_failed(said + " was stopped by a signal", "", ""));
    case ChildOutcome::End::kExited:
      break;
  }
  if (outcome.code != 0)
    return failure(git_failed(said + " ended with exit code " + std::to_string(outcome.code),
                              "what it said stands above",
                              "--since takes what Git knows: a branch, a tag, a commit: --since origin/main"));
  return std::move(outcome.output);
}

void add_files(const std::string& directory, const std::string& output, std::set<std::string>& files) {
  for (const std::string_view name : split(output, '\0'))
    if (!name.empty()) files.insert(file_key((fs::path(directory) / name).string()));
}

}  // namespace

std::string file_key(const std::string& path) {
  std::error_code unknown;
  const fs::path whole = fs::weakly_canonical(path, unknown);
  return unknown ? fs::path(path).lexically_normal().string() : whole.string();
}

Outcome<std::set<std::string>> changed_since(const Request& request, const std::string& git_revision) {
  if (git_revision.empty() || git_revision.starts_with('-'))
    return failure(git_failed("'" + git_revision + "' is no Git revision", "", "write --since origin/main"));
  // What others have merged since we branched off is theirs.
  BASCULE_TRY_ASSIGN(const std::string base, run_git(request, {"merge-base", git_revision, "HEAD"}));
  BASCULE_TRY_ASSIGN(const std::string changed,
                     run_git(request, {"diff", "--name-only", "--relative", "-z", "--diff-filter=ACMRT",
                                       std::string(trim(base)), "--"}));
  BASCULE_TRY_ASSIGN(const std::string fresh, run_git(request, {"ls-files", "--others", "--exclude-standard", "-z"}));
  std::set<std::string> files;
  add_files(request.directory, changed, files);
  add_files(request.directory, fresh, files);
  return files;
}

}  // namespace bascule::app
