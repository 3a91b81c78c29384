#include "edgetide/planning/dry_run.h"

#include <algorithm>
#include <utility>

#include "edgetide/model/even_spread.h"
#include "peaks.h"
#include "service.h"

namespace edgetide::planning {
namespace {

Replicas rising_in(const ShadowFleet& shadow, std::size_t domain) {
  Replicas rising{0};
  for (const auto& rise : shadow.rising) {
    if (rise.domain == domain) rising += rise.replicas;
  }
  return rising;
}

/// What stands is where the shadow begins; what is on its way is taken to be ordered just now.
void begin(ShadowFleet& shadow, const PlanInputs& inputs, Instant now) {
  shadow = {};
  for (std::size_t i = 0; i < inputs.observation.domains.size(); ++i) {
    const auto& seen = inputs.observation.domains[i];
    shadow.specified.push_back(seen.specified);
    const Replicas rising = std::max(Replicas{0}, seen.specified - seen.ready);
    shadow.rising.push_back({now + inputs.pool.lead_time, i, rising});
  }
  shadow.last_look = now;
}

bool is_of(const ShadowFleet& shadow, const model::EdgePool& pool) {
  if (shadow.specified.size() != pool.domains.size()) return false;
  const auto& names = shadow.memory.domains;
  return names.empty() ||
         std::ranges::equal(names, pool.domains, {}, {}, &model::FailureDomain::name);
}

model::Observation seen_in(const ShadowFleet& shadow, const model::Observation& observation) {
  model::Observation seen = observation;
  for (std::size_t i = 0; i < seen.domains.size(); ++i) {
    auto& domain = seen.domains[i];
    if (!domain.known) continue;
    domain.specified = shadow.specified[i];
    domain.starting = rising_in(shadow, i);
    domain.ready = domain.specified - domain.starting;
    // The shadow's replicas are where a scheduler would have put them.
    if (domain.spread) model::stand_evenly(*domain.spread, domain.ready);
  }
  return seen;
}

model::FleetUse use_of(const model::EdgePool& pool, const model::Observation& observation,
                       Seconds span) {
  const double share = share_short(pool, observation).count();
  const auto seconds = static_cast<double>(span.count());
  return {.replica_seconds = seconds * model::total_specified(observation).count(),
          .short_viewer_seconds = seconds * share * observation.demand.viewers.value,
          .short_for = share > 0 ? span : Seconds{0}};
}

void lower(ShadowFleet& shadow, std::size_t domain, Replicas by) {
  for (auto rise = shadow.rising.rbegin(); rise != shadow.rising.rend(); ++rise) {
    if (rise->domain != domain) continue;
    const Replicas unstarted = std::min(by, rise->replicas);
    rise->replicas -= unstarted;
    by -= unstarted;
  }
}

void carry_out(ShadowFleet& shadow, const PlanInputs& inputs, const model::ScalingPlan& plan,
               Instant now) {
  for (std::size_t i = 0; i < plan.domains.size(); ++i) {
    const auto& [name, from, to] = plan.domains[i];
    if (from == to || !inputs.observation.domains[i].known) continue;
    if (to > from) shadow.rising.push_back({now + inputs.pool.lead_time, i, to - from});
    if (to < from) lower(shadow, i, from - to);
    shadow.specified[i] = to;
    note_written(shadow.memory, plan, i, now);
  }
}

}  // namespace

PlanResult plan_dry_run(const PlanInputs& inputs, ShadowFleet& shadow, Instant now) {
  const Peaks peaks = forecast_peaks(inputs, now);
  PlanResult result = plan_for(inputs, peaks, now);
  const bool whole = model::all_domains_known(inputs.observation);
  if (!is_of(shadow, inputs.pool)) {
    if (!whole) return result;
    begin(shadow, inputs, now);
  }
  std::erase_if(shadow.rising, [&](const auto& rise) { return rise.serves_at <= now; });
  const model::Observation seen = seen_in(shadow, inputs.observation);
  const Seconds span = span_of_look(shadow.last_look, now);
  shadow.last_look = now;
  if (whole && inputs.observation.demand.viewers.fresh()) {
    result.report.dry_run = {.judged = span,
                             .standing = use_of(inputs.pool, inputs.observation, span),
                             .planned = use_of(inputs.pool, seen, span)};
  }
  auto decided = plan_for({.pool = inputs.pool,
                           .observation = seen,
                           .forecast_state = inputs.forecast_state,
                           .calendar = inputs.calendar,
                           .offsets = inputs.offsets,
                           .memory = std::exchange(shadow.memory, {}),
                           .review = inputs.review,
                           .mass_change = inputs.mass_change,
                           .safeguards = inputs.safeguards,
                           .upstream_lead_time = inputs.upstream_lead_time,
                           .drawn = inputs.drawn},
                          peaks, now);
  shadow.memory = std::move(decided.memory);
  carry_out(shadow, inputs, decided.report.plan, now);
  return result;
}

}  // namespace edgetide::planning
