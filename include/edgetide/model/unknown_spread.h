#pragma once

#include <algorithm>

#include "edgetide/model/plan_report.h"
#include "edgetide/model/reasons.h"

namespace edgetide::model {

/// Nobody knows in which failure domains the replicas stand: nothing is promised of a loss.
[[nodiscard]] inline bool spread_unknown(const PlanReport& report) {
  return std::ranges::any_of(report.conditions, [](const Condition& condition) {
    return condition.reason == reason::kSpreadUnknown;
  });
}

}  // namespace edgetide::model
