#include "app/process.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "app/shutdown.h"

namespace edgetide::app {
namespace {

TEST(ProcessDeathTest, LeavesNoCoreDump) {
  EXPECT_EXIT(
      {
        forbid_core_dumps();
        _exit(prctl(PR_GET_DUMPABLE) == 0 ? 7 : 1);
      },
      testing::ExitedWithCode(7), "");
}

/// The first one is for stopping in order.
TEST(ProcessDeathTest, ASecondSignalEndsItAtOnce) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EXIT(
      {
        const ShutdownSignals signals;
        kill(getpid(), SIGTERM);
        if (signals.wait() != SIGTERM) _exit(7);
        kill(getpid(), SIGPIPE);
        signals.end_soon();
        kill(getpid(), SIGINT);
        pause();
      },
      testing::ExitedWithCode(1), "");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{60});
}

}  // namespace
}  // namespace edgetide::app
