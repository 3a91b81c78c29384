#include "outlook.h"

#include <algorithm>
#include <cmath>

namespace edgetide::forecast {
namespace {

/// The next event's ramp takes over the phase of one still running this long before its start.
constexpr double kHandover = -30;
/// An event that should be well under way but has brought less than this share is late.
constexpr double kNotBegun = 0.1;
/// One that brought this share of its size for so many bins has been, whoever is left.
constexpr double kHasCome = 0.5;
constexpr int kHasComeBins = 3;
constexpr double kNoMoreThanUsual = 1.25;
constexpr double kShouldHaveBegun = 0.2;
constexpr double kLateBegin = -5;
/// A channel with less than this share of its event's size is off air: it begins as a step.
constexpr double kOffAir = 0.02;
/// Of a belief that the evening has replaced by so much, little is left.
constexpr float kMostlyTold = 0.5F;

float held(double value, double limit) {
  return static_cast<float>(std::clamp(value, -limit, limit));
}

bool has_come(const RunningEvent& running, double believed) {
  const auto telling = [&](float uplift) { return uplift >= kHasCome * believed; };
  return std::ranges::count_if(running.uplift, telling) >= kHasComeBins;
}

}  // namespace

double log_demand(const Recent& recent, double viewers) {
  return std::log(viewers + recent.offset);
}

double viewers_of(const Recent& recent, double log_demand) {
  return std::max(0.0, std::exp(log_demand) - recent.offset);
}

double effective_viewers(const Recent& recent, Instant at) {
  const bool holding = at.time_since_epoch().count() <= recent.held_until;
  return holding ? std::max(recent.last.viewers, recent.held_viewers) : recent.last.viewers;
}

double usual_error(const ForecastState& state) {
  const auto judged = [](const HorizonTracker& tracker) { return tracker.settled_minutes() > 0; };
  const auto shortest = std::ranges::find_if(state.trackers, judged);
  return (shortest == state.trackers.end() ? state.trackers.front() : *shortest).usual_error();
}

const RunningEvent* running_record(const ForecastState& state, const model::StreamEvent& event) {
  const auto of_event = [id = class_id(event.event_class),
                         start = event.start.time_since_epoch().count()](const RunningEvent& one) {
    return one.event_class == id && one.start == start;
  };
  const auto found = std::ranges::find_if(state.running, of_event);
  return found == state.running.end() ? nullptr : &*found;
}

bool is_guessed(const ForecastState& state, const model::StreamEvent& event) {
  const RunningEvent* running = running_record(state, event);
  if (running != nullptr && running->certainty >= kMostlyTold) return false;
  return state.events.size_of(event, 1).guessed;
}

Outlook::Outlook(const ForecastState& state, const Context& context, Instant at, Seconds reach)
    : state_(state),
      context_(context),
      at_(at),
      viewers_(effective_viewers(state.recent, at)),
      log_now_(log_demand(state.recent, viewers_)),
      demand_now_(std::exp(log_now_)),
      usual_viewers_(viewers_),
      depth_(log_now_ - log_demand(state.recent, state.recent.peak_viewers)) {
  const Seconds time_of_week = context.offsets.local_time_of_week(at);
  season_now_ = state.habits.season(time_of_week);
  if (state.habits.is_known()) {
    const double expected = state.habits.level() + season_now_;
    usual_viewers_ = viewers_of(state.recent, expected);
    deviation_ = std::clamp(log_now_ - expected, -3.0, 3.0);
  }
  gather(reach);
  place_events();
  find_phase();
  find_beginning();
}

void Outlook::place_events() {
  for (std::size_t i = 0; i < count_; ++i) place(events_[i]);
}

/// What lies beyond its peak takes nothing away: that is for the data to say.
void Outlook::place(NearEvent& near) const {
  near.stands_at = near.minute;
  near.reached = 0;
  if (viewers_ < kOffAir * near.size) {
    near.stands_at = std::min(near.minute, 0.0);
    return;
  }
  near.reached = state_.events.shape(near.minute, *near.event);
  if (near.minute > 0 && near.reached > kShouldHaveBegun && not_begun(near)) {
    near.stands_at = kLateBegin;
    near.reached = state_.events.shape(kLateBegin, *near.event);
  }
}

void Outlook::find_phase() {
  for (const NearEvent& near : events()) {
    const double ramp = minutes_of(near.event->ramp());
    if (!near.telling || near.minute < -ramp) continue;
    in_event_ = true;
    release_minutes_ = std::max(release_minutes_, minutes_of(near.event->end() - at_));
    if (near.minute < EventMemory::kFirstMinute || near.minute >= EventMemory::kLastMinute)
      continue;
    // While an earlier event still has its audience, its evening goes on.
    const double in_phase = 1 - std::clamp(near.leaving / demand_now_, 0.0, 1.0);
    if (in_phase < kMostlyInPhase && near.running != nullptr &&
        near.running->lasting >= near.running->before)
      continue;
    // The latest start comes first; one not near yet gives way to one that runs.
    if (phase_ && (phase_->minute >= kHandover || near.minute < phase_->minute)) continue;
    phase_ = EventPhase{.minute = near.minute, .kind = kind_of(near.event->start)};
    in_phase_ = in_phase;
  }
}

int Outlook::kind_of(Instant start) const {
  return event_kind(context_.offsets.local_time_of_week(start));
}

void Outlook::find_beginning() {
  const double minute = minutes_of(at_ - Instant{Seconds{state_.recent.resumed_at}});
  if (minute < BeginningPace::kMinutes) beginning_ = minute;
}

double Outlook::season(double minutes) const {
  const Instant then = at_ + Seconds{static_cast<std::int64_t>(minutes * 60)};
  return state_.habits.season(context_.offsets.local_time_of_week(then)) - season_now_;
}

double Outlook::return_to_habit(double minutes) const {
  const double fading = minutes - release_minutes_;
  if (fading <= 0 || deviation_ == 0) return 0;
  return -deviation_ * (1 - std::pow(state_.gains().persistence, fading / 15));
}

bool Outlook::not_begun(const NearEvent& near) const {
  if (near.running == nullptr) return false;
  const double believed = std::exp(near.log_size - near.running->log_scale);
  return viewers_ - near.running->before < kNotBegun * believed &&
         viewers_ <= kNoMoreThanUsual * usual_viewers_ && !has_come(*near.running, believed);
}

Outlook::Shares Outlook::shares(double minutes) const {
  Shares shares{};
  for (std::size_t i = 0; i < count_; ++i) {
    const NearEvent& near = events_[i];
    const double by_then = state_.events.shape(near.stands_at + minutes, *near.event);
    shares[i] = std::max(0.0, by_then - near.reached);
  }
  return shares;
}

Outlook::Shares Outlook::shares_at(double minutes) const {
  Shares shares = this->shares(minutes);
  for (std::size_t i = 0; i < count_; ++i) {
    if (minutes > minutes_of(events_[i].event->overrun_end() - at_)) shares[i] = 0;
  }
  return shares;
}

Outlook::Uplift Outlook::uplift(const Shares& shares) const {
  Uplift sum;
  double largest = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const double median = shares[i] * events_[i].size;
    sum.median += kSubstitution * median;
    if (median > largest) sum.largest = events_[i].event;
    largest = std::max(largest, median);
  }
  sum.median += (1 - kSubstitution) * largest;
  return sum;
}

