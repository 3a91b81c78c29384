#include "app/complaints.h"

#include "report/time_text.h"

namespace edgetide::app {
namespace {

/// A status is written again after five minutes at the latest; one more is for the way.
constexpr Seconds kOldestStatus{360};

/// A state that somebody has to look at.
bool calls_for_somebody(const kube::PoolStatus::Condition& condition) {
  const auto is = [&](const char* type, const char* status) {
    return condition.type == type && condition.status == status;
  };
  if (is("AbleToScale", "False")) return condition.reason != "DryRun";
  if (is("RedundancyMet", "Unknown")) return condition.reason == "SpreadUnknown";
  return is("SpecValid", "False") || is("UpstreamValid", "False") || is("RedundancyMet", "False") ||
         is("DomainsServing", "False") || is("DemandFresh", "False") ||
         is("ForecastReady", "False") || is("MemoryKept", "False") ||
         is("CapacityShortfall", "True") || is("CapacityShortfallAhead", "True") ||
         is("Paused", "Unknown");
}

}  // namespace

std::vector<std::string> complaints(const kube::PoolStatus& pool, Instant now) {
  std::vector<std::string> all;
  if (pool.observed_generation == 0) {
    all.emplace_back("not decided upon yet: is an operator running?");
  } else if (pool.decided_at && now - *pool.decided_at > kOldestStatus) {
    all.push_back("decided " + report::age_text(*pool.decided_at, now) +
                  " ago and not since: is the operator running?");
  }
  for (const auto& condition : pool.conditions) {
    if (calls_for_somebody(condition))
      all.push_back(condition.type + " is " + condition.status + ", " + condition.reason + ": " +
                    condition.message);
  }
  return all;
}

}  // namespace edgetide::app
