#pragma once

#include <string>
#include <vector>

#include "app/ahead.h"
#include "edgetide/sizing/unknown_loads.h"

namespace edgetide::cli {

/// A pool with the steps ahead of it.
struct PoolAhead {
  const app::Look& look;
  Seconds step;  ///< Of each.
  std::vector<app::StepAhead> steps;
};

/// What each step will need, as "text"; "json" or "yaml", a PlanAheadList.
/// \param columns of the terminal, here and below; nothing where there is none
[[nodiscard]] std::string print_ahead(const std::vector<PoolAhead>& pools,
                                      const std::string& format,
                                      std::optional<std::size_t> columns = std::nullopt);

/// What an event does to one pool.
struct PoolEffect {
  ObjectKey pool;
  app::EventEffect effect;
  std::vector<sizing::UnknownLoad> unknown;  ///< What the sizes do not count in.
};

/// A line an event and pool, as "text" or "wide"; "csv"; "json" or "yaml", an EventEffectList; or
/// "name", a line an event.
[[nodiscard]] std::string print_effects(const std::vector<PoolEffect>& effects,
                                        const std::string& format, Instant now,
                                        std::optional<std::size_t> columns = std::nullopt);

}  // namespace edgetide::cli
