#pragma once

#include "simulation/scenario.h"

namespace edgetide::testing_support {

/// The sport evening of one workload that the scheduler spreads over those zones.
inline simulation::Scenario over_zones(const simulation::SportEveningOptions& options,
                                       const simulation::Zones& zones) {
  simulation::Scenario night = simulation::sport_evening(options);
  night.pool.topology_key = "topology.kubernetes.io/zone";
  night.pool.domains.resize(1);
  night.pool.domains.front().name = "live-edge";
  night.pool.domains.front().max_replicas = night.pool.replicas.max;
  night.zones.emplace(night.pool.key, zones);
  return night;
}

}  // namespace edgetide::testing_support
