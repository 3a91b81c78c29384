#pragma once

#include <string>
#include <vector>

#include "edgetide/planning/plan.h"
#include "planning/peaks.h"
#include "support/pools.h"

namespace edgetide::planning {

using namespace testing_support;

/// An evening on which 10,000 viewers need 14 replicas, 7 in each domain to survive the loss of
/// one.
struct Evening {
  model::EdgePool pool = three_domains();
  model::Observation observation = observed(pool, {7, 7, 7}, fresh(10'000));
  model::PlanMemory memory{.since = kEvening - Seconds{86'400}};
  std::optional<model::CapacityOutlook> outlook;
  Instant now = kEvening;

  /// One look, and the memory that it leaves.
  PlanResult look() {
    observation.demand.viewers.at = now;
    const Peak peak{.window = {.stage = model::ForecastStage::kWeekly,
                               .median = Viewers{9'000},
                               .quantile = Viewers{10'000},
                               .at = now,
                               .window_end = now + Seconds{600}},
                    .after_loss = Viewers{10'000}};
    auto result = plan_for({.pool = pool,
                            .observation = observation,
                            .forecast_state = {},
                            .calendar = {},
                            .offsets = {},
                            .memory = memory,
                            .outlook = outlook},
                           {.to_rise = peak, .to_fall = peak}, now);
    memory = result.memory;
    return result;
  }

  /// The look that comes `after` the first one at what stands now.
  PlanResult look_after(Seconds after) {
    static_cast<void>(look());
    now += after;
    return look();
  }

  void lose(std::size_t domain) { observation.domains[domain].ready = Replicas{0}; }

  void set(std::size_t domain, int specified, int ready) {
    observation.domains[domain].specified = Replicas{specified};
    observation.domains[domain].ready = Replicas{ready};
  }
};

inline std::vector<int> desired(const PlanResult& result) {
  std::vector<int> counts;
  for (const auto& domain : result.report.plan.domains) counts.push_back(domain.to.count());
  return counts;
}

inline std::string reason_of(const PlanResult& result, const char* type) {
  return model::condition(result.report, type).reason;
}

}  // namespace edgetide::planning
