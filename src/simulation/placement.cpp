#include "simulation/placement.h"

#include <algorithm>
#include <optional>

namespace edgetide::simulation {

std::vector<std::size_t> zones_for_one_more(std::span<const PlacementZone> zones, int max_skew) {
  std::optional<Replicas> smallest;
  for (const PlacementZone& zone : zones)
    if (zone.counts) smallest = std::min(smallest.value_or(zone.stands), zone.stands);
  std::vector<std::size_t> allowed;
  for (std::size_t i = 0; i < zones.size() && smallest; ++i) {
    const PlacementZone& zone = zones[i];
    if (zone.takes && zone.stands < zone.limit && zone.stands < *smallest + Replicas{max_skew})
      allowed.push_back(i);
  }
  return allowed;
}

Replicas surely_left(model::Fleet standing, int max_skew, Replicas total) {
  if (standing.empty()) return Replicas{0};
  std::ranges::sort(standing);
  Replicas& fullest = standing.back();
  for (Replicas placed = model::total(standing); placed < total; placed += Replicas{1}) {
    Replicas& smallest = *std::ranges::min_element(standing);
    const bool may_take = fullest < smallest + Replicas{max_skew};
    (may_take ? fullest : smallest) += Replicas{1};
  }
  return std::max(Replicas{0}, total - std::ranges::max(standing));
}

}  // namespace edgetide::simulation
