#include "edgetide/forecast/smoothing.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "slots.h"

namespace edgetide::forecast {
namespace {

constexpr double kDayMinutes = 1440;
constexpr double kWeekMinutes = 7 * kDayMinutes;
/// A second visit moves a slot by half of this share of what was seen, and so on down.
constexpr double kFirstVisit = 0.5;
/// The first day fills the slots: a visit's last third says nearly all.
constexpr double kFillingGain = 3;
/// Mean absolute deviation of a normal, to speak of standard deviations.
constexpr double kDeviations = 1.25;
constexpr double kSmallestSurprise = 0.005;

/// The share of one sample in a visit of `gain`, early visits counting more; and how fast it grows
/// with the gain.
struct Share {
  double of_surprise;
  double by_gain;
};

Share share_of(double gain, double visits, double minutes) {
  const double early = kFirstVisit / (1 + std::max(0.0, visits));
  const double visit = minutes / kSlotMinutes;
  const double share = std::max(gain, early) * visit;
  if (share >= kFirstVisit) return {kFirstVisit, 0};
  return {share, gain > early ? visit : 0};
}

}  // namespace

double SeasonalLevel::clipped(double surprise, double minutes) {
  const double usual = std::max<double>(usual_surprise_, kSmallestSurprise);
  const double seen = std::min(std::abs(surprise), 10 * usual);
  const double gain = std::min(1.0, minutes / kDayMinutes);
  usual_surprise_ = static_cast<float>(usual + gain * (seen - usual));
  const double limit = 3 * kDeviations * usual;
  return std::clamp(surprise, -limit, limit);
}

/// Against a level that stands still, so that the hours are compared with each other; then the
/// level becomes their mean.
void SeasonalLevel::learn_first_day(double log_demand, Seconds time_of_week, double minutes) {
  if (learned_minutes_ <= 0) level_ = log_demand;
  float& daily = daily_[slot_of(time_of_week, kDaily)];
  const double gain = std::min(1.0, kFillingGain * minutes / kSlotMinutes);
  daily += static_cast<float>(gain * (log_demand - level_ - daily));
  learned_minutes_ += minutes;
  if (!is_known()) return;
  const float mean = std::accumulate(daily_.begin(), daily_.end(), 0.0F) / kDaily;
  for (float& slot : daily_) slot -= mean;
  level_ += mean;
}

SmoothingStep SeasonalLevel::learn(double log_demand, Seconds time_of_week, double minutes,
                                   const Gains& gains) {
  if (!is_known()) {
    learn_first_day(log_demand, time_of_week, minutes);
    return {};
  }
  float& daily = daily_[slot_of(time_of_week, kDaily)];
  float& weekly = weekly_[slot_of(time_of_week, kWeekly)];
  const double surprise = log_demand - (level_ + daily + weekly);
  SmoothingStep step{.surprise = clipped(surprise, minutes)};
  step.held = step.surprise != surprise;
  learned_minutes_ += minutes;

  const double level = gains.level_gain * minutes / kSlotMinutes;
  step.shares.level = std::min(1.0, level);
  step.by_gain.level = level < 1 ? minutes / kSlotMinutes : 0;
  const Share day = share_of(gains.daily_gain, learned_minutes_ / kDayMinutes, minutes);
  step.shares.daily = day.of_surprise;
  step.by_gain.daily = day.by_gain;
  if (learned_minutes_ >= kWeekMinutes) {
    const Share week = share_of(gains.weekly_gain, learned_minutes_ / kWeekMinutes - 1, minutes);
    step.shares.weekly = week.of_surprise;
    step.by_gain.weekly = week.by_gain;
  }
  level_ += step.shares.level * step.surprise;
  daily += static_cast<float>(step.shares.daily * step.surprise);
  weekly += static_cast<float>(step.shares.weekly * step.surprise);
  return step;
}

void SeasonalLevel::remap(const std::function<double(double)>& moved) {
  const double level = moved(level_);
  for (std::size_t i = 0; i < weekly_.size(); ++i) {
    const double day = level_ + daily_[i % kDaily];
    weekly_[i] = static_cast<float>(moved(day + weekly_[i]) - moved(day));
  }
  for (float& slot : daily_) slot = static_cast<float>(moved(level_ + slot) - level);
  level_ = level;
}

bool SeasonalLevel::is_known() const { return learned_minutes_ >= kDayMinutes; }

double SeasonalLevel::season(Seconds time_of_week) const {
  if (!is_known()) return 0;
  return SeasonalSlots(time_of_week).of(daily_, weekly_);
}

double SeasonalLevel::expected(Seconds time_of_week) const { return level_ + season(time_of_week); }

}  // namespace edgetide::forecast
