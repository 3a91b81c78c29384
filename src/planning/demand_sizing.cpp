#include "demand_sizing.h"

#include <algorithm>

#include "edgetide/model/reasons.h"
#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/recommender.h"
#include "event_minimum.h"

namespace edgetide::planning {
namespace {

/// The demand to prepare for: the window's peak, and never less than is there now. Nothing when
/// neither is known; first numbers, of a forecast that has hardly begun, count beside a reading.
std::optional<Viewers> planned_demand(const model::WindowPeak& peak,
                                      const model::Reading& viewers) {
  if (viewers.has_value()) return std::max(peak.quantile, Viewers{viewers.value});
  if (peak.stage == model::ForecastStage::kNone) return std::nullopt;
  return peak.quantile;
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

model::GuardVerdict farther_peak_verdict(const guard::Fleet& to_rise, const guard::Fleet& wanted,
                                         const model::WindowPeak& peak) {
  return {.guard = "farther-peak",
          .before = model::total(to_rise),
          .after = model::total(wanted),
          .reason = model::reason::kPeakWithinTwoLeadTimes,
          .detail = "the peak until " + clock_text(peak.window_end) + " needs what stands"};
}

}  // namespace

DemandSizing size_demand(const PlanInputs& inputs, const model::EdgePool& pool, const Peaks& peaks,
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

  if (demand.viewers.has_value()) {
    const auto of_now = sizing::recommend(Viewers{demand.viewers.value}, pool, demand, Replicas{0});
    result.demand_known = of_now.has_value();
    if (of_now) result.floor = of_now->per_domain;
    if (of_now) result.survivors_needed = sizing::survivors_for(*of_now, pool);
  }
  const auto recommended = [&](const model::WindowPeak& peak) -> std::optional<model::Sizing> {
    const auto planned = planned_demand(peak, demand.viewers);
    if (!planned) return std::nullopt;
    auto sizing = sizing::recommend(*planned, pool, demand, result.minimum);
    if (sizing) keep_in_lost(sizing->per_domain, current, limits);
    return sizing;
  };
  const auto to_rise = recommended(peaks.to_rise);
  const auto to_fall = recommended(peaks.to_fall);
  if (!to_rise || !to_fall) return result;

  result.sizing = *to_rise;
  result.sizing.basis = basis_of(*to_rise, peaks.to_rise, demand.viewers, event, pool.replicas.min);
  result.wanted = between(current, to_rise->per_domain, to_fall->per_domain);
  if (model::total(result.wanted) > model::total(to_rise->per_domain)) {
    result.verdicts.push_back(
        farther_peak_verdict(to_rise->per_domain, result.wanted, peaks.to_fall));
  }
  result.doubtful = !guard::doubt(pool, inputs.observation, peaks.to_rise.stage).empty();
  result.remembered = to_rise->per_domain;
  for (std::size_t i = 0; i < current.size(); ++i) {
    result.remembered[i] =
        std::max(result.remembered[i], result.doubtful ? current[i] : to_fall->per_domain[i]);
  }
  return result;
}

}  // namespace edgetide::planning
