#include <gmock/gmock.h>

#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

TEST(Pause, WantsAPoolAndOneEnd) {
  const std::vector<Slip> slips = {
      {{"pause", "video/live"}, "until when? Give --for DURATION, such as --for 2h, or --until"},
      {{"pause", "video/live", "--for", "2h", "--until", "2099-01-01T00:00:00Z"},
       "--for and --until both say when the pause ends; give one of them"},
      {{"pause"}, "which pool? NAMESPACE/POOL"},
      {{"pause", "--for", "2h"}, "which pool? NAMESPACE/POOL"},
      {{"resume"}, "which pool? NAMESPACE/POOL"},
      {{"pause", "video/live", "--until", "2020-01-01T00:00:00Z"}, "is past"},
      {{"pause", "video/live", "--until", "2099-01-01T00:00:00Z"}, "more than 31 days ahead"},
      {{"pause", "video/live", "--for", "30s"}, "is not a duration from 1m to 744h"},
      {{"pause", "video/live", "--for", "2h", "--replicas", "0"}, "integer from 1 to 100000"},
  };
  expect_refused(slips, [](const CommandLine& line) { return line; });
}

}  // namespace
}  // namespace edgetide::cli
