#include <gmock/gmock.h>

#include "simulation/fault.h"
#include "unit/cli/final_night.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ScenarioFaults, WantsTheMeasureOfAFault) {
  for (const auto kind : simulation::kFaultKinds) {
    const auto* measure = simulation::measure_of(kind);
    if (measure == nullptr) continue;
    const std::string field(measure->field);
    for (const auto& [value, problem] : {std::pair{"", ": required"},
                                         {"many", ": \"many\" is not an integer from"},
                                         {"1000000", ": 1000000 is not an integer from"}}) {
      const std::string given = *value == '\0' ? "" : ", " + field + ": " + value;
      const auto outcome = run(
          {"simulate", evening_with(kScenarios + "pool.yaml",
                                    "  audience: {primeTimeViewers: 1k}\n  faults:\n  - {kind: " +
                                        std::string(simulation::name_of(kind)) +
                                        ", start: \"2026-05-13T20:00:00Z\", durationMinutes: 5" +
                                        given + "}\n")});
      EXPECT_EQ(outcome.exit, Exit::kUsage);
      EXPECT_THAT(outcome.err, HasSubstr("spec.faults[0]." + field + problem));
    }
  }
}

TEST(ScenarioFaults, NamesTheFaultThatIsMeantAndNothingElseOfIt) {
  const auto outcome = run({"simulate", evening_with(kScenarios + "pool.yaml", R"(  audience:
    primeTimeViewers: 1k
  faults:
  - {kind: NodeDrained, start: "2026-05-13T20:00:00Z", durationMinutes: 5, percent: 50,
     maxUnavailablePercent: 25}
)")});
  EXPECT_EQ(outcome.exit, Exit::kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("; did you mean NodesDrained?"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("unknown field")));
}

}  // namespace
}  // namespace edgetide::cli
