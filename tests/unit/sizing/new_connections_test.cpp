#include "edgetide/sizing/new_connections.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/recommender.h"
#include "support/pools.h"

namespace edgetide::sizing {
namespace {

using testing_support::fleet;
using testing_support::fresh;
using testing_support::observed;
using testing_support::three_domains;

/// A replica takes 100 handshakes a second, three quarters of it to be used; each viewer opens two,
/// and those of a lost domain are back within a minute.
model::EdgePool a_gateway() {
  auto pool = three_domains();
  pool.capacity = {.connections = Connections{20'000}, .handshakes = HandshakesPerSecond{100}};
  pool.redundancy.reconnect = Seconds{60};
  pool.replicas.max = Replicas{1000};
  return pool;
}

/// 90,000 viewers, of whom nobody is new: 300 handshakes a second, and two connections each.
model::Observation an_evening(const model::EdgePool& pool) {
  auto seen = observed(pool, {10, 10, 10}, fresh(90'000));
  seen.demand.connections = fresh(180'000);  // 12 replicas
  seen.demand.handshakes = fresh(300);       // 4 replicas
  return seen;
}

TEST(NewConnections, OfThoseWhoArriveAreCarriedBesideThoseWhoStay) {
  const auto pool = a_gateway();
  const auto sized = recommend({.planned = Viewers{180'000},
                                .after_loss = Viewers{90'000},
                                .arriving = ViewersPerSecond{600}},
                               pool, an_evening(pool));
  EXPECT_EQ(sized->binding, model::Resource::kConnections);
  EXPECT_EQ(sized->needs.back().load, 600 + 1200);  // twice the 300, and 600 who open two each
  EXPECT_EQ(sized->needs.back().replicas, Replicas{24});
  EXPECT_EQ(sized->of_arrivals, HandshakesPerSecond{1200});
}

/// A third of 90,000 within 60 s, two handshakes each, are 1,000 a second beside the 300 of now.
TEST(NewConnections, OfALostDomainAreCarriedByWhatIsLeft) {
  const auto pool = a_gateway();
  const auto sized = recommend({.planned = Viewers{90'000}, .after_loss = Viewers{90'000}}, pool,
                               an_evening(pool));
  EXPECT_EQ(sized->of_reconnects, HandshakesPerSecond{1000});
  EXPECT_EQ(sized->serving, Replicas{12});
  EXPECT_EQ(sized->survivors, Replicas{18});  // 1,300 / 75
  EXPECT_EQ(sized->per_domain, fleet({9, 9, 9}));
}

TEST(NewConnections, OfALossAreNoneWhereNoneIsSurvived) {
  auto pool = a_gateway();
  pool.redundancy.survive = model::Survive::kNone;
  const Wanted wanted{.planned = Viewers{90'000}, .after_loss = Viewers{90'000}};
  EXPECT_EQ(recommend(wanted, pool, an_evening(pool))->survivors, Replicas{12});
  pool = a_gateway();
  pool.domains.resize(1);
  auto seen = an_evening(three_domains());
  seen.domains.resize(1);
  EXPECT_EQ(recommend(wanted, pool, seen)->of_reconnects, HandshakesPerSecond{0});
}

/// Limits that leave little in one domain make the loss of another the larger.
TEST(NewConnections, OfALossGoByTheFullestDomain) {
  auto pool = a_gateway();
  pool.domains[2].max_replicas = Replicas{3};
  const auto sized = recommend({.planned = Viewers{90'000}, .after_loss = Viewers{90'000}}, pool,
                               an_evening(pool));
  const double share = fullest_share(sized->per_domain).count();
  EXPECT_GE(sized->of_reconnects.count() * 60 / 2, share * 90'000);
  const Replicas left = model::total(sized->per_domain) - std::ranges::max(sized->per_domain);
  EXPECT_GE(left, replicas_for(300 + sized->of_reconnects.count(), 75));
  EXPECT_GT(left, Replicas{18});
}

/// Of one workload what stands tells who is lost; where nobody knows that, nothing is promised.
TEST(NewConnections, OfALossGoByWhatStandsWhereTheSchedulerSpreads) {
  auto pool = a_gateway();
  pool.topology_key = "zone";
  auto seen = an_evening(pool);
  pool.domains.resize(1);
  const auto share = [&] { return least_fullest_share(pool, seen).count(); };
  EXPECT_EQ(share(), 0);
  seen.domains.resize(1);
  auto& spread = seen.domains.front().spread.emplace();
  EXPECT_EQ(share(), 0);
  for (const int ready : {6, 12, 6}) spread.domains.push_back({.ready = Replicas{ready}});
  EXPECT_EQ(share(), 0.5);
  spread.domains[1].ready = Replicas{5};
  spread.domains[1].starting = Replicas{1};
  EXPECT_DOUBLE_EQ(share(), 1.0 / 3);
  spread.unknown = "no node is known";
  EXPECT_EQ(share(), 0);
}

}  // namespace
}  // namespace edgetide::sizing
