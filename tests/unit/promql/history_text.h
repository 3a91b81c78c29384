#pragma once

#include <string>

#include "edgetide/core/time.h"
#include "edgetide/model/demand_history.h"

namespace edgetide::promql {

inline constexpr Seconds kDay{86'400};
inline const Instant kFrom = *parse_instant("2026-10-01T00:00:00Z");

/// Its samples as seconds since kFrom and viewers: "0=7 60=8 ".
inline std::string text(const model::DemandHistory& history) {
  std::string result;
  for (const auto& sample : history.samples()) {
    result += std::to_string((sample.at - kFrom).count()) + "=" +
              std::to_string(static_cast<int>(sample.viewers.count())) + " ";
  }
  return result;
}

}  // namespace edgetide::promql
