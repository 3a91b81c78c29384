#pragma once

#include <string>
#include <utility>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/observation.h"

namespace edgetide::testing_support {

/// Some evening of 2026.
inline constexpr Instant kEvening{Seconds{1'796'500'800}};

/// Three domains a, b, c of up to 100 replicas; a replica carries 1,000 viewers at 75 %, so 750.
inline model::EdgePool three_domains() {
  model::EdgePool pool;
  pool.key = {"video", "live-edge"};
  pool.mode = model::Mode::kEnforce;
  for (const char* name : {"a", "b", "c"}) {
    pool.domains.push_back({.name = name,
                            .target = {"apps/v1", "Deployment", std::string("edge-") + name},
                            .max_replicas = Replicas{100}});
  }
  pool.capacity.viewers = Viewers{1000};
  pool.replicas = {.min = Replicas{3}, .max = Replicas{200}};
  return pool;
}

inline model::Reading fresh(double value, Instant at = kEvening) {
  return {.freshness = model::Freshness::kFresh, .value = value, .at = at};
}

/// All of the given replicas Ready, viewers fresh.
inline model::Observation observed(const model::EdgePool& pool, std::vector<int> replicas,
                                   model::Reading viewers) {
  model::Observation observation;
  observation.demand.viewers = std::move(viewers);
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    observation.domains.push_back({.name = pool.domains[i].name,
                                   .known = true,
                                   .specified = Replicas{replicas[i]},
                                   .ready = Replicas{replicas[i]}});
  }
  return observation;
}

inline model::Fleet fleet(std::vector<int> counts) {
  model::Fleet fleet;
  for (const int count : counts) fleet.push_back(Replicas{count});
  return fleet;
}

}  // namespace edgetide::testing_support
