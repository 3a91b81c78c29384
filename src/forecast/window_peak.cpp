#include <algorithm>
#include <cmath>

#include "own_window_peak.h"

namespace edgetide::forecast {
namespace {

constexpr double kStageLevel = 30;  ///< Minutes seen before anything is claimed.
constexpr double kStageDaily = 1440;
constexpr double kStageWeekly = 14 * 1440;
/// Growth beyond this needs an event to justify it.
constexpr double kMostOfPeak = 1.3;
constexpr double kMostGrowth = 3;
constexpr double kLongestMinutes = 7 * 1440;
constexpr std::ptrdiff_t kMostPathPoints = 20000;

model::ForecastStage stage_of(const Recent& recent) {
  if (recent.seen_minutes < kStageLevel) return model::ForecastStage::kNone;
  if (recent.seen_minutes < kStageDaily) return model::ForecastStage::kLevel;
  if (recent.seen_minutes < kStageWeekly) return model::ForecastStage::kDaily;
  return model::ForecastStage::kWeekly;
}

double minutes_from(Instant from, Instant to) {
  return std::clamp(static_cast<double>((to - from).count()) / 60, 0.0, kLongestMinutes);
}

/// Viewers that events under way have brought so far.
const RunningEvent* largest_running(const Outlook& outlook, const model::StreamEvent*& event) {
  const RunningEvent* largest = nullptr;
  for (const Outlook::NearEvent& near : outlook.events()) {
    if (near.running == nullptr || !near.telling) continue;
    if (largest != nullptr && near.running->peak <= largest->peak) continue;
    largest = near.running;
    event = near.event;
  }
  return largest;
}

/// The minutes that errors are to be expected for. Of a reading that grows old they reach as far as
/// errors were learned: longer silence is no reason for a rise, habit and calendar may be.
double minutes_of_errors(double ahead, Seconds window) {
  const double length = minutes_from(Instant{}, Instant{window});
  return std::min(ahead, std::max<double>(length + 1, kHorizons.back()));
}

}  // namespace

double most_viewers(const Recent& recent, double present, double event_uplift) {
  return std::max({kMostOfPeak * recent.peak_viewers, kMostGrowth * (present + recent.offset),
                   present + 2 * event_uplift});
}

double minutes_ahead(const Recent& recent, Instant now, Seconds window) {
  const double length = minutes_from(Instant{}, Instant{window});
  const double age = minutes_from(Instant{Seconds{recent.last.at}}, now);
  const double waits = std::round(recent.step) - 1;
  return std::max({1.0, length + std::min(age, 1.0), length + age - waits});
}

Sights::Sights(const ForecastState& state, Instant now, Seconds longest, const Context& context)
    : state_(state),
      context_(context),
      now_(now),
      farthest_(state, context, Instant{Seconds{state.recent.last.at}}, reach_of(longest)) {}

Seconds Sights::reach_of(Seconds length) const {
  return Seconds{static_cast<int>(minutes_ahead(state_.recent, now_, length) * 60)};
}

Sight& Sights::of(Seconds length) {
  const Seconds reach = reach_of(length);
  if (!farthest_.sees_all()) {
    const Instant seen_at{Seconds{state_.recent.last.at}};
    return sight_.emplace(state_, Outlook(state_, context_, seen_at, reach));
  }
  const Outlook outlook = farthest_.within(reach);
  // Farther reaches see what nearer ones do, and more.
  const bool same = sight_ && sight_->outlook().events().size() == outlook.events().size();
  return same ? *sight_ : sight_.emplace(state_, outlook);
}

OwnWindowPeak::OwnWindowPeak(Sight& sight, Instant now, Seconds length)
    : sight_(sight),
      minutes_(minutes_ahead(sight.state().recent, now, length)),
      path_(structural_peak(sight.outlook(), minutes_)),
      learned_(sight, minutes_of_errors(minutes_, length)),
      added_(sight.state(), sight.outlook(), minutes_),
      most_(most_viewers(sight.state().recent, sight.outlook().viewers(),
                         added_.announced_uplift())) {
  tell(now, length);
  if (minutes_ <= kHorizons.back()) return;
  const double within = sight.structural_growth();
  beyond_ = path_.growth - std::min(within, path_.growth);
}

void OwnWindowPeak::tell(Instant now, Seconds length) {
  told_ = {.at = now, .window_end = now + length};
  const Recent& recent = sight_.state().recent;
  if (!recent.any) return;
  told_.stage = stage_of(recent);
  const Instant seen_at{Seconds{recent.last.at}};
  const Seconds until_peak{static_cast<std::int64_t>(path_.minutes * 60)};
  told_.at = std::max(now, std::min(seen_at + until_peak, told_.window_end));
  name_event();
}

void OwnWindowPeak::name_event() {
  const Outlook& outlook = sight_.outlook();
  const Outlook::Uplift& coming = path_.uplift;
  const model::StreamEvent* event = nullptr;
  double brought = 0;
  if (const RunningEvent* running = largest_running(outlook, event))
    brought = std::max(0.0, outlook.viewers() - running->before);
  if (coming.largest != nullptr && (event == nullptr || coming.median >= brought))
    event = coming.largest;
  const double uplift = coming.median + brought;
  if (event == nullptr || uplift <= 0) return;
  told_.event_uplift = Viewers{uplift};
  told_.event = event->name;
  told_.event_guessed = is_guessed(sight_.state(), *event);
}

model::WindowPeak OwnWindowPeak::at(double confidence) const {
  model::WindowPeak peak = told_;
  const Recent& recent = sight_.state().recent;
  if (!recent.any) return peak;
  const Outlook& outlook = sight_.outlook();
  const double sure = std::clamp(confidence, 0.5, 0.99999);
  PeakGrowth learned = learned_.at(sure);
  learned.mean += beyond_;
  const auto [mean, room] = added_.to(learned, sure);

  const double log_now = outlook.log_now();
  const double median = std::min(viewers_of(recent, log_now + mean), most_);
  const double quantile = std::min(viewers_of(recent, log_now + mean + room), most_);
  peak.median = Viewers{std::max(median, outlook.viewers())};
  peak.quantile = Viewers{std::max(quantile, peak.median.count())};
  peak.event_uplift = std::min(peak.event_uplift, peak.median);
  return peak;
}

std::vector<model::ForecastPoint> path(const ForecastState& state, const PeakWindow& window,
                                       Seconds step, const Context& context) {
  std::vector<model::ForecastPoint> points;
  const Recent& recent = state.recent;
  if (!recent.any || step <= Seconds{0} || window.length < Seconds{0}) return points;
  const Instant seen_at{Seconds{recent.last.at}};
  const double confidence = std::clamp(window.confidence, 0.5, 0.99999);
  const double reach = minutes_from(seen_at, window.now + window.length);
  Sight sight(state,
              Outlook(state, context, seen_at, Seconds{static_cast<std::int64_t>(reach * 60)}));
  const Outlook& outlook = sight.outlook();
  const auto count = std::min<std::ptrdiff_t>(window.length / step + 1, kMostPathPoints);
  points.reserve(static_cast<std::size_t>(count));
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const Instant at = window.now + i * step;
    const double minutes = minutes_from(seen_at, at);
    const double uplift = outlook.uplift(outlook.shares_at(minutes)).median;
    const double log_median = outlook.log_now() + structural_growth(outlook, minutes, uplift);
    const double room =
        minutes <= 0 ? 0 : LearnedGrowth(sight, std::max(1.0, minutes)).at(confidence).room;
    const double most = most_viewers(recent, outlook.viewers(), uplift);
    const double median = std::min(viewers_of(recent, log_median), most);
    const double quantile = std::min(viewers_of(recent, log_median + std::max(0.0, room)), most);
    points.push_back({at, Viewers{median}, Viewers{std::max(median, quantile)}});
  }
  return points;
}

}  // namespace edgetide::forecast
