#include "edgetide/backtest/rolling.h"

#include <gtest/gtest.h>

#include <cmath>

namespace edgetide::backtest {
namespace {

using model::DemandSample;
using std::chrono::minutes;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

/// `value` of each minute of so many days.
template <typename Value>
std::vector<DemandSample> by_minutes(int days, Value value) {
  std::vector<DemandSample> samples;
  for (int minute = 0; minute < days * 1440; ++minute) {
    samples.push_back({kStart + minutes{minute}, Viewers{value(minute)}});
  }
  return samples;
}

std::vector<RollingScore> judged(const std::vector<DemandSample>& samples, Window window) {
  const model::EventCalendar calendar;
  const model::UtcOffsets utc;
  return rolling_accuracy({.samples = samples,
                           .calendar = calendar,
                           .offsets = utc,
                           .window = window,
                           .every = Seconds{600},
                           .delay = Seconds{0},
                           .horizons = {Seconds{300}},
                           .levels = {0.5, 0.9}});
}

const Window kThirdDay{kStart + minutes{2880}, kStart + minutes{4320}};

/// Up by a viewer a minute: five minutes ahead the peak is five above the last, and a day, 1,440.
TEST(Rolling, NaiveErrorsAreArithmetic) {
  const auto scores = judged(by_minutes(3, [](int minute) { return 5000.0 + minute; }), kThirdDay);
  ASSERT_EQ(scores.size(), 6U);
  EXPECT_EQ(scores[3].windows, 0) << "no event was announced";
  EXPECT_EQ(scores[0].windows, 144);  // the last begins at 23:50 and ends at 23:55
  EXPECT_DOUBLE_EQ(scores[1].mean_error, 1440);
  EXPECT_DOUBLE_EQ(scores[2].mean_error, 5);
  EXPECT_DOUBLE_EQ(*scores[2].against_seasonal, 5 / 1440.0);
  EXPECT_DOUBLE_EQ(*scores[1].against_last, 288);
  EXPECT_LT(scores[0].mean_error, 2.5) << "a climb of two days is known";
}

/// A level that doubles every other window: what covers half of them is not what covers 90 %.
TEST(Rolling, PinballWeighsTooLittleByTheLevel) {
  const auto wave = [](int minute) { return minute / 10 % 2 == 0 ? 1000.0 : 2000.0; };
  const auto scores = judged(by_minutes(3, wave), kThirdDay);
  for (const RollingScore& score : scores) {
    if (score.in_events) continue;
    EXPECT_GE(score.coverage[1], score.coverage[0]);
    EXPECT_GE(score.pinball[0], 0);
    EXPECT_NEAR(score.pinball[0], score.mean_error / 2, 0.5 * score.mean_error + 1);
  }
}

TEST(Rolling, WindowsInEventsCountApartToo) {
  const auto samples = by_minutes(3, [](int minute) { return 5000.0 + minute; });
  const model::EventCalendar calendar({{.name = "Show",
                                        .event_class = "show",
                                        .start = kThirdDay.from + minutes{600},
                                        .duration = minutes{120},
                                        .ramp_up = minutes{0},
                                        .overrun = minutes{0}}});
  const model::UtcOffsets utc;
  const auto scores = rolling_accuracy({.samples = samples,
                                        .calendar = calendar,
                                        .offsets = utc,
                                        .window = kThirdDay,
                                        .every = Seconds{600},
                                        .delay = Seconds{0},
                                        .horizons = {Seconds{300}},
                                        .levels = {0.5, 0.9}});
  EXPECT_EQ(scores[0].windows, 144);
  EXPECT_TRUE(scores[3].in_events);
  EXPECT_NEAR(static_cast<double>(scores[3].windows), 12, 1);
  EXPECT_DOUBLE_EQ(scores[5].mean_error, 5);
}

TEST(Rolling, NothingIsKnownBeforeItHappens) {
  const auto wave = [](int minute) { return 3000 - 2000 * std::cos(minute * 0.004363); };
  const auto quiet = judged(by_minutes(3, wave), {kThirdDay.from, kThirdDay.from + minutes{720}});
  const auto noisy = judged(
      by_minutes(3, [&](int minute) { return minute < 3600 ? wave(minute) : 1e6 * (minute % 7); }),
      {kThirdDay.from, kThirdDay.from + minutes{720}});
  for (std::size_t i = 0; i < quiet.size(); ++i) {
    EXPECT_EQ(quiet[i].mean_error, noisy[i].mean_error);
    EXPECT_EQ(quiet[i].pinball, noisy[i].pinball);
  }
}

TEST(Rolling, AWindowWithAHoleIsNotJudged) {
  auto samples = by_minutes(3, [](int) { return 500.0; });
  std::erase_if(samples, [](const DemandSample& sample) {
    return sample.at >= kThirdDay.from + minutes{60} && sample.at < kThirdDay.from + minutes{120};
  });
  // Of the 144, those that begin from 00:55 + 5 until 01:59 touch a minute that is not known.
  EXPECT_LT(judged(samples, kThirdDay)[0].windows, 140);
  EXPECT_GT(judged(samples, kThirdDay)[0].windows, 135);
}

}  // namespace
}  // namespace edgetide::backtest
