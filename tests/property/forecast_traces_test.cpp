#include <gtest/gtest.h>

#include "bench/closed_loop.h"

namespace edgetide::bench {
namespace {

class RecordedAudience : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(traces_folder()))
      GTEST_SKIP() << "traces absent: " << traces_folder().string();
  }

  static double shortfall(const Score& score) { return score.short_viewers / score.viewers; }
  static double cost(const Score& score) { return score.replicas / score.clairvoyant; }

  static Trace june() {
    Trace trace = whole("worldcup98", traces_folder() / "worldcup98");
    if (!trace.windows.empty()) trace.windows[0].first = *parse_instant("1998-06-08T00:00:00Z");
    return trace;
  }
};

/// For less than an HPA at 80 % costs, a quarter of its shortfall; and far cheaper than one at 60
/// %.
TEST_F(RecordedAudience, OfJune1998IsServedBetterThanByTheHpa) {
  const Trace trace = june();
  if (trace.samples.empty()) GTEST_SKIP() << "traces absent: worldcup98";
  const Score ours = run_forecast(trace, {.confidence = 0.99});
  const Score hpa_80 = run_hpa(trace, 0.8, 5);
  const Score hpa_60 = run_hpa(trace, 0.6, 5);
  EXPECT_LT(cost(ours), cost(hpa_80));
  EXPECT_LT(shortfall(ours), 0.25 * shortfall(hpa_80));
  EXPECT_LT(cost(ours), 0.75 * cost(hpa_60));
}

/// The confidence asked for is the share of windows whose peak stays below.
TEST_F(RecordedAudience, StaysBelowTheQuantileAsOftenAsAsked) {
  for (const Trace& trace : {june(), whole("isp", traces_folder() / "isp_eu_5min")}) {
    if (trace.samples.empty()) GTEST_SKIP() << "traces absent: " << trace.name;
    for (const double confidence : {0.95, 0.99}) {
      const Score score = run_forecast(trace, {.confidence = confidence});
      EXPECT_NEAR(score.exceeded / score.judged, 1 - confidence, 0.015) << trace.name;
    }
  }
}

}  // namespace
}  // namespace edgetide::bench
