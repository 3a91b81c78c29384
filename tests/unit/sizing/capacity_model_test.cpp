#include "edgetide/sizing/capacity_model.h"

#include <gmock/gmock.h>

#include "support/pools.h"

namespace edgetide::sizing {
namespace {

using model::Freshness;
using model::Resource;
using testing_support::fresh;

/// Of each resource a replica carries what is given, three quarters of it to be used.
model::CapacityPerReplica all_five() {
  return {.viewers = Viewers{2000},
          .egress = BitsPerSecond{8e9},
          .requests = RequestsPerSecond{4000},
          .connections = Connections{8000},
          .handshakes = HandshakesPerSecond{100}};
}

/// A thousand viewers with what they bring, each on their own scale.
model::DemandReadings a_thousand() {
  return {.viewers = fresh(1000),
          .egress = fresh(5e9),
          .requests = fresh(1500),
          .connections = fresh(3000),
          .handshakes = fresh(20)};
}

Replicas needed(Resource resource, Viewers planned, const model::DemandReadings& demand) {
  for (const auto& need : needs_for(planned, all_five(), demand))
    if (need.resource == resource) return need.replicas;
  return Replicas{-1};
}

/// Worked out by hand for 10,000 viewers, ten times what is read.
TEST(CapacityModel, CountsEachResourceByWhatAViewerBrings) {
  const Viewers planned{10'000};
  EXPECT_EQ(needed(Resource::kViewers, planned, a_thousand()), Replicas{7});      // 10,000 / 1,500
  EXPECT_EQ(needed(Resource::kEgress, planned, a_thousand()), Replicas{9});       // 50 / 6 Gbit/s
  EXPECT_EQ(needed(Resource::kRequests, planned, a_thousand()), Replicas{5});     // 15,000 / 3,000
  EXPECT_EQ(needed(Resource::kConnections, planned, a_thousand()), Replicas{5});  // 30,000 / 6,000
  EXPECT_EQ(needed(Resource::kHandshakes, planned, a_thousand()), Replicas{3});   // 200 / 75
  EXPECT_EQ(replicas_needed(planned, all_five(), a_thousand()), Replicas{9});
}

TEST(CapacityModel, IsBoundByWhicheverRunsOutFirst) {
  const Viewers planned{10'000};
  auto demand = a_thousand();
  demand.requests = fresh(9000);  // 90,000 / 3,000
  EXPECT_EQ(replicas_needed(planned, all_five(), demand), Replicas{30});
  demand.connections = fresh(30'000);  // 300,000 / 6,000
  EXPECT_EQ(replicas_needed(planned, all_five(), demand), Replicas{50});
  demand.handshakes = fresh(700);  // 7,000 / 75
  EXPECT_EQ(replicas_needed(planned, all_five(), demand), Replicas{94});
}

/// While nobody is counted, a viewer's part is not known: what is there has to be carried.
TEST(CapacityModel, CarriesTheLoadOfNowWhereViewersAreNotKnown) {
  auto demand = a_thousand();
  demand.viewers.freshness = Freshness::kMissing;
  EXPECT_EQ(needed(Resource::kConnections, Viewers{10'000}, demand), Replicas{1});
  demand.connections = fresh(60'001);
  EXPECT_EQ(needed(Resource::kConnections, Viewers{10'000}, demand), Replicas{11});
  demand.handshakes->freshness = Freshness::kStale;
  EXPECT_EQ(needed(Resource::kHandshakes, Viewers{10'000}, demand), Replicas{-1});
}

/// Who watches opens few, who comes opens some: by hand, for 1,000 viewers and 20 handshakes.
TEST(CapacityModel, PlansHandshakesByWhatBringsThem) {
  struct Case {
    double planned, of_late, arrivals, reconnects;
    double load;
  };
  for (const Case& one : {Case{10'000, 0, 0, 0, 200},      // nobody new: ten times as many
                          Case{10'000, 15, 0, 0, 50},      // ten times the 5 of those who stay
                          Case{10'000, 15, 400, 0, 450},   // and those who come
                          Case{10'000, 15, 400, 90, 540},  // or come back
                          Case{1'000, 15, 10, 0, 20},      // never less than now,
                          Case{1'000, 15, 0, 90, 110},     // which goes on after a loss
                          Case{10'000, 30, 0, 0, 20}}) {   // more came than was opened
    auto demand = a_thousand();
    demand.handshakes_of_arrivals = HandshakesPerSecond{one.of_late};
    const NewConnections coming{HandshakesPerSecond{one.arrivals},
                                HandshakesPerSecond{one.reconnects}};
    const auto needs = needs_for(Viewers{one.planned}, all_five(), demand, coming);
    EXPECT_DOUBLE_EQ(needs.back().load, one.load);
  }
}

/// Then they are of those who stay, for all that anybody knows.
TEST(CapacityModel, AddsArrivalsToTheHandshakesOfNowWhereViewersAreNotKnown) {
  auto demand = a_thousand();
  demand.viewers.freshness = Freshness::kStale;
  demand.handshakes_of_arrivals = HandshakesPerSecond{15};
  const NewConnections coming{.of_arrivals = HandshakesPerSecond{400}, .of_reconnects = {}};
  EXPECT_EQ(needs_for(Viewers{10'000}, all_five(), demand, coming).back().load, 420);
}

}  // namespace
}  // namespace edgetide::sizing
