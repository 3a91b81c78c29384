#include "edgetide/model/reasons.h"
#include "fleet.h"

namespace edgetide::guard {
namespace {

/// The first resource that has a capacity and no fresh reading; empty when there is none.
std::string unmeasured_resource(const model::CapacityPerReplica& capacity,
                                const model::DemandReadings& demand) {
  const auto unmeasured = [](bool sized_by, const std::optional<model::Reading>& reading) {
    return sized_by && !(reading && reading->fresh());
  };
  if (unmeasured(capacity.egress.has_value(), demand.egress)) return "egress";
  if (unmeasured(capacity.requests.has_value(), demand.requests)) return "requests";
  if (unmeasured(capacity.connections.has_value(), demand.connections)) return "connections";
  if (unmeasured(capacity.handshakes.has_value(), demand.handshakes)) return "handshakes";
  return "";
}

}  // namespace

Fleet specified_fleet(const model::Observation& observation) {
  Fleet fleet;
  for (const auto& domain : observation.domains) {
    fleet.push_back(domain.known ? domain.specified : Replicas{0});
  }
  return fleet;
}

Replicas last_seen_unknown(const model::PlanMemory& memory, const model::Observation& observation) {
  Replicas sum{0};
  for (std::size_t i = 0; i < memory.ordered.size(); ++i) {
    if (!observation.domains[i].known) sum += memory.ordered[i].value_or(Replicas{0});
  }
  return sum;
}

std::string doubt(const model::EdgePool& pool, const model::Observation& observation,
                  model::ForecastStage stage) {
  const auto& viewers = observation.demand.viewers;
  if (!viewers.fresh()) {
    return "viewers are " + std::string(model::to_string(viewers.freshness)) + ": " +
           viewers.detail;
  }
  for (const auto& domain : observation.domains) {
    if (!domain.known) return "domain " + domain.name + " is not known: " + domain.detail;
  }
  if (const model::Spread* spread = model::spread_of(observation);
      spread && !spread->unknown.empty() && pool.redundancy.survive != model::Survive::kNone)
    return "in which failure domain the replicas stand is not known: " + spread->unknown;
  if (stage == model::ForecastStage::kNone) return "too little has been seen for a forecast";
  if (!observation.history_problem.empty())
    return "the past is not known: " + observation.history_problem;
  const auto resource = unmeasured_resource(pool.capacity, observation.demand);
  if (!resource.empty()) return resource + " has a capacity and no fresh reading";
  return "";
}

Guarded freshness(const GuardInputs& inputs, Fleet wanted) {
  const std::string why = doubt(inputs.pool, inputs.observation, inputs.stage);
  if (why.empty()) return unchanged(std::move(wanted));
  const Fleet current = specified_fleet(inputs.observation);
  if (inputs.observation.demand.viewers.has_value()) {
    return judged("freshness", wanted, at_least(wanted, current), model::reason::kDemandInDoubt,
                  "nothing is lowered: " + why);
  }
  switch (inputs.pool.on_missing_demand) {
    case model::OnMissingDemand::kHold:
      return judged("freshness", wanted, current, model::reason::kDemandMissingHold,
                    "everything stays: " + why);
    case model::OnMissingDemand::kRaiseToForecast:
      return judged("freshness", wanted, at_least(wanted, current),
                    model::reason::kDemandMissingRaisedToForecast,
                    "the forecast may raise, nothing lowers: " + why);
    case model::OnMissingDemand::kRaiseToMax:
      return judged("freshness", wanted, at_least(inputs.at_maximum, current),
                    model::reason::kDemandMissingRaisedToMaximum, "raised to the maximum: " + why);
  }
  return unchanged(current);
}

}  // namespace edgetide::guard
