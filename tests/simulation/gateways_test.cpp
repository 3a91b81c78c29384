#include <gmock/gmock.h>

#include "simulation/closed_loop.h"
#include "support/nights.h"
#include "support/tiers.h"

namespace edgetide::simulation {
namespace {

using std::chrono::minutes;
using testing_support::gigabits;
using testing_support::quick_to_learn;
using testing_support::through_tiers;
using testing_support::upstream_of;

/// The sport evening through gateways in front of the edge, which are short of handshakes before
/// they are of anything else: where a zone is lost its viewers are back within a minute.
Scenario through_gateways(const SportEveningOptions& options) {
  Scenario night = through_tiers(options);
  const model::EdgePool edge = upstream_of(night.pool, "edge", model::Tier::kEdge, 25);
  model::EdgePool& gateway = night.pool;
  gateway.tier = model::Tier::kGateway;
  gateway.lead_time -= gateway.warm_up;
  gateway.warm_up = Seconds{0};
  gateway.upstream = {.name = "edge", .fill = Ratio{1}};
  gateway.capacity = {.viewers = Viewers{20'000},
                      .egress = gigabits(100),
                      .connections = Connections{40'000},
                      .handshakes = HandshakesPerSecond{100},
                      .target_utilization = Ratio{.75}};
  gateway.redundancy.reconnect = Seconds{60};
  night.farther.insert(night.farther.begin(), edge);
  night.farther.front().upstream = model::Upstream{.name = "shield", .fill = Ratio{.04}};
  night.connections = ConnectionHabits{};
  return night;
}

Recording lived(const Scenario& night) {
  return run(night, PolicyKind::kEdgetide, nullptr, quick_to_learn());
}

std::string first_of(const std::vector<Breach>& breaches) {
  return breaches.empty() ? "" : breaches.front().rule + ": " + breaches.front().detail;
}

/// At the kick-off, when most arrive.
void lose_a_zone_at_kick_off(Scenario& night) {
  night.zone_loss = ZoneLoss{.at = night.tonight.kick_off + minutes{1}};
}

TEST(Gateways, TakeTheHandshakesOfAKickOffAndOfALostZone) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Scenario night = through_gateways({.seed = seed, .zone_loss = seed % 3 != 0});
    if (seed % 3 == 1) lose_a_zone_at_kick_off(night);
    const auto recording = lived(night);
    EXPECT_EQ(first_of(recording.breaches), "") << seed;
    EXPECT_LT(recording.score.evening.share().count(), 1e-4) << seed;
  }
}

/// What is planned for is what serves them: by the handshakes of those who watch alone, viewers
/// wait at the gateways.
TEST(Gateways, LeaveViewersWaitingWhereNobodyPlansForThoseWhoComeBack) {
  Scenario night = through_gateways({.seed = 1, .zone_loss = false});
  lose_a_zone_at_kick_off(night);
  night.pool.demand.handshakes_per_arrival = 0;
  EXPECT_GT(lived(night).score.zone_loss->worst.count(), 10'000);
}

TEST(Gateways, AreNotLoweredWhileWhatIsOpenedIsNotKnown) {
  Scenario night = through_gateways({.seed = 2, .zone_loss = false});
  const Instant whistle = final_whistle(night.tonight);
  night.faults = {{.kind = FaultKind::kConnectionsMissing, .from = whistle, .lasts = minutes{30}}};
  night.to = std::max(night.to, whistle + minutes{60});
  const auto recording = lived(night);
  EXPECT_EQ(first_of(recording.breaches), "");
  Replicas at_whistle{0};
  for (const Frame& frame : recording.frames) {
    if (frame.at <= whistle) at_whistle = total_specified(frame);
    if (frame.at > whistle && frame.at < whistle + minutes{30}) {
      EXPECT_GE(total_specified(frame), at_whistle) << edgetide::to_string(frame.at);
    }
  }
  EXPECT_LT(total_specified(recording.frames.back()), at_whistle);
}

}  // namespace
}  // namespace edgetide::simulation
