#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "edgetide/backtest/score.h"
#include "hpa_policy.h"
#include "peers.h"

/// Peers that somebody has told what will come: by a calendar, by a schedule.
namespace edgetide::backtest {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr Seconds kBefore = minutes{30};

double highest(std::span<const model::DemandSample> known, Instant from, Instant to) {
  auto sample = std::ranges::lower_bound(known, from, {}, &model::DemandSample::at);
  double most = 0;
  for (; sample != known.end() && sample->at <= to; ++sample)
    most = std::max(most, sample->viewers.count());
  return most;
}

bool on_weekend(Instant at) {
  return std::chrono::weekday{std::chrono::floor<days>(at)}.iso_encoding() > 5;
}

class KedaPolicy final : public Policy {
 public:
  KedaPolicy(const World& world, double target, double factor, Replicas fallback)
      : world_(world), factor_(factor), fallback_(fallback), hpa_(world, target) {}

  Replicas decide(const Moment& moment) override {
    const Replicas scheduled = cron(moment);
    const bool silent =
        !moment.known.empty() && moment.now - moment.known.back().at > 3 * kPoll + world_.delay;
    if (!silent || moment.now == world_.window.from)
      return stands_ = hpa_.decide(moment, scheduled);
    stands_ =
        fallback_ > Replicas{0} ? std::max(fallback_, scheduled) : std::max(stands_, scheduled);
    return stands_;
  }

 private:
  static constexpr Seconds kPoll{30};

  Replicas cron(const Moment& moment) {
    double most = 0;
    for (const auto* event : world_.calendar.touching(moment.now, moment.now + kBefore)) {
      const bool open = moment.now >= event->start - kBefore && moment.now < event->end();
      if (open) most = std::max(most, expected(*event, moment));
    }
    return most > 0 ? clairvoyant_replicas(world_.pool, Viewers{factor_ * most}) : Replicas{0};
  }

  double expected(const model::StreamEvent& event, const Moment& moment) {
    const auto found = expected_.find(event.name);
    if (found != expected_.end()) return found->second;
    const model::StreamEvent* last = nullptr;
    int best = -1;
    for (const auto& past : world_.calendar.events()) {
      if (past.end() > event.start - kBefore) continue;
      const bool same_day = on_weekend(past.start) == on_weekend(event.start);
      const bool same_class = past.event_class == event.event_class;
      const int likeness = same_day ? (same_class ? 2 : 1) : 0;
      const bool later = last == nullptr || past.end() >= last->end();
      if (likeness < best || (likeness == best && !later)) continue;
      last = &past;
      best = likeness;
    }
    const double peak = last != nullptr
                            ? highest(moment.known, last->start - kBefore, last->end())
                            : 3 * highest(moment.known, moment.now - days{7}, moment.now);
    return expected_[event.name] = peak;
  }

  const World& world_;
  double factor_;
  Replicas fallback_;
  HpaPolicy hpa_;
  Replicas stands_;
  std::map<std::string, double> expected_;
};

class SchedulePolicy final : public Policy {
 public:
  SchedulePolicy(const World& world, double factor) : world_(world), factor_(factor) {}

  Replicas decide(const Moment& moment) override {
    if (moment.now == world_.window.from) write(moment);
    return in_the_evening(moment.now) ? evening_ : other_;
  }

 private:
  static bool in_the_evening(Instant at) {
    return at - std::chrono::floor<days>(at) >= std::chrono::hours{17};
  }

  void write(const Moment& moment) {
    double evening = 0;
    double other = 0;
    for (const auto& [at, viewers] : moment.known) {
      if (at < moment.now - std::chrono::weeks{2}) continue;
      double& most = in_the_evening(at) ? evening : other;
      most = std::max(most, viewers.count());
    }
    const double first = newest_viewers(moment).count();
    evening_ = at_target(world_, Viewers{factor_ * std::max(evening, first)}, 1);
    other_ = at_target(world_, Viewers{factor_ * std::max(other, first)}, 1);
  }

  const World& world_;
  double factor_;
  Replicas evening_;
  Replicas other_;
};

}  // namespace

std::unique_ptr<Policy> keda_policy(const World& world, double target, double factor,
                                    Replicas fallback) {
  return std::make_unique<KedaPolicy>(world, target, factor, fallback);
}

std::unique_ptr<Policy> schedule_policy(const World& world, double factor) {
  return std::make_unique<SchedulePolicy>(world, factor);
}

}  // namespace edgetide::backtest
