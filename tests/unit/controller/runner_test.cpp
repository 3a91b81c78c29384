#include "edgetide/controller/runner.h"

#include <gmock/gmock.h>

#include <thread>

#include "edgetide/core/thrown.h"
#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

using testing::ElementsAre;

/// A runner in a thread of its own, until `stop` or the end.
struct Running {
  explicit Running(World& world, const ReconcilerOptions& options = {},
                   Runner::OnSkipped on_skipped = {})
      : reconciler(world.ports(), options), runner(reconciler, world, std::move(on_skipped)) {}
  void start() {
    work = std::jthread([this](std::stop_token stop) { runner.run(std::move(stop)); });
  }
  void stop() {
    work.request_stop();
    work.join();
  }
  Reconciler reconciler;
  Runner runner;
  std::jthread work;
};

/// A program that waited long for its cluster is not stuck in its first look.
TEST(Runner, ATurnCountsFromItsBeginning) {
  World world;
  Running running(world);
  std::this_thread::sleep_for(std::chrono::milliseconds{20});
  const auto began = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_turn;
  world.while_reading = [&] { last_turn = running.runner.last_turn(); };
  running.start();
  EXPECT_TRUE(world.publishes(1));
  running.stop();
  EXPECT_GE(last_turn, began);
}

TEST(Runner, LooksAtOnceAtAPoolThatIsWokenAndStopsWhenAsked) {
  World world;
  world.pool.mode = model::Mode::kDryRun;
  Running running(world, {.review = Seconds{300}});
  running.start();
  ASSERT_TRUE(world.publishes(1));
  running.runner.wake(world.pool.key);
  EXPECT_TRUE(world.publishes(2));
  const auto before = std::chrono::steady_clock::now();
  running.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{60});
}

TEST(Runner, ALookThatEndsByAnExceptionIsToldAndStopsNothing) {
  World world;
  std::vector<std::string> told;
  Running running(world, {}, [&](const ObjectKey& pool, std::string_view why) {
    told.push_back(pool.text() + ": " + std::string(why));
    world.while_reading = nullptr;
    running.runner.wake(pool);
  });
  world.while_reading = [] { throw std::bad_alloc(); };
  running.start();
  EXPECT_TRUE(world.publishes(1));
  running.stop();
  EXPECT_THAT(told, ElementsAre(world.pool.key.text() + ": std::bad_alloc"));
  EXPECT_EQ(world.reports.size(), 1u);
}

/// What passes costs little, and what lasts does not take the time of the others.
TEST(Runner, APoolWhoseLooksThrowIsLookedAtEverMoreRarelyUntilOneEndsWell) {
  using std::chrono::steady_clock;
  World world;
  std::vector<steady_clock::time_point> skipped;
  std::atomic<int> looks = 0;
  Running running(world, {.review = Seconds{1}}, [&](const ObjectKey&, std::string_view) {
    skipped.push_back(steady_clock::now());
  });
  world.while_reading = [&] {
    if (++looks != 5) throw std::bad_alloc();
  };
  running.start();
  ASSERT_TRUE(world.publishes(1));
  for (int i = 0; i < 1000 && looks < 8; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  running.stop();
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
  Running running(world);
  const auto before = times_thrown(Work::kTurn);
  running.start();
  while (world.asked < 1) std::this_thread::yield();
  const auto first = running.runner.last_turn();
  while (world.asked < 2) std::this_thread::sleep_for(std::chrono::milliseconds{10});
  EXPECT_EQ(running.runner.last_turn(), first);
  EXPECT_TRUE(world.publishes(1));
  EXPECT_EQ(times_thrown(Work::kTurn), before + 2);
}

TEST(Runner, LooksAtEveryPoolWhenThereIsNewsOfAllAndForgetsWhatHasGone) {
  World world;
  world.pool.mode = model::Mode::kDryRun;
  Running running(world, {.review = Seconds{300}});
  running.start();
  ASSERT_TRUE(world.publishes(1));
  running.runner.wake_all();
  ASSERT_TRUE(world.publishes(2));
  world.exists = false;
  running.runner.wake(world.pool.key);
  for (int i = 0; i < 6000 && world.forgotten == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  running.runner.wake_all();
  running.stop();
  EXPECT_EQ(world.forgotten, 1);
  EXPECT_EQ(world.reports.size(), 2u);
}

/// Without a past that would take time to learn.
struct SixPools : ManyPools {
  SixPools() : ManyPools(6) { history_begins = time; }
  [[nodiscard]] std::string looked_at() const {
    std::string numbers;
    for (const auto& report : reports) numbers += std::to_string(index(report.pool));
    return numbers;
  }
};

/// Those whose viewers have risen most do not wait for the rest of a large fleet.
TEST(Runner, LooksFirstAtThePoolsThatAreNamedWhenThereIsNewsOfAll) {
  SixPools world;
  world.pool.mode = model::Mode::kDryRun;
  Running running(world, {.review = Seconds{300}});
  running.start();
  ASSERT_TRUE(world.publishes(6));
  running.runner.wake_all({SixPools::key(4), SixPools::key(1), {"video", "unknown"}});
  ASSERT_TRUE(world.publishes(12));
  running.stop();
  EXPECT_EQ(world.looked_at(), "012345410235");
}

}  // namespace
}  // namespace edgetide::controller
