#include "demand_sizing.h"

#include <algorithm>
#include <tuple>

#include "edgetide/model/reasons.h"
#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/fill.h"
#include "edgetide/sizing/recommender.h"
#include "event_minimum.h"
#include "ramp.h"

namespace edgetide::planning {
namespace {

/// What to prepare for: the window's peak, and never less than is there now. Nothing when neither
/// is known, and nobody draws from the pool; first numbers, of a forecast that has hardly begun,
/// count beside a reading.
std::optional<sizing::Wanted> wanted_at(const Peak& peak, const PlanInputs& inputs,
                                        Replicas minimum) {
  const auto& viewers = inputs.observation.demand.viewers;
  sizing::Wanted wanted{.planned = peak.window.quantile,
                        .after_loss = peak.after_loss,
                        .minimum = minimum,
                        .drawn = drawn_total(inputs),
                        .arriving = peak.window.steepest,
                        .arriving_after_loss = peak.steepest_after_loss};
  if (viewers.has_value()) {
    wanted.planned = std::max(wanted.planned, Viewers{viewers.value});
    wanted.after_loss = std::max(wanted.after_loss, Viewers{viewers.value});
  } else if (peak.window.stage == model::ForecastStage::kNone) {
    if (!inputs.drawn) return std::nullopt;
    wanted.planned = wanted.after_loss = Viewers{0};
  }
  return wanted;
}

/// Who the planned demand comes from; the minimum's own basis stays.
model::SizingBasis basis_of(const model::Sizing& sizing, const model::WindowPeak& peak,
                            const model::Reading& viewers, const EventMinimum& event,
                            Replicas own_minimum) {
  if (sizing.basis == model::SizingBasis::kMinimum) {
    return event.replicas > own_minimum ? model::SizingBasis::kEvent : model::SizingBasis::kMinimum;
  }
  if (viewers.has_value() && viewers.value >= peak.quantile.count()) {
    return model::SizingBasis::kDemand;
  }
  const bool event_decides =
      !peak.event.empty() && 2 * peak.event_uplift.count() >= peak.median.count();
  return event_decides ? model::SizingBasis::kEvent : model::SizingBasis::kForecast;
}

/// A domain that is to hold nothing keeps what stands there, which may come back.
void keep_in_lost(guard::Fleet& fleet, const guard::Fleet& current, sizing::DomainLimits limits) {
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    if (limits[i] == Replicas{0}) fleet[i] = current[i];
  }
}

/// Up to what the near peak needs; down only to what the farther one needs as well.
guard::Fleet between(const guard::Fleet& current, const guard::Fleet& to_rise,
                     const guard::Fleet& to_fall) {
  guard::Fleet wanted = current;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i] = std::clamp(current[i], to_rise[i], std::max(to_rise[i], to_fall[i]));
  }
  return wanted;
}

/// A rise that goes in steps, of which the first are due.
struct Ramp {
  Replicas begun{0};     ///< To be ordered by now.
  guard::Fleet reaches;  ///< What it leads up to,
  Instant until{};       ///< and by when that has to serve.
};

model::GuardVerdict ramp_verdict(const guard::Fleet& before, const Ramp& ramp) {
  return {.guard = "ramp",
          .before = model::total(before),
          .after = ramp.begun,
          .reason = model::reason::kRampBegun,
          .detail = "up to " + std::to_string(model::total(ramp.reaches).count()) +
                    " replicas are needed by " + clock_text(ramp.until) +
                    ", and the steps towards them begin now"};
}

model::GuardVerdict farther_peak_verdict(const guard::Fleet& to_rise, const guard::Fleet& wanted,
                                         const model::WindowPeak& peak) {
  return {.guard = "farther-peak",
          .before = model::total(to_rise),
          .after = model::total(wanted),
          .reason = model::reason::kPeakWithinTwoLeadTimes,
          .detail = "the peak until " + clock_text(peak.window_end) + " needs what stands"};
}

}  // namespace

std::optional<BitsPerSecond> drawn_total(const PlanInputs& inputs) {
  if (!inputs.drawn) return std::nullopt;
  return inputs.drawn->total();
}

std::optional<model::DrawnLoad> draws_of(const PlanInputs& inputs, const Peaks& peaks,
                                         const model::ScalingPlan& plan, Instant now) {
  const auto& [pool, observation] = std::tie(inputs.pool, inputs.observation);
  if (!pool.upstream || !peaks.to_draw) return std::nullopt;
  sizing::DrawingFleet fleet{.egress = std::nullopt, .replicas = plan.total_to(), .cold = {}};
  const bool own_demand_known = observation.demand.viewers.has_value() ||
                                peaks.to_draw->window.stage != model::ForecastStage::kNone;
  const auto event = event_minimum(inputs.calendar, now, peaks.to_draw->window.window_end);
  const auto wanted =
      wanted_at(*peaks.to_draw, inputs, std::max(pool.replicas.min, event.replicas));
  if (wanted && own_demand_known) {
    const auto sized = sizing::recommend(*wanted, pool, observation);
    if (sized) {
      fleet.replicas = std::max(fleet.replicas, model::total(sized->per_domain));
      const auto egress =
          std::ranges::find(sized->needs, model::Resource::kEgress, &model::ResourceNeed::resource);
      if (egress != sized->needs.end()) fleet.egress = BitsPerSecond{egress->load};
    }
  }
  Replicas warm{0};
  for (const auto& domain : observation.domains) warm += domain.ready - domain.cold;
  fleet.cold = std::max(Replicas{0}, fleet.replicas - warm);
  return sizing::fill_of(*pool.upstream, fleet);
}

