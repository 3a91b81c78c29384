#include "simulation/series.h"

#include <gtest/gtest.h>

#include <limits>

#include "made_recordings.h"

namespace edgetide::simulation {
namespace {

TEST(NiceTop, IsTheNextRoundNumber) {
  EXPECT_EQ(nice_top(0), 1);
  EXPECT_EQ(nice_top(-5), 1);
  EXPECT_EQ(nice_top(std::numeric_limits<double>::quiet_NaN()), 1);
  EXPECT_EQ(nice_top(1), 1);
  EXPECT_EQ(nice_top(101), 120);
  EXPECT_EQ(nice_top(473'000), 600'000);
  EXPECT_EQ(nice_top(820'000), 1'000'000);
}

TEST(ShortNumber, KeepsAFractionOnlyWhereItTells) {
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(1.5), "1.5");
  EXPECT_EQ(short_number(850), "850");
  EXPECT_EQ(short_number(12'500), "12.5k");
  EXPECT_EQ(short_number(250'000), "250k");
  EXPECT_EQ(short_number(1'200'000), "1.2M");
}

TEST(ForecastBand, StandsWhereItsWindowEnds) {
  const Scenario scenario = made_scenario();
  const auto band = forecast_band(made_recording(scenario, ""));
  ASSERT_EQ(band.size(), 30u);
  EXPECT_EQ(band.front().at, scenario.from + std::chrono::minutes{5});
  EXPECT_EQ(band.front().median, Viewers{12'000});
  EXPECT_EQ(band.front().quantile, Viewers{15'000});
}

TEST(ForecastBand, HasGapsWhereNothingWasKnown) {
  const Scenario scenario = made_scenario();
  Recording recording = made_recording(scenario, "");
  recording.frames[0].peak->stage = model::ForecastStage::kNone;
  recording.frames[1].peak.reset();
  recording.frames[2].peak->quantile = Viewers{std::numeric_limits<double>::infinity()};
  recording.frames[4].peak->window_end = recording.frames[3].peak->window_end;
  EXPECT_EQ(forecast_band(recording).size(), 26u);
}

TEST(Shortfall, IsWhatReadyReplicasDoNotCarry) {
  const Scenario scenario = made_scenario();
  const Recording recording = made_recording(scenario, "");
  EXPECT_EQ(shortfall(scenario.pool, recording.frames[0]), Viewers{0});
  EXPECT_EQ(shortfall(scenario.pool, recording.frames[20]), Viewers{5000});
}

}  // namespace
}  // namespace edgetide::simulation
