#include "edgetide/forecast/event_watch.h"

#include <algorithm>
#include <utility>

namespace edgetide::forecast {
namespace {

using model::EventBins;
using model::StreamEvent;

constexpr std::size_t kMostWatched = 8;
constexpr std::size_t kMostFinished = 64;
/// Share of who was there below which nobody came.
constexpr double kBroughtNobody = 0.05;

Instant watched_until(const StreamEvent& event) {
  return std::min(event.overrun_end(), event.start + EventBins::kAfter);
}

bool is_same(const model::EventOutcome& outcome, const StreamEvent& event) {
  return outcome.start == event.start && outcome.name == event.name &&
         outcome.event_class == event.event_class;
}

}  // namespace

void EventWatch::advance(std::span<const model::DemandSample> samples,
                         const model::EventCalendar& calendar) {
  while (!samples.empty() && !(calendar.events().empty() && watched_.empty())) {
    const Instant hour_ends = samples.front().at + std::chrono::hours{1};
    const auto end = std::ranges::find_if(
        samples, [&](const model::DemandSample& sample) { return sample.at >= hour_ends; });
    const auto count = static_cast<std::size_t>(end - samples.begin());
    advance_an_hour(samples.first(count), calendar);
    samples = samples.subspan(count);
  }
}

void EventWatch::advance_an_hour(std::span<const model::DemandSample> samples,
                                 const model::EventCalendar& calendar) {
  const auto near = calendar.touching(samples.front().at, samples.back().at);
  std::erase_if(watched_, [&](const Watched& watched) {
    const bool announced = std::ranges::any_of(
        near, [&](const StreamEvent* event) { return is_same(watched.outcome, *event); });
    return watched.until >= samples.front().at && !announced;
  });
  if (near.empty() && watched_.empty()) return;
  for (const model::DemandSample& sample : samples) {
    if (sample.at <= last_) continue;
    follow(sample, near);
    last_ = sample.at;
  }
}

void EventWatch::follow(const model::DemandSample& sample,
                        std::span<const StreamEvent* const> near) {
  for (const Watched& watched : watched_) {
    if (sample.at > watched.until) finish(watched);
  }
  std::erase_if(watched_, [&](const Watched& watched) { return sample.at > watched.until; });
  for (const StreamEvent* event : near) {
    if (event->event_class.empty()) continue;
    if (sample.at < event->ramp_start() || sample.at >= event->start) continue;
    const bool taken = std::ranges::any_of(
        watched_, [&](const Watched& w) { return w.outcome.start == event->start; });
    if (taken || watched_.size() == kMostWatched) continue;
    watched_.push_back({.outcome = {.name = event->name,
                                    .event_class = event->event_class,
                                    .start = event->start,
                                    .uplift = std::vector<double>(EventBins::kCount, -1.0)},
                        .until = watched_until(*event),
                        .before = sample.viewers.count()});
  }
  for (Watched& watched : watched_) {
    const Seconds since = sample.at - watched.outcome.start + EventBins::kBefore;
    const auto bin = since / Seconds{EventBins::kMinutes * 60};
    if (since < Seconds{0} || bin >= EventBins::kCount) continue;
    double& uplift = watched.outcome.uplift[static_cast<std::size_t>(bin)];
    uplift = std::max({uplift, sample.viewers.count() - watched.before, 0.0});
  }
}

void EventWatch::finish(const Watched& watched) {
  const double peak = std::ranges::max(watched.outcome.uplift);
  if (peak < kBroughtNobody * watched.before) return;
  if (finished_.size() == kMostFinished) finished_.erase(finished_.begin());
  finished_.push_back(watched.outcome);
}

std::vector<model::EventOutcome> EventWatch::take_finished() {
  return std::exchange(finished_, {});
}

}  // namespace edgetide::forecast