Standing standing_of(const PlanInputs& inputs, Instant now) {
  return {.total = model::total_specified(inputs.observation),
          .review = inputs.review,
          .changes = inputs.memory.scale_events,
          .now = now};
}

DemandSizing size_demand(const PlanInputs& inputs, const model::EdgePool& pool,
                         std::span<const model::DomainOutage> outages, const Peaks& peaks,
                         Instant now) {
  const auto& demand = inputs.observation.demand;
  const auto limits = model::domain_limits(pool);
  const guard::Fleet current = guard::specified_fleet(inputs.observation);
  const auto event = event_minimum(inputs.calendar, now, now + pool.lead_time + inputs.review);

  DemandSizing result{.at_maximum = sizing::spread(pool.replicas.max, limits).per_domain,
                      .limits = limits,
                      .minimum = std::max(pool.replicas.min, event.replicas)};
  result.wanted = result.remembered = current;
  result.floor = guard::Fleet(current.size(), Replicas{0});
  result.sizing = {.per_domain = current, .basis = model::SizingBasis::kHold};

  const bool any_rebuilt = std::ranges::any_of(outages, &model::DomainOutage::rebuilt);
  // Rebuilding only adds: everywhere no less than without it. A domain of which some serves rises
  // as well where the others have no room for all of its part.
  const auto keep_of_whole = [&](guard::Fleet& fleet, const sizing::Wanted& wanted, bool all_fits) {
    if (!any_rebuilt) return;
    auto whole = sizing::recommend(wanted, inputs.pool, inputs.observation);
    if (!whole) return;
    for (const auto& outage : outages) {
      if (!outage.rebuilt || (!all_fits && outage.serving > Replicas{0})) continue;
      auto& there = whole->per_domain[outage.domain];
      there = std::min(there, current[outage.domain]);
    }
    fleet = model::at_least(std::move(fleet), whole->per_domain);
  };

  if (demand.viewers.has_value()) {
    const Viewers now_there{demand.viewers.value};
    const sizing::Wanted of_those{.planned = now_there, .after_loss = now_there};
    const auto of_now = sizing::recommend(of_those, pool, inputs.observation);
    result.demand_known = of_now.has_value();
    if (of_now) result.floor = of_now->per_domain;
    if (of_now) keep_of_whole(result.floor, of_those, of_now->missing == Replicas{0});
    if (of_now) result.survivors_needed = of_now->survivors;
    if (of_now) result.serving_needed = of_now->serving;
  }
  const auto recommended = [&](const Peak& peak, Replicas minimum) -> std::optional<model::Sizing> {
    const auto wanted = wanted_at(peak, inputs, minimum);
    if (!wanted) return std::nullopt;
    auto sizing = sizing::recommend(*wanted, pool, inputs.observation);
    if (!sizing) return sizing;
    const Replicas needed = model::total(sizing->per_domain) + sizing->missing;
    keep_in_lost(sizing->per_domain, current, limits);
    // Beside a domain that holds little the others take more than an even fleet would.
    if (any_rebuilt) sizing->with_redundancy = std::max(sizing->with_redundancy, needed);
    keep_of_whole(sizing->per_domain, *wanted, sizing->missing == Replicas{0});
    return sizing;
  };
  const auto to_rise = recommended(peaks.to_rise, result.minimum);
  const auto to_fall = recommended(peaks.to_fall, result.minimum);
  if (!to_rise || !to_fall) return result;
  guard::Fleet rising = to_rise->per_domain;
  std::vector<NeedAhead> needs;
  Ramp ramp;
  for (const auto& [reached_by, peak] : peaks.to_ramp) {
    const auto by_then = event_minimum(inputs.calendar, now, peak.window.window_end);
    auto later = recommended(peak, std::max(result.minimum, by_then.replicas));
    if (!later) continue;
    needs.push_back({reached_by, model::total(later->per_domain)});
    if (needs.back().total > model::total(ramp.reaches))
      ramp = {.reaches = std::move(later->per_domain), .until = peak.window.window_end};
  }
  ramp.begun = begun_for(pool, standing_of(inputs, now), needs, model::total(rising));
  if (ramp.begun > model::total(rising)) {
    rising = model::raised_to(rising, ramp.begun, model::at_least(ramp.reaches, rising));
    result.verdicts.push_back(ramp_verdict(to_rise->per_domain, ramp));
  }

  result.sizing = *to_rise;
  if (to_rise->basis == model::SizingBasis::kMinimum && event.replicas > pool.replicas.min)
    result.minimum_of = event.event;
  result.sizing.basis =
      basis_of(*to_rise, peaks.to_rise.window, demand.viewers, event, pool.replicas.min);
  result.wanted = between(current, rising, to_fall->per_domain);
  if (model::total(result.wanted) > model::total(rising))
    result.verdicts.push_back(farther_peak_verdict(rising, result.wanted, peaks.to_fall.window));
  result.doubtful = !guard::doubt(pool, inputs.observation, peaks.to_rise.window.stage).empty();
  result.remembered = rising;
  for (std::size_t i = 0; i < current.size(); ++i) {
    result.remembered[i] =
        std::max(result.remembered[i], result.doubtful ? current[i] : to_fall->per_domain[i]);
  }
  return result;
}

}  // namespace edgetide::planning
