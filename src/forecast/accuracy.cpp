#include "edgetide/forecast/accuracy.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "edgetide/core/assert.h"
#include "edgetide/forecast/student_t.h"

namespace edgetide::forecast {
namespace {

using model::Forecaster;

constexpr int kOwn = static_cast<int>(Forecaster::kEdgetide);
constexpr int kSeasonal = static_cast<int>(Forecaster::kSeasonal);
constexpr int kReaction = static_cast<int>(Forecaster::kReaction);

/// Minutes between two forecasts that are kept.
constexpr std::int64_t kSpacing = 6;
/// Whose turn it is, by index of the length: short windows are what most decisions cover.
constexpr std::array<std::int8_t, 8> kTurns{0, 1, 0, 2, 0, 1, 0, 3};
constexpr double kLongestStep = 60;

constexpr double kDayMinutes = 1440;
constexpr double kWeekMinutes = 7 * kDayMinutes;
constexpr double kErrorMinutes = 2 * kDayMinutes;
/// As in calibration.cpp: heavy tails, corrected by the quicker the rarer misses are.
constexpr double kTail = 0.9;
constexpr double kTrackingGain = 0.02;
constexpr double kSmall = 0.001;
constexpr double kMostGrowth = 3;  ///< In logs: a factor of twenty.

/// Less than half as much again may be chance.
constexpr double kMargin = 1.5;
constexpr int kQuarters = 4;  ///< Of a day.
/// Nobody is compared before it has been judged for so long.
constexpr double kLearningMinutes = 2 * kDayMinutes;
/// A record twice as long as the longest window judged says nothing any more.
constexpr double kLongestWeighed = 2 * Accuracy::kWindows.back();

double tail(double confidence) { return kTail * student_t_quantile(confidence, 3); }

double first_error(int who, int minutes) {
  return who == kReaction ? 0.015 * std::sqrt(minutes) : 0.3;
}

/// A mean over about `memory` minutes, and over all there are until then.
void average(float& mean, double value, double minutes, double seen, double memory) {
  const double gain = std::min(1.0, minutes / std::min(seen, memory));
  mean += static_cast<float>(gain * (value - mean));
}

double pinball(double quantile, double came, double confidence) {
  return std::max(confidence * (came - quantile), (1 - confidence) * (quantile - came));
}

std::size_t nearest_window(double minutes) {
  std::size_t nearest = 0;
  for (std::size_t i = 1; i < Accuracy::kWindows.size(); ++i) {
    const double between = static_cast<double>(Accuracy::kWindows[i - 1]) * Accuracy::kWindows[i];
    if (minutes * minutes > between) nearest = i;
  }
  return nearest;
}

}  // namespace

std::optional<double> Accuracy::due(std::int64_t minute) const {
  if (minute - issued_at_ < kSpacing || pending_count_ == kPending) return std::nullopt;
  return kWindows[kTurns[turn_]];
}

std::optional<double> Accuracy::point(Forecaster who, const Present& present,
                                      double minutes) const {
  if (who == Forecaster::kReaction) return present.viewers;
  return last_week_.highest(present.time_of_week, minutes);
}

double Accuracy::naive_quantile(double point, const Record& record, double confidence,
                                double offset) {
  const double growth = record.error * (tail(confidence) + record.correction);
  return (point + offset) * std::exp(std::clamp(growth, -kMostGrowth, kMostGrowth)) - offset;
}

void Accuracy::expect(const Present& present, double own_quantile, double confidence) {
  EDGETIDE_ASSERT(pending_count_ < kPending, "a window is due");
  if (static_cast<float>(confidence) != confidence_) {
    confidence_ = static_cast<float>(confidence);
    pending_count_ = 0;
    windows_ = {};
  }
  const std::int8_t window = kTurns[turn_];
  const int minutes = kWindows[window];
  turn_ = (turn_ + 1) % static_cast<int>(kTurns.size());
  issued_at_ = static_cast<std::int32_t>(present.minute);
  Pending& pending = pending_[pending_count_++];
  pending = {
      .due = issued_at_ + minutes, .window = window, .peak = static_cast<float>(present.viewers)};
  pending.quantile[kOwn] = static_cast<float>(own_quantile);
  for (const int who : {kSeasonal, kReaction}) {
    const auto expected = point(Forecaster{who}, present, minutes);
    pending.quantile[who] = -1;
    if (!expected) continue;
    Record& record = windows_[window].records[who];
    if (record.minutes <= 0) record.error = static_cast<float>(first_error(who, minutes));
    const double quantile = naive_quantile(*expected, record, confidence_, present.offset);
    pending.point[who] = static_cast<float>(*expected);
    pending.quantile[who] = static_cast<float>(std::max(quantile, present.viewers));
  }
}

void Accuracy::observe(const Present& present) {
  last_week_.note(present.viewers, present.time_of_week);
  int kept = 0;
  for (int i = 0; i < pending_count_; ++i) {
    Pending& pending = pending_[i];
    if (present.minute <= pending.due) {
      pending.peak = std::max(pending.peak, static_cast<float>(present.viewers));
      pending.seen = true;
    }
    if (present.minute < pending.due) {
      pending_[kept++] = pending;
    } else if (pending.seen) {
      judge(pending, present);
    }
  }
  pending_count_ = kept;
}

void Accuracy::judge(const Pending& pending, const Present& present) {
  Window& window = windows_[pending.window];
  const auto since = static_cast<double>(present.minute - std::int64_t{window.judged_at});
  const double minutes = std::clamp(since, 1.0, kLongestStep);
  window.judged_at = static_cast<std::int32_t>(present.minute);
  for (int who = 0; who < kForecasters; ++who) {
    const double quantile = pending.quantile[who];
    if (quantile < 0) {
      window.quarter_loss[who] = std::numeric_limits<float>::infinity();
      continue;
    }
    Record& record = window.records[who];
    const double loss = pinball(quantile, pending.peak, confidence_);
    const double covered = pending.peak <= quantile ? 1 : 0;
    record.minutes += static_cast<float>(minutes);
    average(record.loss, loss, minutes, record.minutes, kDayMinutes);
    average(record.covered, covered, minutes, record.minutes, kWeekMinutes);
    window.quarter_loss[who] += static_cast<float>(minutes * loss);
    if (who == kOwn) continue;
    const double point = pending.point[who];
    const double off = std::log((pending.peak + present.offset) / (point + present.offset));
    calibrate(record, off, minutes);
  }
  window.quarter_minutes += static_cast<float>(minutes);
  if (window.quarter_minutes >= kDayMinutes / kQuarters) close_quarter(window);
}

void Accuracy::calibrate(Record& record, double off, double minutes) const {
  const double held = std::min(std::abs(off), 10.0 * record.error + 0.01);
  const double margin = tail(confidence_);
  const double missed = off > record.error * (margin + record.correction) ? 1 : 0;
  const double rare = 1 - confidence_;
  const double gain = kTrackingGain * std::sqrt(0.1 / std::max(rare, 1e-5));
  const double moved = record.correction + gain * (missed - rare);
  record.correction = static_cast<float>(std::clamp(moved, -0.8 * margin, 12.0));
  average(record.error, held + kSmall, minutes, record.minutes + kDayMinutes / 2, kErrorMinutes);
}

void Accuracy::close_quarter(Window& window) const {
  const double own = window.quarter_loss[kOwn];
  for (const int who : {kSeasonal, kReaction}) {
    const double other = window.quarter_loss[who];
    std::int8_t& lost = window.lost[who];
    const Record& record = window.records[who];
    const double promised = std::min(confidence_, window.records[kOwn].covered);
    const bool trusted = record.minutes >= kLearningMinutes && record.covered >= promised;
    if (trusted && own > kMargin * other) {
      lost = std::min<std::int8_t>(lost + 1, kQuarters);
    } else if (!trusted || lost < kQuarters || own <= other) {
      lost = 0;
    }
  }
  window.quarter_minutes = 0;
  window.quarter_loss = {};
}

std::optional<Forecaster> Accuracy::outweighing(double minutes) const {
  if (minutes > kLongestWeighed) return std::nullopt;
  const Window& window = windows_[nearest_window(minutes)];
  std::optional<int> best;
  for (const int who : {kSeasonal, kReaction}) {
    if (window.lost[who] < kQuarters) continue;
    if (!best || window.records[who].loss < window.records[*best].loss) best = who;
  }
  if (!best) return std::nullopt;
  return Forecaster{*best};
}

Accuracy::Weighed Accuracy::weigh(double own_quantile, const Present& present,
                                  const ForecastWindow& window) const {
  const auto who = outweighing(window.minutes);
  if (!who) return {own_quantile};
  const auto expected = point(*who, present, window.minutes);
  if (!expected) return {own_quantile};
  const Window& judged = windows_[nearest_window(window.minutes)];
  const Record& record = judged.records[static_cast<int>(*who)];
  const double naive = std::max(
      present.viewers, naive_quantile(*expected, record, window.confidence, present.offset));
  const double share = std::min(1.0F, record.loss / judged.records[kOwn].loss);
  const double mixed = naive + share * share * (own_quantile - naive);
  return {std::max(naive, window.events_near ? own_quantile : mixed), *who};
}

std::vector<model::ForecastAccuracy> Accuracy::records() const {
  std::vector<model::ForecastAccuracy> all;
  all.reserve(kWindows.size() * kForecasters);
  for (std::size_t i = 0; i < kWindows.size(); ++i) {
    for (int who = 0; who < kForecasters; ++who) {
      const Record& record = windows_[i].records[who];
      if (record.minutes <= 0) continue;
      all.push_back({.forecaster = Forecaster{who},
                     .window = std::chrono::minutes{kWindows[i]},
                     .coverage = Ratio{record.covered},
                     .pinball = Viewers{record.loss}});
    }
  }
  return all;
}

}  // namespace edgetide::forecast
