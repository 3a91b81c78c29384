#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "edgetide/forecast/days_ahead.h"
#include "edgetide/forecast/demand_forecaster.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;
using Random = std::mt19937;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

double between(Random& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random()) / 4294967296.0;
}

bool chance(Random& random, double share) { return between(random, 0, 1) < share; }

/// Anything that a broken counter may say.
double wild_viewers(Random& random, double last) {
  switch (random() % 12) {
    case 0: return 0;
    case 1: return std::exp(between(random, -20, 34));
    case 2: return std::nan("");
    case 3: return -last;
    case 4: return 1e15;
    case 5: return 1e308;
    default: return std::abs(last) * std::exp(between(random, -0.2, 0.2)) + 1;
  }
}

/// Mostly a minute later, at times a year, a day, the same moment or the past.
Instant wild_time(Random& random, Instant last) {
  if (chance(random, 0.002)) return last + std::chrono::years{1};
  if (chance(random, 0.005)) return last + 26h;
  if (chance(random, 0.02)) return last - 1h;
  if (chance(random, 0.02)) return last;
  return last + Seconds{1 + random() % 300};
}

/// Whatever a class may say that was read within the limits of its schema.
model::EventPrior wild_prior(Random& random) {
  std::vector<double> profile(random() % 101);
  for (double& share : profile) share = between(random, 0, 1);
  std::vector<model::PastSize> past(random() % 49);
  for (auto& one : past) one = {kStart - Seconds{random() % (90 * 86400)}, between(random, -5, 35)};
  return {.log_size = between(random, -5, 35),
          .spread = between(random, 0.01, 5),
          .degrees = 3 + static_cast<int>(random() % 13),
          .log_share = between(random, -5, 0),
          .past = std::make_shared<const std::vector<model::PastSize>>(std::move(past)),
          .profile = std::make_shared<const std::vector<double>>(std::move(profile)),
          .profile_events = between(random, 0, 12)};
}

model::EventCalendar wild_calendar(Random& random) {
  std::vector<model::StreamEvent> events;
  const int count = chance(random, 0.2) ? 0 : static_cast<int>(random() % 60);
  for (int i = 0; i < count; ++i) {
    model::StreamEvent event{.name = "event " + std::to_string(i),
                             .event_class = "class " + std::to_string(random() % 20),
                             .start = kStart + Seconds{random() % (20 * 86400)},
                             .duration = Seconds{random() % 20000}};
    if (chance(random, 0.3)) event.start = kStart + 24h;
    if (chance(random, 0.1)) event.duration = 24h * 365 * 100;
    if (chance(random, 0.2)) event.ramp_up = 0s;
    if (chance(random, 0.2)) event.overrun = 0s;
    if (chance(random, 0.3)) event.expected_peak = Viewers{wild_viewers(random, 1000)};
    if (chance(random, 0.3)) event.prior = wild_prior(random);
    events.push_back(event);
  }
  return model::EventCalendar(std::move(events));
}

void expect_sound(const ForecastState& state, Instant now, Random& random, const Context& context) {
  const Seconds length{random() % 40000};
  const double confidence = between(random, 0.4, 1.1);
  const auto peak = window_peak(state, {now, length, confidence}, context);
  const double floor = state.recent.any ? state.recent.last.viewers : 0;
  ASSERT_TRUE(std::isfinite(peak.median.count()) && std::isfinite(peak.quantile.count()));
  ASSERT_GE(peak.median.count(), floor);
  ASSERT_GE(peak.quantile, peak.median);
  ASSERT_GE(peak.event_uplift.count(), 0);
  if (context.calendar.events().empty()) {
    const double grown = 3 * (std::max(floor, state.recent.held_viewers) + state.recent.offset);
    ASSERT_LE(peak.quantile.count(), std::max(grown, 1.3 * state.recent.peak_viewers) + 1);
  }
  ASSERT_LE(peak.event_uplift, peak.median);
  ASSERT_GE(peak.at, now);
  ASSERT_LE(peak.at, std::max(now + length, now + 1min));
  const auto surer = window_peak(state, {now, length, 0.5 + confidence / 2}, context);
  ASSERT_GE(surer.quantile.count(), peak.quantile.count() * (1 - 1e-9));
  for (const auto& step : days_ahead(
           state, {.now = now, .step = 6h, .window = length, .confidence = confidence}, context)) {
    ASSERT_TRUE(std::isfinite(step.median.count()) && std::isfinite(step.high.count()));
    ASSERT_GE(step.median.count(), 0);
    ASSERT_GE(step.high, step.median);
  }
}

TEST(ForecastFuzz, WildSamplesAndCalendarsNeverGiveNonsense) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const model::EventCalendar calendar = wild_calendar(random);
    const model::UtcOffsets offsets;
    const Context context{calendar, offsets};
    ForecastState state;
    Instant at = kStart;
    double viewers = 1000;
    for (int i = 0; i < 4000; ++i) {
      at = wild_time(random, at);
      viewers = wild_viewers(random, std::isfinite(viewers) ? viewers : 1000);
      if (!(viewers < 1e15)) viewers = 1000;
      const std::array sample{model::DemandSample{at, Viewers{wild_viewers(random, viewers)}}};
      advance(state, sample, context);
      if (i % 20 != 0) continue;
      ASSERT_NO_FATAL_FAILURE(expect_sound(state, at + Seconds{random() % 600}, random, context));
    }
    for (const auto& point : path(state, {at, 48h, 0.99}, 5min, context)) {
      ASSERT_TRUE(std::isfinite(point.median.count()) && std::isfinite(point.quantile.count()));
      ASSERT_GE(point.median.count(), 0);
      ASSERT_GE(point.quantile, point.median);
    }
  }
}

