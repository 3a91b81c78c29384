#include "edgetide/model/plan_report.h"

#include <algorithm>

#include "edgetide/core/assert.h"

namespace edgetide::model {

std::string_view to_string(Resource resource) {
  switch (resource) {
    case Resource::kViewers: return "viewers";
    case Resource::kEgress: return "egress";
    case Resource::kRequests: return "requests";
    case Resource::kConnections: return "connections";
    case Resource::kHandshakes: return "handshakes";
  }
  EDGETIDE_ASSERT(false, "a resource without a name");
  return {};
}

std::string_view to_string(SizingBasis basis) {
  switch (basis) {
    case SizingBasis::kDemand: return "Demand";
    case SizingBasis::kForecast: return "Forecast";
    case SizingBasis::kEvent: return "Event";
    case SizingBasis::kRedundancy: return "Redundancy";
    case SizingBasis::kMinimum: return "Minimum";
    case SizingBasis::kHold: return "Hold";
  }
  EDGETIDE_ASSERT(false, "a basis without a name");
  return {};
}

std::string_view to_string(ConditionStatus status) {
  switch (status) {
    case ConditionStatus::kTrue: return "True";
    case ConditionStatus::kFalse: return "False";
    case ConditionStatus::kUnknown: return "Unknown";
  }
  EDGETIDE_ASSERT(false, "a condition status without a name");
  return {};
}

std::string gist(const PlanReport& report) {
  std::string text{to_string(report.plan.action)};
  for (const auto& condition : report.conditions) {
    text += ' ';
    text += to_string(condition.status);
    text += condition.reason;
  }
  return text;
}

const Condition& condition(const PlanReport& report, std::string_view type) {
  const auto found = std::ranges::find(report.conditions, type, &Condition::type);
  EDGETIDE_ASSERT(found != report.conditions.end(), "the report has no condition of that type");
  return *found;
}

}  // namespace edgetide::model
