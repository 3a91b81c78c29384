#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "edgetide/forecast/smoothing.h"

namespace edgetide::forecast {
namespace {

constexpr double kSlotMinutes = 15;
constexpr Seconds kSlot{15 * 60};
/// Slots ahead at which candidates are compared: beyond what the last reading alone can say.
constexpr int kAhead = 2;

/// A quarter of an hour of history, free of events.
struct Slot {
  std::int64_t index;  ///< Quarters of an hour since 1970.
  Seconds time_of_week;
  double log_demand;
};

bool is_demand(const model::DemandSample& sample) {
  return std::isfinite(sample.viewers.count()) && sample.viewers.count() >= 0;
}

double mean_viewers(std::span<const model::DemandSample> samples) {
  double sum = 0;
  double count = 0;
  for (const auto& sample : samples) {
    if (!is_demand(sample)) continue;
    ++count;
    sum += (sample.viewers.count() - sum) / count;
  }
  return sum;
}

/// Walks the calendar alongside rising times.
class EventWalk {
 public:
  explicit EventWalk(const model::EventCalendar& calendar) : events_(calendar.events()) {}

  /// Whether an event may hold an audience at `at`; \pre no earlier than asked before.
  bool touches(Instant at) {
    for (; next_ < events_.size() && events_[next_].ramp_start() <= at; ++next_)
      until_ = std::max(until_, events_[next_].overrun_end());
    return at <= until_;
  }

 private:
  std::span<const model::StreamEvent> events_;
  std::size_t next_ = 0;
  Instant until_ = Instant::min();
};

std::vector<Slot> slots_of(std::span<const model::DemandSample> samples,
                           const model::EventCalendar& calendar, const model::UtcOffsets& offsets) {
  const double offset = 1 + 0.02 * mean_viewers(samples);
  EventWalk walk(calendar);
  std::vector<Slot> slots;
  double count = 0;
  for (const auto& sample : samples) {
    if (!is_demand(sample) || walk.touches(sample.at)) continue;
    const std::int64_t index = sample.at.time_since_epoch() / kSlot;
    const double log_demand = std::log(sample.viewers.count() + offset);
    if (!slots.empty() && index < slots.back().index) continue;
    if (slots.empty() || slots.back().index != index) {
      slots.push_back({index, offsets.local_time_of_week(sample.at), log_demand});
      count = 1;
    } else {
      slots.back().log_demand += (log_demand - slots.back().log_demand) / ++count;
    }
  }
  return slots;
}

/// Mean absolute error `kAhead` slots ahead, the first quarter of the history being for warming up.
double error_of(const FittedModel& model, const std::vector<Slot>& slots) {
  const double left = std::pow(model.persistence, kAhead);
  SeasonalLevel habits;
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const Slot& slot = slots[i];
    const std::size_t target = i + kAhead;
    habits.learn(slot.log_demand, slot.time_of_week, kSlotMinutes, model);
    if (i < slots.size() / 4 || target >= slots.size()) continue;
    if (slots[target].index != slot.index + kAhead) continue;
    const double deviation = slot.log_demand - habits.expected(slot.time_of_week);
    const double forecast = habits.expected(slots[target].time_of_week) + left * deviation;
    sum += std::abs(slots[target].log_demand - forecast);
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::infinity();
}

/// Tries the candidates of one gain, the others standing still.
template <std::size_t N>
void improve(float FittedModel::*gain, const std::array<float, N>& candidates,
             const std::vector<Slot>& slots, FittedModel& best, double& best_error) {
  for (float candidate : candidates) {
    if (candidate == best.*gain) continue;
    FittedModel tried = best;
    tried.*gain = candidate;
    const double error = error_of(tried, slots);
    if (error >= best_error) continue;
    best = tried;
    best_error = error;
  }
}

}  // namespace

FittedModel fit(const SmoothingModel& model, std::span<const model::DemandSample> samples,
                const model::EventCalendar& calendar, const model::UtcOffsets& offsets) {
  const std::vector<Slot> slots = slots_of(samples, calendar, offsets);
  FittedModel best;
  if (slots.size() * kSlot < model.shortest_history) return best;
  double best_error = error_of(best, slots);
  for (int round = 0; round < 2; ++round) {
    improve(&FittedModel::level_gain, model.level_gains, slots, best, best_error);
    improve(&FittedModel::persistence, model.persistences, slots, best, best_error);
    improve(&FittedModel::daily_gain, model.daily_gains, slots, best, best_error);
    improve(&FittedModel::weekly_gain, model.weekly_gains, slots, best, best_error);
  }
  best.fitted = true;
  return best;
}

}  // namespace edgetide::forecast
