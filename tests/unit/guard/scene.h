#pragma once

#include <string>

#include "edgetide/guard/guard.h"
#include "support/pools.h"

namespace edgetide::guard {

using namespace testing_support;

/// A pool with a settled memory: nothing but the guard under test has anything to say.
struct Scene {
  model::EdgePool pool = three_domains();
  model::Observation observation = observed(pool, {10, 10, 10}, fresh(10'000));
  model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  model::ForecastStage stage = model::ForecastStage::kWeekly;
  Fleet floor = fleet({0, 0, 0});
  Replicas unseen{0};

  [[nodiscard]] GuardInputs inputs() const {
    return {.pool = pool,
            .observation = observation,
            .memory = memory,
            .stage = stage,
            .floor = floor,
            .at_maximum = fleet({67, 67, 66}),
            .minimum = pool.replicas.min,
            .unseen = unseen,
            .now = kEvening};
  }
};

inline std::string reason_of(const Guarded& guarded) {
  return guarded.verdict ? guarded.verdict->reason : "";
}

}  // namespace edgetide::guard
