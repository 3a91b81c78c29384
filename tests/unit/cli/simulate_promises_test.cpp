#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "unit/cli/final_night.h"

namespace edgetide::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

/// What is ordered before the kick-off takes hours to start, and is not there twenty minutes
/// after the nodes have come right again, of a pool that says that it takes as long.
std::string night_that_does_not_settle() {
  return final_night(
      "unsettled.yaml", "A final on nodes that hardly start", 114, kScenarios + "pool.yaml",
      {"{kind: SamplesLate, start: \"2026-05-13T18:40:00Z\", durationMinutes: 5, seconds: 200}",
       "{kind: SlowStarts, start: \"2026-05-13T18:30:00Z\", durationMinutes: 93, times: 100}"});
}

const std::vector<std::string> kPatient{"--set", "spec.leadTime.initialSeconds=6000"};

constexpr const char* kShortest = "18:30 to 20:24, SlowStarts 100 times 18:30 for 1h33m";

TEST(BrokenPromise, IsToldWithTheShortestOfItsNightAndFails) {
  const auto outcome = run({"simulate", night_that_does_not_settle(), kPatient[0], kPatient[1]});
  EXPECT_EQ(outcome.exit, Exit::kFailed) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("  promises             1 times broken\n"
                                     "    2026-05-13T20:24:00Z  NotSettled: ReserveMissing: "));
  EXPECT_THAT(outcome.out, EndsWith(std::string("\n  shortest             ") + kShortest + "\n"));
}

TEST(BrokenPromise, IsInTheJson) {
  const auto outcome =
      run({"simulate", night_that_does_not_settle(), kPatient[0], kPatient[1], "-o", "json"});
  EXPECT_EQ(outcome.exit, Exit::kFailed) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out).at("runs")[0];
  EXPECT_EQ(json.at("timesBroken"), 1);
  EXPECT_EQ(json.at("breaches")[0].at("rule"), "NotSettled");
  EXPECT_EQ(json.at("shortest"), kShortest);
}

TEST(BrokenPromise, IsToldOfEachSeed) {
  const auto outcome = run({"simulate", night_that_does_not_settle(), kPatient[0], kPatient[1],
                            "--seed", "4", "--seeds", "2"});
  EXPECT_EQ(outcome.exit, Exit::kFailed) << outcome.err;
  for (const char* part : {"BROKEN: NotSettled at 2026-05-13T20:24:00Z; shortest: ", kShortest,
                           "\n2 runs, 2 with a broken promise\n"})
    EXPECT_THAT(outcome.out, HasSubstr(part));
}

TEST(BrokenPromise, IsNoneOfWhoPromisesNothing) {
  const auto outcome = run({"simulate", night_that_does_not_settle(), kPatient[0], kPatient[1],
                            "--policy", "hpa60,surge"});
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  EXPECT_THAT(outcome.out, Not(HasSubstr("broken")));
}

}  // namespace
}  // namespace edgetide::cli
