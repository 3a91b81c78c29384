#include "edgetide/controller/reconciler.h"

#include <gmock/gmock.h>

#include <atomic>
#include <numeric>
#include <semaphore>
#include <thread>

#include "edgetide/controller/runner.h"
#include "edgetide/model/reasons.h"
#include "support/pools.h"

namespace edgetide::controller {
namespace {

using namespace testing_support;
using testing::ElementsAre;

/// A world of one pool in memory, whose every part can be made to fail.
struct World : ports::PoolRepository,
               ports::DemandSource,
               ports::EventSource,
               ports::ReportSink,
               ports::VerbTimer,
               ports::Clock {
  std::vector<ObjectKey> keys() override {
    return exists ? std::vector{pool.key} : std::vector<ObjectKey>{};
  }
  Result<model::EdgePool> find(const ObjectKey& key) override {
    if (exists) return pool;
    return Error{.code = ErrorCode::kNotFound, .message = "gone", .context = key.text()};
  }
  std::vector<model::DomainObservation> fleet(const model::EdgePool&) override {
    return observed(pool, standing, viewers).domains;
  }
  Result<void> scale(const model::EdgePool&, const ports::ScaleOrder& order) override {
    orders.push_back(order);
    if (refuses) return *refuses;
    standing[order.domain] = order.to.count();
    return {};
  }
  Result<void> rehearse(const model::EdgePool&, const ports::ScaleOrder& order) override {
    rehearsed.push_back(order);
    if (refuses_rehearsal) return *refuses_rehearsal;
    return {};
  }
  model::DemandReadings read(const model::EdgePool&, Instant) override {
    if (while_reading) while_reading();
    return {.viewers = viewers};
  }
  Result<model::DemandHistory> history(const model::EdgePool&,
                                       const ports::HistoryRange& range) override {
    if (before_history) before_history();
    ++history_reads;
    if (!history_answers) return Error{.code = ErrorCode::kUnavailable, .message = "down"};
    std::vector<model::DemandSample> samples;
    for (Instant at = range.from; at < range.to; at += range.step) {
      samples.push_back({at, Viewers{usual_viewers}});
    }
    return model::DemandHistory(std::move(samples));
  }
  model::EventCalendar calendar(const model::EdgePool&) override { return announced; }
  model::UtcOffsets offsets(const model::EdgePool&) override { return {}; }
  void publish(const model::EdgePool&, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override {
    reports.push_back(report);
    outcomes.push_back(outcome.writes.size());
    ++published;
  }
  void forget(const ObjectKey&) override { ++forgotten; }
  void took(std::string_view verb, std::chrono::nanoseconds) override { verbs.emplace_back(verb); }
  [[nodiscard]] Instant now() const override { return time; }

  [[nodiscard]] Ports ports() { return {*this, *this, *this, *this, *this, *this}; }

  model::EdgePool pool = three_domains();
  model::Reading viewers = fresh(10'000);
  /// Waits for that many reports, of a runner in another thread.
  [[nodiscard]] bool publishes(int count) const {
    for (int i = 0; i < 1000 && published < count; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return published == count;
  }

  std::atomic<int> published{0};
  std::vector<int> standing{2, 2, 2};
  Instant time = kEvening;
  model::EventCalendar announced;
  std::function<void()> while_reading;
  std::function<void()> before_history;
  bool exists = true;
  std::optional<Error> refuses;
  std::vector<ports::ScaleOrder> rehearsed;
  std::optional<Error> refuses_rehearsal;
  bool history_answers = true;
  double usual_viewers = 10'000;
  int history_reads = 0;
  std::atomic<int> forgotten{0};
  std::vector<ports::ScaleOrder> orders;
  std::vector<model::PlanReport> reports;
  std::vector<std::size_t> outcomes;
  std::vector<std::string> verbs;
};

TEST(Reconciler, ObservesLearnsPlansActsReports) {
  World world;
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  EXPECT_THAT(world.verbs, ElementsAre("observe", "learn", "plan", "act", "report"));
  EXPECT_EQ(world.orders.size(), 3u);
  EXPECT_GE(world.standing[0] + world.standing[1], 14);  // 10,000 viewers with one domain lost
  EXPECT_EQ(world.reports.front().peak.stage, model::ForecastStage::kWeekly);
}

TEST(Reconciler, InDryRunAndInALookNothingIsWritten) {
  World dry;
  dry.pool.mode = model::Mode::kDryRun;
  Reconciler(dry.ports(), {}).reconcile(dry.pool.key);
  EXPECT_TRUE(dry.orders.empty());
  EXPECT_EQ(dry.reports.front().plan.action, model::Action::kScaleUp);

  World enforced;
  Reconciler(enforced.ports(), {.acts = false}).reconcile(enforced.pool.key);
  EXPECT_TRUE(enforced.orders.empty());
}

/// What is announced or allowed now is looked at now; else every five minutes will do.
TEST(Reconciler, LooksAheadAnewWhenSomethingHasChanged) {
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
  EXPECT_GT(look().until, changed);
  changed = look().until;
  world.time += Seconds{300};
  world.viewers.at = world.time;
  EXPECT_GT(look().until, changed);
}

/// An hour before viewers come the API server is asked whether it would take the orders.
TEST(Reconciler, RehearsesTheOrdersOfALargeRiseAnHourBefore) {
  World world;
  world.announced = model::EventCalendar({{.name = "video/final",
                                           .event_class = "final",
                                           .start = kEvening + std::chrono::minutes{100},
                                           .duration = std::chrono::hours{2},
                                           .expected_peak = Viewers{100'000}}});
  Reconciler reconciler(world.ports(), {});
  const auto able = [&](Seconds later) {
    world.time += later;
    world.viewers.at = world.time;
    reconciler.reconcile(world.pool.key);
    return model::condition(world.reports.back(), "AbleToScale");
  };
  EXPECT_EQ(able(Seconds{0}).status, model::ConditionStatus::kTrue);
  EXPECT_TRUE(world.rehearsed.empty()) << "the ramp begins in less than an hour, and not yet";

  world.refuses_rehearsal = Error{.code = ErrorCode::kForbidden, .message = "no more than 9"};
  const auto refused = able(std::chrono::minutes{30});
  EXPECT_EQ(refused.reason, model::reason::kRehearsalFailed);
  EXPECT_THAT(refused.message, testing::HasSubstr("no more than 9"));
  ASSERT_EQ(world.rehearsed.size(), 1u);
  EXPECT_GT(world.rehearsed[0].to, world.rehearsed[0].from);
  EXPECT_EQ(able(Seconds{15}).reason, model::reason::kRehearsalFailed) << "as last judged";
  EXPECT_EQ(world.rehearsed.size(), 1u);

  world.refuses_rehearsal = Error{.code = ErrorCode::kUnavailable, .message = "down"};
  EXPECT_EQ(able(Seconds{60}).status, model::ConditionStatus::kTrue) << "nobody has refused";
  EXPECT_EQ(world.rehearsed.size(), 4u);
  EXPECT_EQ(able(Seconds{15}).status, model::ConditionStatus::kTrue);
  EXPECT_EQ(world.rehearsed.size(), 4u) << "a quarter of an hour later is soon enough";

  world.pool.mode = model::Mode::kDryRun;
  world.refuses_rehearsal = Error{.code = ErrorCode::kForbidden, .message = "no"};
  EXPECT_EQ(able(Seconds{900}).status, model::ConditionStatus::kTrue);
  EXPECT_EQ(world.rehearsed.size(), 4u);
}

TEST(Reconciler, AReplicaThatStandsByLearnsAndTouchesNothing) {
  struct : ports::Leadership {
    [[nodiscard]] bool leads() const override { return is_ours; }
    bool is_ours = false;
  } lead;
  World world;
  auto ports = world.ports();
  ports.leadership = &lead;
  Reconciler reconciler(ports, {});
  reconciler.reconcile(world.pool.key);
  EXPECT_THAT(world.verbs, ElementsAre("observe", "learn"));
  EXPECT_TRUE(world.orders.empty());
  EXPECT_TRUE(world.reports.empty());

  lead.is_ours = true;
  world.time += Seconds{15};
  world.viewers = fresh(10'000);
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 2) << "what was learned is not read again";
  EXPECT_EQ(world.orders.size(), 3u);
  EXPECT_EQ(world.reports.front().peak.stage, model::ForecastStage::kWeekly);
}

TEST(Reconciler, AReplicaThatTakesOverHoldsWhatItFindsAndFightsNobody) {
  struct : ports::Leadership {
    [[nodiscard]] bool leads() const override { return is_ours; }
    bool is_ours = false;
  } lead;
  World world;
  auto ports = world.ports();
  ports.leadership = &lead;
  Reconciler reconciler(ports, {});
  for (const int standing : {60, 50, 40}) {  // lowered by the leader, look by look
    world.standing = {standing, standing, standing};
    reconciler.reconcile(world.pool.key);
    world.time += Seconds{15};
  }
  lead.is_ours = true;
  world.viewers.at = world.time;
  reconciler.reconcile(world.pool.key);
  EXPECT_FALSE(world.reports.back().contended);
  EXPECT_TRUE(world.orders.empty()) << "nothing is lowered within the stabilization window";
}

TEST(Reconciler, AWriteThatFailsIsTriedAgainSoonAndNotRemembered) {
  World world;
  world.refuses = Error{.code = ErrorCode::kConflict, .message = "somebody was faster"};
  Reconciler reconciler(world.ports(), {});
  EXPECT_EQ(reconciler.reconcile(world.pool.key), Seconds{1});
  EXPECT_EQ(model::condition(world.reports.back(), "AbleToScale").reason, "Ready");
  world.refuses.reset();
  world.time += Seconds{1};
  EXPECT_EQ(reconciler.reconcile(world.pool.key), Seconds{15});
  EXPECT_FALSE(world.reports.back().contended);
}

TEST(Reconciler, WritesThatAreRefusedForGoodAreReportedAndTriedEverMoreRarely) {
  World world;
  world.refuses = Error{.code = ErrorCode::kForbidden, .message = "may not patch deployments"};
  Reconciler reconciler(world.ports(), {});
  std::vector<long> waits;
  for (int look = 0; look < 6; ++look) {
    const auto wait = reconciler.reconcile(world.pool.key);
    world.time += wait;
    waits.push_back(wait.count());
  }
  EXPECT_THAT(waits, ElementsAre(1, 2, 4, 8, 15, 15));
  const auto& able = model::condition(world.reports.back(), "AbleToScale");
  EXPECT_EQ(able.status, model::ConditionStatus::kFalse);
  EXPECT_EQ(able.reason, "ScaleFailed");
  EXPECT_EQ(able.message, "domain a: may not patch deployments");
  world.refuses.reset();
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(model::condition(world.reports.back(), "AbleToScale").reason, "Ready");
}

TEST(Reconciler, ANamesakeOfADeletedPoolIsAnotherPool) {
  World world;
  world.pool.uid = "first";
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  world.pool.uid = "second";
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.forgotten, 1);
  EXPECT_EQ(world.history_reads, 4) << "both ranges, for each of the two";
}

TEST(Reconciler, ASourceThatCannotBeAskedIsNotAskedForThePast) {
  World world;
  world.viewers = {.freshness = model::Freshness::kFailed, .detail = "connection refused"};
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 0);
}

TEST(Reconciler, WithoutItsPastItHoldsOrRaisesAndAsksAgain) {
  World world;
  world.history_answers = false;
  world.standing = {30, 30, 30};
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  world.time += Seconds{15};
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 1) << "a failed reading is not repeated at once";
  const auto& ready = model::condition(world.reports.back(), "ForecastReady");
  EXPECT_EQ(ready.reason, "PastUnread");
  EXPECT_THAT(ready.message, testing::HasSubstr("down"));
  EXPECT_THAT(world.reports.back().summary, testing::HasSubstr("the past could not be read: down"));
  world.time += Seconds{60};
  world.history_answers = true;
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 3);  // once more, and both ranges
  EXPECT_THAT(world.standing, ElementsAre(30, 30, 30));
  EXPECT_EQ(model::condition(world.reports.back(), "ForecastReady").reason, "Learned");
}

TEST(Reconciler, ADeletedPoolIsForgottenOnceAndItsTargetsStay) {
  World world;
  Reconciler reconciler(world.ports(), {});
  reconciler.reconcile(world.pool.key);
  const auto standing = world.standing;
  world.exists = false;
  reconciler.reconcile(world.pool.key);
  reconciler.reconcile(world.pool.key);
  EXPECT_EQ(world.forgotten, 1);
  EXPECT_EQ(world.standing, standing);
}

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
  PastReader pasts(world, world, {}, [&](const ObjectKey&) { read.release(); });
  auto ports = world.ports();
  ports.pasts = &pasts;
  Reconciler reconciler(ports, {});
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

struct Shelf : ports::StateStore {
  std::optional<Kept> load(const model::EdgePool& pool) override {
    return pool.uid == uid ? kept : std::nullopt;
  }
  void keep(const model::EdgePool& pool, Kept state) override {
    uid = pool.uid;
    kept = std::move(state);
    ++times;
  }
  std::optional<std::string> trouble() const override { return said; }
  std::optional<std::string> said = std::nullopt;
  std::string uid;
  std::optional<Kept> kept;
  int times = 0;
};

TEST(Reconciler, WhatItLearnedOutlivesARestartWithoutTheSource) {
  Shelf shelf;
  World world;
  auto ports = world.ports();
  ports.states = &shelf;
  Reconciler(ports, {}).reconcile(world.pool.key);
  EXPECT_EQ(shelf.times, 1);

  world.time += Seconds{60};
  world.viewers = {.freshness = model::Freshness::kFailed, .detail = "connection refused"};
  world.history_answers = false;
  world.history_reads = 0;
  Reconciler(ports, {}).reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 0);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly);

  world.pool.uid = "another pool of that name";
  Reconciler(ports, {}).reconcile(world.pool.key);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kNone);
}

TEST(Reconciler, ADiskThatFailsIsACondition) {
  Shelf shelf;
  World world;
  auto ports = world.ports();
  ports.states = &shelf;
  Reconciler reconciler(ports, {});
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
  auto ports = world.ports();
  ports.states = &shelf;
  Reconciler(ports, {}).reconcile(world.pool.key);
  const auto good = *shelf.kept;

  shelf.kept->bytes[shelf.kept->bytes.size() / 2] ^= 1;
  world.history_reads = 0;
  Reconciler(ports, {}).reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 2);

