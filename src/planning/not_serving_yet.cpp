#include "not_serving_yet.h"

#include <algorithm>
#include <vector>

#include "edgetide/model/reasons.h"
#include "reserve.h"
#include "words.h"

namespace edgetide::planning {
namespace {

/// When so many more serve if each takes the lead time: one on a node since it was first seen not
/// to be Ready, any other from now at the latest.
Instant serve_by(const model::PlanReport& report, Replicas more) {
  std::vector<Instant> since;
  for (const auto& domain : report.observation.domains)
    since.insert(since.end(), domain.unready_since.begin(), domain.unready_since.end());
  std::ranges::sort(since);
  const auto last = static_cast<std::size_t>(more.count() - 1);
  return (last < since.size() ? std::min(since[last], report.at) : report.at) + report.lead_time;
}

Replicas without_node(const model::Observation& observation) {
  Replicas sum{0};
  for (const auto& domain : observation.domains)
    if (domain.unschedulable) sum += domain.unschedulable->replicas;
  return sum;
}

}  // namespace

std::optional<model::Shortfall> not_serving_yet(const model::PlanReport& report, Replicas needed) {
  const auto& observation = report.observation;
  if (report.mode == model::Mode::kDryRun || !model::all_domains_known(observation))
    return std::nullopt;
  const Replicas serving = warm_of(observation);
  if (serving >= needed) return std::nullopt;
  const Instant by = serve_by(report, needed - serving);
  const Replicas waiting = without_node(observation);
  return model::Shortfall{
      .required = needed,
      .granted = serving,
      .at = report.at,
      .cause = model::reason::kReplicasStarting,
      .detail =
          known_viewers(observation.demand) + " need " + text(needed) +
          " replicas within target utilization and " + text(serving) +
          " serve; the others are on the way and " +
          (by > report.at ? "are to serve by " + clock_text(by)
                          : "take longer than the lead time of " + to_string(report.lead_time)) +
          (waiting > Replicas{0} ? ", " + text(waiting) + " of them without a node" : "")};
}

}  // namespace edgetide::planning
