#include <algorithm>
#include <cmath>
#include <optional>
#include <ranges>
#include <vector>

#include "hpa_policy.h"
#include "peers.h"

/// Peers that learn days from what was.
namespace edgetide::backtest {
namespace {

using std::chrono::minutes;

/// Additive smoothing of level, trend and a season.
class HoltWinters {
 public:
  explicit HoltWinters(const PredictiveHpaSettings& settings)
      : settings_(settings),
        length_(static_cast<std::size_t>(minutes{settings.season} / settings.step)) {}

  /// The next step's value; of the first season the shape is made.
  void add(double value) {
    ++seen_;
    if (season_.size() < length_) {
      season_.push_back(value);
      if (season_.size() == length_) begin();
      return;
    }
    const auto& [hpa, alpha, beta, gamma, season, step] = settings_;
    const std::size_t slot = (seen_ - 1) % length_;
    const double level = alpha * (value - season_[slot]) + (1 - alpha) * (level_ + trend_);
    trend_ = beta * (level - level_) + (1 - beta) * trend_;
    season_[slot] = gamma * (value - level) + (1 - gamma) * season_[slot];
    level_ = level;
  }

  /// The highest of the next steps; zero before two seasons were seen.
  [[nodiscard]] double highest_of_next(std::size_t steps) const {
    if (seen_ <= 2 * length_) return 0;
    double most = 0;
    for (std::size_t step = 1; step <= steps; ++step)
      most = std::max(most, level_ + trend_ * static_cast<double>(step) +
                                season_[(seen_ - 1 + step) % length_]);
    return most;
  }

 private:
  void begin() {
    for (const double value : season_) level_ += value / static_cast<double>(length_);
    for (double& value : season_) value -= level_;
  }

  const PredictiveHpaSettings& settings_;
  std::size_t length_;  ///< Of the season, in steps.
  std::size_t seen_ = 0;
  double level_ = 0;
  double trend_ = 0;
  std::vector<double> season_;
};

/// A night off air is part of a past; silence beyond this is none.
constexpr std::chrono::days kSilence{1};

/// The minute from which a past is lived through: two weeks before the window, or when the first
/// sample after the last long silence since was known; the window's own where it comes after one.
Instant beginning_of_past(const World& world, std::span<const model::DemandSample> known) {
  const Instant earliest = world.window.from - std::chrono::weeks{2};
  Instant first = world.window.from - world.delay;
  for (const model::DemandSample& sample : known | std::views::reverse) {
    if (first - sample.at > kSilence || first + world.delay <= earliest) break;
    first = sample.at;
  }
  return std::max<Instant>(earliest, std::chrono::ceil<minutes>(first + world.delay));
}

/// Calls back with each minute of the past before the window as it was decided then: with what was
/// known by it.
template <typename Minute>
void live_through_past(const World& world, std::span<const model::DemandSample> known,
                       Minute minute) {
  for (Instant now = beginning_of_past(world, known); now < world.window.from; now += minutes{1})
    minute(Moment{.now = now, .known = known_by(known, now, world.delay)});
}

class PredictiveHpaPolicy final : public Policy {
 public:
  PredictiveHpaPolicy(const World& world, const PredictiveHpaSettings& settings)
      : world_(world),
        settings_(settings),
        hpa_(world, settings.hpa),
        step_(static_cast<int>(settings.step.count())),
        steps_(static_cast<std::size_t>(
            (std::chrono::ceil<minutes>(world.lead).count() + step_ - 1) / step_ + 1)) {}

  Replicas decide(const Moment& moment) override {
    if (moment.now == world_.window.from)
      live_through_past(world_, moment.known, [this](const Moment& past) { (void)look(past); });
    return look(moment);
  }

 private:
  Replicas look(const Moment& moment) {
    const Replicas reacted = hpa_.decide(moment);
    asked_ += reacted.count();
    const Replicas decided = std::max(reacted, foreseen_);
    if (++minutes_ % step_ == 0) {
      model_.add(asked_ / step_);
      asked_ = 0;
      foreseen_ = Replicas{static_cast<int>(std::ceil(model_.highest_of_next(steps_)))};
    }
    return decided;
  }

