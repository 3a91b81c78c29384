#include <gtest/gtest.h>

#include <algorithm>

#include "edgetide/core/grouped.h"
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

/// What routing reads and operators are told goes by those who are believed to be there.
TEST_F(SuddenFall, GoesByThoseWhoAreBelieved) {
  const auto spare = [&] {
    double sum = 0;
    for (const Viewers& viewers : world_.reports.back().spare_viewers) sum += viewers.count();
    return sum;
  };
  const auto told = [&](const char* type) -> const model::Condition& {
    return model::condition(world_.reports.back(), type);
  };
  // "12 Ready replicas without domain a, 8 needed for ..."
  const auto needed = [&] {
    const std::string& message = told("RedundancyMet").message;
    return std::stoi(message.substr(message.find(", ") + 2));
  };
  // By those who are told each takes ten times as much: few more would find room, and all that may
  // stand would be ordered.
  world_.pool.capacity.egress = BitsPerSecond{1'000 * kBitrate};
  look_for(Seconds{600}, 40'000, 40'000 * kBitrate);
  world_.pool.replicas.max = Replicas{standing()};
  const double before = spare();
  EXPECT_GT(before, 0);
  const int before_needed = needed();
  EXPECT_GT(before_needed, 0);
  EXPECT_EQ(told("DemandFresh").status, model::ConditionStatus::kTrue);
  EXPECT_FALSE(world_.reports.back().doubted_fall);

  look_for(Seconds{60}, 4'000, 40'000 * kBitrate);
  ASSERT_TRUE(world_.reports.back().doubted_fall);
  EXPECT_NEAR(spare(), before, 0.2 * before);
  const model::Condition& fresh = told("DemandFresh");
  EXPECT_EQ(fresh.status, model::ConditionStatus::kFalse);
  EXPECT_EQ(fresh.reason, std::string(model::reason::kSuddenFall));
  const Viewers believed = world_.reports.back().doubted_fall->believed;
  EXPECT_NEAR(believed.count(), 40'000, 2'000);
  for (const std::string& part :
       {std::string("4,000"), grouped(believed.count()), std::string("video/final")})
    EXPECT_NE(fresh.message.find(part), std::string::npos) << fresh.message;
  EXPECT_GE(needed(), before_needed);
  EXPECT_NE(told("RedundancyMet").message.find("believed to be there"), std::string::npos);

  look_for(Seconds{60}, 40'000, 40'000 * kBitrate);
  EXPECT_EQ(told("DemandFresh").status, model::ConditionStatus::kTrue);
  EXPECT_FALSE(world_.reports.back().doubted_fall);
}

/// Each replica carries a quarter from one look to the next, as after a new version: by those who
/// are told what stands would do.
TEST_F(SuddenFall, LacksWhatThoseWhoAreBelievedNeed) {
  const auto shortfall = [&]() -> const model::Condition& {
    return model::condition(world_.reports.back(), "CapacityShortfall");
  };
  look_for(Seconds{600}, 40'000, 40'000 * kBitrate);
  look_for(Seconds{60}, 4'000, 40'000 * kBitrate);
  ASSERT_TRUE(world_.reports.back().doubted_fall);
  EXPECT_EQ(shortfall().status, model::ConditionStatus::kFalse);
  world_.pool.capacity.viewers = Viewers{250};
  look_for(Seconds{15}, 4'000, 40'000 * kBitrate);
  EXPECT_EQ(shortfall().status, model::ConditionStatus::kTrue);
  EXPECT_NE(shortfall().message.find("viewers who are believed to be there need"),
            std::string::npos)
      << shortfall().message;
}

/// One bad scrape of egress in the middle of it is no audience that has gone.
TEST_F(SuddenFall, LowersNothingThatOneLookConfirms) {
  const int before = standing();
  for (int i = 0; i < 20; ++i) {
    look_for(Seconds{60}, 4'000, 40'000 * kBitrate);
    look_for(Seconds{15}, 4'000, 4'000 * kBitrate);
    ASSERT_GE(standing(), before);
    ASSERT_TRUE(says_so());
  }
}

/// Looks at which nobody knows the viewers confirm nothing.
TEST_F(SuddenFall, LowersNothingThatTwoLooksConfirmWithABreakBetween) {
  const int before = standing();
  look_for(Seconds{60}, 4'000, 40'000 * kBitrate);
  look_for(Seconds{15}, 4'000, 4'000 * kBitrate);
  world_.time += Seconds{60};
  world_.viewers.freshness = model::Freshness::kPartial;
  reconciler_.reconcile(world_.pool.key);
  look_for(Seconds{15}, 4'000, 4'000 * kBitrate);
  EXPECT_TRUE(says_so());
  EXPECT_GE(standing(), before);
}

TEST_F(SuddenFall, IsFollowedWhereEgressFallsWithTheViewers) {
  const int before = standing();
  look_for(Seconds{60}, 4'000, 40'000 * kBitrate);
  look_for(Seconds{60}, 4'000, 4'000 * kBitrate);
  EXPECT_TRUE(says_so());
  look_for(Seconds{15}, 4'000, 4'000 * kBitrate);
  EXPECT_FALSE(says_so());
  look_for(Seconds{1800}, 4'000, 4'000 * kBitrate);
  EXPECT_LT(standing(), before / 2);
}

/// Of a tenth of the viewers each seems to take ten times as much.
TEST_F(SuddenFall, TeachesNoBitrate) {
  world_.pool.capacity.egress = BitsPerSecond{100e9};
  look_for(Seconds{600}, 40'000, 40'000 * kBitrate);
  look_for(Seconds{3600}, 4'000, 40'000 * kBitrate);
  ASSERT_TRUE(says_so());
  look_for(Seconds{60}, 40'000, 40'000 * kBitrate);
  EXPECT_FALSE(says_so());
  const auto& told = world_.reports.back().observation.demand.bitrate;
  ASSERT_TRUE(told);
  EXPECT_NEAR(told->count(), kBitrate, 0.05 * kBitrate);
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
