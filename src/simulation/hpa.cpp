#include "simulation/hpa.h"

#include <algorithm>
#include <cmath>

namespace edgetide::simulation {
namespace {

/// ceil of a product whose rounding error must not buy a replica: 1.1 * 50 is 55, not 56.
Replicas replicas_for(double ratio, Replicas over) {
  return Replicas{static_cast<int>(std::ceil(ratio * over.count() - 1e-9))};
}

/// The emptiest domain that may take one more; nothing when all are full.
int emptiest(std::span<const SpreadDomain> domains, std::span<const Replicas> placed) {
  int best = -1;
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (!domains[i].alive || placed[i] >= domains[i].limit) continue;
    if (best < 0 || placed[i] < placed[static_cast<std::size_t>(best)]) best = static_cast<int>(i);
  }
  return best;
}

}  // namespace

Replicas hpa_metric_proposal(const HpaSettings& settings, const HpaReading& reading) {
  if (reading.ready == Replicas{0}) return reading.specified;
  const auto within_tolerance = [&](double ratio) {
    return std::abs(ratio - 1) <= settings.tolerance + 1e-12;
  };
  const double ratio = reading.load / reading.ready.count() / settings.target.count();
  const bool grows_with_unready = reading.unready > Replicas{0} && ratio > 1;
  if (!grows_with_unready) {
    return within_tolerance(ratio) ? reading.specified : replicas_for(ratio, reading.ready);
  }
  const Replicas all = reading.ready + reading.unready;
  const double dampened = reading.load / all.count() / settings.target.count();
  if (within_tolerance(dampened) || dampened < 1) return reading.specified;
  return std::max(reading.specified, replicas_for(dampened, all));
}

Replicas Hpa::decide(const HpaReading& reading, Instant now) {
  const Replicas proposed = hpa_metric_proposal(settings_, reading);
  const Replicas stable = stabilized(proposed, reading, now);
  const int current = reading.specified.count();
  const Replicas fastest{std::max(current * 2, current + 4)};
  return std::clamp(std::min(stable, fastest), settings_.min, settings_.max);
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

std::vector<Replicas> spread(std::span<const SpreadDomain> domains, Replicas total) {
  std::vector<Replicas> placed;
  Replicas sum;
  for (const SpreadDomain& domain : domains) {
    placed.push_back(domain.alive ? domain.stands : Replicas{0});
    sum += placed.back();
  }
  for (; sum < total; sum += Replicas{1}) {
    const int domain = emptiest(domains, placed);
    if (domain < 0) break;
    placed[static_cast<std::size_t>(domain)] += Replicas{1};
  }
  for (; sum > total; sum -= Replicas{1}) *std::ranges::max_element(placed) -= Replicas{1};
  return placed;
}

}  // namespace edgetide::simulation
