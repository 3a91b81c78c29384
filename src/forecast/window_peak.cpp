#include <algorithm>
#include <cmath>
#include <limits>

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
  for (const NearEvent& near : outlook.events()) {
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

ViewersPerSecond arriving_of_late(const ForecastState& state) {
  const auto& [at, viewers] = state.recent.last;
  double slowest = std::numeric_limits<double>::infinity();
  for (const Recent::Reading& earlier : state.recent.previous) {
    const auto seconds = static_cast<double>(at - earlier.at);
    if (seconds > 0) slowest = std::min(slowest, (viewers - earlier.viewers) / seconds);
  }
  return ViewersPerSecond{std::isfinite(slowest) ? std::max(0.0, slowest) : 0};
}

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
  // Farther reaches see what nearer ones do, and more.
  const bool same = sight_ && sight_->outlook().events().size() == farthest_.count_within(reach);
  return same ? *sight_ : sight_.emplace(state_, farthest_.within(reach));
}

OwnWindowPeak::OwnWindowPeak(Sight& sight, Instant now, Seconds length)
    : sight_(sight),
      now_(now),
      length_(length),
      minutes_(minutes_ahead(sight.state().recent, now, length)),
      learned_(sight, minutes_of_errors(minutes_, length)),
      added_(sight.state(), sight.outlook(), minutes_),
      most_(most_viewers(sight.state().recent, sight.outlook().viewers(),
                         added_.announced_uplift())) {
  if (minutes_ <= kHorizons.back()) return;
  const double within = sight.structural_growth();
  beyond_ = path().growth - std::min(within, path().growth);
}

const StructuralPeak& OwnWindowPeak::path() {
  if (!path_) path_ = structural_peak(sight_.outlook(), minutes_);
  return *path_;
}

ViewersPerSecond OwnWindowPeak::steepest_to(Viewers peak) {
  if (!sight_.state().recent.any) return {};
  const Outlook& outlook = sight_.outlook();
  if (!steepest_minute_) steepest_minute_ = steepest_minute(outlook, minutes_, path().growth);
  const double rise = std::max(0.0, peak.count() - outlook.viewers());
  return ViewersPerSecond{rise * *steepest_minute_ / 60};
}

model::WindowPeak OwnWindowPeak::window() const {
  return {.stage = stage_of(sight_.state().recent), .at = now_, .window_end = now_ + length_};
}

void OwnWindowPeak::tell_of_peak(model::WindowPeak& window) {
  const Recent& recent = sight_.state().recent;
  if (!recent.any) return;
  const Instant seen_at{Seconds{recent.last.at}};
  const Seconds until_peak{static_cast<std::int64_t>(path().minutes * 60)};
  window.at = std::max(now_, std::min(seen_at + until_peak, window.window_end));
  name_event(window);
}

void OwnWindowPeak::name_event(model::WindowPeak& window) {
  const Outlook& outlook = sight_.outlook();
  const Outlook::Uplift& coming = path().uplift;
  const model::StreamEvent* event = nullptr;
  double brought = 0;
  if (const RunningEvent* running = largest_running(outlook, event))
    brought = std::max(0.0, outlook.viewers() - running->before);
  if (coming.largest != nullptr && (event == nullptr || coming.median >= brought))
    event = coming.largest;
  const double uplift = coming.median + brought;
  if (event == nullptr || uplift <= 0) return;
  window.event_uplift = Viewers{uplift};
  window.event = event->name;
  window.event_guessed = is_guessed(sight_.state(), *event);
}

PeakDemand OwnWindowPeak::at(const TrackedConfidence& confidence) const {
  const Recent& recent = sight_.state().recent;
  if (!recent.any) return {};
  const Outlook& outlook = sight_.outlook();
  PeakGrowth learned = learned_.at(confidence);
  learned.mean += beyond_;
  const double announced_room = added_.announced_room(confidence.value());
  const auto [mean, room] = added_.to(learned, announced_room, confidence.value());

  const double log_now = outlook.log_now();
  const double median = std::min(viewers_of(recent, log_now + mean), most_);
  const double quantile = std::min(viewers_of(recent, log_now + mean + room), most_);
  const Viewers least{outlook.viewers()};
  const Viewers held = std::max(Viewers{median}, least);
  return {held, std::max(Viewers{quantile}, held)};
}

std::vector<model::ForecastPoint> path(const ForecastState& state, const PeakWindow& window,
                                       Seconds step, const Context& context) {
  std::vector<model::ForecastPoint> points;
  const Recent& recent = state.recent;
  if (!recent.any || step <= Seconds{0} || window.length < Seconds{0}) return points;
  const Instant seen_at{Seconds{recent.last.at}};
  const TrackedConfidence confidence(window.confidence);
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
