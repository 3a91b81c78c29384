#include "store/store.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/pools.h"

namespace edgetide::store {
namespace {

using namespace testing_support;
using testing::HasSubstr;

struct StoreTest : testing::Test {
  StoreTest() {
    std::string name = (std::filesystem::temp_directory_path() / "edgetide-store-XXXXXX").string();
    directory = mkdtemp(name.data());
  }
  ~StoreTest() override { std::filesystem::remove_all(directory); }

  StoreOptions options() {
    return {.directory = directory,
            .render = [](const model::PlanReport& report) { return "{" + report.summary + "}"; },
            .on_problem = [this](const std::string& problem) { problems.push_back(problem); },
            .now = [this] { return time; }};
  }
  std::string path() const { return database_path(directory); }
  std::optional<std::string> loaded(Store& store) {
    const auto kept = store.load(owner);
    return kept ? std::optional{kept->bytes} : std::nullopt;
  }

  std::string directory;
  model::EdgePool pool = three_domains();
  ports::StateStore::Owner owner{.pool = pool.key, .id = "first"};
  Instant time = kEvening;
  std::vector<std::string> problems;
};

TEST_F(StoreTest, WhatIsKeptIsThereAfterARestartForItsOwner) {
  const std::string bytes("a\0b", 3);
  { Store(options()).keep(owner, {bytes, kEvening}); }
  Store store(options());
  ASSERT_EQ(loaded(store), bytes);
  EXPECT_EQ(store.load(owner)->at, kEvening);
  owner.id = "second";
  EXPECT_EQ(loaded(store), std::nullopt);
  EXPECT_TRUE(problems.empty());
}

TEST_F(StoreTest, DemandIsThereAfterARestartForTwoDays) {
  const auto run = [](Instant from, int count) {
    model::DemandHistory samples;
    for (int i = 0; i < count; ++i) samples.append({from + Seconds{15 * i}, Viewers{1000.5 + i}});
    return samples;
  };
  {
    Store store(options());
    store.keep_demand(owner, run(kEvening, 20));
    store.keep_demand(owner, run(kEvening + Seconds{300}, 2));
    store.keep_demand(owner, {});
  }
  {
    Store store(options());
    const auto kept = store.demand(owner);
    ASSERT_EQ(kept.size(), 22u);
    EXPECT_EQ(kept.front(), (model::DemandSample{kEvening, Viewers{1000.5}}));
    EXPECT_EQ(kept[19], (model::DemandSample{kEvening + Seconds{285}, Viewers{1019.5}}));
    EXPECT_EQ(kept.back(), (model::DemandSample{kEvening + Seconds{315}, Viewers{1001.5}}));
    EXPECT_TRUE(store.demand({.pool = pool.key, .id = "second"}).empty());
  }
  time += Seconds{2 * 24 * 3600 + 316};
  EXPECT_TRUE(Store(options()).demand(owner).empty());
}

TEST_F(StoreTest, DecisionsThatDifferOrWereActedOnAreRecordedNewestFirst) {
  model::PlanReport report{.pool = pool.key, .at = kEvening, .summary = "one"};
  const ports::ActOutcome acted{
      {{.name = "a", .from = Replicas{2}, .to = Replicas{8}, .result = {}}}};
  {
    Store store(options());
    store.publish(pool, report, {});
    report.summary = "the same in other numbers";
    store.publish(pool, report, {});
    report.summary = "acted on";
    store.publish(pool, report, acted);
    report.conditions = {{.type = "DemandFresh", .reason = "Stale"}};
    report.summary = "in doubt";
    store.publish(pool, report, {});
  }
  const auto decisions = read_decisions(directory, pool.key, 10);
  ASSERT_TRUE(decisions.ok()) << decisions.error().text();
  ASSERT_EQ(decisions->size(), 3u);
  EXPECT_EQ((*decisions)[0].summary, "in doubt");
  EXPECT_EQ((*decisions)[1].writes, "a 2 -> 8");
  EXPECT_EQ((*decisions)[2].report, "{one}");
  EXPECT_EQ(read_decisions(directory, pool.key, 1)->size(), 1u);
  EXPECT_TRUE(read_decisions(directory, {"video", "other"}, 10)->empty());
}

TEST_F(StoreTest, ADamagedFileIsSetAsideAndSaid) {
  { Store(options()).keep(owner, {"x", kEvening}); }
  {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file << std::string(8192, 'z');
  }
  { Store(options()).keep(owner, {"y", kEvening}); }
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0], HasSubstr("set aside as " + path() + ".damaged"));
  EXPECT_TRUE(std::filesystem::exists(path() + ".damaged"));
  Store store(options());
  EXPECT_EQ(loaded(store), "y");
}