/// Whatever was forecast and came: who out-weighs us never brings capacity below the viewers that
/// are there, and ours counts in full while an event is near.
TEST(AccuracyProperty, WeighingKeepsAboveThePresent) {
  int outweighed = 0;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Accuracy accuracy;
    const double bias = between(random, -1, 1);
    double viewers = 1000;
    std::int64_t minute = 30'000'000;
    for (int i = 0; i < 15000; ++i) {
      minute += chance(random, 0.001) ? 2000 : 1 + random() % 2;
      viewers = std::clamp(viewers * std::exp(between(random, -0.05, 0.05)), 0.0, 1e15);
      if (chance(random, 0.0005)) viewers = wild_viewers(random, 1000);
      if (!(viewers >= 0 && viewers <= 1e15)) viewers = 1000;
      const Present present{minute, Seconds{minute * 60 % (7 * 86400)}, viewers, 1 + 0.02 * 1000};
      if (chance(random, 0.001)) accuracy.forget_pending();
      accuracy.observe(present);
      const double own = viewers * std::exp(bias + between(random, 0, 0.1));
      if (accuracy.due(minute)) accuracy.expect(present, std::max(own, viewers), 0.99);
      const ForecastWindow window{between(random, 1, 200), between(random, 0.5, 0.9999),
                                  chance(random, 0.2)};
      const auto weighed = accuracy.weigh(std::max(own, viewers), present, window);
      ASSERT_TRUE(std::isfinite(weighed.quantile));
      ASSERT_GE(weighed.quantile, viewers);
      if (weighed.by != model::Forecaster::kEdgetide) {
        const double theirs = accuracy.weigh(0, present, window).quantile;
        ASSERT_GE(theirs, viewers);
        ASSERT_GE(weighed.quantile, theirs);
      }
      if (weighed.by == model::Forecaster::kEdgetide) {
        ASSERT_EQ(weighed.quantile, std::max(own, viewers));
      } else if (window.events_near) {
        ASSERT_GE(weighed.quantile, own);
      }
      outweighed += weighed.by != model::Forecaster::kEdgetide;
    }
    for (const auto& record : accuracy.records()) {
      ASSERT_TRUE(record.coverage >= Ratio{0} && record.coverage <= Ratio{1});
      ASSERT_TRUE(std::isfinite(record.pinball.count()) && record.pinball >= Viewers{0});
    }
  }
  EXPECT_GT(outweighed, 1000) << "the test has to reach what it tests";
}

/// An audience that wanders about a daily wave, at a random step.
std::vector<model::DemandSample> tame_samples(Random& random) {
  const std::array steps{15s, 60s, 300s};
  const Seconds step = steps[random() % steps.size()];
  const int days = step == 15s ? 2 : 9;
  std::vector<model::DemandSample> samples;
  double wander = 0;
  for (Instant at = kStart; at < kStart + days * 24h; at += step) {
    wander = 0.99 * wander + between(random, -0.02, 0.02);
    const double day = static_cast<double>((at - kStart).count()) / 86400;
    if (!chance(random, 0.1))
      samples.push_back({at, Viewers{5000 * std::exp(std::sin(6.2832 * day) + wander)}});
  }
  return samples;
}

TEST(ForecastProperty, PiecesOfAnySizeTeachTheSame) {
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    const model::EventCalendar calendar = wild_calendar(random);
    const model::UtcOffsets offsets;
    const Context context{calendar, offsets};
    const auto samples = tame_samples(random);
    ForecastState whole, pieces;
    advance(whole, samples, context);
    for (std::size_t from = 0; from < samples.size();) {
      const std::size_t size = std::min<std::size_t>(samples.size() - from, 1 + random() % 500);
      const std::size_t again = std::min<std::size_t>(from, random() % 3);
      advance(pieces, {samples.data() + from - again, size + again}, context);
      from += size;
    }
    ASSERT_EQ(whole, pieces) << seed;
  }
}

/// A hundred thousand events, all recent and nearly all over, cost no more than a few.
TEST(ForecastProperty, AHugeCalendarIsLookedAtInBoundedTime) {
  std::vector<model::StreamEvent> events;
  for (int i = 0; i < 100000; ++i)
    events.push_back({.name = std::to_string(i),
                      .event_class = "copy",
                      .start = kStart + 1h,
                      .duration = i < 99000 ? 0s : 7200s,
                      .overrun = 0s});
  const std::vector few(events.end() - 100, events.end());
  std::vector<model::DemandSample> samples;
  for (Instant at = kStart; at < kStart + 6h; at += 60s) samples.push_back({at, Viewers{1000}});
  const auto took = [&samples](const model::EventCalendar& calendar) {
    const model::UtcOffsets offsets;
    ForecastState state;
    const auto begun = std::chrono::steady_clock::now();
    advance(state, samples, {calendar, offsets});
    for (int i = 0; i < 1000; ++i) {
      const auto peak = window_peak(state, {kStart + 6h, 300s, 0.99}, {calendar, offsets});
      EXPECT_LT(peak.quantile, Viewers{1e6});
    }
    return std::chrono::steady_clock::now() - begun;
  };
  const auto alone = took(model::EventCalendar(few));
  EXPECT_LT(took(model::EventCalendar(std::move(events))), 30 * alone)
      << "where a thousand times the events are looked at";
}

}  // namespace
}  // namespace edgetide::forecast
