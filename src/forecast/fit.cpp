#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "edgetide/forecast/ridge.h"
#include "edgetide/forecast/smoothing.h"
#include "slots.h"

namespace edgetide::forecast {
namespace {

constexpr Seconds kSlot{15 * 60};
/// Slots ahead at which candidates are compared: beyond what the last reading alone can say.
constexpr int kAhead = 2;
/// A reading teaches as an hour of them at most.
constexpr std::int64_t kMostSlots = 4;

/// Levenberg's and Marquardt's steps: how strongly the first one is held back, how that changes
/// with success and failure, and when to stop.
constexpr double kFirstPull = 1;
constexpr double kStronger = 8;
constexpr double kStrongestPull = 1e4;
constexpr double kLongestStep = 1.5;  ///< In logs of a parameter.
constexpr int kMostTries = 12;
constexpr double kStill = 1e-4;
constexpr double kTelling = 1e-4;  ///< A smaller share of the error is not worth another step.
/// Errors in logs before any was seen; and what share of the usual one is as good as none.
constexpr double kUsualError = 0.05;
constexpr double kSmallShare = 1;

/// A quarter of an hour of history, free of events.
struct Slot {
  std::int64_t index;  ///< Quarters of an hour since 1970.
  Seconds time_of_week;
  SeasonalSlots seasons;
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
      const Seconds time_of_week = offsets.local_time_of_week(sample.at);
      slots.push_back({index, time_of_week, SeasonalSlots(time_of_week), log_demand});
      count = 1;
    } else {
      slots.back().log_demand += (log_demand - slots.back().log_demand) / ++count;
    }
  }
  return slots;
}

/// One value for each parameter: the gains of level, day and week, and persistence.
constexpr std::size_t kParameters = 4;
constexpr std::size_t kGains = 3;
using Parameters = std::array<double, kParameters>;

/// How habits depend on the gains: the derivatives of everything that SeasonalLevel holds, carried
/// along with what it learns.
class Sensitivities {
 public:
  void learn(const SmoothingStep& step, Seconds time_of_week) {
    const std::size_t day = slot_of(time_of_week, kDailySlots);
    const std::size_t week = slot_of(time_of_week, kWeeklySlots);
    for (std::size_t gain = 0; gain < kGains; ++gain) {
      Habits& by = by_gain_[gain];
      const double surprise = step.held ? 0 : -(by.level + by.daily[day] + by.weekly[week]);
      by.level += step.shares.level * surprise;
      by.daily[day] += step.shares.daily * surprise;
      by.weekly[week] += step.shares.weekly * surprise;
    }
    by_gain_[0].level += step.by_gain.level * step.surprise;
    by_gain_[1].daily[day] += step.by_gain.daily * step.surprise;
    by_gain_[2].weekly[week] += step.by_gain.weekly * step.surprise;
  }

  /// Of what habit expects.
  [[nodiscard]] double expected(std::size_t gain, const SeasonalSlots& at) const {
    const Habits& by = by_gain_[gain];
    return by.level + at.day.of(by.daily) + at.week.of(by.weekly);
  }

 private:
  struct Habits {
    double level = 0;
    std::array<double, kDailySlots> daily{};
    std::array<double, kWeeklySlots> weekly{};
  };
  std::array<Habits, kGains> by_gain_{};
};

/// What parameters are worth on a history, and where better ones lie.
struct Trial {
  double error = std::numeric_limits<double>::infinity();  ///< Mean absolute, kAhead slots ahead.
  Ridge<kParameters> normal;  ///< Of the errors, by the parameters' logarithms.
};

/// Gains are moved by their logarithm, persistence by that of what does not persist: steps that
/// mean the same wherever they begin.
Parameters logarithms(const Gains& gains) {
  return {std::log(gains.level_gain), std::log(gains.daily_gain), std::log(gains.weekly_gain),
          std::log(1 - gains.persistence)};
}

Gains within(const SmoothingModel& model, const Gains& gains) {
  const auto held = [](float value, const Bounds& bounds) {
    return std::clamp(value, bounds.least, bounds.most);
  };
  return {.level_gain = held(gains.level_gain, model.level_gain),
          .daily_gain = held(gains.daily_gain, model.daily_gain),
          .weekly_gain = held(gains.weekly_gain, model.weekly_gain),
          .persistence = held(gains.persistence, model.persistence)};
}

Gains within(const SmoothingModel& model, const Parameters& at) {
  return within(model, {.level_gain = static_cast<float>(std::exp(at[0])),
                        .daily_gain = static_cast<float>(std::exp(at[1])),
                        .weekly_gain = static_cast<float>(std::exp(at[2])),
                        .persistence = static_cast<float>(1 - std::exp(at[3]))});
}

