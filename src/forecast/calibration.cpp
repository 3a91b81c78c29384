#include "edgetide/forecast/calibration.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "edgetide/core/assert.h"

namespace edgetide::forecast {
namespace {

/// Regressions forget within days, like the nights they describe.
constexpr double kMemoryMinutes = 5 * 1440;
constexpr double kGrowthPull = 0.1;
constexpr double kSpreadPull = 100;
constexpr double kSolveEvery = 20;
/// Minutes of a phase that count as much as what is believed of it beforehand: neighbouring
/// minutes say nearly the same.
constexpr double kPhaseEvent = 5;
constexpr double kPhaseMemory = 60 * kPhaseEvent;
constexpr double kPhasePrior = 0.06;
/// How much the largest rise of a week says of the size of errors, once it was watched for some
/// hours; how many errors it stands for; and at what part of the error itself it is no longer less.
constexpr double kSurgeWeight = 0.6;
constexpr double kSurgeWatch = 240;
constexpr double kSurgeMemory = 7 * 1440;
constexpr double kSurgeErrors = 8;
constexpr double kLeastSurge = 0.25;
/// E ln|r| of errors around a mean absolute error of one, negated.
constexpr double kLogToMean = 0.6;
constexpr double kSmall = 0.001;

/// Regressions start from: the event outlook in full, habits' pull by half.
constexpr Ridge<6>::Vector kGrowthPrior{0, 0, 0, 0, 1, 0.5F};
constexpr Ridge<6>::Vector kEventGrowthPrior{0, 0, 0, 0, 1, 0};
constexpr Ridge<7>::Vector kSpreadPrior{0, 0.3F, 0.4F, 0.2F, 0, 0, 0};

double first_error(int horizon) { return 0.015 * std::sqrt(horizon); }

/// Minutes between two forecasts that are followed, so that every window fits the places.
int spacing(int horizon) { return (horizon + 7) / 8; }

void average(float& mean, double value, double minutes, double memory) {
  mean += static_cast<float>(std::min(1.0, minutes / memory) * (value - mean));
}

}  // namespace

HorizonTracker::HorizonTracker(int horizon)
    : horizon_(static_cast<std::int16_t>(horizon)),
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
    const double events = phase_minutes_[features.phase] / kPhaseEvent;
    const double usual = (events * phase_error_[features.phase] + kPhasePrior) / (events + 1);
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

Growth HorizonTracker::forecast(const Features& features, double demand_now) const {
  const double outlook = features.growth[Features::kAnnounced];
  const double mean = std::clamp(growth_[features.in_event ? 1 : 0].predict(features.growth), -1.0,
                                 std::max(1.5, 1.2 * outlook));
  const double phase = features.in_event ? std::exp(features.spread[4]) * error_ : 0.0;
  const double low = 0.25 * std::min(quick_error_, error_) + kSmall;
  const double high = 6 * std::max<double>({quick_error_, error_, slow_error_, phase}) + kSmall;
  const double learned = std::clamp(std::exp(spread_.predict(features.spread)), low, high);
  const double slope = std::clamp<double>(depth_.weights[1], -1, 0);
  const double depth = features.spread[6] - usual_depth_;
  const double error = std::sqrt(learned * (1.3 * slow_error_ + 0.002) * std::exp(slope * depth));
  return {static_cast<float>(mean),
          static_cast<float>(features.in_event ? error : drawn_to_surges(error, demand_now))};
}

double HorizonTracker::drawn_to_surges(double error, double demand_now) const {
  const double weight = kSurgeWeight * surge_minutes_ / (surge_minutes_ + kSurgeWatch);
  const double of_surge = std::log1p(surge_ / demand_now) / kSurgeErrors;
  return std::pow(error, 1 - weight) * std::pow(std::max(of_surge, kLeastSurge * error), weight);
}

void HorizonTracker::learn_surge(const Pending& pending, double minutes) {
  if (pending.expected.features.in_event) return;
  const float highest = std::max(pending.peak, pending.late_peak);
  const bool rose = highest > pending.log_now;
  const double rise = rose ? std::exp(highest) - std::exp(pending.log_now) : 0;
  const double faded = surge_ * std::exp(-minutes / kSurgeMemory);
  surge_ = static_cast<float>(std::max(faded, rise));
  surge_minutes_ = static_cast<float>(std::min(surge_minutes_ + minutes, kSurgeMemory));
}

bool HorizonTracker::due(std::int64_t minute) const {
  if (pending_count_ == kPending) return false;
  return pending_count_ == 0 || minute - pending_[pending_count_ - 1].minute >= spacing(horizon_);
}

void HorizonTracker::expect(std::int64_t minute, double log_now, const Expectation& expected) {
  EDGETIDE_ASSERT(due(minute), "a forecast that is followed is due");
  const auto now = static_cast<float>(log_now);
  pending_[pending_count_++] = Pending{.minute = static_cast<std::int32_t>(minute),
                                       .log_now = now,
                                       .peak = now,
                                       .late_peak = now,
                                       .seen = false,
                                       .expected = expected};
}

void HorizonTracker::observe(std::int64_t minute, double log_demand, double step) {
  int kept = 0;
  for (int i = 0; i < pending_count_; ++i) {
    Pending& pending = pending_[i];
    const std::int64_t due = std::int64_t{pending.minute} + horizon_;
    const auto seen = static_cast<float>(log_demand);
    if (minute <= due) pending.peak = std::max(pending.peak, seen);
    if (minute <= due && 2 * (due - minute) < horizon_) {
      pending.late_peak = pending.seen ? std::max(pending.late_peak, seen) : seen;
      pending.seen = true;
    }
    if (minute < due) {
      if (kept < i) pending_[kept] = pending;
      ++kept;
      continue;
    }
    const double beyond = static_cast<double>(minute - due);
    const SeenGrowth growth{.all = pending.peak - pending.log_now,
                            .some = seen - pending.log_now,
                            .share = std::max(0.0, 1 - beyond / step),
                            .minutes = std::clamp<double>(step, spacing(horizon_), 60)};
    if (!pending.seen && growth.share > 0) {
      pending.late_peak = seen;
      pending.seen = true;
    }
    if (pending.seen) settle(pending, growth);
  }
  pending_count_ = kept;
}

void HorizonTracker::settle(const Pending& pending, const SeenGrowth& whole) {
  const auto& [features, expected, promised, off_air] = pending.expected;
  if (off_air && std::max(whole.all, whole.some) <= 0) return;
  const double growth = static_cast<double>(pending.late_peak) - pending.log_now;
  const double minutes = whole.minutes;
  const auto fade = static_cast<float>(1 - minutes / kMemoryMinutes);
  const auto weight = static_cast<float>(minutes);
  const double off = growth - expected.mean;
  const double missed = std::min(std::abs(off), 10.0 * expected.error + 0.01);

  const double held = expected.mean + std::clamp(off, -4.0 * expected.error, 6.0 * expected.error);
  const std::size_t kind = features.in_event ? 1 : 0;
  growth_[kind].learn(features.growth, static_cast<float>(held), weight, fade);
  growth_learned_[kind] = true;
  const double log_missed = std::log(missed + kSmall);
  spread_.learn(features.spread, static_cast<float>(log_missed + kLogToMean), weight, fade);
  average(quick_error_, missed, minutes, 10 + 0.5 * horizon_);
  average(error_, missed, minutes, 120 + horizon_);
  average(slow_error_, missed, minutes, 2880);
  const float depth = features.spread[6];
  average(usual_depth_, depth, minutes, 2880);
  depth_.learn({1.0F, depth - usual_depth_}, static_cast<float>(log_missed), weight, fade);
  quantiles_[features.announced ? 1 : 0].track(promised, whole);
  learn_surge(pending, minutes);
  learn_phase(features.phase, missed, minutes);
  settled_minutes_ += minutes;
  solve_when_due(minutes);
}

void HorizonTracker::learn_phase(int phase, double missed, double minutes) {
  if (phase < 0) return;
  std::uint16_t& seen = phase_minutes_[phase];
  seen = static_cast<std::uint16_t>(std::min(seen + std::ceil(minutes), kPhaseMemory));
  average(phase_error_[phase], missed, minutes, seen);
}

void HorizonTracker::solve_when_due(double minutes) {
  unsolved_minutes_ += static_cast<float>(minutes);
  if (unsolved_minutes_ < kSolveEvery) return;
  unsolved_minutes_ = 0;
  if (std::exchange(growth_learned_[0], false)) growth_[0].solve(kGrowthPrior, kGrowthPull);
  if (std::exchange(growth_learned_[1], false)) growth_[1].solve(kEventGrowthPrior, kGrowthPull);
  spread_.solve(kSpreadPrior, kSpreadPull);
  depth_.solve({0, 0}, kSpreadPull);
}

}  // namespace edgetide::forecast
