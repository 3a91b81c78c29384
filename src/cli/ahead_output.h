#pragma once

#include <string>
#include <vector>

#include "app/ahead.h"

namespace edgetide::cli {

/// A pool with the steps ahead of it.
struct PoolAhead {
  const app::Look& look;
  std::vector<app::StepAhead> steps;
};

/// What each step will need, as "text"; "json" or "yaml", a PlanAheadList.
[[nodiscard]] std::string print_ahead(const std::vector<PoolAhead>& pools,
                                      const std::string& format);

/// What an event does to one pool.
struct PoolEffect {
  ObjectKey pool;
  app::EventEffect effect;
};

/// A line an event and pool, as "text"; "csv"; "json" or "yaml", an EventEffectList.
[[nodiscard]] std::string print_effects(const std::vector<PoolEffect>& effects,
                                        const std::string& format, Instant now);

}  // namespace edgetide::cli
