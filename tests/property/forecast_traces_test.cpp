#include <gtest/gtest.h>

#include <cmath>

#include "bench/recordings.h"
#include "edgetide/backtest/policy_list.h"
#include "edgetide/backtest/replay.h"

namespace edgetide::bench {
namespace {

using std::chrono::minutes;

/// One window of a recording under policies, 200 replicas for its peak.
class RecordedAudience : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(traces_folder()))
      GTEST_SKIP() << "traces absent: " << traces_folder().string();
  }

  static Recording june() {
    return part("worldcup98", traces_folder() / "worldcup98",
                parse_instant("1998-06-08T00:00:00Z"));
  }

  static backtest::Replay under(const Recording& recording, const std::string& policy) {
    const auto pool = lean_pool(recording, recording.windows.front());
    const model::UtcOffsets utc;
    const backtest::World world{.pool = pool,
                                .samples = recording.samples,
                                .told = recording.told,
                                .calendar = recording.calendar,
                                .offsets = utc,
                                .window = recording.windows.front()};
    return backtest::replay(world, *backtest::parse_policies(policy)->front().make(world));
  }

  static double shortfall(const backtest::Replay& replay) {
    return replay.score.unserved.share().count();
  }
  static double cost(const backtest::Replay& replay) { return replay.score.cost.ratio().count(); }
};

/// For less than an HPA at 80 % costs, a quarter of its shortfall; and far cheaper than one at 60
/// %.
TEST_F(RecordedAudience, OfJune1998IsServedBetterThanByTheHpa) {
  const Recording recording = june();
  if (recording.samples.empty()) GTEST_SKIP() << "traces absent: worldcup98";
  const auto ours = under(recording, "edgetide:confidence=98");
  const auto hpa_80 = under(recording, "hpa:target=0.8");
  const auto hpa_60 = under(recording, "hpa:target=0.6");
  EXPECT_LT(cost(ours), cost(hpa_80));
  EXPECT_LT(shortfall(ours), 0.25 * shortfall(hpa_80));
  EXPECT_LT(cost(ours), 0.75 * cost(hpa_60));
}

/// The confidence asked for is the share of windows whose peak stays below.
TEST_F(RecordedAudience, StaysBelowTheQuantileAsOftenAsAsked) {
  constexpr std::size_t kLead = 5;
  for (const Recording& recording : {june(), part("isp", traces_folder() / "isp_eu_5min")}) {
    if (recording.samples.empty()) GTEST_SKIP() << "traces absent: " << recording.name;
    for (const double confidence : {0.95, 0.99}) {
      const auto replay =
          under(recording, "forecast:confidence=" + std::to_string(100 * confidence));
      double judged = 0;
      double exceeded = 0;
      for (std::size_t i = 0; i + kLead < replay.demand.size(); ++i) {
        const auto* from = &replay.demand[i];
        const double peak = *std::max_element(from, from + kLead + 1);
        if (!std::isfinite(peak)) continue;
        ++judged;
        exceeded += peak > replay.reasons[i]->quantile.count();
      }
      EXPECT_NEAR(exceeded / judged, 1 - confidence, 0.015) << recording.name;
    }
  }
}

}  // namespace
}  // namespace edgetide::bench
