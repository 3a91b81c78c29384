#include "edgetide/planning/capacity_outlook.h"

#include <algorithm>
#include <cmath>

#include "edgetide/model/reasons.h"
#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/recommender.h"
#include "event_minimum.h"
#include "paced_fleet.h"
#include "ramp.h"
#include "room_limits.h"
#include "shortfall_words.h"

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
  Viewers viewers;  ///< That `required` is for.
  Replicas required;
  Replicas available;
  Viewers short_of;   ///< Viewers that `available` does not carry.
  const char* cause;  ///< Of what is missing.
  std::string event;

  [[nodiscard]] Replicas missing() const { return required - available; }
};

/// A lone domain survives nothing at any size; RedundancyMet tells of that.
model::EdgePool as_judged(const model::EdgePool& pool) {
  model::EdgePool judged = pool;
  if (pool.domains.size() < 2) judged.redundancy.survive = model::Survive::kNone;
  return judged;
}

/// Viewers of a planned load that a fleet does not carry after the loss that must be survived.
Viewers short_of(const model::Sizing& sizing, const model::EdgePool& pool,
                 const model::Fleet& fleet) {
  Replicas left = model::total(fleet) - pool.redundancy.spare;
  if (pool.redundancy.survive == model::Survive::kFailureDomain) left -= std::ranges::max(fleet);
  double carried = 1;
  for (const auto& need : sizing.needs) {
    if (need.replicas <= left) continue;
    carried = std::min(carried, std::max(0, left.count()) * need.usable_capacity / need.load);
  }
  return Viewers{std::round(sizing.planned.count() * (1 - carried))};
}

Standing rising_from(Replicas total) {
  return {.total = total, .review = kLook, .changes = {}, .now = {}};
}

/// Judges one step after another.
class Judge {
 public:
  Judge(const OutlookInputs& inputs, Instant now)
      : inputs_(inputs),
        own_(as_judged(inputs.pool)),
        pool_(within_room(own_, inputs.observation.room)),
        limits_(model::domain_limits(pool_)),
        now_(now),
        standing_(model::total_specified(inputs.observation)),
        paced_(pool_, rising_from(standing_)),
        speed_counts_(pool_.mode == model::Mode::kEnforce &&
                      model::all_domains_known(inputs.observation)) {}

  /// Takes in all steps, before any of them is judged.
  void see(std::span<const forecast::DayAhead> demand) {
    const auto& seen = inputs_.observation.demand;
    for (const auto& ahead : demand) {
      highs_.push_back(sizing::recommend(ahead.high, pool_, seen, minimum_at(ahead.at).first));
      const auto& high = highs_.back();
      wanted_.push_back(high ? model::total(high->per_domain) : Replicas{0});
    }
    begin_ramps();
  }

  /// Nothing when no resource has a need to go by. \pre step by step
  [[nodiscard]] std::optional<Step> judge(const forecast::DayAhead& demand, std::size_t index) {
    const auto [least, event] = minimum_at(demand.at);
    const auto& high = highs_[index];
    const auto median = sizing::recommend(demand.median, pool_, inputs_.observation.demand, least);
    if (!high || !median) return std::nullopt;
    Step by_limits = judge_limits(*high, least, demand.at);
    by_limits.event = demand.event != nullptr ? demand.event->name : event;
    if (!speed_counts_) return by_limits;
    Step by_speed = judge_speed(*median, wanted_[index], demand.at);
    by_speed.event = by_limits.event;
    return by_speed.missing() > by_limits.missing() ? by_speed : by_limits;
  }

 private:
  /// The fewest replicas that a step has in any case, and the event that says so.
  [[nodiscard]] std::pair<Replicas, std::string> minimum_at(Instant at) const {
    auto minimum = event_minimum(inputs_.calendar, at, at + kOutlookStep);
    return {std::max(pool_.replicas.min, minimum.replicas), std::move(minimum.event)};
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

  [[nodiscard]] Step judge_limits(const model::Sizing& sizing, Replicas least, Instant at) const {
    const Replicas granted = model::total(sizing.per_domain);
    const bool missing = sizing.missing > Replicas{0};
    Step step{.at = at,
              .viewers = sizing.planned,
              .required = std::max({sizing.with_redundancy, least,
                                    missing ? granted + sizing.missing : Replicas{0}}),
              .available = granted,
              .cause = nullptr};
    if (step.required > granted) step.cause = cause_of(step, least);
    model::Fleet fleet = sizing.per_domain;
    const auto pause = model::in_force(pool_.pause, at);
    if (pause && pause->replicas && *pause->replicas < granted) {
      step.available = *pause->replicas;
      step.cause = reason::kPaused;
      fleet = sizing::spread(step.available, limits_).per_domain;
    }
    if (step.required <= step.available) step.available = step.required;
    if (step.missing() > Replicas{0}) step.short_of = short_of(sizing, pool_, fleet);
    return step;
  }

  /// What is the tightest: a limit of the pool's own, unless these alone would let more stand.
  [[nodiscard]] const char* cause_of(const Step& step, Replicas least) const {
    const auto& observation = inputs_.observation;
    const auto own = sizing::recommend(step.viewers, own_, observation.demand, least);
    if (own && model::total(own->per_domain) > step.available)
      return tightest_cause(observation.room, pool_);
    return step.required > own_.replicas.max ? reason::kMaximumReached : reason::kDomainLimits;
  }

  [[nodiscard]] Step judge_speed(const model::Sizing& sizing, Replicas wanted, Instant at) {
    const Seconds ordered_by = at + kOutlookStep - pool_.lead_time - now_;
    const bool too_late = ordered_by < Seconds{0};
    needs_.push_back(model::total(sizing.per_domain));
    Replicas serving = standing_;
    if (!too_late) {
      serving = std::max(std::min(wanted, paced_.most_at(ordered_by)), floor());
      paced_.order(serving, ordered_by);
    }
    Step step{.at = at,
              .viewers = sizing.planned,
              .required = needs_.back(),
              .available = std::min(needs_.back(), serving),
              .cause = too_late ? reason::kTooLate : reason::kPaceOfSteps};
    if (step.missing() > Replicas{0})
      step.short_of = short_of(sizing, pool_, sizing::spread(serving, limits_).per_domain);
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
  const Instant now_;
  const Replicas standing_;
  PacedFleet paced_;
  const bool speed_counts_;
  std::vector<std::optional<model::Sizing>> highs_;  ///< For the high demand, by step.
  std::vector<Replicas> wanted_;                     ///< The totals that decisions go up to.
  std::vector<Replicas> needs_;                      ///< Of the median, by step so far.
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
                                  .event = peak.event,
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

}  // namespace

std::optional<model::CapacityOutlook> capacity_outlook(const OutlookInputs& inputs,
                                                       std::span<const forecast::DayAhead> demand,
                                                       Instant now) {
  if (demand.empty()) return std::nullopt;
  Judge judge(inputs, now);
  model::CapacityOutlook outlook{.until = demand.back().at + kOutlookStep,
                                 .unknown = inputs.observation.room.unknown};
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
                                            .confidence = pool.confidence},
                                           {inputs.calendar, offsets, pool.confidence});
  return capacity_outlook(inputs, demand, now);
}

}  // namespace edgetide::planning
