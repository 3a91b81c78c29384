#include "not_serving_yet.h"

#include <algorithm>
#include <vector>

#include "believed.h"
#include "edgetide/model/reasons.h"
#include "outages.h"
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

/// One that only begins is as silent within its lead time.
bool is_lost(const model::PlanReport& report, const model::DomainOutage& outage) {
  return report.at - outage.since >= report.lead_time;
}

bool any_lost(const model::PlanReport& report) {
  return std::ranges::any_of(report.outages,
                             [&](const auto& outage) { return is_lost(report, outage); });
}

/// Where nothing is lost; what stands in a domain that is may not come back.
Replicas on_the_way(const model::PlanReport& report) {
  model::Fleet coming;
  for (std::size_t i = 0; i < report.plan.domains.size(); ++i) {
    const auto& seen = report.observation.domains[i];
    coming.push_back(std::max(Replicas{0}, report.plan.domains[i].to - (seen.ready - seen.cold)));
  }
  for (const auto& outage : report.outages)
    if (is_lost(report, outage)) coming[outage.domain] = Replicas{0};
  return model::total(coming);
}

Replicas without_node(const model::Observation& observation) {
  Replicas sum{0};
  for (const auto& domain : observation.domains)
    if (domain.unschedulable) sum += domain.unschedulable->replicas;
  return sum;
}

/// When those of `missing` are to serve that have been ordered; empty where none has been.
std::string coming_text(const model::PlanReport& report, Replicas missing) {
  const Replicas ordered = report.plan.total_to() - warm_of(report.observation);
  const Replicas more = std::min(missing, ordered);
  if (more <= Replicas{0}) return "";
  const Instant by = serve_by(report, more);
  const Replicas waiting = without_node(report.observation);
  return (more < missing ? "; of the others " + text(more) : std::string("; the others")) +
         " are on the way and " +
         (by > report.at ? "are to serve by " + clock_text(by)
                         : "take longer than the lead time of " + to_string(report.lead_time)) +
         (waiting > Replicas{0} ? ", " + text(waiting) + " of them without a node" : "");
}

}  // namespace

std::optional<model::Shortfall> not_serving_yet(const model::PlanReport& report, Replicas needed) {
  const auto& observation = report.observation;
  if (report.mode == model::Mode::kDryRun || !model::all_domains_known(observation))
    return std::nullopt;
  const Replicas serving = warm_of(observation);
  if (serving >= needed) return std::nullopt;
  model::Shortfall shortfall{
      .required = needed, .granted = serving, .at = report.at, .cause = {}, .detail = {}};
  shortfall.detail = viewers_gone_by(report) + " need " + text(needed) +
                     " replicas within target utilization and " + text(serving) + " serve";
  const bool partly_silent =
      !report.outages.empty() && model::total_ready(observation) > Replicas{0};
  if (partly_silent && any_lost(report) && on_the_way(report) < needed - serving) {
    shortfall.cause = model::reason::kDomainLost;
  } else {
    shortfall.cause = model::reason::kReplicasStarting;
    shortfall.detail += coming_text(report, needed - serving);
  }
  if (partly_silent) shortfall.detail += "; " + silence_of(report.observation, report.outages);
  return shortfall;
}

}  // namespace edgetide::planning
