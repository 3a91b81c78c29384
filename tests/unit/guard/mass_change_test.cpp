#include "edgetide/guard/mass_change.h"

#include <gtest/gtest.h>

#include "edgetide/guard/guard.h"
#include "edgetide/model/reasons.h"
#include "support/pools.h"

namespace edgetide::guard {
namespace {

using namespace testing_support;
using State = MassChange::State;

constexpr Seconds kTick{15};

ObjectKey pool_of(int i) { return {"video", "pool-" + std::to_string(i)}; }

constexpr Wish kAsBefore{.wanted = Replicas{30}, .standing = Replicas{30}};
constexpr Wish kLess{.wanted = Replicas{27}, .standing = Replicas{30}};
constexpr Wish kLittleLess{.wanted = Replicas{28}, .standing = Replicas{30}};

/// A source of so many pools, of which the first `changed` have the wish at the given time.
void look(MassChangeWatch& watch, int pools, int changed, Instant at, const Wish& wish = kLess) {
  for (int i = 0; i < pools; ++i) watch.note(pool_of(i), i < changed ? wish : kAsBefore, at);
}

struct Case {
  int pools;
  int less;
  bool holds;
};

TEST(MassChangeWatch, HoldsFromFivePoolsAndMoreThanAFifth) {
  for (const auto& [pools, less, holds] :
       {Case{4, 4, false}, Case{5, 4, false}, Case{5, 5, true}, Case{24, 5, true},
        Case{25, 5, false}, Case{25, 6, true}, Case{1000, 200, false}, Case{1000, 201, true}}) {
    MassChangeWatch watch;
    look(watch, pools, 0, kEvening);
    look(watch, pools, less, kEvening + kTick);
    const auto told = watch.told_to(pool_of(0), kEvening + 2 * kTick, kTick);
    EXPECT_EQ(told.state == State::kHolds, holds) << less << " of " << pools;
    // The pools that want no less are told as well: they may want less next.
    EXPECT_EQ(watch.told_to(pool_of(pools - 1), kEvening + 2 * kTick, kTick).state == State::kHolds,
              holds);
  }
}

TEST(MassChangeWatch, HoldsUntilTenMinutesAfterSoManyLastChanged) {
  MassChangeWatch watch;
  look(watch, 10, 0, kEvening - kTick);
  look(watch, 10, 10, kEvening);
  for (Instant at = kEvening; at <= kEvening + Seconds{600}; at += kTick) look(watch, 10, 10, at);
  // They still want less, but it is a minute after the change that they last counted as one.
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + Seconds{659}, kTick).state, State::kHolds);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + Seconds{660}, kTick).state, State::kNone);
}

TEST(MassChangeWatch, AFurtherFallIsAChangeOfItsOwn) {
  MassChangeWatch watch;
  look(watch, 10, 10, kEvening);
  const Instant later = kEvening + Seconds{900};
  look(watch, 10, 10, later);
  EXPECT_EQ(watch.told_to(pool_of(0), later, kTick).state, State::kNone);
  look(watch, 10, 10, later + kTick, {.wanted = Replicas{24}, .standing = Replicas{30}});
  EXPECT_EQ(watch.told_to(pool_of(0), later + kTick, kTick).state, State::kHolds);
}

TEST(MassChangeWatch, AnOrdinaryDeclineIsNone) {
  MassChangeWatch watch;
  look(watch, 10, 0, kEvening);
  look(watch, 10, 10, kEvening + kTick, kLittleLess);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + 2 * kTick, kTick).state, State::kNone);
  MassChangeWatch spread;  // one after the other
  look(spread, 10, 0, kEvening);
  for (int i = 1; i <= 10; ++i) look(spread, 10, i, kEvening + i * Seconds{30});
  EXPECT_EQ(spread.told_to(pool_of(0), kEvening + Seconds{300}, kTick).state, State::kNone);
}

