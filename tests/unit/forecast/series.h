#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <vector>

#include "edgetide/forecast/demand_forecaster.h"

namespace edgetide::forecast {

/// A Monday, midnight.
inline constexpr Instant kMonday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

using Curve = std::function<double(Instant)>;

/// `curve` read every `step` in [from, to).
inline std::vector<model::DemandSample> sampled(const Curve& curve, Instant from, Instant to,
                                                Seconds step = Seconds{60}) {
  std::vector<model::DemandSample> samples;
  for (Instant at = from; at < to; at += step) samples.push_back({at, Viewers{curve(at)}});
  return samples;
}

inline Curve constant(double viewers) {
  return [=](Instant) { return viewers; };
}

/// A day between 2,000 and 18,000 viewers, highest at 18:00 UTC.
inline double day_wave(Instant at) {
  const double day = static_cast<double>((at - kMonday).count()) / 86400;
  return 10000 - 8000 * std::cos(2 * std::numbers::pi * (day - 0.25));
}

/// Around 10,000 viewers, each second's number without regard to the last: 6,000 to 16,000.
inline double restless(Instant at) {
  auto random = static_cast<std::uint32_t>((at - kMonday).count());
  double sum = 0;
  for (int i = 0; i < 3; ++i) {
    random = (random ^ (random >> 15)) * 2246822519U + 374761393U;
    sum += random / 4294967296.0 - 0.5;
  }
  return 10000 * std::exp(sum / 3);
}

inline model::StreamEvent match(Instant start, std::string event_class = "football") {
  return {.name = "video/match",
          .event_class = std::move(event_class),
          .start = start,
          .duration = std::chrono::minutes{115}};
}

/// Everything a test needs to let a forecaster look at a curve.
struct Watch {
  model::EventCalendar calendar;
  model::UtcOffsets offsets;
  ForecastState state;

  [[nodiscard]] Context context() const { return {calendar, offsets}; }
  void see(const std::vector<model::DemandSample>& samples) { advance(state, samples, context()); }
  void see(const Curve& curve, Instant from, Instant to, Seconds step = Seconds{60}) {
    see(sampled(curve, from, to, step));
  }
  [[nodiscard]] model::WindowPeak peak(Instant now, Seconds length = Seconds{315},
                                       double confidence = 0.99) const {
    return window_peak(state, {now, length, confidence}, context());
  }
};

}  // namespace edgetide::forecast
