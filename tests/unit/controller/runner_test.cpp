#include "edgetide/controller/runner.h"

#include <gmock/gmock.h>

#include <thread>

#include "edgetide/core/thrown.h"
#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

using testing::ElementsAre;

/// A program that waited long for its cluster is not stuck in its first look.
TEST(Runner, ATurnCountsFromItsBeginning) {
  World world;
  Reconciler reconciler(world.ports(), {});
  Runner runner(reconciler, world);
  std::this_thread::sleep_for(std::chrono::milliseconds{20});
  const auto began = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_turn;
  world.while_reading = [&] { last_turn = runner.last_turn(); };
  {
    std::jthread work([&](std::stop_token stop) { runner.run(stop); });
    EXPECT_TRUE(world.publishes(1));
  }
  EXPECT_GE(last_turn, began);
}

TEST(Runner, LooksAtOnceAtAPoolThatIsWokenAndStopsWhenAsked) {
  World world;
  world.pool.mode = model::Mode::kDryRun;
  Reconciler reconciler(world.ports(), {.review = Seconds{300}});
  Runner runner(reconciler, world);
  std::jthread work([&](std::stop_token stop) { runner.run(stop); });
  ASSERT_TRUE(world.publishes(1));
  runner.wake(world.pool.key);
  EXPECT_TRUE(world.publishes(2));
  const auto before = std::chrono::steady_clock::now();
  work.request_stop();
  work.join();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{60});
}

TEST(Runner, ALookThatEndsByAnExceptionIsToldAndStopsNothing) {
  World world;
  Reconciler reconciler(world.ports(), {});
  std::vector<std::string> told;
  Runner runner(reconciler, world, [&](const ObjectKey& pool, std::string_view why) {
    told.push_back(pool.text() + ": " + std::string(why));
    world.while_reading = nullptr;
    runner.wake(pool);
  });
  world.while_reading = [] { throw std::bad_alloc(); };
  {
    std::jthread work([&](std::stop_token stop) { runner.run(stop); });
    EXPECT_TRUE(world.publishes(1));
  }
  EXPECT_THAT(told, ElementsAre(world.pool.key.text() + ": std::bad_alloc"));
  EXPECT_EQ(world.reports.size(), 1u);
}

/// What passes costs little, and what lasts does not take the time of the others.
TEST(Runner, APoolWhoseLooksThrowIsLookedAtEverMoreRarelyUntilOneEndsWell) {
  using std::chrono::steady_clock;
  World world;
  Reconciler reconciler(world.ports(), {.review = Seconds{1}});
  std::vector<steady_clock::time_point> skipped;
  Runner runner(reconciler, world, [&](const ObjectKey&, std::string_view) {
    skipped.push_back(steady_clock::now());
  });
  std::atomic<int> looks = 0;
  world.while_reading = [&] {
    if (++looks != 5) throw std::bad_alloc();
  };
  std::jthread work([&](std::stop_token stop) { runner.run(stop); });
  ASSERT_TRUE(world.publishes(1));
  for (int i = 0; i < 1000 && looks < 8; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  work.request_stop();
  work.join();
  ASSERT_GE(skipped.size(), 6u);
  auto least = std::chrono::milliseconds{50};
  for (std::size_t i = 1; i < 4; ++i, least *= 2)
    EXPECT_GE(skipped[i] - skipped[i - 1], least) << i;
  EXPECT_LT(skipped[5] - skipped[4], skipped[3] - skipped[2]) << "begins anew";
}

TEST(Runner, ATurnThatThrowsIsMadeGoodAndCountsAsNoSignOfLife) {
  struct NoKeys : World {
    std::vector<ObjectKey> keys() override {
      if (++asked <= 2) throw std::bad_alloc();
      return World::keys();
    }
    std::atomic<int> asked = 0;
  } world;
  Reconciler reconciler(world.ports(), {});
  Runner runner(reconciler, world);
  const auto before = times_thrown(Work::kTurn);
  std::jthread work([&](std::stop_token stop) { runner.run(stop); });
  while (world.asked < 1) std::this_thread::yield();
  const auto first = runner.last_turn();
  while (world.asked < 2) std::this_thread::sleep_for(std::chrono::milliseconds{10});
  EXPECT_EQ(runner.last_turn(), first);
  EXPECT_TRUE(world.publishes(1));
  EXPECT_EQ(times_thrown(Work::kTurn), before + 2);
}

TEST(Runner, LooksAtEveryPoolWhenThereIsNewsOfAllAndForgetsWhatHasGone) {
  World world;
  world.pool.mode = model::Mode::kDryRun;
  Reconciler reconciler(world.ports(), {.review = Seconds{300}});
  Runner runner(reconciler, world);
  std::jthread work([&](std::stop_token stop) { runner.run(stop); });
  ASSERT_TRUE(world.publishes(1));
  runner.wake_all();
  ASSERT_TRUE(world.publishes(2));
  world.exists = false;
  runner.wake(world.pool.key);
  for (int i = 0; i < 6000 && world.forgotten == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  runner.wake_all();
  work.request_stop();
  work.join();
  EXPECT_EQ(world.forgotten, 1);
  EXPECT_EQ(world.reports.size(), 2u);
}

/// Pools "0" to "5", alike but for their names, and without a past that would take time to learn.
struct SixPools : World {
  SixPools() { history_begins = time; }
  std::vector<ObjectKey> keys() override {
    std::vector<ObjectKey> all;
    for (int i = 0; i < 6; ++i) all.push_back({"video", std::to_string(i)});
    return all;
  }
  Result<model::EdgePool> find(const ObjectKey& key) override {
    auto found = pool;
    found.key = key;
    return found;
  }
  [[nodiscard]] std::string looked_at() const {
    std::string names;
    for (const auto& report : reports) names += report.pool.name;
    return names;
  }
};

/// Those whose viewers have risen most do not wait for the rest of a large fleet.
TEST(Runner, LooksFirstAtThePoolsThatAreNamedWhenThereIsNewsOfAll) {
  SixPools world;
  world.pool.mode = model::Mode::kDryRun;
  Reconciler reconciler(world.ports(), {.review = Seconds{300}});
  Runner runner(reconciler, world);
  std::jthread work([&](std::stop_token stop) { runner.run(stop); });
  ASSERT_TRUE(world.publishes(6));
  runner.wake_all({{"video", "4"}, {"video", "1"}, {"video", "unknown"}});
  ASSERT_TRUE(world.publishes(12));
  work.request_stop();
  work.join();
  EXPECT_EQ(world.looked_at(), "012345410235");
}

}  // namespace
}  // namespace edgetide::controller
