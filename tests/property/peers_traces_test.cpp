#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

#include "bench/recordings.h"
#include "edgetide/backtest/curve.h"
#include "edgetide/backtest/policy_list.h"
#include "edgetide/backtest/replay.h"

namespace edgetide::bench {
namespace {

constexpr std::array kShares{.01, .001, .0001};
constexpr double kWithin = .03;

/// What a peer costs on a recording at 1, 0.1 and 0.01 % of the viewing without a server, by an
/// implementation in another language that shares nothing with this one but the recordings. That
/// one also swept KEDA's factor, of which the half was the best.
struct Peer {
  std::string recording;
  std::string policy;
  std::array<double, 3> costs;
};

void PrintTo(const Peer& peer, std::ostream* out) { *out << peer.recording << " " << peer.policy; }

class PeersOnRecordings : public testing::TestWithParam<Peer> {};

TEST_P(PeersOnRecordings, CostWhatAnIndependentModelSays) {
  const auto& [name, policy, costs] = GetParam();
  const auto all = recordings();
  const auto known = std::ranges::find(all, name, &NamedRecording::name);
  ASSERT_NE(known, all.end());
  const Recording recording = known->read();
  if (recording.samples.empty()) GTEST_SKIP() << "traces absent: " << name;
  const auto& window = recording.windows.front();
  const auto pool = lean_pool(recording, window);
  const model::UtcOffsets utc;
  const backtest::World world{.pool = pool,
                              .samples = recording.samples,
                              .told = recording.told,
                              .calendar = recording.calendar,
                              .offsets = utc,
                              .window = window,
                              .lead = known->lead};
  std::vector<backtest::Score> curve;
  for (const auto& choice : along_curve(backtest::parse_policies(policy)->front()))
    curve.push_back(backtest::replay(world, *choice.make(world)).score);
  for (std::size_t i = 0; i < costs.size(); ++i) {
    // Where even the cheapest leaves less without a server, that is what it costs.
    const auto cost =
        backtest::cost_at(curve, Ratio{kShares[i]}).value_or(curve.front().cost.ratio());
    EXPECT_NEAR(cost.count(), costs[i], kWithin * costs[i]) << "at a share of " << kShares[i];
  }
}

INSTANTIATE_TEST_SUITE_P(
    Recorded, PeersOnRecordings,
    testing::Values(Peer{"worldcup98", "hpa", {1.089, 1.260, 1.412}},
                    Peer{"worldcup98", "kpa", {1.063, 1.205, 1.342}},
                    Peer{"worldcup98", "keda:factor=0.5", {1.098, 1.270, 1.448}},
                    Peer{"worldcup98", "phpa", {1.118, 1.295, 1.466}},
                    Peer{"worldcup98", "cloud", {1.128, 1.329, 1.498}},
                    Peer{"worldcup98", "lastweek", {1.265, 1.476, 1.669}},
                    Peer{"worldcup98", "surge", {1.081, 1.410, 1.873}},
                    Peer{"isp", "hpa", {1.041, 1.137, 1.318}},
                    Peer{"isp", "kpa", {1.008, 1.088, 1.270}},
                    Peer{"isp", "phpa", {1.058, 1.158, 1.329}},
                    Peer{"isp", "cloud", {1.214, 1.307, 1.438}},
                    Peer{"isp", "lastweek", {1.182, 1.292, 1.423}},
                    Peer{"isp", "surge", {1.020, 1.086, 1.203}}),
    [](const auto& peer) {
      const std::string& policy = peer.param.policy;
      return peer.param.recording + "_" + policy.substr(0, policy.find(':'));
    });

}  // namespace
}  // namespace edgetide::bench
