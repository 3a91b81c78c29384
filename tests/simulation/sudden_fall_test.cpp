// Too few viewers are told in the middle of a match, for longer than anything bridges by itself.

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "simulation/closed_loop.h"

namespace edgetide::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// So long after the announced kick-off of a match that goes to extra time.
struct Wrong {
  FaultKind kind;
  Seconds after_kick_off;
  Seconds lasts;
  double by = 1;
};

struct Dip {
  std::string name;
  Wrong dip;
  std::optional<Wrong> before;  ///< What else was wrong that evening.
};

Scenario night_with(const std::vector<Wrong>& all) {
  Scenario night = sport_evening({.seed = 1});
  const Instant kick_off = night.calendar.events().back().start;
  for (const auto& [kind, after_kick_off, lasts, by] : all)
    night.faults.push_back(
        {.kind = kind, .from = kick_off + after_kick_off, .lasts = lasts, .by = by});
  return night;
}

class SuddenFallInAMatch : public testing::TestWithParam<Dip> {};

TEST_P(SuddenFallInAMatch, LeavesNobodyUnserved) {
  std::vector<Wrong> wrong;
  if (GetParam().before) wrong.push_back(*GetParam().before);
  const Score without = run(night_with(wrong), PolicyKind::kEdgetide).score;
  wrong.push_back(GetParam().dip);
  const Recording recording = run(night_with(wrong), PolicyKind::kEdgetide);
  EXPECT_LE(recording.score.evening.share().count(), .0005);
  EXPECT_TRUE(recording.breaches.empty()) << recording.breaches.front().rule;
  EXPECT_LE(recording.score.cost.replica_minutes, 1.2 * without.cost.replica_minutes);
}

constexpr Wrong kTenth{FaultKind::kSamplesScaled, minutes{80}, minutes{25}, .1};
constexpr Wrong kThird{FaultKind::kCounterReset, minutes{80}, minutes{25}};

INSTANTIATE_TEST_SUITE_P(
    Dips, SuddenFallInAMatch,
    testing::Values(
        Dip{"ScaledInTheSecondHalf", kTenth, {}}, Dip{"ResetInTheSecondHalf", kThird, {}},
        Dip{"ScaledInExtraTime", {FaultKind::kSamplesScaled, minutes{124}, minutes{20}, .1}, {}},
        Dip{"ResetAtKickOff", {FaultKind::kCounterReset, -minutes{2}, minutes{25}}, {}},
        Dip{"UnfilledForAnHour", {FaultKind::kWindowUnfilled, minutes{30}, hours{1}}, {}},
        Dip{"ScaledAfterASpikeAsTheRampBegan", kTenth,
            Wrong{FaultKind::kSamplesScaled, -minutes{50}, minutes{7}, 10}},
        Dip{"ResetMinutesAfterASpike", kThird,
            Wrong{FaultKind::kSamplesScaled, minutes{30}, minutes{45}, 3}},
        Dip{"ScaledAfterMinutesOfSilence", kTenth,
            Wrong{FaultKind::kSamplesFrozen, minutes{75}, minutes{5}}},
        Dip{"ResetAfterAQuarterOfAnHourOfSilence", kThird,
            Wrong{FaultKind::kSamplesMissing, minutes{65}, minutes{15}}},
        Dip{"ScaledAfterTheBreakWasNotSeen",
            {FaultKind::kSamplesScaled, minutes{70}, minutes{25}, .2},
            Wrong{FaultKind::kSourceGone, minutes{42}, minutes{28}}}),
    [](const auto& dip) { return dip.param.name; });

/// What was ordered for it while nothing was read is kept.
TEST(SuddenFall, IsDoubtedWhereNobodySawTheKickOff) {
  Scenario night = night_with({{FaultKind::kSamplesMissing, -minutes{20}, minutes{25}},
                               {FaultKind::kSamplesScaled, minutes{5}, minutes{55}, .1}});
  night.pool.on_missing_demand = model::OnMissingDemand::kRaiseToForecast;
  const Recording recording = run(night, PolicyKind::kEdgetide);
  EXPECT_LE(recording.score.evening.share().count(), .0005);
  EXPECT_TRUE(recording.breaches.empty()) << recording.breaches.front().rule;
}

/// The operator is gone while the source goes wrong, and begins anew before it is mended.
TEST(SuddenFall, OutlivesARestart) {
  Scenario night = night_with({kTenth});
  night.faults.push_back({.kind = FaultKind::kOperatorDown,
                          .from = night.faults.front().from + minutes{5},
                          .lasts = minutes{3}});
  const Recording recording = run(night, PolicyKind::kEdgetide);
  EXPECT_LE(recording.score.evening.share().count(), .0005);
  EXPECT_TRUE(recording.breaches.empty()) << recording.breaches.front().rule;
}

}  // namespace
}  // namespace edgetide::simulation
