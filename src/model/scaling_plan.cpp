#include "edgetide/model/scaling_plan.h"

#include "edgetide/core/assert.h"

namespace edgetide::model {

std::string_view to_string(Action action) {
  switch (action) {
    case Action::kHold: return "Hold";
    case Action::kScaleUp: return "ScaleUp";
    case Action::kScaleDown: return "ScaleDown";
  }
  EDGETIDE_ASSERT(false, "an action without a name");
  return {};
}

Replicas ScalingPlan::total_from() const {
  Replicas total;
  for (const DomainPlan& domain : domains) total += domain.from;
  return total;
}

Replicas ScalingPlan::total_to() const {
  Replicas total;
  for (const DomainPlan& domain : domains) total += domain.to;
  return total;
}

}  // namespace edgetide::model
