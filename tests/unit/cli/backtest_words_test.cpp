#include <gmock/gmock.h>

#include "unit/cli/backtest_three_days.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Backtest, SaysWhoPaysTheReserveAmongThoseThatWereAsked) {
  const auto told = [](const char* policies) {
    return run(backtest({"--from", "2026-03-04T00:00:00Z", "--policy", policies, "--set",
                         "spec.redundancy.survive=FailureDomain"}))
        .out;
  };
  EXPECT_THAT(told("edgetide"), HasSubstr("which edgetide pays: a"));
  EXPECT_THAT(told("reaction"), HasSubstr("which none of these pays: a"));
  EXPECT_THAT(told("edgetide,reaction"), HasSubstr("edgetide pays and the others do not: a"));
}

TEST(Backtest, NamesItsPoolByTheFileWhereThatGivesNoName) {
  EXPECT_THAT(run(backtest({"--policy", "reaction"})).out,
              testing::MatchesRegex("Backtest of the pool of [^/]*\\.yaml, (.|\n)*"));
  EXPECT_THAT(run(backtest({"--policy", "reaction", "--set", "metadata.name=live"})).out,
              StartsWith("Backtest of default/live, "));
}

}  // namespace
}  // namespace edgetide::cli
