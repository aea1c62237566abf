#include "exec/interrupt.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "db/url.h"
#include "dialects/dialect.h"

namespace bascule::exec {
namespace {

// timeout(1) signals the process and its group: the second copy may come when the run has ended and its report is
// still to be written.
void end_of_an_interrupted_run() {
  db::Url url;
  url.dialect = "sqlite";
  url.database = ":memory:";
  auto connection = dialects::find_dialect("sqlite")->connect(url, {});
  if (!connection) std::_Exit(3);
  {
    const InterruptScope scope(**connection);
    std::raise(SIGINT);
  }
  std::raise(SIGINT);
  std::_Exit(interrupted() ? 0 : 4);
}

TEST(Interrupt, TheGroupsCopyOfASignalDoesNotEndWhoIsAboutToReport) {
  EXPECT_EXIT(end_of_an_interrupted_run(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace bascule::exec