  shelf.kept = good;
  world.time += Seconds{3600};
  world.viewers = fresh(10'000);
  world.history_answers = false;
  world.history_reads = 0;
  Reconciler(ports, {}).reconcile(world.pool.key);
  EXPECT_EQ(world.history_reads, 1);
  EXPECT_EQ(world.reports.back().peak.stage, model::ForecastStage::kWeekly) << "until it was read";
}

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
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
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
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{5});
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
  for (int i = 0; i < 1000 && world.forgotten == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  runner.wake_all();
  work.request_stop();
  work.join();
  EXPECT_EQ(world.forgotten, 1);
  EXPECT_EQ(world.reports.size(), 2u);
}

/// Pools with the same number of viewers each, served by one source.
struct Crowd : World {
  explicit Crowd(int pools) : fleets(static_cast<std::size_t>(pools), {14, 14, 14}) {
    usual_viewers = 100;  // so that no habit keeps the capacity
  }
  [[nodiscard]] static ObjectKey key(std::size_t i) { return {"video", "p" + std::to_string(i)}; }
  Result<model::EdgePool> find(const ObjectKey& key) override {
    model::EdgePool found = pool;
    found.key = key;
    found.behavior.scale_down.stabilization_window = Seconds{0};
    return found;
  }
  std::vector<model::DomainObservation> fleet(const model::EdgePool& of) override {
    return observed(of, fleets[index(of)], viewers).domains;
  }
  Result<void> scale(const model::EdgePool& of, const ports::ScaleOrder& order) override {
    fleets[index(of)][order.domain] = order.to.count();
    return {};
  }
  static std::size_t index(const model::EdgePool& of) { return std::stoul(of.key.name.substr(1)); }

