#include "simulation/settled.h"

#include <algorithm>

namespace edgetide::simulation {
namespace {

constexpr Seconds kSettled{1200};

Instant quiet_since(const Scenario& scenario) {
  Instant since = scenario.from;
  for (const Fault& fault : scenario.faults) since = std::max(since, fault.until());
  if (scenario.zone_loss) since = std::max(since, scenario.zone_loss->back_at());
  return since;
}

}  // namespace

std::optional<std::string> unsettled(const World& world, const Decision* last) {
  if (world.now() - quiet_since(world.scenario()) < kSettled) return std::nullopt;
  if (last == nullptr) return "no decision was made";
  const auto& met = model::condition(last->report, "RedundancyMet");
  const bool excused = last->report.shortfall || last->report.pause;
  if (met.status == model::ConditionStatus::kTrue || excused) return std::nullopt;
  return met.reason + ": " + met.message;
}

}  // namespace edgetide::simulation