/// Takes a parameter out of the equations: it stands still.
void freeze(Ridge<kParameters>& normal, std::size_t parameter) {
  for (std::size_t other = 0; other < kParameters; ++other) {
    const std::size_t row = std::max(parameter, other);
    normal.a[row * (row + 1) / 2 + std::min(parameter, other)] = 0;
  }
  normal.b[parameter] = 0;
}

/// Where the errors fall, pulled towards standing still; parameters that would leave their bounds
/// from where they touch them do stand still.
Parameters step_of(Ridge<kParameters> normal, double pull, const Gains& from,
                   const SmoothingModel& model) {
  const Parameters at = logarithms(from);
  Parameters step{};
  for (std::size_t round = 0; round < kParameters; ++round) {
    normal.solve({}, pull);
    Parameters moved = at;
    for (std::size_t i = 0; i < kParameters; ++i) {
      step[i] = std::clamp<double>(normal.weights[i], -kLongestStep, kLongestStep);
      moved[i] += step[i];
    }
    const Parameters held = logarithms(within(model, moved));
    bool frozen = false;
    for (std::size_t i = 0; i < kParameters; ++i) {
      if (std::abs(step[i]) <= kStill || std::abs(held[i] - at[i]) > kStill) continue;
      freeze(normal, i);
      frozen = true;
    }
    if (!frozen) break;
  }
  return step;
}

/// The first quarter of the history is for warming up. Absolute errors are weighed squares, as in
/// iteratively reweighted least squares; those much smaller than `usual` count no more than it.
Trial trial_of(const Gains& gains, const std::vector<Slot>& slots, double usual) {
  const double left = std::pow(gains.persistence, kAhead);
  const double left_by_log = -kAhead * (left / gains.persistence) * (1 - gains.persistence);
  const std::array each{gains.level_gain, gains.daily_gain, gains.weekly_gain};
  SeasonalLevel habits;
  Sensitivities sensitivities;
  Trial trial;
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0, ahead = 0; i < slots.size(); ++i) {
    const Slot& slot = slots[i];
    const std::int64_t slots_passed = i == 0 ? 1 : slot.index - slots[i - 1].index;
    const double minutes = kSlotMinutes * static_cast<double>(std::min(slots_passed, kMostSlots));
    sensitivities.learn(habits.learn(slot.log_demand, slot.time_of_week, minutes, gains),
                        slot.time_of_week);
    while (ahead < slots.size() && slots[ahead].index < slot.index + kAhead) ++ahead;
    if (ahead == slots.size()) break;
    const Slot& target = slots[ahead];
    if (i < slots.size() / 4 || target.index != slot.index + kAhead) continue;
    const double deviation = slot.log_demand - habits.expected(slot.time_of_week);
    const double forecast = habits.expected(target.time_of_week) + left * deviation;
    const double error = target.log_demand - forecast;
    Ridge<kParameters>::Vector by{};
    for (std::size_t gain = 0; gain < kGains; ++gain) {
      by[gain] =
          static_cast<float>(each[gain] * (sensitivities.expected(gain, target.seasons) -
                                           left * sensitivities.expected(gain, slot.seasons)));
    }
    by[kGains] = static_cast<float>(left_by_log * deviation);
    const double weight = 1 / std::max(std::abs(error), kSmallShare * usual);
    trial.normal.learn(by, static_cast<float>(error), static_cast<float>(weight), 1);
    sum += std::abs(error);
    ++count;
  }
  if (count > 0) trial.error = sum / count;
  return trial;
}

}  // namespace

std::optional<FittedModel> fit(const SmoothingModel& model,
                               std::span<const model::DemandSample> samples,
                               const model::EventCalendar& calendar,
                               const model::UtcOffsets& offsets) {
  const std::vector<Slot> slots = slots_of(samples, calendar, offsets);
  if (slots.size() * kSlot < model.shortest_history) return std::nullopt;
  Gains best = within(model, Gains{});
  Trial at_best = trial_of(best, slots, kUsualError);
  double pull = kFirstPull;
  for (int tries = 0; tries < kMostTries && pull < kStrongestPull; ++tries) {
    Parameters moved = logarithms(best);
    const Parameters step = step_of(at_best.normal, pull, best, model);
    for (std::size_t i = 0; i < kParameters; ++i) moved[i] += step[i];
    const Gains tried = within(model, moved);
    Trial trial = trial_of(tried, slots, at_best.error);
    const double gained = at_best.error - trial.error;
    if (!(gained > 0)) {
      pull = std::max(kFirstPull, kStronger * pull);
      continue;
    }
    best = tried;
    at_best = trial;
    pull /= kStronger;
    if (gained < kTelling * at_best.error) break;
  }
  if (!std::isfinite(at_best.error)) return std::nullopt;
  return FittedModel(best);
}

}  // namespace edgetide::forecast
