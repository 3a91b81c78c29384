#include "edgetide/backtest/hpa.h"

#include <algorithm>
#include <cmath>

namespace edgetide::backtest {
namespace {

constexpr Seconds kSync{15};
/// A fleet doubled so often is beyond every maximum.
constexpr std::int64_t kMostSyncs = 20;

/// ceil of a product whose rounding error must not buy a replica: 1.1 * 50 is 55, not 56.
Replicas replicas_for(double ratio, double over) {
  return Replicas{static_cast<int>(std::ceil(std::min(ratio * over, 1e6) - 1e-9))};
}

bool within_tolerance(const HpaSettings& settings, double ratio) {
  return std::abs(ratio - 1) <= settings.tolerance + 1e-12;
}

Replicas by_utilization(const HpaSettings& settings, const HpaReading& reading) {
  if (reading.ready == Replicas{0}) return reading.specified;
  const double ratio = reading.load / reading.ready.count() / settings.target.count();
  const bool grows_with_unready = reading.unready > Replicas{0} && ratio > 1;
  if (!grows_with_unready) {
    return within_tolerance(settings, ratio) ? reading.specified
                                             : replicas_for(ratio, reading.ready.count());
  }
  const Replicas all = reading.ready + reading.unready;
  const double dampened = reading.load / all.count() / settings.target.count();
  if (within_tolerance(settings, dampened) || dampened < 1) return reading.specified;
  return std::max(reading.specified, replicas_for(dampened, all.count()));
}

Replicas by_total(const HpaSettings& settings, const HpaReading& reading) {
  const double wanted = reading.load / settings.target.count();
  if (reading.specified > Replicas{0} &&
      within_tolerance(settings, wanted / reading.specified.count())) {
    return reading.specified;
  }
  return replicas_for(wanted, 1);
}

}  // namespace

Replicas hpa_metric_proposal(const HpaSettings& settings, const HpaReading& reading) {
  return settings.metric == HpaMetric::kResource ? by_utilization(settings, reading)
                                                 : by_total(settings, reading);
}

Replicas Hpa::decide(const HpaReading& reading, Instant now) {
  const Replicas fastest = fastest_rise(reading.specified, now);
  const Replicas proposed = hpa_metric_proposal(settings_, reading);
  const Replicas stable = stabilized(proposed, reading, now);
  return std::clamp(std::min(stable, fastest), settings_.min, settings_.max);
}

Replicas Hpa::fastest_rise(Replicas specified, Instant now) {
  const std::int64_t syncs = proposals_.empty() ? 1 : (now - last_asked_) / kSync;
  last_asked_ = now;
  int most = specified.count();
  for (std::int64_t i = 0; i < std::clamp<std::int64_t>(syncs, 1, kMostSyncs); ++i) {
    if (most >= settings_.max.count()) break;
    most = std::max(most * 2, most + 4);
  }
  return Replicas{most};
}

/// The highest proposal of the window. A fresh window knows only the size it found.
Replicas Hpa::stabilized(Replicas proposed, const HpaReading& reading, Instant now) {
  if (proposals_.empty()) proposals_.push_back({.at = now, .replicas = reading.specified});
  proposals_.push_back({.at = now, .replicas = proposed});
  std::erase_if(proposals_, [&](const Proposal& proposal) {
    return proposal.at <= now - settings_.downscale_stabilization;
  });
  return std::ranges::max_element(proposals_, {}, &Proposal::replicas)->replicas;
}

}  // namespace edgetide::backtest
