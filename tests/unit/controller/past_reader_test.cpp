#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <new>
#include <optional>
#include <semaphore>
#include <set>
#include <string>
#include <thread>

#include "edgetide/controller/past.h"
#include "unit/controller/out_of_memory.h"
#include "unit/controller/world.h"

namespace edgetide::controller {
namespace {

/// Pools of any name, whose pasts are told when the test says so.
struct Fleet {
  Fleet() {
    world.before_history = [this] {
      std::unique_lock lock(mutex);
      ++asked;
      changed.notify_all();
      changed.wait(lock, [&] { return open; });
    };
  }
  ~Fleet() {
    let_go();
    pasts.stop();
  }
  void want(const std::string& name, const std::string& id = "uid") {
    pasts.want({.owner = {.pool = {"video", name}, .id = id}});
  }
  bool take(const std::string& name, const std::string& id = "uid") {
    return pasts.take({.pool = {"video", name}, .id = id}).has_value();
  }
  bool waits_for(const std::function<bool()>& holds) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds{20}, holds);
  }
  void let_go() {
    const std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }

  World world;
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  int asked = 0;
  std::multiset<std::string> told;
  PastReader pasts{{world, world, {world}, world},
                   {.span = Seconds{7200}, .recent_span = Seconds{3600}},
                   [this](const ObjectKey& pool) {
                     const std::lock_guard lock(mutex);
                     told.insert(pool.name);
                     changed.notify_all();
                   }};
};

TEST(PastReader, ReadsTwoPoolsAtATime) {
  Fleet fleet;
  for (const char* name : {"one", "two", "three"}) fleet.want(name);
  EXPECT_TRUE(fleet.waits_for([&] { return fleet.asked == 2; }));
  EXPECT_EQ(fleet.pasts.waiting(), 1u);
  fleet.let_go();
  EXPECT_TRUE(fleet.waits_for([&] { return fleet.told.size() == 3; }));
  for (const char* name : {"one", "two", "three"}) EXPECT_TRUE(fleet.take(name)) << name;
}

TEST(PastReader, WhatIsReadOfAForgottenPoolIsDropped) {
  Fleet fleet;
  fleet.want("one");
  EXPECT_TRUE(fleet.waits_for([&] { return fleet.asked == 1; }));
  fleet.pasts.forget({"video", "one"});
  fleet.let_go();
  EXPECT_TRUE(fleet.waits_for([&] { return fleet.told.count("one") == 1; }));
  EXPECT_FALSE(fleet.take("one"));
}

TEST(PastReader, WhatIsReadOfAForgottenPoolStandsInNobodysWay) {
  Fleet fleet;
  fleet.want("one", "of an earlier query");
  EXPECT_TRUE(fleet.waits_for([&] { return fleet.asked == 1; }));
  fleet.pasts.forget({"video", "one"});
  fleet.want("one");
  fleet.want("two");
  EXPECT_TRUE(fleet.waits_for([&] { return fleet.asked == 2; })) << "the other pool's";
  EXPECT_EQ(fleet.pasts.waiting(), 1u) << "of one pool one is read at a time";
  fleet.let_go();
  EXPECT_TRUE(fleet.waits_for([&] { return fleet.told.count("one") == 2; }));
  EXPECT_TRUE(fleet.take("one"));
}

TEST(PastReader, APoolThatIsGoneWhenItsTurnComesIsAnError) {
  Fleet fleet;
  fleet.world.exists = false;
  fleet.want("one");
  EXPECT_TRUE(fleet.waits_for([&] { return fleet.told.size() == 1; }));
  const auto past = fleet.pasts.take({.pool = {"video", "one"}, .id = "uid"});
  ASSERT_TRUE(past.has_value());
  EXPECT_EQ(past->error().code, ErrorCode::kNotFound);
}

/// The pool is told, and the reader reads on.
TEST(PastReader, AnExceptionIsAPastThatCannotBeRead) {
  World world;
  std::counting_semaphore<2> read{0};
  PastReader pasts({world, world, {world}, world}, {}, [&](const ObjectKey&) {
    read.release();
    throw std::bad_alloc();
  });
  world.before_history = [] { throw std::bad_alloc(); };
  const ports::StateStore::Owner owner{.pool = world.pool.key, .id = "first"};
  pasts.want({.owner = owner});
  read.acquire();
  EXPECT_EQ(pasts.take(owner)->error().message, "std::bad_alloc");
  world.before_history = nullptr;
  pasts.want({.owner = owner});
  read.acquire();
  EXPECT_TRUE(pasts.take(owner)->ok());
}

/// Else the pool would wait for its past for ever, and never be lowered.
TEST(PastReader, ThereIsAnOutcomeWhereverMemoryEnds) {
  const ports::StateStore::Owner owner{.pool = {"video", "one"}, .id = std::string(40, 'u')};
  /// From the second half of the past on, until the pool is told.
  const auto needed = [&owner](std::optional<long> fails_after) -> std::optional<long> {
    World world;
    std::atomic<long> before = 0;
    std::atomic<long> after = 0;
    std::atomic<bool> failed = false;
    std::atomic<int> asked = 0;
    world.before_history = [&] {
      if (++asked < 2) return;
      before = allocations();
      if (fails_after) fail_allocation_after(*fails_after);
    };
    PastReader pasts({world, world, {world}, world},
                     {.span = Seconds{7200}, .recent_span = Seconds{3600}}, [&](const ObjectKey&) {
                       after = allocations();
                       failed = allocation_failed();
                     });
    pasts.want({.owner = owner});
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    bool there = false;
    while (!there && std::chrono::steady_clock::now() < until) {
      there = pasts.take(owner).has_value();
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    pasts.stop();
    EXPECT_EQ(failed, fails_after.has_value());
    if (!there) return std::nullopt;
    return after - before;
  };
  const auto whole = needed(std::nullopt);
  ASSERT_TRUE(whole);
  ASSERT_GT(*whole, 10);
  for (long after = *whole - 10; after < *whole; ++after)
    EXPECT_TRUE(needed(after)) << "of " << *whole << " allocations all but " << after;
}

}  // namespace
}  // namespace edgetide::controller
