#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "edgetide/guard/mass_change.h"
#include "edgetide/model/doubted_fall.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/forecast.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/model/scaling_plan.h"

/// What may be done with a recommendation.
///
/// Each guard takes a fleet and returns the fleet it lets through, with its reason when it changed
/// something. They are applied in the order of this header, and later ones win: the redundancy
/// floor beats stabilization and the rate limit, and only a maximum beats the floor.
namespace edgetide::guard {

using model::Fleet;

/// What guards judge by. Every fleet has one entry a domain.
struct GuardInputs {
  const model::EdgePool& pool;
  const model::Observation& observation;
  const model::PlanMemory& memory;
  model::ForecastStage stage = model::ForecastStage::kNone;
  Fleet floor;       ///< Carries the demand of this moment after the loss that must be survived.
  Fleet at_maximum;  ///< The pool's maximum, spread.
  Replicas minimum;  ///< In total, now: the pool's own or that of an event.
  Replicas unseen;   ///< May stand in the domains that are not known, and count for the maximum.
  MassChange mass_change;
  std::optional<model::DoubtedFall> doubted_fall;  ///< Where the forecast doubts one.
  Instant now;
};

struct Guarded {
  Fleet fleet;
  std::optional<model::GuardVerdict> verdict;  ///< Absent when the guard had nothing to say.
};

/// What stands, as the targets specify it; zero for a domain that is not known.
[[nodiscard]] Fleet specified_fleet(const model::Observation& observation);

/// What stood in the domains that are not known when they were last seen; zero where they never
/// were.
[[nodiscard]] Replicas last_seen_unknown(const model::PlanMemory& memory,
                                         const model::Observation& observation);

/// Why nothing may be lowered at this moment; empty when everything needed is fresh and complete:
/// viewers, each resource that has a capacity, every domain, and a forecast.
[[nodiscard]] std::string doubt(const model::EdgePool& pool, const model::Observation& observation,
                                model::ForecastStage stage);

/// In doubt nothing is lowered; with no number of viewers at all, `onMissingDemand` decides how far
/// to rise.
[[nodiscard]] Guarded freshness(const GuardInputs& inputs, Fleet wanted);

/// While viewers have fallen faster than any audience leaves, and the event that they watch goes
/// on, nothing is lowered.
[[nodiscard]] Guarded sudden_fall(const GuardInputs& inputs, Fleet wanted);

/// What was wanted within so long stands against a fall: within the stabilization window, and at
/// least while a new cache would fill, since what is let go takes its own with it.
[[nodiscard]] Seconds lowering_window(const model::EdgePool& pool);

/// HPA's stabilization windows, by domain: lowered no further than any recommendation of the
/// window, raised no further. A memory younger than the window and every policy period, such as
/// after a restart, lowers nothing.
[[nodiscard]] Guarded stabilization(const GuardInputs& inputs, Fleet wanted);

/// A fall that turns back a rise before it has served for 50 minutes must be worth 10 % of what
/// stands: audiences waver, and whoever follows every wave starts and stops replicas for nothing.
/// What falls already falls on freely, and ten replicas or fewer know no smaller step.
[[nodiscard]] Guarded dead_band(const GuardInputs& inputs, Fleet wanted);

/// While many pools of the source want less at once, lowered no further than any recommendation of
/// ten minutes: the audience of before, which may reconnect, is still carried.
[[nodiscard]] Guarded mass_change(const GuardInputs& inputs, Fleet wanted);

/// HPA's policies: how far the total may move within their periods.
[[nodiscard]] Guarded rate_limit(const GuardInputs& inputs, Fleet wanted);

/// A rise of more than a step goes in steps, for the sake of what has to start it.
[[nodiscard]] Guarded pacing(const GuardInputs& inputs, Fleet wanted);

/// Raises every domain to the floor.
[[nodiscard]] Guarded redundancy_floor(const GuardInputs& inputs, Fleet wanted);

/// Where the loss of a domain must be survived, of several that would fall only the fullest does,
/// the later one of two; the others follow at the next looks. A fall that is wrong is then seen
/// before it has taken from every domain.
[[nodiscard]] Guarded one_domain_at_a_time(const GuardInputs& inputs, Fleet wanted);

/// Nothing is lowered while a domain rises or has fewer Ready replicas than it is to keep: what was
/// ordered does not serve yet. After the guards that raise, which add to what is to be kept. Where
/// all that is missing has found no node for longer than a lead time, such replicas alone are
/// lowered, of Deployments and ReplicaSets, whose controllers take them first.
[[nodiscard]] Guarded in_flight(const GuardInputs& inputs, Fleet wanted);

/// While a person has paused the pool, what stands stays: nothing is lowered, and only the floor
/// raises it. A pause at a number of replicas is that number, also below the floor and in doubt;
/// only the bounds are stronger.
[[nodiscard]] Guarded pause(const GuardInputs& inputs, Fleet wanted);

/// How many replicas a pause in force names; nothing when it names none.
[[nodiscard]] std::optional<Replicas> fixed_by_pause(const GuardInputs& inputs);

/// The domains' limits, the minimum and the maximum. Nothing is written to a domain that is not
/// known: the maximum leaves room for what may stand there, and the minimum counts what was last
/// seen. A maximum limits rises: a fleet found above it comes down by ordinary scale-down.
[[nodiscard]] Guarded bounds(const GuardInputs& inputs, Fleet wanted);

/// Notes in `memory` what others have written since the last plan: a target below what stood there
/// is one foreign lowering, one above is taken over. In DryRun the targets are others' to set.
void notice_other_hands(model::PlanMemory& memory, const model::EdgePool& pool,
                        const model::Observation& observation, Instant now);

/// Three foreign lowerings of one target within ten minutes: a fight, which is reported and not
/// fought. It is over ten minutes after the third last.
[[nodiscard]] bool contended(const model::PlanMemory& memory, Instant now);

/// While contended everything stays as it is found.
[[nodiscard]] Guarded contention(const GuardInputs& inputs, Fleet wanted);

/// A guard as a value, by the name that its verdicts carry.
struct Guard {
  std::string_view name;
  Guarded (*apply)(const GuardInputs& inputs, Fleet wanted);
};

/// Every guard, in the order of this header.
[[nodiscard]] std::span<const Guard> all_guards();

/// What a list of guards lets through, with the verdicts of those that had something to say.
struct GuardedPlan {
  Fleet fleet;
  std::vector<model::GuardVerdict> verdicts;
};
[[nodiscard]] GuardedPlan apply(std::span<const Guard> guards, const GuardInputs& inputs,
                                Fleet wanted);

}  // namespace edgetide::guard
