#include "edgetide/controller/tiers.h"

#include <gmock/gmock.h>

#include <map>

#include "edgetide/controller/reconciler.h"
#include "edgetide/model/reasons.h"
#include "support/pools.h"

namespace edgetide::controller {
namespace {

using namespace testing_support;
using testing::HasSubstr;
namespace reason = model::reason;

constexpr BitsPerSecond gigabits(double count) { return BitsPerSecond{count * 1e9}; }

model::EdgePool pool_of(const std::string& name, model::Tier tier) {
  auto pool = three_domains();
  pool.key.name = name;
  pool.tier = tier;
  pool.capacity.egress = gigabits(10);
  pool.redundancy.survive = model::Survive::kNone;
  return pool;
}

/// Pools in memory, each with its viewers and what stands of it.
struct World : ports::PoolRepository,
               ports::DemandSource,
               ports::EventSource,
               ports::ReportSink,
               ports::VerbTimer,
               ports::Clock {
  struct One {
    model::EdgePool pool;
    std::vector<int> standing{4, 4, 4};
    model::Reading viewers = fresh(3'000);
    model::Reading egress = fresh(30e9);
    std::vector<std::optional<Seconds>> start_times{{}, {}, {}};  ///< Measured, by domain.
    model::PlanReport report;
  };

  World() {
    add(pool_of("edge", model::Tier::kEdge)).pool.upstream = {
        .name = "shield", .fill = Ratio{.1}, .live_fill = gigabits(.5), .cold_fill = gigabits(2)};
    add(pool_of("shield", model::Tier::kShield));
  }
  One& add(model::EdgePool pool) {
    const std::string name = pool.key.name;
    return all[name] = One{.pool = std::move(pool)};
  }
  const model::PlanReport& look(const std::string& name) {
    reconciler.reconcile(all[name].pool.key);
    return all[name].report;
  }

  std::vector<ObjectKey> keys() override {
    std::vector<ObjectKey> keys;
    for (const auto& [name, one] : all) keys.push_back(one.pool.key);
    return keys;
  }
  Result<model::EdgePool> find(const ObjectKey& key) override {
    const auto found = all.find(key.name);
    if (found != all.end()) return found->second.pool;
    return Error{.code = ErrorCode::kNotFound, .message = "gone", .context = key.text()};
  }
  std::vector<model::DomainObservation> fleet(const model::EdgePool& pool) override {
    const One& one = all[pool.key.name];
    auto domains = observed(one.pool, one.standing, one.viewers).domains;
    for (std::size_t i = 0; i < domains.size(); ++i) domains[i].start_time = one.start_times[i];
    return domains;
  }
  Result<void> scale(const model::EdgePool&, const ports::ScaleOrder&) override { return {}; }
  Result<void> rehearse(const model::EdgePool&, const ports::ScaleOrder&) override { return {}; }
  model::DemandReadings read(const model::EdgePool& pool, Instant) override {
    const One& one = all[pool.key.name];
    return {.viewers = one.viewers, .egress = one.egress};
  }
  Result<model::DemandHistory> history(const model::EdgePool&,
                                       const ports::HistoryRange&) override {
    return model::DemandHistory{};
  }
  model::EventCalendar calendar(const model::EdgePool&) override { return announced; }
  model::UtcOffsets offsets(const model::EdgePool&) override { return {}; }
  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome&) override {
    all[pool.key.name].report = report;
  }
  void forget(const ObjectKey&) override {}
  void took(std::string_view, std::chrono::nanoseconds) override {}
  [[nodiscard]] Instant now() const override { return kEvening; }

  std::map<std::string, One> all;
  model::EventCalendar announced;
  Reconciler reconciler{{*this, *this, *this, *this, *this, *this}, {}};
};

TEST(Tiers, APoolIsSizedForWhatThoseThatDrawFromItWillFetch) {
  World world;
  const auto alone = world.look("shield");
  EXPECT_FALSE(alone.drawn);
  const auto edge = world.look("edge");
  ASSERT_TRUE(edge.draws);
  // 12 replicas, all warm; a tenth of 30 Gbit/s and what is expected beyond.
  EXPECT_EQ(edge.draws->for_live, gigabits(6));
  EXPECT_GE(edge.draws->for_viewers, gigabits(3));
  EXPECT_EQ(edge.draws->for_cold_caches, gigabits(0));
  EXPECT_EQ(model::condition(edge, "UpstreamValid").reason, reason::kUpstreamFound);
  EXPECT_EQ(world.look("shield").drawn, edge.draws);
}

// Far more at the edge: 140 Gbit/s there, of which the shield carries 14 and what new nodes take.
TEST(Tiers, FarTiersRiseWithThePlansOfTheNear) {
  World world;
  world.all["edge"].viewers = fresh(14'000);
  world.all["edge"].egress = fresh(140e9);
  const auto edge = world.look("edge");
  EXPECT_GT(edge.plan.total_to(), Replicas{12});
  EXPECT_GT(edge.draws->for_cold_caches, gigabits(0)) << "new replicas begin empty";
  world.all["shield"].egress = fresh(1e9);
  world.all["shield"].viewers = fresh(100);
  world.all["shield"].standing = {1, 1, 1};
  const auto shield = world.look("shield");
  EXPECT_EQ(shield.sizing.binding, model::Resource::kEgress);
  EXPECT_GE(shield.plan.total_to().count() * 7.5e9, edge.draws->total().count());
  EXPECT_THAT(shield.summary, HasSubstr("to feed the pools that draw from it"));
}

// No plan is not zero: what was told last counts until the pool is gone or draws elsewhere.
TEST(Tiers, WhatWasDrawnLastCountsWhileNothingIsKnown) {
  World world;
  const auto draws = world.look("edge").draws;
  world.all["edge"].egress.freshness = model::Freshness::kMissing;
  world.all["edge"].viewers.freshness = model::Freshness::kMissing;
  EXPECT_FALSE(world.look("edge").draws);
  EXPECT_EQ(world.look("shield").drawn, draws);
  world.reconciler.forget(world.all["edge"].pool.key);
  EXPECT_FALSE(world.look("shield").drawn);
}

// After a restart the far tier is looked at first: what it serves now says nothing of what it will.
TEST(Tiers, NothingIsLoweredWhileWhatIsDrawnIsNotKnown) {
  World world;
  const auto egress = [&] { return *world.look("shield").observation.demand.egress; };
  world.all["edge"].egress.freshness = model::Freshness::kMissing;
  EXPECT_EQ(egress().freshness, model::Freshness::kPartial);
  EXPECT_THAT(model::condition(world.look("edge"), "UpstreamValid").message,
              HasSubstr("as far as is known"));
  EXPECT_THAT(egress().detail, HasSubstr("what video/edge will fetch is not known yet"));
  world.all["edge"].egress = fresh(30e9);
  world.look("edge");
  EXPECT_TRUE(egress().fresh());
}

TEST(Tiers, AnUpstreamIsOrderedByItsMeasuredLeadTimeAsSoonAsThatIsKnown) {
  World world;
  // In half an hour the edge is to have 60 replicas.
  world.announced = model::EventCalendar({{.name = "final",
                                           .start = kEvening + Seconds{1800},
                                           .duration = Seconds{7200},
                                           .minimum_replicas = Replicas{60},
                                           .ramp_up = Seconds{0}}});
  const auto draws = [&] { return world.look("edge").draws->for_live; };
  world.look("shield");
  EXPECT_EQ(draws(), gigabits(6)) << "300 s of the shield after 300 s of the edge";
  world.all["shield"].start_times.assign(3, Seconds{1600});
  EXPECT_EQ(draws(), gigabits(6)) << "nobody has looked at it since";
  world.look("shield");
  EXPECT_EQ(draws(), gigabits(30)) << "1,600 s, which reach into the match";
  world.all["shield"].start_times.assign(3, Seconds{100});
  world.all["shield"].pool.lead_time = Seconds{1600};
  world.look("shield");
  EXPECT_EQ(draws(), gigabits(6)) << "declared, and faster by measure";
  world.all["shield"].start_times[1].reset();
  world.look("shield");
  EXPECT_EQ(draws(), gigabits(30)) << "what is declared, while one domain is not measured";
  world.reconciler.forget(world.all["shield"].pool.key);
  world.all["shield"].pool.lead_time = Seconds{300};
  EXPECT_EQ(draws(), gigabits(6)) << "as declared, while nothing is known of it";
}

// Such as while its capacity is written anew.
TEST(Tiers, AnUpstreamThatCannotBeDrawnFromForAMomentKeepsWhatItWasTold) {
  World world;
  const auto draws = world.look("edge").draws;
  world.all["shield"].pool.capacity.egress.reset();
  world.look("edge");
  world.all["shield"].pool.capacity.egress = gigabits(10);
  EXPECT_EQ(world.look("shield").drawn, draws);
}

TEST(Tiers, NobodyIsSizedForACircleAMissingOrAnUnsizedPool) {
  World world;
  world.all["shield"].pool.upstream = {.name = "edge"};
  EXPECT_EQ(model::condition(world.look("shield"), "UpstreamValid").reason,
            reason::kUpstreamNotFarther);
  EXPECT_FALSE(world.look("edge").drawn);
  world.all["edge"].pool.upstream->name = "edge";
  const auto own = model::condition(world.look("edge"), "UpstreamValid");
  EXPECT_EQ(own.reason, reason::kUpstreamNotFarther);
  EXPECT_THAT(own.message, HasSubstr("video/edge is a pool of tier Edge, which is no farther"));
  EXPECT_FALSE(world.look("edge").drawn);
  world.all["edge"].pool.upstream->name = "origin";
  EXPECT_EQ(model::condition(world.look("edge"), "UpstreamValid").reason, reason::kUpstreamMissing);
  world.add(pool_of("origin", model::Tier::kOrigin)).pool.capacity.egress.reset();
  EXPECT_EQ(model::condition(world.look("edge"), "UpstreamValid").reason, reason::kUpstreamUnsized);
}

TEST(DrawnLoads, AddUpByUpstreamAndMoveWithTheirPool) {
  DrawnLoads loads;
  const ObjectKey a{"video", "a"}, b{"video", "b"}, near{"video", "near"}, far{"video", "far"};
  loads.note(a, near, model::DrawnLoad{.for_viewers = gigabits(1)});
  loads.note(b, near, model::DrawnLoad{.for_live = gigabits(2)});
  EXPECT_EQ(loads.of(near)->total(), gigabits(3));
  loads.note(a, far, model::DrawnLoad{.for_viewers = gigabits(4)});
  EXPECT_EQ(loads.of(near)->total(), gigabits(2));
  EXPECT_EQ(loads.of(far)->total(), gigabits(4));
  loads.forget(b);
  EXPECT_FALSE(loads.of(near));
}

}  // namespace
}  // namespace edgetide::controller
