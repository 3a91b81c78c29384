#include "edgetide/model/observation.h"

#include <algorithm>

#include "edgetide/core/assert.h"

namespace edgetide::model {

std::string_view to_string(Freshness freshness) {
  switch (freshness) {
    case Freshness::kFresh: return "Fresh";
    case Freshness::kStale: return "Stale";
    case Freshness::kPartial: return "Partial";
    case Freshness::kMissing: return "Missing";
    case Freshness::kInvalid: return "Invalid";
    case Freshness::kAmbiguous: return "Ambiguous";
    case Freshness::kFailed: return "Failed";
  }
  EDGETIDE_ASSERT(false, "a freshness without a name");
  return {};
}

Replicas total_specified(const Observation& observation) {
  Replicas total;
  for (const DomainObservation& domain : observation.domains)
    if (domain.known) total += domain.specified;
  return total;
}

Replicas total_ready(const Observation& observation) {
  Replicas total;
  for (const DomainObservation& domain : observation.domains)
    if (domain.known) total += domain.ready;
  return total;
}

bool all_domains_known(const Observation& observation) {
  return std::ranges::all_of(observation.domains, &DomainObservation::known);
}

std::vector<std::string> unread_domains(const Observation& observation) {
  std::vector<std::string> names;
  for (const DomainObservation& domain : observation.domains)
    if (!domain.known) names.push_back(domain.name);
  return names;
}

std::vector<DomainReplicas> failure_domains(const Observation& observation) {
  if (const Spread* spread = spread_of(observation)) return spread->domains;
  std::vector<DomainReplicas> domains;
  domains.reserve(observation.domains.size());
  for (const DomainObservation& domain : observation.domains) {
    domains.push_back({.name = domain.name,
                       .ready = domain.ready,
                       .cold = domain.cold,
                       .starting = domain.starting});
  }
  return domains;
}

const Spread* spread_of(const Observation& observation) {
  const auto spread = std::ranges::find_if(
      observation.domains,
      [](const DomainObservation& domain) { return domain.spread.has_value(); });
  return spread == observation.domains.end() ? nullptr : &*spread->spread;
}

}  // namespace edgetide::model
