#include "edgetide/planning/capacity_outlook.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "edgetide/model/reasons.h"
#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/recommender.h"
#include "edgetide/sizing/unknown_loads.h"
#include "event_minimum.h"
#include "paced_fleet.h"
#include "ramp.h"
#include "room_limits.h"
#include "shortfall_words.h"
#include "sized_demand.h"

namespace edgetide::planning {
namespace {

namespace reason = model::reason;

constexpr Seconds kBridged{3600};
constexpr std::size_t kMostTold = 8;
/// Between decisions as they are told apart here.
constexpr Seconds kLook{60};

/// What a step takes and what it can have.
struct Step {
  Instant at;
  Viewers viewers;     ///< That `required` is for,
  Viewers after_loss;  ///< and those that it is for after the loss.
  Replicas required;
  Replicas available;
  Viewers short_of;   ///< Viewers that `available` does not carry.
  const char* cause;  ///< Of what is missing.
  std::string_view event;

  [[nodiscard]] Replicas missing() const { return required - available; }
};

/// A lone domain survives nothing at any size; RedundancyMet tells of that.
model::EdgePool as_judged(const OutlookInputs& inputs) {
  model::EdgePool judged = inputs.pool;
  if (sizing::is_lone_domain(inputs.pool, inputs.observation))
    judged.redundancy.survive = model::Survive::kNone;
  return judged;
}

Standing rising_from(Replicas total) {
  return {.total = total, .review = kLook, .changes = {}, .now = {}};
}

/// Judges one step after another.
class Judge {
 public:
  Judge(const OutlookInputs& inputs, Instant now)
      : inputs_(inputs),
        own_(as_judged(inputs)),
        pool_(within_room(own_, inputs.observation.room)),
        limits_(model::domain_limits(pool_)),
        sizes_(pool_, inputs.observation),
        now_(now),
        standing_(model::total_specified(inputs.observation)),
        paced_(pool_, rising_from(standing_)),
        speed_counts_(pool_.mode == model::Mode::kEnforce &&
                      model::all_domains_known(inputs.observation)) {}

