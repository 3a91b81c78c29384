#include "peak_growth.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgetide::forecast {
namespace {

constexpr double kSpeaks = 60;  ///< Settled minutes from which a tracker is listened to.
/// Where the path by habit and calendar is looked at: seasons and shapes say nothing finer.
constexpr double kGridMinutes = 3;
constexpr int kMostGridPoints = 20;
/// Steps in which arrivals are looked at: half of those that shapes of events are kept by, so that
/// wherever a window begins one of them lies wholly within the steepest.
constexpr double kArrivalMinutes = EventMemory::kBinMinutes / 2;
/// Minutes by which the quickest moving average lags behind a steady climb.
constexpr double kQuickLag = 2.5;
constexpr double kLongestClimb = 15;

}  // namespace

const HorizonGrowth& Sight::horizon(std::size_t i) {
  auto& horizon = horizons_[i];
  if (!horizon) {
    const HorizonTracker& tracker = state_.trackers[i];
    const double uplift = outlook_.uplift(outlook_.shares(kHorizons[i])).median;
    const Features features = outlook_.features(tracker, kHorizons[i], outlook_.growth_by(uplift));
    horizon = {tracker.forecast(features, outlook_.demand_now()),
               tracker.errors_at_levels(features.announced)};
  }
  return *horizon;
}

double Sight::structural_growth() {
  if (!structural_growth_) structural_growth_ = structural_peak(outlook_, kHorizons.back()).growth;
  return *structural_growth_;
}

PeakGrowth HorizonGrowth::at(const TrackedConfidence& confidence) const {
  return {growth.mean, growth.error * confidence.errors_above(errors)};
}

LearnedGrowth::LearnedGrowth(Sight& sight, double minutes) {
  const ForecastState& state = sight.state();
  std::size_t below = kHorizons.size();
  std::size_t above = kHorizons.size();
  for (std::size_t i = 0; i < kHorizons.size(); ++i) {
    if (state.trackers[i].settled_minutes() < kSpeaks) continue;
    const double length = kHorizons[i];
    if (length <= minutes) below = i;
    if (length >= minutes && above == kHorizons.size()) above = i;
  }
  if (below == kHorizons.size() && above == kHorizons.size()) below = 0;
  near_ = sight.horizon(below == kHorizons.size() ? above : below);
  if (below == kHorizons.size() || above <= below) return;
  const double shorter = kHorizons[below];
  if (above == kHorizons.size()) {
    spread_ = std::sqrt(std::max(1.0, std::min(minutes, 1440.0) / shorter));
    return;
  }
  far_ = sight.horizon(above);
  share_ = (minutes - shorter) / (kHorizons[above] - shorter);
}

PeakGrowth LearnedGrowth::at(const TrackedConfidence& confidence) const {
  PeakGrowth near = near_.at(confidence);
  near.room *= spread_;
  if (!far_) return near;
  const PeakGrowth far = far_->at(confidence);
  return {near.mean + share_ * (far.mean - near.mean), near.room + share_ * (far.room - near.room)};
}

namespace {

/// e to the growth by habit and calendar; `uplift` in viewers.
double structural_ratio(const Outlook& outlook, double habit, double uplift) {
  return std::exp(habit) + uplift / outlook.demand_now();
}

}  // namespace

double structural_growth(const Outlook& outlook, double minutes, double uplift) {
  const double habit = outlook.season(minutes) + outlook.return_to_habit(minutes);
  return std::log(structural_ratio(outlook, habit, uplift));
}

StructuralPeak structural_peak(const Outlook& outlook, double minutes) {
  StructuralPeak peak;
  double highest = 1;
  const int points = std::clamp(static_cast<int>(minutes / kGridMinutes), 1, kMostGridPoints);
  for (int i = 1; i <= points; ++i) {
    const double ahead = minutes * i / points;
    const Outlook::Uplift uplift = outlook.uplift(outlook.shares(ahead));
    const double season = outlook.season(ahead);
    // Habit alone that only falls: nothing above the present.
    if (uplift.median <= 0 && season + outlook.most_return_to_habit() <= 0) continue;
    const double habit = season + outlook.return_to_habit(ahead);
    const double ratio = structural_ratio(outlook, habit, uplift.median);
    if (ratio <= highest) continue;
    highest = ratio;
    peak = {.minutes = ahead, .uplift = uplift};
  }
  peak.growth = std::log(highest);
  return peak;
}

