#include "edgetide/backtest/rolling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>

#include "edgetide/core/assert.h"
#include "edgetide/forecast/demand_forecaster.h"

namespace edgetide::backtest {
namespace {

using model::Forecaster;
using std::chrono::minutes;

constexpr std::array kForecasters{Forecaster::kEdgetide, Forecaster::kSeasonal,
                                  Forecaster::kReaction};
constexpr std::size_t kRemembered = 1000;
constexpr std::int64_t kProgressSteps = 200;

/// The highest of the minutes; NaN when one of them is not known.
double peak_of(std::span<const double> viewers) {
  double peak = 0;
  for (const double value : viewers) {
    if (!std::isfinite(value)) return value;
    peak = std::max(peak, value);
  }
  return peak;
}

/// What is expected of a window: a point, and a quantile for each level.
struct Expectation {
  double point = 0;
  std::vector<double> quantiles;
};

/// How far a naive forecast was off, in logs, for windows that have ended.
class PastErrors {
 public:
  /// Notes an error that is known from `known_at` on.
  void note(Instant known_at, double error) { pending_.push_back({known_at, error}); }

  [[nodiscard]] Expectation around(double point, Instant now, std::span<const double> levels) {
    for (; !pending_.empty() && pending_.front().known_at <= now; pending_.pop_front()) {
      known_.push_back(pending_.front().error);
      if (known_.size() > kRemembered) known_.pop_front();
    }
    Expectation expectation{.point = point, .quantiles = std::vector(levels.size(), point)};
    if (known_.empty()) return expectation;
    std::vector<double> sorted(known_.begin(), known_.end());
    std::ranges::sort(sorted);
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const auto rank = static_cast<std::size_t>(levels[i] * static_cast<double>(sorted.size()));
      const double margin = sorted[std::min(rank, sorted.size() - 1)];
      expectation.quantiles[i] = std::max(0.0, (point + 1) * std::exp(margin) - 1);
    }
    return expectation;
  }

  static double error(double peak, double point) { return std::log((peak + 1) / (point + 1)); }

 private:
  struct Pending {
    Instant known_at;
    double error;
  };
  std::deque<Pending> pending_;
  std::deque<double> known_;
};

/// Counts one forecaster at one horizon.
class Tally {
 public:
  Tally(Forecaster forecaster, Seconds horizon, bool in_events, std::size_t levels) {
    score_.forecaster = forecaster;
    score_.horizon = horizon;
    score_.in_events = in_events;
    score_.coverage.resize(levels);
    score_.pinball.resize(levels);
  }

  void count(double peak, const Expectation& expected, std::span<const double> levels) {
    ++score_.windows;
    score_.mean_error += std::abs(peak - expected.point);
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const double missed = peak - expected.quantiles[i];
      if (missed <= 0) score_.coverage[i] += 1;
      score_.pinball[i] += std::max(levels[i] * missed, (levels[i] - 1) * missed);
    }
  }

  [[nodiscard]] RollingScore means() const {
    RollingScore score = score_;
    const auto count = static_cast<double>(std::max<std::int64_t>(1, score.windows));
    score.mean_error /= count;
    for (double& share : score.coverage) share /= count;
    for (double& loss : score.pinball) loss /= count;
    return score;
  }

 private:
  RollingScore score_;
};

/// Everybody at one horizon.
class Horizon {
 public:
  Horizon(Seconds length, std::span<const double> levels) : length_(length), levels_(levels) {
    for (const Forecaster forecaster : kForecasters) {
      all_.emplace_back(forecaster, length, false, levels.size());
      in_events_.emplace_back(forecaster, length, true, levels.size());
    }
  }

  [[nodiscard]] Seconds length() const { return length_; }

  struct Origin {
    Instant now;
    Instant known_at;  ///< From when the whole window is known.
    double peak;
    double seasonal;
    double last;
    bool in_events;
  };

  void judge(const Origin& origin, const Expectation& own) {
    count(0, origin, own);
    const std::array points{origin.seasonal, origin.last};
    for (std::size_t i = 0; i < points.size(); ++i) {
      count(i + 1, origin, errors_[i].around(points[i], origin.now, levels_));
      errors_[i].note(origin.known_at, PastErrors::error(origin.peak, points[i]));
    }
  }

  void add_scores(std::vector<RollingScore>& scores) const {
    add_scores_of(all_, scores);
    add_scores_of(in_events_, scores);
  }

 private:
  void count(std::size_t who, const Origin& origin, const Expectation& expected) {
    all_[who].count(origin.peak, expected, levels_);
    if (origin.in_events) in_events_[who].count(origin.peak, expected, levels_);
  }

