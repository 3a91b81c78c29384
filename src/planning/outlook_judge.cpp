#include "outlook_judge.h"

#include <algorithm>

#include "edgetide/model/reasons.h"
#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/recommender.h"
#include "outages.h"
#include "ramp.h"
#include "room_limits.h"

namespace edgetide::planning {
namespace {

namespace reason = model::reason;

/// Between decisions as they are told apart here.
constexpr Seconds kLook{60};

/// A lone domain survives nothing at any size; RedundancyMet tells of that.
model::EdgePool as_judged(model::EdgePool pool, const model::Observation& observation) {
  if (sizing::is_lone_domain(pool, observation)) pool.redundancy.survive = model::Survive::kNone;
  return pool;
}

/// What is asked for, less what does not serve in rebuilt domains.
Replicas standing_in_others(const OutlookInputs& inputs) {
  Replicas standing = model::total_specified(inputs.observation);
  for (const auto& outage : inputs.outages)
    if (outage.rebuilt)
      standing -= inputs.observation.domains[outage.domain].specified - outage.serving;
  return standing;
}

Standing rising_from(Replicas total) {
  return {.total = total, .review = kLook, .changes = {}, .now = {}};
}

}  // namespace

OutlookJudge::OutlookJudge(const OutlookInputs& inputs, Instant now)
    : inputs_(inputs),
      left_(without_rebuilt(inputs.pool, inputs.outages)),
      own_(as_judged(left_ ? *left_ : inputs.pool, inputs.observation)),
      pool_(within_room(own_, inputs.observation.room)),
      limits_(model::domain_limits(pool_)),
      sizes_(pool_, inputs.observation),
      now_(now),
      lost_(standing_in_rebuilt(inputs.outages)),
      standing_(standing_in_others(inputs)),
      paced_(pool_, rising_from(standing_)),
      speed_counts_(pool_.mode == model::Mode::kEnforce &&
                    model::all_domains_known(inputs.observation)) {}

void OutlookJudge::see(std::span<const forecast::DayAhead> demand) {
  minima_.reserve(demand.size());
  highs_.reserve(demand.size());
  wanted_.reserve(demand.size());
  needs_.reserve(demand.size());
  for (const auto& ahead : demand) {
    minima_.push_back(minimum_at(ahead.at));
    highs_.push_back(sizes_.of(ahead.high, ahead.high_after_loss, minima_.back().replicas));
    const auto& high = highs_.back();
    wanted_.push_back(high ? high->granted : Replicas{0});
  }
  begin_ramps();
}

std::optional<OutlookStep> OutlookJudge::judge(const forecast::DayAhead& demand,
                                               std::size_t index) {
  const auto& [least, event] = minima_[index];
  const auto& high = highs_[index];
  if (!high) return std::nullopt;
  OutlookStep step = judge_limits(*high, least, demand.at);
  if (speed_counts_) {
    const auto median = sizes_.of(demand.median, demand.median, least);
    if (!median) return std::nullopt;
    const OutlookStep by_speed = judge_speed(*median, wanted_[index], demand.at);
    if (by_speed.missing() > step.missing()) step = by_speed;
  }
  step.event = demand.event != nullptr ? demand.event->name : event;
  step.required += lost_;  // which counts against the maximum as well
  step.available += lost_;
  return step;
}

/// The fewest replicas that a step has in any case, and the event that says so.
EventMinimum OutlookJudge::minimum_at(Instant at) const {
  auto minimum = event_minimum(inputs_.calendar, at, at + kOutlookStep);
  minimum.replicas = std::max(pool_.replicas.min, minimum.replicas);
  return minimum;
}

/// Has decisions go up to the beginnings of later ramps as well.
void OutlookJudge::begin_ramps() {
  if (!speed_counts_ || ramp_moments(pool_, rising_from(standing_)).empty()) return;
  const std::vector<Replicas> needs = wanted_;
  std::vector<NeedAhead> later;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    later.clear();
    for (std::size_t j = i + 1; j < needs.size(); ++j) {
      const Seconds after = static_cast<int>(j - i) * kOutlookStep;
      if (after > kLongestRamp) break;
      if (needs[j] > needs[i]) later.push_back({after, needs[j]});
    }
    wanted_[i] = begun_for(pool_, rising_from(needs[i]), later, needs[i]);
  }
}