  /// One look at each pool, every 15 s for as long as told.
  void look(Reconciler& reconciler, Seconds span) {
    for (const Instant end = time + span; time < end; time += Seconds{15}) {
      viewers.at = time;
      for (std::size_t i = 0; i < fleets.size(); ++i) reconciler.reconcile(key(i));
    }
  }
  [[nodiscard]] int fewest() const {
    int fewest = 1'000'000;
    for (const auto& fleet : fleets)
      fewest = std::min(fewest, std::accumulate(fleet.begin(), fleet.end(), 0));
    return fewest;
  }

  std::vector<std::vector<int>> fleets;
};

/// An outage throws everybody out, and nine minutes later all of them reconnect.
TEST(Reconciler, ARetryStormFindsTheCapacityFromBefore) {
  Crowd crowd(6);
  Reconciler reconciler(crowd.ports(), {});
  crowd.look(reconciler, Seconds{300});
  const int before = crowd.fewest();
  crowd.viewers.value = 100;
  crowd.look(reconciler, Seconds{540});
  EXPECT_EQ(crowd.fewest(), before);
  EXPECT_TRUE(crowd.reports.back().mass_change);
  EXPECT_THAT(crowd.reports.back().verdicts,
              testing::Contains(testing::Field(&model::GuardVerdict::reason,
                                               testing::StrEq(model::reason::kMassChange))));
  crowd.viewers.value = 10'000;
  crowd.look(reconciler, Seconds{60});
  EXPECT_EQ(crowd.fewest(), before);
}

TEST(Reconciler, AMassChangeThatLastsIsBelieved) {
  Crowd crowd(6);
  Reconciler reconciler(crowd.ports(), {});
  crowd.look(reconciler, Seconds{300});
  const int before = crowd.fewest();
  crowd.viewers.value = 100;
  crowd.look(reconciler, Seconds{3600});
  EXPECT_LT(crowd.fewest(), before);
}

TEST(Reconciler, ARestartWithinAMassChangeLowersNothing) {
  Crowd crowd(6);
  Reconciler first(crowd.ports(), {});
  crowd.look(first, Seconds{300});
  const int before = crowd.fewest();
  crowd.viewers.value = 100;
  crowd.look(first, Seconds{60});
  Reconciler second(crowd.ports(), {});
  crowd.look(second, Seconds{540});
  EXPECT_EQ(crowd.fewest(), before);
}

}  // namespace
}  // namespace edgetide::controller
