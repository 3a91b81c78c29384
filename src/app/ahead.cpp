#include "app/ahead.h"

#include <algorithm>

#include "edgetide/forecast/days_ahead.h"
#include "edgetide/sizing/recommender.h"

namespace edgetide::app {
namespace {

/// Of an event's time, which is told by its peak.
constexpr Seconds kEventStep{900};
/// Between two decisions; the operator's default.
constexpr Seconds kReview{15};

std::vector<forecast::DayAhead> demand_of(const Look& look, const model::EventCalendar& calendar,
                                          Seconds length, Seconds step) {
  return forecast::days_ahead(*look.learned,
                              {.now = look.report.at,
                               .length = length,
                               .step = step,
                               .window = look.pool.lead_time + kReview,
                               .confidence = look.pool.confidence},
                              {calendar, look.offsets, look.pool.confidence});
}

/// The most that the pool and its events ask for at that time, whatever the demand.
Replicas minimum_of(const Look& look, const model::EventCalendar& calendar, Instant from,
                    Instant to) {
  Replicas minimum = look.pool.replicas.min;
  for (const auto* event : calendar.touching(from, to))
    minimum = std::max(minimum, event->minimum_replicas.value_or(Replicas{0}));
  return minimum;
}

/// A lone domain survives nothing at any size; RedundancyMet tells of that.
model::EdgePool as_judged(const model::EdgePool& pool) {
  model::EdgePool judged = pool;
  if (pool.domains.size() < 2) judged.redundancy.survive = model::Survive::kNone;
  return judged;
}

Needed needed_for(Viewers viewers, const Look& look, Replicas minimum) {
  const auto sized =
      sizing::recommend(viewers, as_judged(look.pool), look.report.observation.demand, minimum);
  if (!sized) return {.viewers = viewers};
  const Replicas granted = model::total(sized->per_domain);
  const Replicas needed = sized->missing > Replicas{0}
                              ? std::max(sized->with_redundancy, granted + sized->missing)
                              : granted;
  return {.viewers = viewers, .replicas = needed, .missing = needed - granted};
}

model::EventCalendar without(const model::EventCalendar& calendar, const model::StreamEvent& left) {
  std::vector<model::StreamEvent> others;
  for (const auto& event : calendar.events()) {
    if (event.name != left.name || event.start != left.start) others.push_back(event);
  }
  return model::EventCalendar(std::move(others));
}

/// Where the event makes the most of a difference, and what the demand of its time comes to.
EventEffect effect_of(const model::StreamEvent& event, const Look& look) {
  const Seconds length = event.overrun_end() - look.report.at + kEventStep;
  const auto others = without(look.calendar, event);
  const auto with_it = demand_of(look, look.calendar, length, kEventStep);
  const auto without_it = demand_of(look, others, length, kEventStep);
  EventEffect effect{.event = event, .at = event.start};
  Viewers highest;
  Viewers highest_high;
  Viewers otherwise;
  for (std::size_t i = 0; i < std::min(with_it.size(), without_it.size()); ++i) {
    const auto& [at, median, high, largest] = with_it[i];
    if (at + kEventStep < event.ramp_start()) continue;
    const Viewers before = without_it[i].median;
    if (median - before > effect.brings) {
      effect.at = at;
      effect.brings = median - before;
    }
    effect.brings_high = std::max(effect.brings_high, high - before);
    highest = std::max(highest, median);
    highest_high = std::max(highest_high, high);
    otherwise = std::max(otherwise, before);
  }
  const Instant from = std::max(look.report.at, event.ramp_start());
  const Replicas least = minimum_of(look, look.calendar, from, event.overrun_end());
  effect.without = needed_for(otherwise, look, minimum_of(look, others, from, event.overrun_end()));
  effect.likely = needed_for(highest, look, least);
  effect.high = needed_for(highest_high, look, least);
  return effect;
}

}  // namespace

std::string unforeseen(const Look& look) {
  const auto& viewers = look.report.observation.demand.viewers;
  if (!viewers.fresh())
    return "viewers are " + std::string(model::to_string(viewers.freshness)) + ": " +
           viewers.detail;
  if (!look.learned) return "the past is not known: " + look.report.observation.history_problem;
  if (look.report.peak.stage == model::ForecastStage::kNone) return "too little has been seen yet";
  return "";
}

std::vector<StepAhead> steps_ahead(const Look& look, Seconds length, Seconds step) {
  if (!unforeseen(look).empty()) return {};
  std::vector<StepAhead> steps;
  for (const auto& [at, median, high, event] : demand_of(look, look.calendar, length, step)) {
    const Replicas minimum = minimum_of(look, look.calendar, at, at + step);
    steps.push_back({.at = at,
                     .likely = needed_for(median, look, minimum),
                     .high = needed_for(high, look, minimum),
                     .event = event == nullptr ? "" : event->name});
  }
  return steps;
}

std::vector<EventEffect> event_effects(const Look& look, Seconds length) {
  if (!unforeseen(look).empty()) return {};
  std::vector<EventEffect> effects;
  const Instant now = look.report.at;
  for (const auto& event : look.calendar.events()) {
    if (event.overrun_end() > now && event.start <= now + length)
      effects.push_back(effect_of(event, look));
  }
  return effects;
}

}  // namespace edgetide::app
