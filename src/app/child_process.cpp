#include "app/child_process.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec/interrupt.h"

namespace bascule::app {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenLooks{10};
/// What a program may take to end by itself after the user's signal.
constexpr std::chrono::seconds kAfterSignal{5};
constexpr std::size_t kMostOutput = 1 << 20;

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) ends_[0] = ends_[1] = -1;
    if (ends_[0] >= 0) ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    close_writing();
    if (ends_[0] >= 0) ::close(ends_[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void close_writing() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
};

/// The C strings that posix_spawn wants; they live as long as this.
class Strings {
 public:
  explicit Strings(std::vector<std::string> held) : held_(std::move(held)) {
    for (std::string& text : held_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  char* const* get() const { return pointers_.data(); }

 private:
  std::vector<std::string> held_;
  std::vector<char*> pointers_;
};

std::vector<std::string> variables(const std::map<std::string, std::string>& environment) {
  std::vector<std::string> out;
  for (const auto& [name, value] : environment) out.push_back(name + "=" + value);
  return out;
}

void read_what_is_there(int from, std::string& into) {
  char buffer[4096];
  while (from >= 0) {
    const ssize_t got = ::read(from, buffer, sizeof buffer);
    if (got <= 0) return;
    if (into.size() < kMostOutput) into.append(buffer, static_cast<std::size_t>(got));
  }
}

/// A file without a name that holds a text, read from its beginning; a pipe would have to be fed while the program
/// runs.
class Input {
 public:
  explicit Input(const std::string& text) {
    file_ = ::memfd_create("input", MFD_CLOEXEC);
    std::size_t written = 0;
    while (file_ >= 0 && written < text.size()) {
      const ssize_t got = ::write(file_, text.data() + written, text.size() - written);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      written += static_cast<std::size_t>(got);
    }
    if (file_ >= 0) ::lseek(file_, 0, SEEK_SET);
  }
  ~Input() {
    if (file_ >= 0) ::close(file_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  int descriptor() const { return file_; }

 private:
  int file_ = -1;
};

/// 0, or the error number.
int start(const ChildCommand& command, const Pipe& pipe, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addchdir_np(&actions, command.directory.empty() ? "." : command.directory.c_str());
  const Input input(command.input);
  if (input.descriptor() >= 0 && !command.input.empty()) {
    posix_spawn_file_actions_adddup2(&actions, input.descriptor(), STDIN_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, command.capture ? pipe.writing() : STDERR_FILENO, STDOUT_FILENO);
  sigset_t reset;
  sigemptyset(&reset);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP}) sigaddset(&reset, signal);
  sigset_t nothing_blocked;
  sigemptyset(&nothing_blocked);
  posix_spawnattr_setsigdefault(&attributes, &reset);
  posix_spawnattr_setsigmask(&attributes, &nothing_blocked);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
  const Strings words(command.words);
  const Strings environment(variables(command.environment));
  const int error =
      posix_spawnp(&child, command.words.front().c_str(), &actions, &attributes, words.get(), environment.get());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

ChildOutcome run_child(const ChildCommand& command) {
  ChildOutcome out;
  if (command.words.empty()) {
    out.reason = "the command is empty";
    return out;
  }
  Pipe pipe;
  pid_t child = 0;
  if (const int error = start(command, pipe, child); error != 0) {
    out.reason = std::strerror(error);
    return out;
  }
  pipe.close_writing();
  auto deadline = Clock::now() + command.timeout;
  bool signalled = false;
  int status = 0;
  while (true) {
    if (command.capture) read_what_is_there(pipe.reading(), out.output);
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) break;
    if (exec::interrupted() && !signalled) {
      signalled = true;
      ::kill(-child, SIGINT);
      deadline = std::min(deadline, Clock::now() + kAfterSignal);
    }
    if (Clock::now() >= deadline) {
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      out.end = signalled ? ChildOutcome::End::kInterrupted : ChildOutcome::End::kTimedOut;
      return out;
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
  // What it may have left behind in its group.
  ::kill(-child, SIGKILL);
  if (command.capture) read_what_is_there(pipe.reading(), out.output);
  if (signalled) {
    out.end = ChildOutcome::End::kInterrupted;
  } else if (WIFEXITED(status)) {
    out.end = ChildOutcome::End::kExited;
    out.code = WEXITSTATUS(status);
  } else {
    out.end = ChildOutcome::End::kSignalled;
    out.code = WTERMSIG(status);
  }
  return out;
}

}  // namespace bascule::app