  const World& world_;
  const PredictiveHpaSettings settings_;
  HpaPolicy hpa_;
  int step_;  ///< Minutes.
  std::size_t steps_;
  HoltWinters model_{settings_};
  double asked_ = 0;
  int minutes_ = 0;
  Replicas foreseen_;
};

class CloudPolicy final : public Policy {
 public:
  CloudPolicy(const World& world, const CloudSettings& settings)
      : world_(world), settings_(settings) {}

  Replicas decide(const Moment& moment) override {
    if (moment.now == world_.window.from)
      live_through_past(world_, moment.known, [this](const Moment& past) { note(past); });
    note(moment);
    const Replicas tracked = track(newest_viewers(moment));
    if (!settings_.scales) return tracked;
    const double most =
        std::max(forecast(hour_of(moment.now)), forecast(hour_of(moment.now + settings_.buffer)));
    return most > 0 ? std::max(tracked, at_target(world_, Viewers{most}, settings_.target))
                    : tracked;
  }

 private:
  using Hour = std::int64_t;

  static constexpr Hour kRefreshed = 6;

  static Hour hour_of(Instant at) { return at.time_since_epoch() / std::chrono::hours{1}; }

  void note(const Moment& moment) {
    const Hour hour = hour_of(moment.now);
    if (means_.empty()) first_ = hour;
    const auto index = static_cast<std::size_t>(hour - first_);
    if (index >= means_.size()) {
      if (index >= 24 && index % kRefreshed == 0) refresh(hour);
      means_.resize(index + 1, means_.empty() ? 0 : means_.back());
      counted_ = 0;
    }
    ++counted_;
    means_.back() += (newest_viewers(moment).count() - means_.back()) / counted_;
  }

  void refresh(Hour now) {
    forecast_from_ = now;
    forecast_.clear();
    for (Hour hour = now; hour <= now + kRefreshed; ++hour) {
      const double by_day = mean_of_every(24, hour, now).value_or(0);
      const auto by_week = mean_of_every(168, hour, now);
      forecast_.push_back(by_week ? .5 * by_day + .5 * *by_week : by_day);
    }
  }

  [[nodiscard]] std::optional<double> mean_of_every(Hour period, Hour hour, Hour now) const {
    double sum = 0;
    int count = 0;
    for (Hour past = hour - period;
         past >= std::max(first_, now - std::chrono::hours{settings_.history}.count());
         past -= period) {
      if (past >= now) continue;
      sum += means_[static_cast<std::size_t>(past - first_)];
      ++count;
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
  }

  [[nodiscard]] double forecast(Hour hour) const {
    const Hour ahead = hour - forecast_from_;
    if (ahead < 0 || ahead >= std::ssize(forecast_)) return 0;
    return forecast_[static_cast<std::size_t>(ahead)];
  }

  Replicas track(Viewers viewers) {
    const Replicas needed = at_target(world_, viewers, settings_.target);
    if (tracked_ == Replicas{0}) tracked_ = needed;
    const double used = viewers.count() / settings_.target / world_.pool.capacity.viewers->count() /
                        static_cast<double>(tracked_.count());
    above_ = used > 1 ? above_ + 1 : 0;
    below_ = used < .9 ? below_ + 1 : 0;
    if (above_ < settings_.out && below_ < settings_.in) return tracked_;
    above_ = below_ = 0;
    return tracked_ = needed;
  }

  const World& world_;
  CloudSettings settings_;
  std::vector<double> means_;  ///< By hour, the last one under way.
  Hour first_ = 0;
  int counted_ = 0;
  std::vector<double> forecast_;
  Hour forecast_from_ = 0;
  Replicas tracked_;
  int above_ = 0;
  int below_ = 0;
};

}  // namespace

std::unique_ptr<Policy> predictive_hpa_policy(const World& world,
                                              const PredictiveHpaSettings& settings) {
  return std::make_unique<PredictiveHpaPolicy>(world, settings);
}

std::unique_ptr<Policy> cloud_policy(const World& world, const CloudSettings& settings) {
  return std::make_unique<CloudPolicy>(world, settings);
}

}  // namespace edgetide::backtest
