#include "edgetide/planning/plan.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "believed.h"
#include "conclusions.h"
#include "demand_sizing.h"
#include "edgetide/core/assert.h"
#include "edgetide/forecast/demand_forecaster.h"
#include "edgetide/forecast/sudden_fall.h"
#include "edgetide/sizing/recommender.h"
#include "event_minimum.h"
#include "outages.h"
#include "paced_fleet.h"
#include "peaks.h"
#include "ramp.h"
#include "service.h"

namespace edgetide::planning {
namespace {

/// How far beyond the lead time a peak may keep what stands. What comes later can be ordered in
/// time; looking at it spares moves, and with long lead times costs more than those are worth.
constexpr Seconds kFartherAtMost{300};

/// Nothing is written; what the guards would have wanted is in the violations.
guard::Fleet hold(const model::Observation& observation) {
  return guard::specified_fleet(observation);
}

model::ScalingPlan scaling_plan(const model::Observation& observation, const guard::Fleet& fleet,
                                Instant next_look) {
  model::ScalingPlan plan{.next_look = next_look};
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    const auto& domain = observation.domains[i];
    plan.domains.push_back({.name = domain.name,
                            .from = domain.known ? domain.specified : Replicas{0},
                            .to = fleet[i]});
  }
  if (plan.total_to() > plan.total_from()) plan.action = model::Action::kScaleUp;
  if (plan.total_to() < plan.total_from()) plan.action = model::Action::kScaleDown;
  return plan;
}

/// What is remembered counts by the domains' order: when they change, nothing is. A memory that is
/// young lowers nothing.
void begin_anew_for_other_domains(model::PlanMemory& memory, const model::EdgePool& pool) {
  if (std::ranges::equal(memory.domains, pool.domains, {}, {}, &model::FailureDomain::name)) return;
  if (!memory.domains.empty()) memory = {.service = memory.service};
  for (const auto& domain : pool.domains) memory.domains.push_back(domain.name);
}

/// A clock that was set back has left moments behind that are still to come: nobody knows how long
/// ago they were, so the memory settles anew rather than wait for them.
void forget_the_future(model::PlanMemory& memory, Instant now) {
  const auto to_come = [&](const auto& past) { return past.at > now; };
  for (auto& silent_since : memory.silent_since) {
    if (silent_since > now) silent_since = now;
  }
  for (auto& failing : memory.failing) {
    if (failing) failing->since = std::min(failing->since, now);
  }
  const auto forgotten = std::erase_if(memory.recommendations, to_come) +
                         std::erase_if(memory.scale_events, to_come) +
                         std::erase_if(memory.foreign_lowerings, to_come);
  if (forgotten > 0 || memory.since > now) memory.since = now;
}

/// What this plan leaves for the next: the windows' contents, the last change that was written, and
/// nothing older.
void remember(model::PlanMemory& memory, const model::EdgePool& pool, guard::Fleet wanted,
              Instant now) {
  const model::Behavior& behavior = pool.behavior;
  const Seconds windows = std::max({behavior.scale_up.stabilization_window,
                                    guard::lowering_window(pool), guard::kMassChangeAge});
  Seconds periods = std::max(Seconds{600}, pool.pacing.interval);
  for (const auto* rules : {&behavior.scale_up, &behavior.scale_down}) {
    for (const auto& policy : rules->policies) periods = std::max(periods, policy.period);
  }
  memory.recommendations.push_back({.at = now, .per_domain = std::move(wanted)});
  std::erase_if(memory.recommendations, [&](const auto& past) { return now - past.at > windows; });
  const Instant last_written = memory.scale_events.empty() ? now : memory.scale_events.back().at;
  std::erase_if(memory.scale_events, [&](const auto& past) {
    return now - past.at > periods && past.at != last_written;
  });
}

/// Whether all that the farthest peak needs can be ordered at once.
bool needs_no_ramp(const PlanInputs& inputs, const Peak& farthest, Instant now) {
  const auto& pool = inputs.pool;
  const auto event = event_minimum(inputs.calendar, now, farthest.window.window_end);
  const auto need = sizing::recommend({.planned = farthest.window.quantile,
                                       .after_loss = farthest.after_loss,
                                       .minimum = std::max(pool.replicas.min, event.replicas),
                                       .drawn = drawn_total(inputs),
                                       .arriving = farthest.window.steepest,
                                       .arriving_after_loss = farthest.steepest_after_loss},
                                      pool, inputs.observation);
  PacedFleet fleet(pool, standing_of(inputs, now));
  return !need || model::total(need->per_domain) <= fleet.most_at(Seconds{0});
}

/// The coverage that is wanted of what a loss leaves.
double confidence_after_loss(const model::EdgePool& pool) {
  return pool.redundancy.survive == model::Survive::kFailureDomain ? pool.redundancy.confidence
                                                                   : pool.confidence;
}

}  // namespace

