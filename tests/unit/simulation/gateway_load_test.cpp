#include "simulation/gateway_load.h"

#include <gtest/gtest.h>

#include "support/pools.h"

namespace edgetide::simulation {
namespace {

using testing_support::kEvening;

constexpr Seconds kStep{15};

/// A replica holds 100 connections and takes ten handshakes a second.
model::EdgePool a_gateway() {
  auto pool = testing_support::three_domains();
  pool.capacity = {.connections = Connections{100}, .handshakes = HandshakesPerSecond{10}};
  return pool;
}

/// Two connections of one who watches, as many handshakes of one who comes; half an hour each.
GatewayLoad gateways() { return {a_gateway(), {}}; }

TEST(GatewayLoad, IsOfThoseWhoTakeOthersPlacesAndOfThoseWhoCome) {
  GatewayLoad load = gateways();
  load.advance(kEvening, kStep, {.wanting = Viewers{900}, .coming = {}, .serving = Replicas{20}});
  EXPECT_DOUBLE_EQ(load.last().handshakes.count(), 2 * 900 / 1800.0);
  load.advance(kEvening + kStep, kStep,
               {.wanting = Viewers{960}, .coming = ViewersPerSecond{4}, .serving = Replicas{20}});
  EXPECT_DOUBLE_EQ(load.last().handshakes.count(), 2 * 960 / 1800.0 + 8);
  EXPECT_EQ(load.last().viewers, Viewers{960});
  EXPECT_EQ(load.open(kEvening + kStep), 1920);
  EXPECT_EQ(load.open(kEvening + kStep - Seconds{1}), 1800);
  EXPECT_EQ(load.open(kEvening - kStep), 1800) << "as it began";
}

/// 30 a second find room for ten: a third come in, and the others when no more come.
TEST(GatewayLoad, LetsThoseWaitWhomNoneHasRoomFor) {
  GatewayLoad load{a_gateway(), {.open = 2, .per_arrival = 2, .stay = Seconds{1'000'000'000}}};
  const auto after = [&](int steps, double coming) {
    load.advance(kEvening + steps * kStep, kStep,
                 {.wanting = Viewers{500},
                  .coming = ViewersPerSecond{coming},
                  .serving = Replicas{steps < 4 ? 10 : 1}});
    return load.last();
  };
  EXPECT_NEAR(after(0, 0).viewers.count(), 500, 1e-3);
  EXPECT_NEAR(after(1, 50).handshakes.count(), 100, 1e-3);
  EXPECT_NEAR(load.last().viewers.count(), 500, 1e-3) << "all that ten replicas take";
  EXPECT_NEAR(after(2, 60).handshakes.count(), 100, 1e-3);
  EXPECT_NEAR(load.last().viewers.count(), 500 - 10 * 15, 1e-3);
  EXPECT_NEAR(after(3, 45).viewers.count(), 500 - 5 * 15, 1e-3) << "some of them have come in";
  EXPECT_NEAR(after(4, 0).viewers.count(), 50, 1e-3) << "and a hundred connections are for fifty";
}

/// Of 3,000 who come at once all but 150 wait; of them 60 stay, and are let in with the next step.
TEST(GatewayLoad, ForgetsThoseWhoLeaveWhileTheyWait) {
  GatewayLoad load{a_gateway(), {.open = 2, .per_arrival = 1, .stay = Seconds{1'000'000'000}}};
  const auto after = [&](int steps, double wanting, double coming) {
    load.advance(
        kEvening + steps * kStep, kStep,
        {.wanting = Viewers{wanting}, .coming = ViewersPerSecond{coming}, .serving = Replicas{1}});
    return load.last();
  };
  EXPECT_NEAR(after(0, 3000, 200).viewers.count(), 50, 1e-3) << "connections of one replica";
  EXPECT_NEAR(after(1, 60, 0).viewers.count(), 0, 1e-3);
  EXPECT_NEAR(after(2, 60, 0).handshakes.count(), 60.0 / 15, 1e-3);
  EXPECT_NEAR(load.last().viewers.count(), 50, 1e-3);
  EXPECT_NEAR(after(3, 60, 0).handshakes.count(), 0, 1e-3);
}

TEST(GatewayLoad, TellsHandshakesOfTheTwoMinutesBefore) {
  GatewayLoad load{a_gateway(), {.open = 2, .per_arrival = 1, .stay = Seconds{1'000'000'000}}};
  for (int i = 0; i < 16; ++i)
    load.advance(kEvening + i * kStep, kStep,
                 {.wanting = Viewers{100},
                  .coming = ViewersPerSecond{i < 8 ? 0.0 : 8.0},
                  .serving = Replicas{10}});
  const auto told = [&](int i) { return load.handshakes(kEvening + i * kStep).count(); };
  EXPECT_NEAR(told(7), 0, 1e-3);
  EXPECT_NEAR(told(8), 1, 1e-3);
  EXPECT_NEAR(told(11), 4, 1e-3);
  EXPECT_NEAR(told(15), 8, 1e-3);
  EXPECT_NEAR(told(-1), 0, 1e-3);
}

}  // namespace
}  // namespace edgetide::simulation
