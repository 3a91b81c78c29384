// What every gateway's size promises, over random ones by fixed seeds.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/recommender.h"

namespace edgetide::sizing {
namespace {

/// A gateway of random size on a random evening.
struct RandomGateway {
  model::EdgePool pool;
  model::Observation seen;
  Wanted wanted;
};

RandomGateway random_gateway(std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  const auto below = [&](double most) {
    return most * static_cast<double>(engine() % 10'000) / 10'000;
  };
  RandomGateway random;
  const auto domains = 1 + engine() % 5;
  for (std::size_t i = 0; i < domains; ++i)
    random.pool.domains.push_back({.name = std::to_string(i),
                                   .target = {},
                                   .max_replicas = Replicas{static_cast<int>(below(500))},
                                   .nodes = {}});
  random.pool.capacity.handshakes = HandshakesPerSecond{50 + below(300)};
  random.pool.demand.handshakes_per_arrival = below(6);
  random.pool.redundancy.reconnect = Seconds{1 + static_cast<int>(below(120))};
  if (engine() % 4 == 0) random.pool.redundancy.survive = model::Survive::kNone;
  auto& demand = random.seen.demand;
  demand.viewers = {.freshness = model::Freshness::kFresh, .value = below(500'000)};
  demand.handshakes = {.freshness = model::Freshness::kFresh, .value = below(5'000)};
  demand.handshakes_of_arrivals = HandshakesPerSecond{below(5'000)};
  const double planned = demand.viewers.value * (1 + below(3));
  random.wanted = {.planned = Viewers{planned},
                   .after_loss = Viewers{planned},
                   .arriving = ViewersPerSecond{below(500)},
                   .arriving_after_loss = ViewersPerSecond{below(500)}};
  return random;
}

/// What is open now is carried with nothing lost, and after a loss beside what those open who come
/// back by the fleet that is recommended.
TEST(EveryGateway, CarriesTheHandshakesOfNowAndOfALoss) {
  int lost = 0;
  for (std::uint64_t seed = 0; seed < 50'000; ++seed) {
    const auto [pool, seen, wanted] = random_gateway(seed);
    const auto sized = recommend(wanted, pool, seen);
    ASSERT_TRUE(sized);
    const double usable = pool.capacity.handshakes->count() * .75;
    const double now = seen.demand.handshakes->value;
    ASSERT_GE(sized->serving, replicas_for(now, usable)) << seed;
    ASSERT_GE(sized->with_redundancy, sized->serving) << seed;
    if (sized->missing > Replicas{0} || pool.redundancy.survive == model::Survive::kNone) continue;
    const model::Fleet& fleet = sized->per_domain;
    const int all = model::total(fleet).count();
    const int fullest = std::ranges::max(fleet).count();
    if (fullest == all) continue;
    ++lost;
    const double back = wanted.after_loss.count() * fullest / all *
                        pool.demand.handshakes_per_arrival /
                        static_cast<double>(pool.redundancy.reconnect.count());
    ASSERT_GE((all - fullest) * usable, (now + back) * (1 - 1e-9)) << seed;
  }
  EXPECT_GT(lost, 10'000);
}

/// More who come or come back, or who may watch, never take fewer; nor does a slower reconnect
/// more.
TEST(EveryGateway, GrowsWithWhoArrives) {
  for (std::uint64_t seed = 0; seed < 50'000; ++seed) {
    const auto [pool, seen, wanted] = random_gateway(seed);
    const auto sized = recommend(wanted, pool, seen);
    const auto expect_more = [&](const Wanted& more, const model::EdgePool& of) {
      const auto larger = recommend(more, of, seen);
      ASSERT_GE(larger->serving, sized->serving) << seed;
      ASSERT_GE(larger->with_redundancy, sized->with_redundancy) << seed;
      ASSERT_GE(model::total(larger->per_domain), model::total(sized->per_domain)) << seed;
    };
    auto more = wanted;
    more.arriving = ViewersPerSecond{wanted.arriving.count() * 1.5 + 10};
    expect_more(more, pool);
    more = wanted;
    more.arriving_after_loss = ViewersPerSecond{wanted.arriving_after_loss.count() * 1.5 + 10};
    expect_more(more, pool);
    more = wanted;
    more.planned = more.after_loss = Viewers{wanted.planned.count() * 1.3};
    expect_more(more, pool);
    auto sooner = pool;
    sooner.redundancy.reconnect = Seconds{1 + pool.redundancy.reconnect.count() / 2};
    if (sooner.redundancy.reconnect < pool.redundancy.reconnect) expect_more(wanted, sooner);
  }
}

}  // namespace
}  // namespace edgetide::sizing