  /// Takes in all steps, before any of them is judged.
  void see(std::span<const forecast::DayAhead> demand) {
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

  /// Nothing when no resource has a need to go by; valid as long as the judge. \pre step by step
  [[nodiscard]] std::optional<Step> judge(const forecast::DayAhead& demand, std::size_t index) {
    const auto& [least, event] = minima_[index];
    const auto& high = highs_[index];
    if (!high) return std::nullopt;
    Step by_limits = judge_limits(*high, least, demand.at);
    by_limits.event = demand.event != nullptr ? demand.event->name : event;
    if (!speed_counts_) return by_limits;
    const auto median = sizes_.of(demand.median, demand.median, least);
    if (!median) return std::nullopt;
    Step by_speed = judge_speed(*median, wanted_[index], demand.at);
    by_speed.event = by_limits.event;
    return by_speed.missing() > by_limits.missing() ? by_speed : by_limits;
  }

 private:
  /// The fewest replicas that a step has in any case, and the event that says so.
  [[nodiscard]] EventMinimum minimum_at(Instant at) const {
    auto minimum = event_minimum(inputs_.calendar, at, at + kOutlookStep);
    minimum.replicas = std::max(pool_.replicas.min, minimum.replicas);
    return minimum;
  }

  /// Has decisions go up to the beginnings of later ramps as well.
  void begin_ramps() {
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

  [[nodiscard]] Step judge_limits(const Sized& sized, Replicas least, Instant at) const {
    const Replicas granted = sized.granted;
    const bool missing = sized.missing > Replicas{0};
    Step step{.at = at,
              .viewers = sized.planned,
              .after_loss = sized.after_loss,
              .required = std::max(
                  {sized.with_redundancy, least, missing ? granted + sized.missing : Replicas{0}}),
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
  [[nodiscard]] const char* cause_of(const Step& step, Replicas least) const {
    const auto& observation = inputs_.observation;
    const auto own = sizing::recommend(
        {.planned = step.viewers, .after_loss = step.after_loss, .minimum = least}, own_,
        observation);
    if (own && model::total(own->per_domain) > step.available)
      return tightest_cause(observation.room, pool_);
    return step.required > own_.replicas.max ? reason::kMaximumReached : reason::kDomainLimits;
  }

  [[nodiscard]] Step judge_speed(const Sized& sized, Replicas wanted, Instant at) {
    const Seconds ordered_by = at + kOutlookStep - pool_.lead_time - now_;
    const bool too_late = ordered_by < Seconds{0};
    needs_.push_back(sized.granted);
    Replicas serving = standing_;
    if (!too_late) {
      const bool reached = paced_.reaches(wanted, ordered_by);
      serving = std::max(reached ? wanted : paced_.most_at(ordered_by), floor());
      paced_.order(serving, ordered_by);
    }
    Step step{.at = at,
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
  [[nodiscard]] Replicas floor() const {
    const auto steps =
        static_cast<std::size_t>((pool_.lead_time + kOutlookStep - Seconds{1}) / kOutlookStep);
    return needs_.size() > steps ? needs_[needs_.size() - 1 - steps] : Replicas{0};
  }

  const OutlookInputs& inputs_;
  const model::EdgePool own_;   ///< By its own limits alone;
  const model::EdgePool pool_;  ///< with no more than there is room for.
  const std::vector<Replicas> limits_;
  SizedDemand sizes_;
  const Instant now_;
  const Replicas standing_;
  PacedFleet paced_;
  const bool speed_counts_;
  std::vector<EventMinimum> minima_;         ///< By step.
  std::vector<std::optional<Sized>> highs_;  ///< For the high demand, by step.
  std::vector<Replicas> wanted_;             ///< The totals that decisions go up to.
  std::vector<Replicas> needs_;              ///< Of the median, by step so far.
};

std::optional<BitsPerSecond> egress_of(Viewers viewers, const OutlookInputs& inputs) {
  const auto& seen = inputs.observation.demand.viewers;
  const auto& egress = inputs.observation.demand.egress;
  if (!inputs.pool.capacity.egress || !egress || !egress->fresh()) return std::nullopt;
  if (!seen.fresh() || seen.value <= 0) return std::nullopt;
  return BitsPerSecond{egress->value / seen.value * viewers.count()};
}

model::ShortfallAhead shortfall_of(std::span<const Step> steps, const OutlookInputs& inputs,
                                   Instant now) {
  const Step& peak = *std::ranges::max_element(steps, {}, &Step::missing);
  const Instant start = std::max(now, steps.front().at);
  model::ShortfallAhead shortfall{.start = start,
                                  .peak = std::max(now, peak.at),
                                  .end = steps.back().at + kOutlookStep,
                                  .viewers = peak.short_of,
                                  .egress = egress_of(peak.short_of, inputs),
                                  .required = peak.required,
                                  .available = peak.available,
                                  .event = std::string(peak.event),
                                  .cause = peak.cause,
                                  .act_by = start - inputs.pool.lead_time - inputs.review};
  shortfall.detail =
      shortfall_text(shortfall, peak.viewers, inputs.pool, inputs.observation.room, now);
  return shortfall;
}

/// Steps that miss something, cut where more than an hour lies between two of them.
std::vector<model::ShortfallAhead> shortfalls_in(std::span<const Step> missing,
                                                 const OutlookInputs& inputs, Instant now) {
  std::vector<model::ShortfallAhead> told;
  std::size_t first = 0;
  for (std::size_t next = 1; next <= missing.size() && told.size() < kMostTold; ++next) {
    if (next < missing.size() && missing[next].at - missing[next - 1].at <= kOutlookStep + kBridged)
      continue;
    told.push_back(shortfall_of(missing.subspan(first, next - first), inputs, now));
    first = next;
  }
  return told;
}

/// Limits and loads that are not known.
std::string unknown_of(const OutlookInputs& inputs) {
  const std::string& room = inputs.observation.room.unknown;
  const std::string loads =
      text_of(sizing::unknown_loads(inputs.pool.capacity, inputs.observation.demand));
  return room + (room.empty() || loads.empty() ? "" : "; ") + loads;
}

}  // namespace

std::optional<model::CapacityOutlook> capacity_outlook(const OutlookInputs& inputs,
                                                       std::span<const forecast::DayAhead> demand,
                                                       Instant now) {
  if (demand.empty()) return std::nullopt;
  Judge judge(inputs, now);
  model::CapacityOutlook outlook{.until = demand.back().at + kOutlookStep,
                                 .unknown = unknown_of(inputs)};
  std::vector<Step> missing;
  judge.see(demand);
  for (std::size_t i = 0; i < demand.size(); ++i) {
    auto step = judge.judge(demand[i], i);
    if (!step) return std::nullopt;
    if (step->required > outlook.most.required)
      outlook.most = {step->at, step->viewers, step->required, step->available};
    if (step->missing() > Replicas{0}) missing.push_back(std::move(*step));
  }
  outlook.shortfalls = shortfalls_in(missing, inputs, now);
  return outlook;
}

std::optional<model::CapacityOutlook> capacity_outlook(const OutlookInputs& inputs,
                                                       const forecast::ForecastState& state,
                                                       const model::UtcOffsets& offsets,
                                                       Instant now) {
  const auto& pool = inputs.pool;
  const auto demand = forecast::days_ahead(state,
                                           {.now = now,
                                            .length = inputs.length,
                                            .step = kOutlookStep,
                                            .window = pool.lead_time + inputs.review,
                                            .confidence = pool.confidence,
                                            .confidence_after_loss = pool.redundancy.confidence},
                                           {inputs.calendar, offsets, pool.confidence});
  return capacity_outlook(inputs, demand, now);
}

}  // namespace edgetide::planning
