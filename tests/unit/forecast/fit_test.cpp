#include <gtest/gtest.h>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

TEST(Fit, NeedsTwoDays) {
  const auto few = sampled(day_wave, kMonday, kMonday + 47h, 300s);
  const auto enough = sampled(day_wave, kMonday, kMonday + 49h, 300s);
  EXPECT_FALSE(fit({}, few, {}, {}));
  EXPECT_TRUE(fit({}, enough, {}, {}));
  EXPECT_FALSE(fit({}, {}, {}, {}));
}

/// A level that wanders asks for a larger gain than one that stays.
TEST(Fit, TakesALargerLevelGainForAWanderingAudience) {
  std::uint32_t random = 7;
  double wander = 0;
  const auto restless = [&](Instant at) {
    random = random * 1664525U + 1013904223U;
    wander += (random / 4294967296.0 - 0.5) * 0.1;
    return day_wave(at) * std::exp(wander);
  };
  const auto noisy = [&](Instant at) {
    random = random * 1664525U + 1013904223U;
    return day_wave(at) * std::exp((random / 4294967296.0 - 0.5) * 0.3);
  };
  const auto wandering = fit({}, sampled(restless, kMonday, kMonday + 28 * 24h, 300s), {}, {});
  const auto steady = fit({}, sampled(noisy, kMonday, kMonday + 28 * 24h, 300s), {}, {});
  ASSERT_TRUE(wandering && steady);
  EXPECT_GT(wandering->gains().persistence, steady->gains().persistence);
}

bool lies_within(float value, const Bounds& bounds) {
  return value >= bounds.least && value <= bounds.most;
}

/// Whatever the audience would have: noise alone, a walk, a stair, and bounds that leave hardly any
/// room, or keep the defaults out.
TEST(Fit, StaysWithinItsBounds) {
  std::uint32_t random = 5;
  const auto chance = [&] { return (random = random * 1664525U + 1013904223U) / 4294967296.0; };
  double walk = 0;
  const std::vector<Curve> audiences{
      constant(5000), day_wave, restless,
      [&](Instant) { return 10000 * std::exp(walk += 0.2 * (chance() - 0.5)); },
      [](Instant at) { return (at - kMonday) / 6h % 2 == 0 ? 100.0 : 90000.0; }};
  const SmoothingModel usual;
  const SmoothingModel narrow{.level_gain = {0.02F, 0.021F},
                              .daily_gain = {0.3F, 0.3F},
                              .weekly_gain = {0.05F, 0.06F},
                              .persistence = {0.8F, 0.85F}};
  for (std::size_t i = 0; i < audiences.size(); ++i) {
    const auto samples = sampled(audiences[i], kMonday, kMonday + 21 * 24h, 300s);
    for (const SmoothingModel& model : {usual, narrow}) {
      const auto fitted = fit(model, samples, {}, {});
      ASSERT_TRUE(fitted) << i;
      const Gains& gains = fitted->gains();
      EXPECT_TRUE(lies_within(gains.level_gain, model.level_gain)) << i << ' ' << gains.level_gain;
      EXPECT_TRUE(lies_within(gains.daily_gain, model.daily_gain)) << i << ' ' << gains.daily_gain;
      EXPECT_TRUE(lies_within(gains.weekly_gain, model.weekly_gain))
          << i << ' ' << gains.weekly_gain;
      EXPECT_TRUE(lies_within(gains.persistence, model.persistence))
          << i << ' ' << gains.persistence;
    }
  }
}

/// Mean absolute error half an hour ahead of quarters of an hour, the first quarter of them being
/// for warming up: what `fit` says that it makes small, written down once more.
double half_hour_error(const Gains& gains, const std::vector<model::DemandSample>& quarters,
                       double offset) {
  SeasonalLevel habits;
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i + 2 < quarters.size(); ++i) {
    const auto week_of = [&](std::size_t at) {
      return model::UtcOffsets{}.local_time_of_week(quarters[at].at);
    };
    const double log = std::log(quarters[i].viewers.count() + offset);
    habits.learn(log, week_of(i), 15, gains);
    if (i < quarters.size() / 4) continue;
    const double left = gains.persistence * gains.persistence;
    const double forecast =
        habits.expected(week_of(i + 2)) + left * (log - habits.expected(week_of(i)));
    sum += std::abs(std::log(quarters[i + 2].viewers.count() + offset) - forecast);
    ++count;
  }
  return sum / count;
}

/// Following derivatives from where the defaults lie finds what trying everything finds.
TEST(Fit, IsNoWorseThanTheBestOfAGrid) {
  for (const double wander : {0.0, 0.02, 0.2}) {
    std::uint32_t random = 11;
    const auto chance = [&] { return (random = random * 1664525U + 1013904223U) / 4294967296.0; };
    double off = 0;
    const auto quarters = sampled(
        [&](Instant at) {
          off = 0.97 * off + wander * (chance() - 0.5);
          return day_wave(at) * std::exp(off + 0.1 * (chance() - 0.5));
        },
        kMonday, kMonday + 28 * 24h, 900s);
    double mean = 0;
    for (const auto& sample : quarters)
      mean += sample.viewers.count() / static_cast<double>(quarters.size());
    const auto error = [&](const Gains& gains) {
      return half_hour_error(gains, quarters, 1 + 0.02 * mean);
    };
    double best = 1;
    Gains tried;
    for (tried.level_gain = 0.003F; tried.level_gain < 0.09F; tried.level_gain *= 3)
      for (tried.daily_gain = 0.05F; tried.daily_gain < 0.4F; tried.daily_gain *= 2.4F)
        for (tried.weekly_gain = 0.05F; tried.weekly_gain < 0.5F; tried.weekly_gain *= 2.8F)
          for (tried.persistence = 0.8F; tried.persistence < 0.99F; tried.persistence += 0.06F)
            best = std::min(best, error(tried));
    const auto fitted = fit({}, quarters, {}, {});
    ASSERT_TRUE(fitted) << wander;
    EXPECT_LT(error(fitted->gains()), 1.005 * best) << wander;
    EXPECT_LT(error(fitted->gains()), error({})) << wander;
  }
}

/// Readings every half hour or every hour teach gains or none, never nonsense.
TEST(Fit, TakesReadingsAsTheyCome) {
  const auto half_hourly = sampled(day_wave, kMonday, kMonday + 28 * 24h, 1800s);
  EXPECT_TRUE(fit({}, half_hourly, {}, {}));
  const auto hourly = sampled(day_wave, kMonday, kMonday + 28 * 24h, 3600s);
  EXPECT_FALSE(fit({}, hourly, {}, {})) << "none are half an hour apart";
}

}  // namespace
}  // namespace edgetide::forecast
