#include <gmock/gmock.h>

#include <semaphore>

#include "edgetide/controller/reconciler.h"
#include "unit/controller/shelf.h"
#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

/// A past that is read beside the looks: the first decision waits for it, for a while.
TEST(Reconciler, DecidesOnceThePastThatIsReadBesideItIsThere) {
  World world;
  std::counting_semaphore<2> answered{0};
  std::binary_semaphore read{0};
  std::counting_semaphore<2> asked{0};
  world.before_history = [&] {
    asked.release();
    answered.acquire();
  };
  PastReader pasts({world, world, {world}, world}, {}, [&](const ObjectKey&) { read.release(); });
  world.pasts = &pasts;
  Reconciler reconciler(world.ports(), {});
  EXPECT_EQ(reconciler.reconcile(world.pool.key), Seconds{10});
  EXPECT_TRUE(world.reports.empty());
  asked.acquire();

  world.time += Seconds{10};
  world.viewers = fresh(10'000);
  reconciler.reconcile(world.pool.key);
  ASSERT_EQ(world.reports.size(), 1u) << "what is wanted now must do";
  EXPECT_EQ(model::condition(world.reports.back(), "ForecastReady").reason, "PastUnread");
  EXPECT_GE(world.standing[0] + world.standing[1], 14);

  answered.release(2);
  read.acquire();
  world.time += Seconds{15};
  world.viewers = fresh(10'000);
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);
  EXPECT_EQ(world.history_reads, 2);
  pasts.stop();
}

/// A fleet whose pasts are read for a minute, of which each pool was told of twice.
TEST(Reconciler, WhileManyPastsAreReadTheFirstReportWaitsUnlessItIsOfAWrite) {
  for (const bool rises : {false, true}) {
    World world;
    std::counting_semaphore<> asked{0};
    std::counting_semaphore<> answered{0};
    world.before_history = [&] {
      asked.release();
      answered.acquire();
    };
    PastReader pasts({world, world, {world}, world}, {}, [](const ObjectKey&) {});
    for (int i = 0; i < 250; ++i)
      pasts.want({.owner = {.pool = {"video", "other-" + std::to_string(i)}, .id = "other"}});
    for (int reader = 0; reader < 2; ++reader) asked.acquire();  // none looks at the world now
    world.pasts = &pasts;
    Reconciler reconciler(world.ports(), {});
    if (!rises) world.standing = {20, 20, 20};
    reconciler.reconcile(world.pool.key);
    for (const int later : {10, 25, 59, 60}) {
      world.time = kEvening + Seconds{later};
      world.viewers = fresh(10'000, world.time);
      reconciler.reconcile(world.pool.key);
      EXPECT_EQ(world.reports.empty(), !rises && later < 60) << "after " << later << " s";
    }
    EXPECT_EQ(world.orders.empty(), !rises);
    answered.release(1'000);
    pasts.stop();
  }
}

/// The first report does not wait for ever, and the past is asked for again.
TEST(Reconciler, APastWhoseReadingThrowsIsToldAsUnreadAndReadLater) {
  World world;
  std::counting_semaphore<> read{0};
  world.before_history = [] { throw std::bad_alloc(); };
  PastReader pasts({world, world, {world}, world}, {}, [&](const ObjectKey&) {
    read.release();
    throw std::bad_alloc();
  });
  world.pasts = &pasts;
  world.standing = {20, 20, 20};
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  EXPECT_TRUE(world.reports.empty());
  read.acquire();
  world.time += Seconds{1};
  world.viewers = fresh(10'000, world.time);
  reconciler.reconcile(world.pool.key);
  ASSERT_EQ(world.reports.size(), 1u);
  EXPECT_EQ(world.reports.back().observation.history_problem, "std::bad_alloc");
  EXPECT_EQ(model::condition(world.reports.back(), "ForecastReady").reason, "PastUnread");
  EXPECT_TRUE(world.orders.empty());

  world.before_history = nullptr;
  for (const int later : {60, 5}) {
    world.time += Seconds{later};
    world.viewers = fresh(10'000, world.time);
    reconciler.reconcile(world.pool.key);
    if (later == 60) read.acquire();
  }
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);
  pasts.stop();
}

TEST(Reconciler, APastThatWasExpectedIsThereAtTheFirstLook) {
  World world;
  std::binary_semaphore read{0};
  PastReader pasts({world, world, {world}, world}, {}, [&](const ObjectKey&) { read.release(); });
  world.pasts = &pasts;
  Reconciler reconciler(world.ports(), {});
  reconciler.expect(world.pool.key);
  reconciler.expect(world.pool.key);
  reconciler.expect({"video", "another"});
  read.acquire();
  reconciler.reconcile(world.pool.key);
  ASSERT_EQ(world.reports.size(), 1u);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);
  EXPECT_EQ(world.history_reads, 2);
  pasts.stop();
}

/// A query with a slip of the pen finds nothing; once it is mended there is a past.
TEST(Reconciler, APastThatIsFoundLaterIsRead) {
  World world;
  world.history_begins = world.time + Seconds{86'400};
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kNone);
  world.history_begins = {};
  for (int look = 0; look < 5; ++look) {
    world.time += Seconds{15};
    world.viewers = fresh(10'000, world.time);
    reconciler.reconcile(world.pool.key);
    EXPECT_EQ(world.reports.back().observation.history_problem, "");
  }
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);
  EXPECT_EQ(world.history_reads, 4) << "and is not read a third time";
}

TEST(Reconciler, WhatItLearnedOutlivesARestartWithoutTheSource) {
  Shelf shelf;
  World world;
  world.states = &shelf;
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_EQ(shelf.times, 1);

  world.time += Seconds{60};
  world.viewers = {.freshness = model::Freshness::kFailed, .detail = "connection refused"};
  world.history_answers = false;
  world.history_reads = 0;
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 0);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);

  world.pool.uid = "another pool of that name";
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kNone);
}

