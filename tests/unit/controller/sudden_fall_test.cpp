#include <gtest/gtest.h>

#include <algorithm>

#include "edgetide/model/reasons.h"
#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

/// Looks at a final from an hour before it on; its audience is four times the usual one.
class SuddenFall : public testing::Test {
 protected:
  SuddenFall() {
    world_.announced = model::EventCalendar({{.name = "video/final",
                                              .event_class = "final",
                                              .start = kEvening + Seconds{3600},
                                              .duration = Seconds{7200},
                                              .expected_peak = Viewers{40'000}}});
    look_for(Seconds{3600}, 10'000, 10'000 * kBitrate);
    for (double viewers = 10'000; viewers < 40'000; viewers += 500)
      look_for(Seconds{15}, viewers, viewers * kBitrate);
    look_for(Seconds{1800}, 40'000, 40'000 * kBitrate);
  }

  void look_for(Seconds span, double viewers, std::optional<double> egress) {
    for (const Instant end = world_.time + span; world_.time < end;) {
      world_.time += Seconds{15};
      world_.viewers = fresh(viewers, world_.time);
      if (egress) world_.egress = fresh(*egress, world_.time);
      reconciler_.reconcile(world_.pool.key);
    }
  }

  [[nodiscard]] int standing() const {
    return world_.standing[0] + world_.standing[1] + world_.standing[2];
  }
  [[nodiscard]] bool says_so() const {
    return std::ranges::any_of(world_.reports.back().verdicts, [](const auto& verdict) {
      return verdict.reason == std::string(model::reason::kSuddenFall);
    });
  }

  static constexpr double kBitrate = 5e6;
  World world_;
  Reconciler reconciler_{world_.ports(), {}};
};

TEST_F(SuddenFall, LowersNothingThatNoOtherLoadConfirms) {
  const int before = standing();
  for (int i = 0; i < 40; ++i) {
    look_for(Seconds{60}, 4'000, 40'000 * kBitrate);
    ASSERT_GE(standing(), before);
    ASSERT_TRUE(says_so());
  }
}

TEST_F(SuddenFall, IsFollowedWhereEgressFallsWithTheViewers) {
  const int before = standing();
  look_for(Seconds{60}, 4'000, 40'000 * kBitrate);
  EXPECT_TRUE(says_so());
  look_for(Seconds{60}, 4'000, 4'000 * kBitrate);
  EXPECT_FALSE(says_so());
  look_for(Seconds{1800}, 4'000, 4'000 * kBitrate);
  EXPECT_LT(standing(), before / 2);
}

TEST_F(SuddenFall, IsFollowedWhenTheFinalIsCancelled) {
  const int before = standing();
  look_for(Seconds{1200}, 4'000, 40'000 * kBitrate);
  EXPECT_GE(standing(), before);
  world_.announced = {};
  look_for(Seconds{1800}, 4'000, 40'000 * kBitrate);
  EXPECT_LT(standing(), before / 2);
}

}  // namespace
}  // namespace edgetide::controller
