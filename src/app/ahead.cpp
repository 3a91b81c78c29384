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
                               .confidence = look.pool.confidence,
                               .confidence_after_loss = look.pool.redundancy.confidence},
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
model::EdgePool as_judged(const Look& look) {
  model::EdgePool judged = look.pool;
  if (sizing::is_lone_domain(look.pool, look.report.observation))
    judged.redundancy.survive = model::Survive::kNone;
  return judged;
}

Needed needed_for(Viewers viewers, Viewers after_loss, const Look& look, Replicas minimum) {
  const auto sized =
      sizing::recommend({.planned = viewers, .after_loss = after_loss, .minimum = minimum},
                        as_judged(look), look.report.observation);
  if (!sized) return {.viewers = viewers};
  const Replicas granted = model::total(sized->per_domain);
  const Replicas needed = sized->missing > Replicas{0}
                              ? std::max(sized->with_redundancy, granted + sized->missing)
                              : granted;
  return {.viewers = viewers, .replicas = needed, .missing = needed - granted};
}

model::EventCalendar calendar_without(const model::EventCalendar& calendar,
                                      const model::StreamEvent& left) {
  std::vector<model::StreamEvent> others;
  for (const auto& event : calendar.events()) {
    if (event.name != left.name || event.start != left.start) others.push_back(event);
  }
  return model::EventCalendar(std::move(others));
}

/// The highest of some steps.
struct Highest {
  Viewers median;
  Viewers high;
  Viewers after_loss;

  void add(const forecast::DayAhead& step) {
    median = std::max(median, step.median);
    high = std::max(high, step.high);
    after_loss = std::max(after_loss, step.high_after_loss);
  }
};

/// Where the event makes the most of a difference, and what the demand of its time comes to.
EventEffect::Difference made_by(const model::StreamEvent& event, const Look& look) {
  const Seconds length = event.overrun_end() - look.report.at + kEventStep;
  const auto others = calendar_without(look.calendar, event);
  const auto with_it = demand_of(look, look.calendar, length, kEventStep);
  const auto without_it = demand_of(look, others, length, kEventStep);
  EventEffect::Difference difference{.at = event.start,
                                     .guessed = forecast::is_guessed(*look.learned, event)};
  Highest with;
  Highest without;
  for (std::size_t i = 0; i < std::min(with_it.size(), without_it.size()); ++i) {
    if (with_it[i].at + kEventStep <= event.ramp_start()) continue;
    const Viewers brings = with_it[i].median - without_it[i].median;
    if (brings > difference.brings) {
      difference.at = with_it[i].at;
      difference.brings = brings;
    }
    // How far the others may run above their paths is not this one's doing.
    difference.brings_high =
        std::max({difference.brings_high, brings, with_it[i].high - without_it[i].high});
    with.add(with_it[i]);
    without.add(without_it[i]);
  }
  const Instant from = std::max(look.report.at, event.ramp_start());
  const Replicas least = minimum_of(look, look.calendar, from, event.overrun_end());
  const Replicas least_without = minimum_of(look, others, from, event.overrun_end());
  difference.without = needed_for(without.median, without.median, look, least_without);
  difference.without_high = needed_for(without.high, without.after_loss, look, least_without);
  difference.likely = needed_for(with.median, with.median, look, least);
  difference.high = needed_for(with.high, with.after_loss, look, least);
  return difference;
}

}  // namespace

std::vector<sizing::UnknownLoad> unknown_loads(const Look& look) {
  return sizing::unknown_loads(look.pool.capacity, look.report.observation.demand);
}

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
  for (const auto& [at, median, high, high_after_loss, event] :
       demand_of(look, look.calendar, length, step)) {
    const Replicas minimum = minimum_of(look, look.calendar, at, at + step);
    steps.push_back({.at = at,
                     .likely = needed_for(median, median, look, minimum),
                     .high = needed_for(high, high_after_loss, look, minimum),
                     .event = event == nullptr ? "" : event->name});
  }
  return steps;
}

std::vector<EventEffect> event_effects(const Look& look, Seconds length) {
  const bool foreseen = unforeseen(look).empty();
  std::vector<EventEffect> effects;
  const Instant now = look.report.at;
  for (const auto& event : look.calendar.events()) {
    if (event.overrun_end() <= now || event.start > now + length) continue;
    effects.push_back({event, std::nullopt});
    if (foreseen) effects.back().makes = made_by(event, look);
  }
  return effects;
}

}  // namespace edgetide::app
