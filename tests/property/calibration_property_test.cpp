#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "edgetide/forecast/demand_forecaster.h"

// A confidence is the share of windows, one a minute, whose peak stays within what was promised,
// whatever the audience is like.

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
constexpr std::array kLevels{0.95, 0.99};
/// From here on a promise must hold.
constexpr Seconds kLearning{7 * 24h};

using Random = std::mt19937;

double uniform(Random& random) { return (static_cast<double>(random()) + 0.5) / 4294967296.0; }

/// Student's t with two degrees: one error in a hundred is seven times the usual one.
double heavy(Random& random) {
  const double share = uniform(random);
  return (2 * share - 1) / std::sqrt(2 * share * (1 - share));
}

double day_of(int minute) { return 2 * std::numbers::pi * minute / 1440; }

/// An audience: demand by minute, told every `step`, and what is announced of it.
struct Audience {
  std::string name;
  minutes step{1};
  std::vector<double> viewers;
  model::EventCalendar calendar;
};

constexpr int kMinutes = 8 * 7 * 1440;

std::vector<double> by_minute(const std::function<double(int)>& viewers) {
  std::vector<double> all;
  all.reserve(kMinutes);
  for (int minute = 0; minute < kMinutes; ++minute) all.push_back(viewers(minute));
  return all;
}

Audience wandering(minutes step) {
  Random random(1);
  double log = 0;
  return {"wandering",
          step,
          by_minute([&](int minute) {
            log = 0.995 * log + 0.004 * heavy(random) * (1.5 + std::sin(day_of(minute)));
            return 5000 * std::exp(std::clamp(log, -3.0, 3.0) - std::cos(day_of(minute)));
          }),
          {}};
}

/// Every reading for itself, as of a road or of mentions.
Audience scattered(minutes step) {
  Random random(2);
  return {"scattered",
          step,
          by_minute([&](int minute) {
            const double of_late = std::clamp(0.15 * heavy(random), -2.0, 2.0);
            return 300 * std::exp(of_late - 0.5 * std::cos(day_of(minute)));
          }),
          {}};
}

/// An audience that doubles its restlessness half way.
Audience changing() {
  Random random(3);
  double log = 0;
  return {"changing",
          1min,
          by_minute([&](int minute) {
            const double size = minute < kMinutes / 2 ? 0.003 : 0.012;
            log = 0.99 * log + size * heavy(random);
            return 8000 * std::exp(std::clamp(log, -2.0, 2.0) - std::cos(day_of(minute)));
          }),
          {}};
}

/// On the air from 12 to 20 o'clock, announced, and nobody there otherwise.
Audience on_and_off() {
  Random random(4);
  std::vector<model::StreamEvent> events;
  for (int day = 0; day < kMinutes / 1440; ++day)
    events.push_back({.name = "day " + std::to_string(day),
                      .event_class = "day",
                      .start = kStart + day * 24h + 12h,
                      .duration = 8h});
  double log = 0;
  return {"on and off", 1min, by_minute([&](int minute) {
            const int since = minute % 1440 - 720;
            log = since == 0 ? 0 : 0.99 * log + 0.006 * heavy(random);
            if (since < 0 || since >= 480) return 0.0;
            return 2000 * (1 - std::exp(-since / 40.0) + 0.05) * std::exp(log);
          }),
          model::EventCalendar(std::move(events))};
}

std::array<double, kLevels.size()> covered_of(const Audience& audience, minutes lead) {
  const model::UtcOffsets utc;
  const Context context{audience.calendar, utc};
  const int step = static_cast<int>(audience.step.count());
  const auto told_at = [&](int minute) { return audience.viewers[minute - minute % step]; };
  ForecastState state;
  std::array<double, kLevels.size()> kept{};
  double judged = 0;
  for (int minute = 0; minute + lead.count() < kMinutes; ++minute) {
    if (minute % step == 0)
      advance(state,
              std::array{model::DemandSample{kStart + minutes{minute}, Viewers{told_at(minute)}}},
              context);
    const Instant now = kStart + minutes{minute + 1};
    if (now < kStart + kLearning) continue;
    double peak = 0;
    for (int ahead = 1; ahead <= lead.count() + 1 && minute + ahead < kMinutes; ++ahead)
      peak = std::max(peak, told_at(minute + ahead));
    if (peak <= 0) continue;
    ++judged;
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
      const PeakWindow window{.now = now, .length = lead, .confidence = kLevels[i]};
      kept[i] += Viewers{peak} <= window_peak(state, window, context).quantile;
    }
  }
  for (double& share : kept) share /= judged;
  return kept;
}

/// Half a point, and what chance leaves of some thousand windows that do not overlap.
constexpr double kNear = 0.0075;

TEST(Calibration, KeepsEveryConfidenceOfEveryAudience) {
  for (const Audience& audience : {wandering(1min), wandering(5min), scattered(5min),
                                   scattered(30min), changing(), on_and_off()}) {
    for (const minutes lead : {2min, 5min, 10min, 30min}) {
      // Most windows see no reading then; what is promised is never below the last one.
      if (audience.step > 6 * lead) continue;
      SCOPED_TRACE(audience.name + ", every " + to_string(Seconds{audience.step}) + ", lead " +
                   to_string(Seconds{lead}));
      const auto kept = covered_of(audience, lead);
      for (std::size_t i = 0; i < kLevels.size(); ++i) EXPECT_NEAR(kept[i], kLevels[i], kNear);
    }
  }
}

}  // namespace
}  // namespace edgetide::forecast