OutlookStep OutlookJudge::judge_limits(const Sized& sized, Replicas least, Instant at) const {
  const Replicas granted = sized.granted;
  const bool missing = sized.missing > Replicas{0};
  OutlookStep step{.at = at,
                   .viewers = sized.planned,
                   .after_loss = sized.after_loss,
                   .required = std::max({sized.with_redundancy, least,
                                         missing ? granted + sized.missing : Replicas{0}}),
                   .available = granted,
                   .cause = nullptr};
  if (step.required > granted) step.cause = cause_of(step, least);
  const auto pause = model::in_force(pool_.pause, at);
  const bool paused = pause && pause->replicas && *pause->replicas < granted;
  if (paused) {
    step.available = *pause->replicas;
    step.cause = reason::kPaused;
  }
  if (step.required <= step.available) step.available = step.required;
  if (step.missing() > Replicas{0}) {
    step.short_of = sizes_.short_of(
        sized,
        paused ? sizing::spread(*pause->replicas, limits_).per_domain
               : sizing::recommend(
                     {.planned = sized.planned, .after_loss = sized.after_loss, .minimum = least},
                     pool_, inputs_.observation)
                     ->per_domain);
  }
  return step;
}

/// What is the tightest: a limit of the pool's own, unless these alone would let more stand.
const char* OutlookJudge::cause_of(const OutlookStep& step, Replicas least) const {
  const auto& observation = inputs_.observation;
  const sizing::Wanted wanted{
      .planned = step.viewers, .after_loss = step.after_loss, .minimum = least};
  if (left_) {
    const auto whole =
        sizing::recommend(wanted, within_room(inputs_.pool, observation.room), observation);
    if (whole && whole->missing == Replicas{0}) return reason::kDomainLost;
  }
  const auto own = sizing::recommend(wanted, own_, observation);
  if (own && model::total(own->per_domain) > step.available)
    return tightest_cause(observation.room, pool_);
  return step.required > own_.replicas.max ? reason::kMaximumReached : reason::kDomainLimits;
}

OutlookStep OutlookJudge::judge_speed(const Sized& sized, Replicas wanted, Instant at) {
  const Seconds ordered_by = at + kOutlookStep - pool_.lead_time - now_;
  const bool too_late = ordered_by < Seconds{0};
  needs_.push_back(sized.granted);
  Replicas serving = standing_;
  if (!too_late) {
    const bool reached = paced_.reaches(wanted, ordered_by);
    serving = std::max(reached ? wanted : paced_.most_at(ordered_by), floor());
    paced_.order(serving, ordered_by);
  }
  OutlookStep step{.at = at,
                   .viewers = sized.planned,
                   .after_loss = sized.after_loss,
                   .required = needs_.back(),
                   .available = std::min(needs_.back(), serving),
                   .cause = too_late ? reason::kTooLate : reason::kPaceOfSteps};
  if (step.missing() > Replicas{0})
    step.short_of = sizes_.short_of(sized, sizing::spread(serving, limits_).per_domain);
  return step;
}

/// What the viewers of a moment need is ordered at that moment, whatever the pace.
Replicas OutlookJudge::floor() const {
  const auto steps =
      static_cast<std::size_t>((pool_.lead_time + kOutlookStep - Seconds{1}) / kOutlookStep);
  return needs_.size() > steps ? needs_[needs_.size() - 1 - steps] : Replicas{0};
}

}  // namespace edgetide::planning
