#include "edgetide/model/edge_pool.h"

#include "edgetide/core/assert.h"

namespace edgetide::model {

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::kDryRun: return "DryRun";
    case Mode::kEnforce: return "Enforce";
  }
  EDGETIDE_ASSERT(false, "a mode without a name");
  return {};
}

std::string_view to_string(Tier tier) {
  switch (tier) {
    case Tier::kGateway: return "Gateway";
    case Tier::kEdge: return "Edge";
    case Tier::kShield: return "Shield";
    case Tier::kOrigin: return "Origin";
  }
  EDGETIDE_ASSERT(false, "a tier without a name");
  return {};
}

std::string_view to_string(Survive survive) {
  switch (survive) {
    case Survive::kNone: return "None";
    case Survive::kFailureDomain: return "FailureDomain";
  }
  EDGETIDE_ASSERT(false, "a survival without a name");
  return {};
}

std::string_view to_string(OnMissingDemand what) {
  switch (what) {
    case OnMissingDemand::kHold: return "Hold";
    case OnMissingDemand::kRaiseToForecast: return "RaiseToForecast";
    case OnMissingDemand::kRaiseToMax: return "RaiseToMax";
  }
  EDGETIDE_ASSERT(false, "an answer to missing demand without a name");
  return {};
}

HandshakesPerSecond handshakes_of(ViewersPerSecond arriving, const EdgePool& pool) {
  return HandshakesPerSecond{arriving.count() * pool.demand.handshakes_per_arrival};
}

Fleet domain_limits(const EdgePool& pool) {
  Fleet limits;
  for (const FailureDomain& domain : pool.domains) limits.push_back(domain.max_replicas);
  return limits;
}

}  // namespace edgetide::model
