#pragma once

#include <string>

#include "simulation/scenario.h"

namespace edgetide::testing_support {

constexpr BitsPerSecond gigabits(double count) { return BitsPerSecond{count * 1e9}; }

inline model::EdgePool upstream_of(const model::EdgePool& near, const std::string& name,
                                   model::Tier tier, double gigabits_each) {
  model::EdgePool pool = near;
  pool.key.name = name;
  pool.uid = name;
  pool.tier = tier;
  pool.upstream.reset();
  pool.capacity = {.egress = gigabits(gigabits_each), .target_utilization = Ratio{.75}};
  pool.redundancy.spare = Replicas{1};
  pool.replicas = {.min = Replicas{3}, .max = Replicas{200}};
  return pool;
}

/// The sport evening through an edge whose caches miss 4 %, a shield that misses a fifth of that,
/// and an origin.
inline simulation::Scenario through_tiers(const simulation::SportEveningOptions& options) {
  simulation::Scenario night = simulation::sport_evening(options);
  auto& edge = night.pool;
  edge.capacity.egress = gigabits(25);
  edge.warm_up = Seconds{120};
  edge.lead_time += edge.warm_up;
  edge.upstream = {
      .name = "shield", .fill = Ratio{.04}, .live_fill = gigabits(.06), .cold_fill = gigabits(.5)};
  auto shield = upstream_of(edge, "shield", model::Tier::kShield, 10);
  shield.upstream = {.name = "origin", .fill = Ratio{.2}, .live_fill = gigabits(.06)};
  night.farther = {shield, upstream_of(edge, "origin", model::Tier::kOrigin, 10)};
  return night;
}

}  // namespace edgetide::testing_support
