#include "peers.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "edgetide/backtest/score.h"
#include "hpa_policy.h"
#include "sliding_max.h"

namespace edgetide::backtest {
namespace {

using std::chrono::minutes;

constexpr std::int64_t kDayMinutes = 1440;

class KpaPolicy final : public Policy {
 public:
  KpaPolicy(const World& world, double target) : world_(world), target_(target) {}

  Replicas decide(const Moment& moment) override {
    const Viewers now = newest_viewers(moment);
    if (moment.now == world_.window.from) {
      before_ = now;
      stands_ = at_target(world_, now, target_);
    }
    const Viewers mean{(now + before_).count() / 2};
    before_ = now;
    const Replicas stable = at_target(world_, mean, target_);
    const Replicas burst = at_target(world_, now, target_);
    if (burst.count() >= 2 * stands_.count()) panic_until_ = moment.now + minutes{1};
    const bool panics = moment.now <= panic_until_;
    stands_ = panics ? std::max({stands_, stable, burst}) : stable;
    return stands_;
  }

 private:
  const World& world_;
  double target_;
  Viewers before_;
  Replicas stands_;
  Instant panic_until_ = Instant::min();
};

class ReactionPolicy final : public Policy {
 public:
  ReactionPolicy(const World& world, double target) : world_(world), target_(target) {}

  Replicas decide(const Moment& moment) override {
    return at_target(world_, newest_viewers(moment), target_);
  }

 private:
  const World& world_;
  double target_;
};

class LastWeekPolicy final : public Policy {
 public:
  LastWeekPolicy(const World& world, double target)
      : world_(world), target_(target), hpa_(world, target) {}

  Replicas decide(const Moment& moment) override {
    const Replicas now = hpa_.decide(moment);
    const double then = highest_.add(viewers_at(moment.known, moment.now - kBack));
    return std::max(now, at_target(world_, Viewers{then}, target_));
  }

 private:
  static constexpr minutes kEarly{30};
  static constexpr Seconds kBack = std::chrono::weeks{1} - kEarly;

  /// What the minute's last sample said, or the one before it; zero where none is near.
  double viewers_at(std::span<const model::DemandSample> known, Instant at) {
    while (next_ < known.size() && known[next_].at < at + minutes{1}) ++next_;
    if (next_ == 0 || at - known[next_ - 1].at > kEarly) return 0;
    return known[next_ - 1].viewers.count();
  }

  const World& world_;
  double target_;
  HpaPolicy hpa_;
  std::size_t next_ = 0;  ///< The first sample after that minute a week ago.
  SlidingMax highest_{kEarly.count()};
};

class SurgePolicy final : public Policy {
 public:
  SurgePolicy(const World& world, double factor)
      : world_(world),
        factor_(factor),
        back_(static_cast<std::size_t>(std::chrono::ceil<minutes>(world.lead).count() + 1)) {}

  Replicas decide(const Moment& moment) override {
    const double now = newest_viewers(moment).count();
    const double before = seen_.size() < back_ ? now : seen_[seen_.size() - back_];
    seen_.push_back(now);
    const double surge = surges_.add(std::max(0.0, now - before));
    return at_target(world_, Viewers{needs_.add(now + factor_ * surge)}, 1);
  }

 private:
  static constexpr std::int64_t kHold = 5;

  const World& world_;
  double factor_;
  std::size_t back_;
  std::vector<double> seen_;
  SlidingMax surges_{kDayMinutes};
  SlidingMax needs_{kHold};
};

class ClairvoyantPolicy final : public Policy {
 public:
  explicit ClairvoyantPolicy(const World& world) : world_(world), peaks_(peaks_of(world)) {}

  Replicas decide(const Moment& moment) override {
    const auto minute = (moment.now - world_.window.from) / minutes{1};
    return clairvoyant_replicas(world_.pool, Viewers{peaks_[static_cast<std::size_t>(minute)]});
  }

 private:
  /// The highest demand from each minute until a lead time after it.
  static std::vector<double> peaks_of(const World& world) {
    std::vector<double> peaks = by_minute(world.samples, world.window);
    SlidingMax highest(std::chrono::ceil<minutes>(world.lead).count() + 1);
    for (auto peak = peaks.rbegin(); peak != peaks.rend(); ++peak) {
      *peak = highest.add(std::isfinite(*peak) ? *peak : 0);
    }
    return peaks;
  }

  const World& world_;
  std::vector<double> peaks_;
};

}  // namespace

std::unique_ptr<Policy> hpa_policy(const World& world, double target) {
  return std::make_unique<HpaPolicy>(world, target);
}

std::unique_ptr<Policy> kpa_policy(const World& world, double target) {
  return std::make_unique<KpaPolicy>(world, target);
}

std::unique_ptr<Policy> reaction_policy(const World& world, double target) {
  return std::make_unique<ReactionPolicy>(world, target);
}

std::unique_ptr<Policy> last_week_policy(const World& world, double target) {
  return std::make_unique<LastWeekPolicy>(world, target);
}

std::unique_ptr<Policy> surge_policy(const World& world, double factor) {
  return std::make_unique<SurgePolicy>(world, factor);
}

std::unique_ptr<Policy> clairvoyant_policy(const World& world) {
  return std::make_unique<ClairvoyantPolicy>(world);
}

}  // namespace edgetide::backtest
