#include "edgetide/model/even_spread.h"

namespace edgetide::model {
namespace {

/// The part of one of several domains, of which the first take what is left over.
Replicas even_part(Replicas total, std::size_t domain, std::size_t domains) {
  const auto all = static_cast<std::size_t>(total.count());
  return Replicas{static_cast<int>(all / domains + (domain < all % domains ? 1 : 0))};
}

}  // namespace

Spread over_zones(std::size_t zones, int max_skew) {
  Spread spread{.domains = {}, .max_skew = max_skew, .unknown = {}};
  for (std::size_t zone = 1; zone <= zones; ++zone)
    spread.domains.push_back({.name = "zone-" + std::to_string(zone)});
  return spread;
}

void stand_evenly(Spread& spread, Replicas ready, Replicas starting) {
  const std::size_t domains = spread.domains.size();
  for (std::size_t i = 0; i < domains; ++i) {
    auto& domain = spread.domains[i];
    domain.ready = even_part(ready, i, domains);
    domain.cold = Replicas{0};
    domain.starting = even_part(ready + starting, i, domains) - domain.ready;
  }
}

}  // namespace edgetide::model