TEST(MassChangeWatch, AfterARestartEveryPoolThatWouldLowerIsAChange) {
  MassChangeWatch watch;
  look(watch, 10, 6, kEvening);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening, kTick).state, State::kHolds);
  MassChangeWatch in_doubt;
  for (int i = 0; i < 10; ++i) in_doubt.note(pool_of(i), std::nullopt, kEvening);
  look(in_doubt, 10, 6, kEvening + kTick);
  EXPECT_EQ(in_doubt.told_to(pool_of(0), kEvening + kTick, kTick).state, State::kHolds);
}

TEST(MassChangeWatch, AFirstWishWaitsForTheOthersToLook) {
  MassChangeWatch watch;
  look(watch, 6, 0, kEvening);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + kTick, kTick).state, State::kUnseen);
  watch.note(pool_of(0), kLess, kEvening + kTick);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + kTick + Seconds{1}, kTick).state, State::kUnseen);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + 2 * kTick, kTick).state, State::kNone);
  // It is the wish that lasts which counts, and doubt is none.
  watch.note(pool_of(0), std::nullopt, kEvening + 2 * kTick);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + 3 * kTick, kTick).state, State::kUnseen);
}

TEST(MassChangeWatch, AFewPoolsWaitForNobody) {
  MassChangeWatch watch;
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening, kTick).state, State::kUnseen) << "just begun";
  look(watch, 4, 4, kEvening);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + Seconds{14}, kTick).state, State::kUnseen);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + kTick, kTick).state, State::kNone);
}

TEST(MassChangeWatch, CountsNoPoolThatIsGone) {
  MassChangeWatch watch;
  look(watch, 6, 4, kEvening);
  for (int i = 0; i < 6; ++i) watch.forget(pool_of(i));
  watch.forget(pool_of(0));
  look(watch, 4, 4, kEvening + kTick);
  EXPECT_EQ(watch.told_to(pool_of(0), kEvening + 2 * kTick, kTick).state, State::kNone);
}

struct Scene {
  model::EdgePool pool = three_domains();
  model::Observation observation = observed(pool, {10, 10, 10}, fresh(1'000));
  model::PlanMemory memory{.since = kEvening - Seconds{86'400}};

  [[nodiscard]] Guarded guarded(State state, Fleet wanted) const {
    return mass_change({.pool = pool,
                        .observation = observation,
                        .memory = memory,
                        .stage = model::ForecastStage::kWeekly,
                        .floor = fleet({0, 0, 0}),
                        .at_maximum = fleet({67, 67, 66}),
                        .minimum = pool.replicas.min,
                        .mass_change = {.state = state, .wanting_less = 6, .pools = 8},
                        .now = kEvening},
                       std::move(wanted));
  }
};

TEST(MassChangeGuard, LowersToWhatWasWantedTenMinutesAgo) {
  Scene scene;
  scene.memory.recommendations = {{kEvening - Seconds{601}, fleet({30, 30, 30})},
                                  {kEvening - Seconds{600}, fleet({8, 12, 4})}};
  const auto guarded = scene.guarded(State::kHolds, fleet({5, 5, 5}));
  EXPECT_EQ(guarded.fleet, fleet({8, 10, 5}));
  EXPECT_EQ(guarded.verdict->reason, model::reason::kMassChange);
  EXPECT_EQ(scene.guarded(State::kNone, fleet({5, 5, 5})).fleet, fleet({5, 5, 5}));
}

TEST(MassChangeGuard, AYoungMemoryLowersNothing) {
  Scene scene;
  scene.memory.since = kEvening - Seconds{599};
  EXPECT_EQ(scene.guarded(State::kHolds, fleet({5, 12, 5})).fleet, fleet({10, 12, 10}));
}

TEST(MassChangeGuard, AFirstWishIsNotFollowedAndARiseIs) {
  const Scene scene;
  EXPECT_EQ(scene.guarded(State::kUnseen, fleet({5, 12, 5})).fleet, fleet({10, 12, 10}));
  EXPECT_FALSE(scene.guarded(State::kUnseen, fleet({10, 12, 10})).verdict);
}

}  // namespace
}  // namespace edgetide::guard
