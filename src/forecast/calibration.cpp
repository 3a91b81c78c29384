#include "edgetide/forecast/calibration.h"

#include <algorithm>
#include <cmath>

#include "edgetide/forecast/student_t.h"

namespace edgetide::forecast {
namespace {

/// Regressions forget within days, like the nights they describe.
constexpr double kMemoryMinutes = 5 * 1440;
constexpr double kGrowthPull = 0.1;
constexpr double kSpreadPull = 100;
constexpr double kSolveEvery = 20;
constexpr double kPhaseMemory = 60;
constexpr double kPhaseWeight = 0.2;  ///< Of a minute: neighbouring minutes say nearly the same.
constexpr double kPhasePrior = 2;
/// Of the lowest tracked level; rarer misses say more each, or a year would not correct them.
constexpr double kTrackingGain = 0.02;
/// Levels above this one (99 %) have too few misses to stand alone: they keep the tail's proportion
/// to it and are corrected from there.
constexpr std::size_t kAnchor = 3;
/// E ln|r| of errors around a mean absolute error of one, negated.
constexpr double kLogToMean = 0.6;
constexpr double kSmall = 0.001;

/// Regressions start from: the season by half, the event outlook in full, habits' pull by half.
constexpr Ridge<7>::Vector kGrowthPrior{0, 0, 0, 0, 0.5F, 1, 0.5F};
constexpr Ridge<7>::Vector kEventGrowthPrior{0, 0, 0, 0, 0.5F, 1, 0};
constexpr Ridge<7>::Vector kSpreadPrior{0, 0.3F, 0.4F, 0.2F, 0, 0, 0};

double first_error(int horizon) { return 0.015 * std::sqrt(horizon); }

/// Minutes between two forecasts that are followed, so that every window fits the places.
int spacing(int horizon) { return horizon <= 12 ? 1 : horizon <= 30 ? 3 : 5; }

/// The quantile before correction, in mean absolute errors.
double heavy_tail(double level) { return std::min(0.9 * student_t_quantile(level, 3), 24.0); }

const std::array<double, kTrackedLevels.size()>& tracked_tails() {
  static const auto tails = [] {
    std::array<double, kTrackedLevels.size()> found;
    std::ranges::transform(kTrackedLevels, found.begin(), heavy_tail);
    return found;
  }();
  return tails;
}

void average(float& mean, double value, double minutes, double memory) {
  mean += static_cast<float>(std::min(1.0, minutes / memory) * (value - mean));
}

}  // namespace

HorizonTracker::HorizonTracker(int horizon)
    : horizon_(horizon),
      quick_error_(static_cast<float>(first_error(horizon))),
      error_(quick_error_),
      slow_error_(quick_error_) {
  growth_[0].weights = kGrowthPrior;
  growth_[1].weights = kEventGrowthPrior;
  spread_.weights = kSpreadPrior;
}

void HorizonTracker::complete(Features& features, double slope, double depth) const {
  const double error = error_ + kSmall;
  double phase_excess = 0;
  if (features.phase >= 0) {
    const double weight = phase_weight_[features.phase];
    const double prior = std::max<double>(error, 0.06);
    const double usual =
        (weight * phase_error_[features.phase] + kPhasePrior * prior) / (weight + kPhasePrior);
    phase_excess = std::log((usual + kSmall) / error);
  }
  features.spread = {1.0F,
                     std::log(quick_error_ + static_cast<float>(kSmall)),
                     static_cast<float>(std::log(error)),
                     std::log(slow_error_ + static_cast<float>(kSmall)),
                     static_cast<float>(phase_excess),
                     static_cast<float>(std::log((std::abs(slope) + 0.3 * error) / error)),
                     static_cast<float>(depth)};
}

Growth HorizonTracker::forecast(const Features& features) const {
  Growth growth;
  const double outlook = features.growth[5];
  growth.mean = std::clamp(growth_[features.in_event ? 1 : 0].predict(features.growth), -1.0,
                           std::max(1.5, 1.2 * outlook));
  const double phase = features.in_event ? std::exp(features.spread[4]) * error_ : 0.0;
  const double low = 0.25 * std::min(quick_error_, error_) + kSmall;
  const double high = 6 * std::max<double>({quick_error_, error_, slow_error_, phase}) + kSmall;
  const double learned = std::clamp(std::exp(spread_.predict(features.spread)), low, high);
  growth.error = std::pow(learned, 0.7) * std::pow(1.3 * slow_error_ + 0.002, 0.3);
  return growth;
}

double HorizonTracker::tracked_quantile(std::size_t i) const {
  if (i <= kAnchor) return tracked_tails()[i] + correction_[i];
  const double anchor = tracked_tails()[kAnchor] + correction_[kAnchor];
  return anchor * tracked_tails()[i] / tracked_tails()[kAnchor] + correction_[i];
}

double HorizonTracker::errors_above(double confidence) const {
  const auto above = std::ranges::upper_bound(kTrackedLevels, confidence);
  const auto i = static_cast<std::size_t>(above - kTrackedLevels.begin());
  const double tail = heavy_tail(confidence);
  if (i == 0) return tail * tracked_quantile(0) / tracked_tails()[0];
  double highest = tracked_quantile(0);
  // Levels are corrected one by one; a higher confidence never asks for less.
  for (std::size_t lower = 1; lower < i; ++lower)
    highest = std::max(highest, tracked_quantile(lower));
  if (i == kTrackedLevels.size()) return highest * tail / tracked_tails().back();
  const double low = std::log(1 - kTrackedLevels[i - 1]);
  const double high = std::log(1 - kTrackedLevels[i]);
  const double share = (std::log(1 - confidence) - low) / (high - low);
  return highest + share * std::max(0.0, tracked_quantile(i) - highest);
}

double HorizonTracker::phase_growth(int phase, double outlook) const {
  if (phase < 0) return outlook;
  const double weight = phase_weight_[phase];
  return (weight * phase_growth_[phase] + kPhasePrior * outlook) / (weight + kPhasePrior);
}

void HorizonTracker::expect(std::int64_t minute, double log_now, const Features& features) {
  if (pending_count_ == kPending) return;
  if (pending_count_ > 0 && minute - pending_[pending_count_ - 1].minute < spacing(horizon_))
    return;
  const Growth growth = forecast(features);
  pending_[pending_count_++] = Pending{.minute = static_cast<std::int32_t>(minute),
                                       .log_now = static_cast<float>(log_now),
                                       .peak = static_cast<float>(log_now),
                                       .mean = static_cast<float>(growth.mean),
                                       .error = static_cast<float>(growth.error),
                                       .seen = false,
                                       .features = features};
}

void HorizonTracker::observe(std::int64_t minute, double log_demand, double step) {
  int kept = 0;
  for (int i = 0; i < pending_count_; ++i) {
    Pending& pending = pending_[i];
    const std::int64_t due = std::int64_t{pending.minute} + horizon_;
    if (minute <= due) {
      const auto seen = static_cast<float>(log_demand);
      pending.peak = pending.seen ? std::max(pending.peak, seen) : seen;
      pending.seen = true;
    }
    if (minute < due) {
      pending_[kept++] = pending;
    } else if (pending.seen) {
      settle(pending, step);
    }
  }
  pending_count_ = kept;
}

void HorizonTracker::settle(const Pending& pending, double step) {
  const double growth = static_cast<double>(pending.peak) - pending.log_now;
  const double minutes = std::clamp<double>(step, spacing(horizon_), 60);
  const auto fade = static_cast<float>(1 - minutes / kMemoryMinutes);
  const auto weight = static_cast<float>(minutes);
  const double off = growth - pending.mean;
  const double missed = std::min(std::abs(off), 10 * pending.error + 0.01);

  const double held = pending.mean + std::clamp(off, -4.0 * pending.error, 6.0 * pending.error);
  growth_[pending.features.in_event ? 1 : 0].learn(pending.features.growth,
                                                   static_cast<float>(held), weight, fade);
  spread_.learn(pending.features.spread, static_cast<float>(std::log(missed + kSmall) + kLogToMean),
                weight, fade);
  average(quick_error_, missed, minutes, 10 + 0.5 * horizon_);
  average(error_, missed, minutes, 120 + horizon_);
  average(slow_error_, missed, minutes, 2880);
  track_quantiles(off / pending.error);
  learn_phase(pending.features.phase, growth, missed, kPhaseWeight * minutes);
  settled_minutes_ += minutes;
  solve_when_due(minutes);
}

void HorizonTracker::track_quantiles(double score) {
  for (std::size_t i = 0; i < kTrackedLevels.size(); ++i) {
    const double tail = tracked_tails()[i];
    const double rare = 1 - kTrackedLevels[i];
    const double missed = score > tracked_quantile(i) ? 1 : 0;
    const double gain = kTrackingGain * std::sqrt(0.1 / rare);
    const double moved = correction_[i] + gain * (missed - rare);
    correction_[i] = static_cast<float>(std::clamp(moved, -0.8 * tail, 12.0));
  }
}

void HorizonTracker::learn_phase(int phase, double growth, double missed, double weight) {
  if (phase < 0) return;
  float& total = phase_weight_[phase];
  total = std::min(total + static_cast<float>(weight), static_cast<float>(kPhaseMemory));
  const double gain = std::min(1.0, weight / total);
  phase_growth_[phase] +=
      static_cast<float>(gain * (std::clamp(growth, -1.0, 1.5) - phase_growth_[phase]));
  phase_error_[phase] += static_cast<float>(gain * (missed - phase_error_[phase]));
}

void HorizonTracker::solve_when_due(double minutes) {
  unsolved_minutes_ += static_cast<float>(minutes);
  if (unsolved_minutes_ < kSolveEvery) return;
  unsolved_minutes_ = 0;
  growth_[0].solve(kGrowthPrior, kGrowthPull);
  growth_[1].solve(kEventGrowthPrior, kGrowthPull);
  spread_.solve(kSpreadPrior, kSpreadPull);
}

}  // namespace edgetide::forecast
