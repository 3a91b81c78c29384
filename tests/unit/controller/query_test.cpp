#include <gtest/gtest.h>

#include <semaphore>
#include <utility>

#include "edgetide/controller/reconciler.h"
#include "unit/controller/shelf.h"
#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

/// Somebody counts other viewers from now on, or counts them otherwise.
TEST(Reconciler, AQueryThatIsChangedHasAPastOfItsOwn) {
  World world;
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  world.time += Seconds{3600};
  world.viewers = fresh(10'000, world.time);
  world.query.reset();  // its MetricSource is gone for a moment
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 2);
  EXPECT_LT(world.reports.back().peak.quantile, Viewers{12'000});

  world.query = "sum(player_sessions) by (channel)";
  world.usual_viewers = 50'000;
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 4);
  EXPECT_GT(world.reports.back().peak.quantile, Viewers{40'000});
}

/// Also by what is known of an earlier query nothing is lowered, and by what was kept of it.
TEST(Reconciler, WhileThePastOfAChangedQueryCannotBeReadNothingIsLowered) {
  Shelf shelf;
  World world;
  world.states = &shelf;
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  const int standing = world.standing[0] + world.standing[1] + world.standing[2];
  world.history_answers = false;
  world.query = "sum(player_sessions) / 10";
  for (int look = 0; look < 60; ++look) {
    world.time += Seconds{15};
    world.viewers = fresh(1'000, world.time);
    reconciler.reconcile(world.pool.key);
  }
  EXPECT_EQ(model::condition(world.reports.back(), "ForecastReady").reason, "PastUnread");
  EXPECT_GE(world.standing[0] + world.standing[1] + world.standing[2], standing);

  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kNone);
  EXPECT_GE(world.standing[0] + world.standing[1] + world.standing[2], standing);
}

TEST(Reconciler, APastThatIsBeingReadForAnEarlierQueryIsNotTaken) {
  World world;
  std::counting_semaphore<2> asked{0};
  std::counting_semaphore<4> answered{0};
  std::counting_semaphore<2> read{0};
  world.before_history = [&] {
    asked.release();
    answered.acquire();
    world.usual_viewers = world.history_reads < 2 ? 90'000 : 10'000;
  };
  PastReader pasts({world, world, {world}, world}, {}, [&](const ObjectKey&) { read.release(); });
  world.pasts = &pasts;
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  asked.acquire();
  world.query = "sum(player_sessions) / 9";
  reconciler.reconcile(world.pool.key);
  answered.release(2);
  read.acquire();
  for (int asks = 0; asks < 2; ++asks) asked.acquire();  // the new query's past is being read
  world.time += Seconds{10};
  world.viewers = fresh(10'000, world.time);
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kNone);

  answered.release(2);
  read.acquire();
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);
  EXPECT_LT(world.reports.back().peak.quantile, Viewers{12'000});
  pasts.stop();
}

struct SlowShelf : Shelf {
  std::vector<model::DemandSample> demand(const Owner& owner) override {
    asked.release();
    answered.acquire();
    return Shelf::demand(owner);
  }
  std::counting_semaphore<8> asked{0};
  std::counting_semaphore<8> answered{0};
};

/// A pool that was there before its MetricSource.
TEST(Reconciler, APastThatIsBeingReadForNoQueryIsNotWaitedFor) {
  SlowShelf shelf;
  World world;
  std::counting_semaphore<8> read{0};
  PastReader pasts({world, world, {world, &shelf}, world}, {},
                   [&](const ObjectKey&) { read.release(); });
  world.pasts = &pasts;
  world.states = &shelf;
  Reconciler reconciler(world.ports(), {});
  world.query.reset();
  const auto viewers = std::exchange(
      world.viewers, {.freshness = model::Freshness::kFailed, .detail = "no MetricSource"});
  reconciler.reconcile(world.pool.key);
  shelf.asked.acquire();

  world.query = "sum(player_sessions)";
  world.viewers = viewers;
  reconciler.reconcile(world.pool.key);
  shelf.answered.release(8);
  for (int answers = 0; answers < 2; ++answers) read.acquire();
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);
  pasts.stop();
}

}  // namespace
}  // namespace edgetide::controller
