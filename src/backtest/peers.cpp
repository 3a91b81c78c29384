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

class KpaPolicy final : public Policy {
 public:
  KpaPolicy(const World& world, const KpaSettings& settings) : world_(world), settings_(settings) {}

  Replicas decide(const Moment& moment) override {
    const double now = newest_viewers(moment).count();
    const auto seen = static_cast<std::size_t>(1 + settings_.window / minutes{1});
    if (seen_.empty()) {
      seen_.assign(seen, now);
      stands_ = at_target(world_, Viewers{now}, settings_.target);
    }
    seen_.push_back(now);
    seen_.erase(seen_.begin());
    const Replicas stable = needed_for_last(seen);
    const double burst_window =
        settings_.panic_window * static_cast<double>(settings_.window.count());
    const Replicas burst = needed_for_last(static_cast<std::size_t>(1 + burst_window / 60));
    if (burst.count() >= settings_.panic * stands_.count())
      panic_until_ = moment.now + settings_.window;
    const bool panics = moment.now <= panic_until_;
    stands_ = panics ? std::max({stands_, stable, burst}) : stable;
    return stands_;
  }

 private:
  /// \pre no more than are kept
  [[nodiscard]] Replicas needed_for_last(std::size_t count) const {
    double sum = 0;
    for (std::size_t i = seen_.size() - count; i < seen_.size(); ++i) sum += seen_[i];
    return at_target(world_, Viewers{sum / static_cast<double>(count)}, settings_.target);
  }

  const World& world_;
  KpaSettings settings_;
  std::vector<double> seen_;  ///< Of the stable window, by minute.
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
  LastWeekPolicy(const World& world, const LastWeekSettings& settings)
      : world_(world), settings_(settings), hpa_(world, settings.hpa) {}

  Replicas decide(const Moment& moment) override {
    const Replicas now = hpa_.decide(moment);
    const double then =
        highest_.add(viewers_at(moment.known, moment.now - settings_.back + settings_.early));
    return std::max(
        now, at_target(world_, Viewers{settings_.factor * then}, settings_.hpa.target.count()));
  }

 private:
  static constexpr minutes kNear{30};

  /// What the minute's last sample said, or the one before it; zero where none is near.
  double viewers_at(std::span<const model::DemandSample> known, Instant at) {
    while (next_ < known.size() && known[next_].at < at + minutes{1}) ++next_;
    if (next_ == 0 || at - known[next_ - 1].at > kNear) return 0;
    return known[next_ - 1].viewers.count();
  }

  const World& world_;
  LastWeekSettings settings_;
  HpaPolicy hpa_;
  std::size_t next_ = 0;  ///< The first sample after that minute a week ago.
  SlidingMax highest_{settings_.early.count()};
};

class SurgePolicy final : public Policy {
 public:
  SurgePolicy(const World& world, const SurgeSettings& settings)
      : world_(world),
        settings_(settings),
        back_(static_cast<std::size_t>(std::chrono::ceil<minutes>(world.lead).count() + 1)) {}

  Replicas decide(const Moment& moment) override {
    const double now = newest_viewers(moment).count();
    const double before = seen_.size() < back_ ? now : seen_[seen_.size() - back_];
    seen_.push_back(now);
    const double surge = surges_.add(std::max(0.0, now - before));
    return at_target(world_, Viewers{needs_.add(now + settings_.factor * surge)}, 1);
  }

 private:
  const World& world_;
  SurgeSettings settings_;
  std::size_t back_;
  std::vector<double> seen_;
  SlidingMax surges_{minutes{settings_.past}.count()};
  SlidingMax needs_{settings_.hold.count()};
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

std::unique_ptr<Policy> hpa_policy(const World& world, const HpaSettings& settings) {
  return std::make_unique<HpaPolicy>(world, settings);
}

std::unique_ptr<Policy> kpa_policy(const World& world, const KpaSettings& settings) {
  return std::make_unique<KpaPolicy>(world, settings);
}

std::unique_ptr<Policy> reaction_policy(const World& world, double target) {
  return std::make_unique<ReactionPolicy>(world, target);
}

std::unique_ptr<Policy> last_week_policy(const World& world, const LastWeekSettings& settings) {
  return std::make_unique<LastWeekPolicy>(world, settings);
}

std::unique_ptr<Policy> surge_policy(const World& world, const SurgeSettings& settings) {
  return std::make_unique<SurgePolicy>(world, settings);
}

std::unique_ptr<Policy> clairvoyant_policy(const World& world) {
  return std::make_unique<ClairvoyantPolicy>(world);
}

}  // namespace edgetide::backtest
