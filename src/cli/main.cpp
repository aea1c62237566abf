// Bascule's command line: parse, run, and the one place where a bug of ours is caught.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

#include "base/check.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/request.h"

int main(int argc, char** argv) {
  try {
    auto line = bascule::cli::parse(argc, argv, bascule::cli::process_environment());
    if (!line) {
      std::FILE* stream = line.error().is_error ? stderr : stdout;
      std::fwrite(line.error().text.data(), 1, line.error().text.size(), stream);
      return line.error().exit_code;
    }
    const int code = bascule::cli::run_command(*line);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      std::fprintf(stderr, "error: what was asked for could not be written to standard output: %s\n",
                   std::strerror(errno));
      return code == 0 ? 1 : code;
    }
    return code;
  } catch (const bascule::InternalError& bug) {
    std::fprintf(stderr, "error: a bug in Bascule: %s\n  = help: please report it with the command you ran\n",
                 bug.what());
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "error: out of memory\n");
  } catch (const std::exception& bug) {
    std::fprintf(
        stderr,
        "error: a bug in Bascule: unexpected exception: %s\n  = help: please report it with the command you ran\n",
        bug.what());
  }
  return 70;
}