double Outlook::high_uplift(const Shares& shares, const Sizes& high) const {
  double sum = 0;
  double largest = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const double uplift = shares[i] * high[i];
    sum += kSubstitution * uplift;
    largest = std::max(largest, uplift);
  }
  return sum + (1 - kSubstitution) * largest;
}

double Outlook::growth_by(double uplift) const {
  return uplift > 0 ? std::log1p(uplift / demand_now_) : 0;
}

/// What the calendar adds, corrected by how earlier beginnings and evenings went.
double Outlook::expected_growth(int horizon, double announced) const {
  if (beginning_) return state_.beginnings.growth(*beginning_, horizon, announced);
  if (!phase_) return announced;
  const double pace = state_.pace.growth(*phase_, horizon, announced);
  return in_phase_ < 1 ? std::log1p(in_phase_ * std::expm1(pace)) : pace;
}

Features Outlook::features(const HorizonTracker& tracker, int horizon, double announced) const {
  const Recent& recent = state_.recent;
  const double slope = log_now_ - recent.quick;
  Features features;
  features.in_event = in_event_;
  features.announced = release_minutes_ > 0;
  const auto phase = beginning_ ? EventPhase{.minute = *beginning_} : phase_;
  if (phase) features.phase = static_cast<std::int8_t>(phase->bin());
  const double back = in_event_ ? 0 : return_to_habit(horizon);
  features.growth = {1.0F,
                     held(slope, 1),
                     held(recent.quick - recent.medium, 1),
                     held(recent.medium - recent.slow, 1),
                     static_cast<float>(expected_growth(horizon, announced)),
                     held(back, 0.3)};
  tracker.complete(features, slope, depth_);
  return features;
}

}  // namespace edgetide::forecast
