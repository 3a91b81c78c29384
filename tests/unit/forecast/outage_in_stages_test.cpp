#include <gtest/gtest.h>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

constexpr double kAll = 10000;

/// A day of `kAll`, and then one level after another, each from so many minutes after the day on.
struct Stage {
  int minute;
  double viewers;
};
Watch after(const std::vector<Stage>& stages, int minutes) {
  const Instant first = kMonday + 24h;
  Watch watch;
  watch.see(
      [&](Instant at) {
        double viewers = kAll;
        for (const auto& [minute, level] : stages)
          if (at >= first + minute * 1min) viewers = level;
        return viewers;
      },
      kMonday, first + minutes * 1min);
  return watch;
}

double promised(const Watch& watch) {
  return watch.peak(Instant{Seconds{watch.state.recent.last.at}} + 15s).quantile.count();
}

/// A second exporter stops ten minutes after the first: it is doubted for as long.
TEST(OutageInStages, IsDoubtedFromTheLastOn) {
  const std::vector<Stage> stages{{0, 7000}, {10, 4000}};
  for (int minutes = 1; minutes <= 25; ++minutes)
    EXPECT_GE(promised(after(stages, minutes)), kAll) << minutes;
  EXPECT_LT(promised(after(stages, 28)), 5000);
}

/// Exporters that stop within two or three readings, after a fall that was believed in the end.
TEST(OutageInStages, IsNoAudienceThatLeaves) {
  for (const std::vector<Stage>& stages :
       {std::vector<Stage>{{0, 7000}, {20, 6300}, {21, 5600}},
        std::vector<Stage>{{0, 7000}, {20, 6550}, {21, 6100}, {22, 5700}}}) {
    const int last = stages.back().minute;
    for (int minutes = last + 1; minutes <= last + 14; ++minutes)
      EXPECT_GE(promised(after(stages, minutes)), 0.99 * 7000) << minutes;
    EXPECT_LT(promised(after(stages, last + 18)), 6500);
  }
}

}  // namespace
}  // namespace edgetide::forecast