double steepest_minute(const Outlook& outlook, double minutes, double growth) {
  const double evenly = 1 / minutes;
  if (outlook.events().empty()) return evenly;
  const int steps = std::max(1, static_cast<int>(std::ceil(minutes / kArrivalMinutes)));
  double before = 0;
  double most = 0;
  double steepest = 0;
  for (int i = 1; i <= steps; ++i) {
    const double uplift = outlook.uplift(outlook.shares(minutes * i / steps)).median;
    steepest = std::max(steepest, uplift - before);
    most = std::max(most, uplift);
    before = uplift;
  }
  const double rise = std::max(most, std::expm1(growth) * outlook.demand_now());
  return rise > 0 ? evenly * std::max(1.0, steepest * steps / rise) : evenly;
}

namespace {

/// One before any event's shape was learned, towards zero with every evening.
double inexperience(const ForecastState& state, const Outlook& outlook) {
  if (outlook.events().empty()) return 0;
  const double minute = outlook.phase() ? outlook.phase()->minute : 0;
  return 2 / (2 + state.events.shapes_seen(minute));
}

/// Growth in log demand if the climb of the last minutes goes on; nothing unless the quarter of an
/// hour before agrees.
double climb(const Recent& recent, double log_now, double minutes) {
  const double of_late = (log_now - recent.quick) / kQuickLag;
  if (recent.quick - recent.medium < log_now - recent.quick) return 0;
  return std::max(0.0, of_late) * std::min(minutes, kLongestClimb);
}

}  // namespace

AddedGrowth::AddedGrowth(const ForecastState& state, const Outlook& outlook, double minutes)
    : outlook_(outlook),
      shares_(outlook.shares(minutes)),
      uplift_(outlook.uplift(shares_).median),
      growth_(outlook.growth_by(uplift_)),
      inexperience_(inexperience(state, outlook)),
      announced_(-std::numeric_limits<double>::infinity()),
      climb_(climb(state.recent, outlook.log_now(), minutes)) {
  // Counts in full while evenings like it were not seen: that nothing has moved yet is no argument
  // against it. Nothing announced says nothing.
  if (uplift_ > 0) announced_ = growth_ * inexperience_;
}

double AddedGrowth::announced_room(const Outlook::Sizes& sizes) const {
  const double high = outlook_.high_uplift(shares_, sizes);
  if (high <= uplift_) return 0;
  const double present = outlook_.demand_now();
  return std::log((present + high) / (present + uplift_)) * inexperience_;
}

Expectations::Expectations(const ForecastState& state, const Outlook& outlook)
    : state_(state), outlook_(outlook) {
  if (outlook.events().empty()) return;
  for (std::size_t i = 0; i < kTrackedLevels.size(); ++i)
    high_sizes_[i] = outlook.high_sizes(kTrackedLevels[i]);
}

Expectation Expectations::at(std::size_t horizon) const {
  const HorizonTracker& tracker = state_.trackers[horizon];
  const int minutes = kHorizons[horizon];
  const AddedGrowth added(state_, outlook_, minutes);
  Expectation expected{.features = outlook_.features(tracker, minutes, added.announced_growth()),
                       .off_air = outlook_.viewers() <= 0};
  expected.growth = tracker.forecast(expected.features, outlook_.demand_now());
  const LevelErrors errors = tracker.errors_at_levels(expected.features.announced);
  LevelErrors rooms{};
  if (!outlook_.events().empty())
    std::ranges::transform(high_sizes_, rooms.begin(),
                           [&](const auto& sizes) { return added.announced_room(sizes); });
  for (std::size_t i = 0; i < kTrackedLevels.size(); ++i) {
    const PeakGrowth peak = added.to({expected.growth.mean, expected.growth.error * errors[i]},
                                     rooms[i], kTrackedLevels[i]);
    expected.promised[i] = static_cast<float>(std::max(0.0, peak.mean + peak.room));
  }
  return expected;
}

}  // namespace edgetide::forecast
