#include "edgetide/backtest/hpa.h"

#include <algorithm>
#include <cmath>

namespace edgetide::backtest {
namespace {

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
  const std::int64_t syncs =
      proposals_.empty()
          ? 1
          : std::clamp<std::int64_t>((now - last_asked_) / settings_.sync, 1, kMostSyncs);
  last_asked_ = now;
  const Replicas proposed = hpa_metric_proposal(settings_, reading);
  const Replicas stable = stabilized(proposed, reading, now);
  const Replicas stands = reading.specified;
  const Replicas fastest = paced(stands, stable > stands, syncs, now);
  const Replicas decided = stable > stands ? std::min(stable, fastest) : std::max(stable, fastest);
  const Replicas bounded = std::clamp(decided, settings_.min, settings_.max);
  if (bounded != stands) changes_.push_back({now, (bounded - stands).count()});
  return bounded;
}

/// As the controller does: what was changed within the period counts against what it allows.
Replicas Hpa::paced(Replicas specified, bool up, std::int64_t syncs, Instant now) const {
  const HpaRules& rules = up ? settings_.up : settings_.down;
  std::vector<Change> changes = changes_;
  int most = specified.count();
  for (std::int64_t sync = 0; sync < syncs; ++sync) {
    const Instant at = now - (syncs - 1 - sync) * settings_.sync;
    int start = most;
    for (const Change& change : changes)
      if (change.at > at - rules.period) start -= change.replicas;
    const double share = rules.percent / 100;
    const int before = most;
    if (up) {
      const double grown = std::min(std::ceil(start * (1 + share) - 1e-9), 1e6);
      most = std::max({most, static_cast<int>(grown), start + rules.pods.count()});
      if (before >= settings_.max.count()) break;
    } else {
      const auto fallen = static_cast<int>(std::floor(start * (1 - share) + 1e-9));
      most = std::max(0, std::min({most, fallen, start - rules.pods.count()}));
    }
    if (most != before) changes.push_back({at, most - before});
  }
  return Replicas{most};
}

/// Between the highest proposal of the window downwards and the lowest of that upwards. A fresh
/// window knows only the size it found.
Replicas Hpa::stabilized(Replicas proposed, const HpaReading& reading, Instant now) {
  if (proposals_.empty()) proposals_.push_back({.at = now, .replicas = reading.specified});
  proposals_.push_back({.at = now, .replicas = proposed});
  const Seconds longest = std::max({settings_.up.window, settings_.down.window, Seconds{1}});
  std::erase_if(proposals_, [&](const Proposal& proposal) { return proposal.at <= now - longest; });
  const Seconds period = std::max(settings_.up.period, settings_.down.period);
  std::erase_if(changes_, [&](const Change& change) { return change.at <= now - period; });
  Replicas lowest = proposed;
  Replicas highest = proposed;
  for (const auto& [at, replicas] : proposals_) {
    if (at > now - settings_.up.window) lowest = std::min(lowest, replicas);
    if (at > now - settings_.down.window) highest = std::max(highest, replicas);
  }
  return std::clamp(reading.specified, lowest, highest);
}

}  // namespace edgetide::backtest
