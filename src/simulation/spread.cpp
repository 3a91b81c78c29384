#include "simulation/spread.h"

#include <algorithm>

namespace edgetide::simulation {
namespace {

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

model::Fleet spread(std::span<const SpreadDomain> domains, Replicas total) {
  model::Fleet placed;
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