  static void add_scores_of(const std::vector<Tally>& tallies, std::vector<RollingScore>& scores) {
    std::vector<RollingScore> mine;
    for (const Tally& tally : tallies) mine.push_back(tally.means());
    const auto by = [](double error, double naive) {
      return naive > 0 ? std::optional{error / naive} : std::nullopt;
    };
    for (RollingScore& score : mine) {
      score.against_seasonal = by(score.mean_error, mine[1].mean_error);
      score.against_last = by(score.mean_error, mine[2].mean_error);
    }
    scores.insert(scores.end(), mine.begin(), mine.end());
  }

  Seconds length_;
  std::span<const double> levels_;
  std::vector<Tally> all_;
  std::vector<Tally> in_events_;
  std::array<PastErrors, 2> errors_;
};

/// Demand by minute: of the window, and the same a while ago.
class Demand {
 public:
  explicit Demand(const RollingQuestion& question) {
    const auto ago = [&](minutes shift) {
      const Window& window = question.window;
      return by_minute(question.samples, {window.from - shift, window.to - shift});
    };
    now_ = ago(minutes{0});
    day_ = ago(std::chrono::days{1});
    week_ = ago(std::chrono::days{7});
  }

  /// The highest from that minute of the window on, the last of them included; NaN where it is not
  /// known or the window ends before.
  [[nodiscard]] double peak(std::int64_t minute, minutes length) const {
    return peak_in(now_, minute, length);
  }
  /// The same a week ago, or a day ago where that is not known.
  [[nodiscard]] double seasonal(std::int64_t minute, minutes length) const {
    const double week = peak_in(week_, minute, length);
    return std::isfinite(week) ? week : peak_in(day_, minute, length);
  }

 private:
  static double peak_in(std::span<const double> viewers, std::int64_t minute, minutes length) {
    const auto count = static_cast<std::size_t>(length.count()) + 1;
    const auto first = static_cast<std::size_t>(minute);
    if (first + count > viewers.size()) return std::numeric_limits<double>::quiet_NaN();
    return peak_of(viewers.subspan(first, count));
  }

  std::vector<double> now_;
  std::vector<double> day_;
  std::vector<double> week_;
};

Expectation own_expectation(const forecast::ForecastState& state, Instant now, Seconds length,
                            const RollingQuestion& question, const forecast::Context& context) {
  Expectation own;
  for (const double level : question.levels) {
    const auto peak =
        forecast::window_peak(state, {.now = now, .length = length, .confidence = level}, context);
    own.point = peak.median.count();
    own.quantiles.push_back(level > 0.5 ? peak.quantile.count() : peak.median.count());
  }
  return own;
}

}  // namespace

std::vector<RollingScore> rolling_accuracy(const RollingQuestion& question,
                                           const Progress& progress) {
  EDGETIDE_ASSERT(!question.levels.empty() && question.every >= minutes{1}, "nothing is asked");
  const Demand demand(question);
  std::vector<Horizon> horizons;
  for (const Seconds length : question.horizons) horizons.emplace_back(length, question.levels);
  const forecast::Context context{question.calendar, question.offsets, question.levels.back()};
  auto known = known_by(question.samples, question.window.from, question.delay);
  forecast::ForecastState state = forecast::learn(known, context);

  const std::int64_t count = question.window.minutes();
  const auto step = question.every / minutes{1};
  std::int64_t shown = 0;
  for (std::int64_t minute = 0; minute < count; minute += step) {
    const Instant now = question.window.from + minutes{minute};
    const std::size_t learned = known.size();
    known = known_by(question.samples, now, question.delay);
    forecast::advance(state, known.subspan(learned), context);
    if (known.empty()) continue;
    for (Horizon& horizon : horizons) {
      const auto length = std::chrono::duration_cast<minutes>(horizon.length());
      const Horizon::Origin origin{
          .now = now,
          .known_at = now + length + minutes{1} + question.delay,
          .peak = demand.peak(minute, length),
          .seasonal = demand.seasonal(minute, length),
          .last = known.back().viewers.count(),
          .in_events = !question.calendar.touching(now, now + length).empty()};
      if (!std::isfinite(origin.peak) || !std::isfinite(origin.seasonal)) continue;
      horizon.judge(origin, own_expectation(state, now, horizon.length(), question, context));
    }
    if (progress && minute * kProgressSteps / count > shown) {
      shown = minute * kProgressSteps / count;
      progress(static_cast<double>(minute) / static_cast<double>(count));
    }
  }
  std::vector<RollingScore> scores;
  for (const Horizon& horizon : horizons) horizon.add_scores(scores);
  return scores;
}

}  // namespace edgetide::backtest
