#include "simulation/domain_counts.h"

namespace edgetide::simulation {
namespace {

template <typename Part>
Replicas sum(std::span<const DomainCounts> domains, Part part) {
  Replicas total;
  for (const DomainCounts& domain : domains) total += part(domain);
  return total;
}

}  // namespace

Replicas total_ready(std::span<const DomainCounts> domains) {
  return sum(domains, [](const DomainCounts& domain) { return domain.ready; });
}

Replicas total_serving(std::span<const DomainCounts> domains) {
  return sum(domains, [](const DomainCounts& domain) { return domain.ready - domain.cold; });
}

Replicas total_specified(std::span<const DomainCounts> domains) {
  return sum(domains, [](const DomainCounts& domain) { return domain.specified; });
}

Replicas total_paid(std::span<const DomainCounts> domains) {
  return sum(domains, [](const DomainCounts& domain) { return domain.ready + domain.starting; });
}

}  // namespace edgetide::simulation