Peaks forecast_peaks(const PlanInputs& inputs, Instant now) {
  const auto& pool = inputs.pool;
  const forecast::Context context{inputs.calendar, inputs.offsets, pool.confidence};
  const auto peaks_of = [&](std::span<const Seconds> lengths) {
    std::vector<Peak> peaks;
    const forecast::PeakWindows windows{.now = now,
                                        .lengths = lengths,
                                        .confidence = pool.confidence,
                                        .other_confidence = confidence_after_loss(pool),
                                        .arrivals = pool.capacity.handshakes.has_value()};
    for (auto& [whole, left] : forecast::window_peaks(inputs.forecast_state, windows, context))
      peaks.push_back({.window = std::move(whole),
                       .after_loss = left.quantile,
                       .steepest_after_loss = left.steepest});
    return peaks;
  };
  const Seconds rise = pool.lead_time + inputs.review + pool.behavior.scale_up.stabilization_window;
  const Seconds fall = pool.lead_time + std::min(pool.lead_time, kFartherAtMost);
  const auto moments = ramp_moments(pool, standing_of(inputs, now));
  std::vector<Seconds> lengths{rise, std::max(rise, fall)};
  if (pool.upstream) lengths.push_back(rise + inputs.upstream_lead_time);
  if (!moments.empty()) lengths.push_back(rise + moments.back());
  auto near = peaks_of(lengths);
  Peaks peaks{.to_rise = std::move(near[0]),
              .to_fall = std::move(near[1]),
              .to_draw = std::nullopt,
              .to_ramp = {}};
  if (pool.upstream) peaks.to_draw = std::move(near[2]);
  if (moments.empty() || needs_no_ramp(inputs, near.back(), now)) return peaks;
  lengths.clear();
  for (const Seconds moment : moments) lengths.push_back(rise + moment);
  auto later = peaks_of(lengths);
  Seconds before{0};
  for (std::size_t i = 0; i < later.size(); ++i) {
    peaks.to_ramp.push_back({before + inputs.review, std::move(later[i])});
    before = moments[i];
  }
  return peaks;
}

PlanResult plan_for(PlanInputs inputs, const Peaks& peaks, Instant now) {
  const auto& [pool, observation] = std::tie(inputs.pool, inputs.observation);
  EDGETIDE_ASSERT(observation.domains.size() == pool.domains.size(), "one look at each domain");
  PlanResult result{.report = {.pool = pool.key,
                               .mode = pool.mode,
                               .at = now,
                               .lead_time = pool.lead_time,
                               .observation = observation,
                               .peak = peaks.to_rise.window,
                               .outlook = std::move(inputs.outlook),
                               .drawn = inputs.drawn}};
  model::PlanReport& report = result.report;
  model::PlanMemory& memory = inputs.memory;
  begin_anew_for_other_domains(memory, pool);
  forget_the_future(memory, now);
  if (!memory.since) memory.since = now;
  guard::notice_other_hands(memory, pool, observation, now);
  note_service(memory.service, pool, observation, now);
  report.service = memory.service;
  report.accuracy = inputs.forecast_state.accuracy.records();

  note_outages(memory, pool, observation, now);
  report.outages = outages_of(memory, pool, observation, now);
  const auto left = without_rebuilt(pool, report.outages);
  const Replicas unseen = model::total(may_stand(pool, memory, observation)) -
                          model::total(guard::specified_fleet(observation));
  DemandSizing sized = size_demand(inputs, left ? *left : pool, report.outages, peaks, now);
  report.doubted_fall = forecast::doubted_fall(inputs.forecast_state, inputs.calendar);
  if (report.doubted_fall) size_for_believed(sized, left ? *left : pool, report);
  const guard::GuardInputs guarded{.pool = pool,
                                   .observation = observation,
                                   .memory = memory,
                                   .stage = peaks.to_rise.window.stage,
                                   .floor = sized.floor,
                                   .at_maximum = sized.at_maximum,
                                   .minimum = sized.minimum,
                                   .unseen = unseen,
                                   .mass_change = inputs.mass_change,
                                   .doubted_fall = report.doubted_fall,
                                   .now = now};
  auto [fleet, verdicts] = guard::apply(inputs.safeguards.guards, guarded, sized.wanted);
  report.sizing = sized.sizing;
  report.verdicts = sized.verdicts;
  report.verdicts.insert(report.verdicts.end(), verdicts.begin(), verdicts.end());
  report.violations = inputs.safeguards.verify(guarded, fleet);
  if (!report.violations.empty()) fleet = hold(observation);

  report.pause = model::in_force(pool.pause, now);
  report.contended = guard::contended(memory, now);
  report.plan = scaling_plan(observation, fleet, now + inputs.review);
  report.draws = draws_of(inputs, peaks, report.plan, now);
  conclude(report, pool, sized);
  report.mass_change = inputs.mass_change.state == guard::MassChange::State::kHolds;
  if (!sized.doubtful) {
    result.wish = {.wanted = model::total(sized.wanted),
                   .standing = model::total_specified(observation)};
  }
  // What doubt has raised is not lowered at the first look that is sure again.
  remember(memory, pool,
           sized.doubtful ? model::at_least(sized.remembered, fleet) : sized.remembered, now);
  result.memory = std::move(memory);
  return result;
}

PlanResult plan(PlanInputs inputs, Instant now) {
  const Peaks peaks = forecast_peaks(inputs, now);
  return plan_for(std::move(inputs), peaks, now);
}

void note_written(model::PlanMemory& memory, const model::ScalingPlan& plan, std::size_t domain,
                  Instant now) {
  const auto& written = plan.domains[domain];
  const int change = (written.to - written.from).count();
  memory.ordered.resize(plan.domains.size());
  memory.ordered[domain] = written.to;
  memory.scale_events.push_back({.at = now, .change = change});
}

}  // namespace edgetide::planning
