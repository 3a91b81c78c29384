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
  KedaPolicy(const World& world, const KedaSettings& settings)
      : world_(world), settings_(settings), hpa_(world, settings.hpa) {}

  Replicas decide(const Moment& moment) override {
    const Replicas scheduled = cron(moment);
    const Seconds patience = settings_.failures * settings_.poll + world_.delay;
    const bool silent = !moment.known.empty() && moment.now - moment.known.back().at > patience;
    if (!silent || moment.now == world_.window.from)
      return stands_ = hpa_.decide(moment, scheduled);
    const Replicas fallback = settings_.fallback;
    stands_ = std::max(fallback > Replicas{0} ? fallback : stands_, scheduled);
    return stands_;
  }

 private:
  Replicas cron(const Moment& moment) {
    double most = 0;
    for (const auto* event :
         world_.calendar.touching(moment.now - settings_.after, moment.now + settings_.before)) {
      const bool open = moment.now >= event->start - settings_.before &&
                        moment.now < event->end() + settings_.after;
      if (open) most = std::max(most, expected(*event, moment));
    }
    return most > 0 ? clairvoyant_replicas(world_.pool, Viewers{settings_.factor * most})
                    : Replicas{0};
  }

  double expected(const model::StreamEvent& event, const Moment& moment) {
    const auto found = expected_.find(event.name);
    if (found != expected_.end()) return found->second;
    const model::StreamEvent* last = nullptr;
    int best = -1;
    for (const auto& past : world_.calendar.events()) {
      if (past.end() > event.start - settings_.before) continue;
      const bool same_day = on_weekend(past.start) == on_weekend(event.start);
      const bool same_class = past.event_class == event.event_class;
      const int likeness = same_day ? (same_class ? 2 : 1) : 0;
      const bool later = last == nullptr || past.end() >= last->end();
      if (likeness < best || (likeness == best && !later)) continue;
      last = &past;
      best = likeness;
    }
    const double peak = last != nullptr
                            ? highest(moment.known, last->start - settings_.before, last->end())
                            : 3 * highest(moment.known, moment.now - days{7}, moment.now);
    return expected_[event.name] = peak;
  }

  const World& world_;
  KedaSettings settings_;
  HpaPolicy hpa_;
  Replicas stands_;
  std::map<std::string, double> expected_;
};

class SchedulePolicy final : public Policy {
 public:
  SchedulePolicy(const World& world, const ScheduleSettings& settings)
      : world_(world), settings_(settings) {}

  Replicas decide(const Moment& moment) override {
    if (moment.now == world_.window.from) write(moment);
    return in_the_evening(moment.now) ? evening_ : other_;
  }

 private:
  [[nodiscard]] bool in_the_evening(Instant at) const {
    const auto time = at - std::chrono::floor<days>(at);
    return time >= settings_.evening_from && time < settings_.evening_to;
  }

  void write(const Moment& moment) {
    double evening = 0;
    double other = 0;
    for (const auto& [at, viewers] : moment.known) {
      if (at < moment.now - settings_.past) continue;
      double& most = in_the_evening(at) ? evening : other;
      most = std::max(most, viewers.count());
    }
    const double first = newest_viewers(moment).count();
    evening_ = at_target(world_, Viewers{settings_.factor * std::max(evening, first)}, 1);
    other_ = at_target(world_, Viewers{settings_.factor * std::max(other, first)}, 1);
  }

  const World& world_;
  ScheduleSettings settings_;
  Replicas evening_;
  Replicas other_;
};

}  // namespace

std::unique_ptr<Policy> keda_policy(const World& world, const KedaSettings& settings) {
  return std::make_unique<KedaPolicy>(world, settings);
}

std::unique_ptr<Policy> schedule_policy(const World& world, const ScheduleSettings& settings) {
  return std::make_unique<SchedulePolicy>(world, settings);
}

}  // namespace edgetide::backtest