/// An upgrade, say: another layout of what was learned, and no source to learn it from again.
TEST(Reconciler, KeptDemandTeachesWhereNeitherTheStateNorTheSourceCanBeRead) {
  Shelf shelf;
  World world;
  world.states = &shelf;
  {
    Reconciler before(world.ports(), {});
    for (int look = 0; look < 6 * 240; ++look) {
      world.viewers = fresh(10'000, world.time);
      before.reconcile(world.pool.key);
      world.time += Seconds{15};
    }
  }
  EXPECT_GT(shelf.samples.size(), 6 * 240 - 25u);
  shelf.kept->bytes = "of an older version";
  world.viewers = {.freshness = model::Freshness::kFailed, .detail = "connection refused"};
  world.history_answers = false;
  world.history_reads = 0;
  Reconciler after(world.ports(), {});
  after.reconcile(world.pool.key);
  const auto& report = world.reports.back();
  EXPECT_EQ(world.history_reads, 0) << "a source that does not answer is not asked for weeks";
  EXPECT_EQ(report.peak.stage, model::ForecastStage::kLevel);

  world.viewers = fresh(10'000, world.time);
  world.history_answers = true;
  world.time += Seconds{60};
  after.reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly) << "once it answers";
}

/// A store behind the source is down, say: it tells what is now and not what was.
TEST(Reconciler, APastThatCannotBeReadLowersNothingAndIsLearnedOn) {
  Shelf shelf;
  World world;
  world.states = &shelf;
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  const int standing = world.standing[0] + world.standing[1] + world.standing[2];
  world.time += Seconds{3600};
  world.history_answers = false;
  Reconciler reconciler(world.ports(), {});
  for (int look = 0; look < 60; ++look) {
    world.viewers = fresh(1'000, world.time);
    reconciler.reconcile(world.pool.key);
    world.time += Seconds{15};
  }
  EXPECT_GE(world.standing[0] + world.standing[1] + world.standing[2], standing);
  EXPECT_LT(world.reports.back().peak.median, Viewers{9'000}) << "what is now, is learned";
}

/// A Prometheus that lost its disk: what was learned before is carried on, not forgotten.
TEST(Reconciler, ASourceThatLostThePastTakesNothingFromWhatWasLearned) {
  Shelf shelf;
  World world;
  world.states = &shelf;
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  world.time += Seconds{2 * 3600};
  world.viewers = fresh(10'000, world.time);
  world.history_begins = world.time - Seconds{600};
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);

  world.history_begins = world.time - Seconds{3 * 3600};  // from before the restart
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);

  world.history_begins = world.time - Seconds{600};
  shelf.kept->bytes.clear();
  shelf.samples.clear();
  for (int minute = 180; minute > 0; --minute)
    shelf.samples.push_back({world.time - Seconds{60 * minute}, Viewers{20'000}});
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kLevel)
      << "with three kept hours before the ten minutes that the source knows";
}

TEST(Reconciler, ADiskThatFailsIsACondition) {
  Shelf shelf;
  World world;
  world.states = &shelf;
  Reconciler reconciler(world.ports(), {});
  const auto told = [&](std::optional<std::string> trouble) {
    shelf.said = std::move(trouble);
    reconciler.reconcile(world.pool.key);
    world.time += Seconds{15};
    for (const auto& condition : world.reports.back().conditions)
      if (condition.type == "MemoryKept") return condition.reason + ": " + condition.message;
    return std::string{};
  };
  EXPECT_EQ(told(std::nullopt), "") << "where nothing is meant to be kept";
  EXPECT_EQ(told(""), "KeptOnDisk: what is learned and decided will be there after a restart");
  EXPECT_EQ(told("database or disk is full"), "DiskFailed: database or disk is full");
}

TEST(Reconciler, ADamagedOrOldStateIsReplacedByThePast) {
  Shelf shelf;
  World world;
  world.states = &shelf;
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  const auto good = *shelf.kept;

  shelf.kept->bytes[shelf.kept->bytes.size() / 2] ^= 1;
  world.history_reads = 0;
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 2);

  shelf.kept = good;
  world.time += Seconds{3600};
  world.viewers = fresh(10'000);
  world.history_answers = false;
  world.history_reads = 0;
  Reconciler(world.ports(), {}).reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 1);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly) << "until it was read";
}

}  // namespace
}  // namespace edgetide::controller
