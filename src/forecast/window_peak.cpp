#include <algorithm>
#include <cmath>
#include <limits>

#include "edgetide/forecast/demand_forecaster.h"
#include "edgetide/forecast/student_t.h"
#include "outlook.h"

namespace edgetide::forecast {
namespace {

constexpr double kSpeaks = 60;      ///< Settled minutes from which a tracker is listened to.
constexpr double kStageLevel = 30;  ///< Minutes seen before anything is claimed.
constexpr double kStageDaily = 1440;
constexpr double kStageWeekly = 14 * 1440;
/// Where the path by habit and calendar is looked at: seasons and shapes say nothing finer.
constexpr double kGridMinutes = 3;
constexpr int kMostGridPoints = 20;
/// Growth beyond this needs an event to justify it.
constexpr double kMostOfPeak = 1.3;
constexpr double kMostGrowth = 3;
/// Minutes by which the quickest moving average lags behind a steady climb.
constexpr double kQuickLag = 2.5;
constexpr double kLongestClimb = 15;
constexpr double kLongestMinutes = 7 * 1440;
constexpr std::ptrdiff_t kMostPathPoints = 20000;

model::ForecastStage stage_of(const Recent& recent) {
  if (recent.seen_minutes < kStageLevel) return model::ForecastStage::kNone;
  if (recent.seen_minutes < kStageDaily) return model::ForecastStage::kLevel;
  if (recent.seen_minutes < kStageWeekly) return model::ForecastStage::kDaily;
  return model::ForecastStage::kWeekly;
}

/// Growth in log demand and, beside it, how far the quantile is above.
struct PeakGrowth {
  double mean = 0;
  double room = 0;
};

PeakGrowth at_horizon(const ForecastState& state, const Outlook& outlook, std::size_t i,
                      double confidence) {
  const HorizonTracker& tracker = state.trackers[i];
  const Features features = outlook.features(tracker, kHorizons[i]);
  const Growth growth = tracker.forecast(features, outlook.log_now());
  return {growth.mean, growth.error * tracker.errors_above(confidence, features.announced)};
}

/// A horizon as long as those around it that see as many readings: with one every five minutes, 6
/// minutes see one, as 5 to 9 do.
double usual_length(const Recent& recent, std::size_t i) {
  const double step = std::max(1.0, std::round(recent.step));
  return std::floor(kHorizons[i] / step) * step + (step - 1) / 2;
}

/// Between the two horizons around `minutes` that have something to say; beyond the last one errors
/// grow with the root of time, as those of a random walk do.
PeakGrowth learned_growth(const ForecastState& state, const Outlook& outlook, double minutes,
                          double confidence) {
  std::size_t below = kHorizons.size();
  std::size_t above = kHorizons.size();
  for (std::size_t i = 0; i < kHorizons.size(); ++i) {
    if (state.trackers[i].settled_minutes() < kSpeaks) continue;
    const double length = usual_length(state.recent, i);
    if (length <= minutes) below = i;
    if (length >= minutes && above == kHorizons.size()) above = i;
  }
  if (below == kHorizons.size() && above == kHorizons.size()) below = 0;
  if (below == kHorizons.size()) return at_horizon(state, outlook, above, confidence);
  PeakGrowth low = at_horizon(state, outlook, below, confidence);
  const double shorter = usual_length(state.recent, below);
  if (above <= below) return low;
  if (above == kHorizons.size()) {
    low.room *= std::sqrt(std::max(1.0, std::min(minutes, 1440.0) / shorter));
    return low;
  }
  const PeakGrowth high = at_horizon(state, outlook, above, confidence);
  const double share = (minutes - shorter) / (usual_length(state.recent, above) - shorter);
  return {low.mean + share * (high.mean - low.mean), low.room + share * (high.room - low.room)};
}

/// Growth by habit and calendar alone.
double structural_growth(const Outlook& outlook, double minutes, double uplift) {
  const double habit = outlook.season(minutes) + outlook.return_to_habit(minutes);
  return std::log(std::exp(habit) + uplift / std::exp(outlook.log_now()));
}

/// The highest point of the path by habit and calendar.
struct StructuralPeak {
  double growth = 0;
  double minutes = 0;
  Outlook::Uplift uplift;
};

StructuralPeak structural_peak(const Outlook& outlook, double minutes) {
  StructuralPeak peak;
  const int points = std::clamp(static_cast<int>(minutes / kGridMinutes), 1, kMostGridPoints);
  for (int i = 1; i <= points; ++i) {
    const double ahead = minutes * i / points;
    const Outlook::Uplift uplift = outlook.uplift(ahead, 0.5);
    const double growth = structural_growth(outlook, ahead, uplift.median);
    if (growth <= peak.growth) continue;
    peak = {growth, ahead, uplift};
  }
  return peak;
}

/// One before any event's shape was learned, towards zero with every evening.
double inexperience(const ForecastState& state, const Outlook& outlook) {
  const double minute = outlook.phase() ? outlook.phase()->minute : 0;
  return 2 / (2 + state.events.shapes_seen(minute));
}

/// Room for an event's size where experience with the phase is short.
double event_room(const ForecastState& state, const Outlook& outlook, double minutes,
                  double confidence) {
  const Outlook::Uplift uplift = outlook.uplift(minutes, confidence);
  if (uplift.high <= uplift.median) return 0;
  const double present = std::exp(outlook.log_now());
  const double room = std::log((present + uplift.high) / (present + uplift.median));
  return room * inexperience(state, outlook);
}

/// What the calendar announces counts in full while evenings like it were not seen: that nothing
/// has moved yet is no argument against it. Nothing announced says nothing.
double announced_growth(const ForecastState& state, const Outlook& outlook, double minutes) {
  const double uplift = outlook.uplift(minutes, 0.5).median;
  if (uplift <= 0) return -std::numeric_limits<double>::infinity();
  const double growth = std::log1p(uplift / std::exp(outlook.log_now()));
  return growth * inexperience(state, outlook);
}

/// Growth in log demand if the climb of the last minutes goes on; nothing unless the quarter of an
/// hour before agrees.
double climb(const Recent& recent, double log_now, double minutes) {
  const double of_late = (log_now - recent.quick) / kQuickLag;
  if (recent.quick - recent.medium < log_now - recent.quick) return 0;
  return std::max(0.0, of_late) * std::min(minutes, kLongestClimb);
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

void name_event(model::WindowPeak& peak, const Outlook& outlook, const Outlook::Uplift& coming) {
  const model::StreamEvent* event = nullptr;
  double uplift = coming.median;
  double brought = 0;
  if (const RunningEvent* running = largest_running(outlook, event))
    brought = std::max(0.0, outlook.viewers() - running->before);
  if (coming.largest != nullptr && (event == nullptr || coming.median >= brought))
    event = coming.largest;
  uplift += brought;
  if (event == nullptr || uplift <= 0) return;
  peak.event_uplift = Viewers{std::min(uplift, peak.median.count())};
  peak.event = event->name;
}

/// From the last reading to the window's end. A reading that comes every few minutes stands until
/// the next: it counts as old as one is in the middle of them, so that a forecast changes when
/// there is news, not as the old grows older.
double minutes_ahead(const Recent& recent, const PeakWindow& window) {
  const double length = minutes_from(Instant{}, Instant{window.length});
  const double age = minutes_from(Instant{Seconds{recent.last.at}}, window.now);
  const double waits = std::round(recent.step) - 1;
  return std::max({1.0, length + std::min(age, 1.0) + waits / 2, length + age - waits});
}

}  // namespace

double most_viewers(const Recent& recent, double present, double event_uplift) {
  return std::max({kMostOfPeak * recent.peak_viewers, kMostGrowth * (present + recent.offset),
                   present + 2 * event_uplift});
}

model::WindowPeak own_window_peak(const ForecastState& state, const PeakWindow& window,
                                  const Context& context) {
  const Recent& recent = state.recent;
  model::WindowPeak peak{.at = window.now, .window_end = window.now + window.length};
  if (!recent.any) return peak;
  peak.stage = stage_of(recent);

  const Instant seen_at{Seconds{recent.last.at}};
  const double confidence = std::clamp(window.confidence, 0.5, 0.99999);
  const double minutes = minutes_ahead(recent, window);
  const Outlook outlook(state, context, seen_at, Seconds{static_cast<int>(minutes * 60)});
  const StructuralPeak path = structural_peak(outlook, minutes);
  PeakGrowth growth = learned_growth(state, outlook, minutes, confidence);
  if (minutes > kHorizons.back()) growth.mean = std::max(growth.mean, path.growth);
  growth.mean = std::max(growth.mean, announced_growth(state, outlook, minutes));
  const double surprise = event_room(state, outlook, minutes, confidence);
  const double momentum = climb(recent, outlook.log_now(), minutes) * (2 * confidence - 1);
  const double room =
      std::max(std::hypot(std::max(0.0, growth.room), surprise), momentum - growth.mean);

  const double present = outlook.viewers();
  const double most = most_viewers(recent, present, outlook.uplift(minutes, 0.5).median);
  const double median = std::min(viewers_of(recent, outlook.log_now() + growth.mean), most);
  const double quantile =
      std::min(viewers_of(recent, outlook.log_now() + growth.mean + room), most);
  peak.median = Viewers{std::max(median, present)};
  peak.quantile = Viewers{std::max(quantile, peak.median.count())};
  const Seconds until_peak{static_cast<std::int64_t>(path.minutes * 60)};
  peak.at = std::max(window.now, std::min(seen_at + until_peak, peak.window_end));
  name_event(peak, outlook, path.uplift);
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
  const Outlook outlook(state, context, seen_at, Seconds{static_cast<std::int64_t>(reach * 60)});
  const auto count = std::min<std::ptrdiff_t>(window.length / step + 1, kMostPathPoints);
  points.reserve(static_cast<std::size_t>(count));
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const Instant at = window.now + i * step;
    const double minutes = minutes_from(seen_at, at);
    const double uplift = outlook.uplift_at(minutes, 0.5).median;
    const double log_median = outlook.log_now() + structural_growth(outlook, minutes, uplift);
    const double room =
        minutes <= 0 ? 0 : learned_growth(state, outlook, std::max(1.0, minutes), confidence).room;
    const double most = most_viewers(recent, outlook.viewers(), uplift);
    const double median = std::min(viewers_of(recent, log_median), most);
    const double quantile = std::min(viewers_of(recent, log_median + std::max(0.0, room)), most);
    points.push_back({at, Viewers{median}, Viewers{std::max(median, quantile)}});
  }
  return points;
}

}  // namespace edgetide::forecast
