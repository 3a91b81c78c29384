#pragma once

#include <limits>
#include <string>
#include <vector>

#include "edgetide/planning/plan.h"
#include "planning/peaks.h"
#include "support/chance.h"
#include "support/pools.h"

namespace edgetide::planning {

using namespace testing_support;

/// Everything that a plan depends on, drawn at random.
struct World {
  model::EdgePool pool;
  model::Observation observation;
  model::PlanMemory memory;
  Peaks peaks;
  Instant now = kEvening;

  [[nodiscard]] PlanResult plan() const {
    return plan_for({.pool = pool,
                     .observation = observation,
                     .forecast_state = {},
                     .calendar = {},
                     .offsets = {},
                     .memory = memory},
                    peaks, now);
  }
};

class Worlds : public Chance {
 public:
  using Chance::Chance;

  World world() {
    World world;
    auto& pool = world.pool;
    pool = three_domains();
    for (const char* name : {"d", "e", "f"}) {
      pool.domains.push_back(pool.domains.front());
      pool.domains.back().name = name;
      pool.domains.back().target.name = std::string("edge-") + name;
    }
    pool.domains.resize(static_cast<std::size_t>(whole(1, 6)));
    for (auto& domain : pool.domains) domain.max_replicas = Replicas{whole(0, 40)};
    pool.redundancy = {
        .survive = one_in(4) ? model::Survive::kNone : model::Survive::kFailureDomain,
        .spare = Replicas{whole(0, 3)}};
    pool.replicas.min = Replicas{whole(1, 10)};
    pool.replicas.max = Replicas{whole(pool.replicas.min.count(), 100)};
    pool.on_missing_demand = static_cast<model::OnMissingDemand>(whole(0, 2));
    pool.behavior.scale_down = rules();
    if (one_in(3)) pool.behavior.scale_up = rules();
    if (one_in(2))
      pool.pacing = {.step = Replicas{whole(1, 20)}, .interval = Seconds{whole(15, 300)}};
    std::vector<int> standing;
    for (const auto& domain : pool.domains) {
      standing.push_back(whole(0, domain.max_replicas.count() + (one_in(5) ? 5 : 0)));
    }
    world.observation = observed(pool, standing, fresh(whole(0, 40'000)));
    for (auto& domain : world.observation.domains) {
      if (one_in(6)) domain.ready = Replicas{whole(0, domain.specified.count())};
    }
    world.memory.since = world.now - Seconds{whole(0, 900)};
    for (int i = whole(0, 3); i > 0; --i) {
      std::vector<int> wanted;
      for (std::size_t d = 0; d < pool.domains.size(); ++d) wanted.push_back(whole(0, 40));
      world.memory.recommendations.push_back({world.now - Seconds{whole(0, 300)}, fleet(wanted)});
      world.memory.scale_events.push_back({world.now - Seconds{whole(0, 300)}, whole(-9, 9)});
    }
    world.peaks = {.to_rise = peak(), .to_fall = peak()};
    return world;
  }

  /// Takes away some knowledge; after that nothing may be lowered.
  void spoil(World& world) {
    auto& viewers = world.observation.demand.viewers;
    switch (whole(0, 4)) {
      case 0:
        viewers.freshness = static_cast<model::Freshness>(whole(1, 6));
        viewers.value = one_in(2) ? std::numeric_limits<double>::quiet_NaN() : viewers.value;
        if (viewers.has_value()) viewers.value = 100;
        return;
      case 1: world.observation.domains.back() = {.name = "gone", .known = false}; return;
      case 2: world.peaks.to_rise.window.stage = model::ForecastStage::kNone; return;
      case 3: world.pool.capacity.egress = BitsPerSecond{1e9}; return;
      case 4: world.memory = {}; world.pool.behavior.scale_down.stabilization_window = Seconds{1};
    }
  }

 private:
  Peak peak() {
    const double quantile = whole(0, 40'000);
    return {.window = {.stage = model::ForecastStage::kWeekly,
                       .median = Viewers{quantile * 0.8},
                       .quantile = Viewers{quantile},
                       .at = kEvening,
                       .window_end = kEvening + Seconds{600}},
            .after_loss = Viewers{quantile * whole(50, 100) / 100}};
  }

  model::ScalingRules rules() {
    model::ScalingRules rules{
        .stabilization_window = Seconds{whole(0, 300)},
        .select = one_in(9) ? model::ScalingRules::Select::kDisabled
                            : static_cast<model::ScalingRules::Select>(whole(0, 1))};
    for (int i = whole(0, 2); i > 0; --i) {
      rules.policies.push_back({.type = static_cast<model::ScalingPolicy::Type>(whole(0, 1)),
                                .value = whole(0, 100),
                                .period = Seconds{whole(15, 300)}});
    }
    return rules;
  }
};

/// Unoptimized code that is watched takes thirty times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kWorlds = 3'000;
#else
inline constexpr int kWorlds = 100'000;
#endif

}  // namespace edgetide::planning
