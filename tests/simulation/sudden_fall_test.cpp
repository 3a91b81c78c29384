// Too few viewers are told in the middle of a match, for longer than anything bridges by itself.

#include <gtest/gtest.h>

#include "simulation/closed_loop.h"

namespace edgetide::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// So long after the announced kick-off of a match that goes to extra time.
struct Dip {
  std::string name;
  FaultKind kind;
  Seconds after_kick_off;
  Seconds lasts;
  double by = 1;
};

Scenario night_with(const Dip& dip) {
  Scenario night = sport_evening({.seed = 1});
  const Instant kick_off = night.calendar.events().back().start;
  night.faults = {
      {.kind = dip.kind, .from = kick_off + dip.after_kick_off, .lasts = dip.lasts, .by = dip.by}};
  return night;
}

class SuddenFallInAMatch : public testing::TestWithParam<Dip> {};

TEST_P(SuddenFallInAMatch, LeavesNobodyUnserved) {
  const Scenario night = night_with(GetParam());
  const Recording recording = run(night, PolicyKind::kEdgetide);
  EXPECT_LE(recording.score.evening.share().count(), .0005);
  EXPECT_TRUE(recording.breaches.empty()) << recording.breaches.front().rule;
  Scenario undisturbed = night;
  undisturbed.faults.clear();
  const Score without = run(undisturbed, PolicyKind::kEdgetide).score;
  EXPECT_LE(recording.score.cost.replica_minutes, 1.2 * without.cost.replica_minutes);
}

INSTANTIATE_TEST_SUITE_P(
    Dips, SuddenFallInAMatch,
    testing::Values(
        Dip{"ScaledInTheSecondHalf", FaultKind::kSamplesScaled, minutes{80}, minutes{25}, .1},
        Dip{"ResetInTheSecondHalf", FaultKind::kCounterReset, minutes{80}, minutes{25}},
        Dip{"ScaledInExtraTime", FaultKind::kSamplesScaled, minutes{124}, minutes{20}, .1},
        Dip{"ResetAtKickOff", FaultKind::kCounterReset, -minutes{2}, minutes{25}},
        Dip{"UnfilledForAnHour", FaultKind::kWindowUnfilled, minutes{30}, hours{1}}),
    [](const auto& dip) { return dip.param.name; });

/// The operator is gone while the source goes wrong, and begins anew before it is mended.
TEST(SuddenFall, OutlivesARestart) {
  Scenario night = night_with({"", FaultKind::kSamplesScaled, minutes{80}, minutes{25}, .1});
  night.faults.push_back({.kind = FaultKind::kOperatorDown,
                          .from = night.faults.front().from + minutes{5},
                          .lasts = minutes{3}});
  const Recording recording = run(night, PolicyKind::kEdgetide);
  EXPECT_LE(recording.score.evening.share().count(), .0005);
  EXPECT_TRUE(recording.breaches.empty()) << recording.breaches.front().rule;
}

}  // namespace
}  // namespace edgetide::simulation