TEST_F(StoreTest, ADirectoryThatCannotBeUsedIsSaidOnceAndStopsNothing) {
  auto elsewhere = options();
  elsewhere.directory = directory + "/absent";
  Store store(elsewhere);
  EXPECT_FALSE(store.healthy());
  store.keep(owner, {"x", kEvening});
  store.publish(pool, {.pool = pool.key, .at = kEvening}, {});
  EXPECT_EQ(loaded(store), std::nullopt);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0], HasSubstr("not kept on disk for now"));
  EXPECT_EQ(read_decisions(elsewhere.directory, pool.key, 1).error().code, ErrorCode::kNotFound);
}

TEST_F(StoreTest, AFullDiskIsSaidOnceAndStopsNothing) {
  auto small = options();
  small.largest_bytes = 64 * 4096;
  {
    Store store(small);
    EXPECT_TRUE(store.healthy());
    store.keep(owner, {std::string(1 << 20, 'x'), kEvening});
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (store.healthy() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    EXPECT_FALSE(store.healthy());
    EXPECT_THAT(store.trouble().value(), HasSubstr("full"));
    store.keep(owner, {"y", kEvening});
  }
  EXPECT_EQ(problems.size(), 1u);
}

TEST_F(StoreTest, ADamagedPageWithinTheFileIsFoundAtTheStart) {
  {
    Store store(options());
    for (int i = 0; i < 50; ++i)
      store.keep({.pool = {"video", std::to_string(i)}, .id = "first"},
                 {std::string(3000, 'x'), kEvening});
  }
  constexpr int kPage = 4096;
  const auto pages = std::filesystem::file_size(path()) / kPage;
  ASSERT_GT(pages, 20u);
  {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    for (std::uintmax_t page = pages / 2; page < pages; ++page) {
      file.seekp(static_cast<std::streamoff>(page * kPage));
      file << std::string(64, '\xff');
    }
  }
  { Store(options()).keep(owner, {"y", kEvening}); }
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0], HasSubstr("set aside as " + path() + ".damaged"));
  EXPECT_THAT(problems[0], HasSubstr("is damaged: "));
  Store store(options());
  EXPECT_EQ(loaded(store), "y");
}

TEST_F(StoreTest, AnExceptionInItsThreadIsSaidAndStopsNothing) {
  auto throwing = options();
  std::atomic<bool> throws = false;
  throwing.now = [&] {
    if (throws.exchange(false)) throw std::bad_alloc();
    return time;
  };
  Store store(throwing);
  throws = true;
  store.keep(owner, {"x", kEvening});
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  while (store.healthy() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  EXPECT_FALSE(store.healthy());
  EXPECT_EQ(store.trouble(), "std::bad_alloc");
}

TEST_F(StoreTest, OldAndTooManyDecisionsGo) {
  auto small = options();
  small.largest_bytes = 256 * 4096;
  const ports::ActOutcome acted{{{.name = "a", .result = {}}}};
  for (int round = 0; round < 40; ++round) {
    Store store(small);
    for (int i = 0; i < 10; ++i) {
      store.publish(pool, {.pool = pool.key, .at = time, .summary = std::string(4000, 'x')}, acted);
    }
  }
  EXPECT_TRUE(problems.empty()) << problems.front();
  const auto left = read_decisions(directory, pool.key, 1000)->size();
  EXPECT_GT(left, 50u);
  EXPECT_LT(left, 200u);
  time += Seconds{31 * 24 * 3600};
  { Store store(small); }
  EXPECT_TRUE(read_decisions(directory, pool.key, 1000)->empty());
}

}  // namespace
}  // namespace edgetide::store
