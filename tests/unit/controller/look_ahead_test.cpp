#include <gtest/gtest.h>

#include "edgetide/model/reasons.h"
#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

/// What is announced or allowed now is looked at now; else every five minutes will do.
TEST(LookAhead, IsMadeAnewWhenSomethingHasChanged) {
  World world;
  world.standing = {20, 20, 20};
  Reconciler reconciler(world.ports(), {});
  const auto look = [&] {
    reconciler.reconcile(world.pool.key);
    world.time += Seconds{15};
    world.viewers.at = world.time;
    return world.reports.back().outlook.value();
  };
  const Instant until = look().until;
  EXPECT_TRUE(world.reports.back().outlook->shortfalls.empty());
  EXPECT_EQ(look().until, until) << "nothing has changed";

  world.announced = model::EventCalendar({{.name = "video/final",
                                           .event_class = "final",
                                           .start = kEvening + std::chrono::hours{22},
                                           .duration = std::chrono::hours{2},
                                           .expected_peak = Viewers{500'000}}});
  EXPECT_EQ(look().shortfalls.size(), 1u);
  EXPECT_EQ(model::condition(world.reports.back(), "CapacityShortfallAhead").reason,
            model::reason::kMaximumReached);

  ++world.pool.generation;
  world.pool.replicas.max = Replicas{10'000};
  for (auto& domain : world.pool.domains) domain.max_replicas = Replicas{5'000};
  EXPECT_TRUE(look().shortfalls.empty());

  Instant changed = look().until;
  ++world.standing[0];
  EXPECT_EQ(look().until, changed) << "nothing is missing, and more stands than then";
  world.standing[0] -= 2;
  EXPECT_EQ(look().until, changed) << "less than a minute ago";
  world.time += Seconds{60};
  world.viewers.at = world.time;
  EXPECT_GT(look().until, changed);
  changed = look().until;
  world.time += Seconds{300};
  world.viewers.at = world.time;
  EXPECT_GT(look().until, changed);
}

/// Also where the clock was set back, and after a restart.
TEST(LookAhead, TellsNothingThatHasPassed) {
  World world;
  world.standing = {60, 60, 60};
  world.pool.mode = model::Mode::kDryRun;  // the fleet stays, and so an outlook lasts
  world.pool.lead_time = Seconds{700};     // the time to act ends between two outlooks
  world.announced = model::EventCalendar({{.name = "video/final",
                                           .event_class = "final",
                                           .start = kEvening + std::chrono::hours{1},
                                           .duration = std::chrono::hours{1},
                                           .expected_peak = Viewers{500'000}}});
  std::optional<Reconciler> reconciler(std::in_place, world.ports(), ReconcilerOptions{});
  int told = 0;
  int late = 0;
  const auto look_for = [&](Seconds time) {
    for (const Instant until = world.time + time; world.time < until; world.time += Seconds{15}) {
      world.viewers.at = world.time;
      reconciler->reconcile(world.pool.key);
      const auto& outlook = world.reports.back().outlook;
      if (!outlook) continue;
      for (const auto& ahead : outlook->shortfalls) {
        ++told;
        ASSERT_GE(ahead.start, world.time);
        ASSERT_GE(ahead.peak, world.time);
        ASSERT_GT(ahead.end, world.time);
        const bool over = ahead.detail.find("is over") != std::string::npos;
        ASSERT_EQ(over, ahead.act_by <= world.time) << ahead.detail;
        late += over ? 1 : 0;
      }
    }
  };
  look_for(std::chrono::minutes{80});
  EXPECT_GT(told, 0);
  EXPECT_GT(late, 0) << "it lasts, and so does what is told";
  world.time -= std::chrono::minutes{2};
  look_for(std::chrono::minutes{5});
  reconciler.emplace(world.ports(), ReconcilerOptions{});
  look_for(std::chrono::hours{2});
  EXPECT_TRUE(world.reports.back().outlook->shortfalls.empty());
}

TEST(LookAhead, IsWithoutADomainThatStaysLost) {
  World world;
  world.standing = {20, 20, 20};
  world.announced = model::EventCalendar({{.name = "video/final",
                                           .event_class = "final",
                                           .start = kEvening + std::chrono::hours{22},
                                           .duration = std::chrono::hours{2},
                                           .expected_peak = Viewers{45'000}}});
  Reconciler reconciler(world.ports(), {});
  const auto cause_after = [&](Seconds time) {
    for (const Instant until = world.time + time; world.time < until; world.time += Seconds{15}) {
      world.viewers.at = world.time;
      reconciler.reconcile(world.pool.key);
    }
    return model::condition(world.reports.back(), "CapacityShortfallAhead").reason;
  };
  EXPECT_EQ(cause_after(Seconds{15}), model::reason::kEnough);
  world.silent = 1;
  EXPECT_EQ(cause_after(Seconds{600}), model::reason::kEnough);
  EXPECT_EQ(cause_after(Seconds{30}), model::reason::kDomainLost);
  world.silent.reset();
  EXPECT_EQ(cause_after(Seconds{15}), model::reason::kEnough);
}

}  // namespace
}  // namespace edgetide::controller
