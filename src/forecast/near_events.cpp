#include <algorithm>
#include <cmath>

#include "edgetide/forecast/student_t.h"
#include "outlook.h"

namespace edgetide::forecast {
namespace {

/// After this long a broadcast is what the audience is used to.
constexpr Seconds kLongestEvening{std::chrono::hours{12}};
/// Ramps that are longer begin unseen.
constexpr Seconds kEarlyRamp{std::chrono::hours{2}};
/// The most events looked at behind and ahead of a moment, so that a huge calendar costs no more.
constexpr std::ptrdiff_t kMostLookedAt = 512;
/// Share of the usual audience from which an event sets the evening's phase.
constexpr double kTellingShare = 0.2;
constexpr double kLargestLog = 40;  ///< Of any size: far beyond what a counter may say.

/// Who leaves makes room; who stays is the audience of both, as of any two at the same time.
double beside(double leaving, double size) {
  return std::max(size - leaving, kSubstitution * size);
}

}  // namespace

void Outlook::gather(Seconds reach) {
  const auto all = context_.calendar.events();
  if (all.empty()) return;
  const Instant last_start = at_ + reach + kEarlyRamp;
  const auto end = std::ranges::upper_bound(all, last_start, {}, &model::StreamEvent::start);
  const auto begin = end - std::min<std::ptrdiff_t>(end - all.begin(), kMostLookedAt);
  for (auto event = end; event != begin && count_ < events_.size();) {
    --event;
    if (event->start + kLongestEvening < at_) break;
    if (event->overrun_end() < at_ || !reaches(reach, *event)) continue;
    events_[count_++] = {.event = &*event,
                         .running = running_record(state_, *event),
                         .minute = minutes_of(at_ - event->start)};
  }
  for (NearEvent& near : std::span{events_}.first(count_)) believe(near);
}

bool Outlook::reaches(Seconds reach, const model::StreamEvent& event) const {
  return event.start <= at_ + reach + kEarlyRamp && event.ramp_start() <= at_ + reach;
}

/// What has begun is within any reach, and it alone sets the phase.
Outlook Outlook::within(Seconds reach) const {
  Outlook narrower = *this;
  const auto beyond = [&](const NearEvent& near) { return !reaches(reach, *near.event); };
  const auto all = std::span{narrower.events_}.first(count_);
  narrower.count_ -= std::ranges::remove_if(all, beyond).size();
  return narrower;
}

std::size_t Outlook::count_within(Seconds reach) const {
  const auto reached = [&](const NearEvent& near) { return reaches(reach, *near.event); };
  return static_cast<std::size_t>(std::ranges::count_if(events(), reached));
}

void Outlook::believe(NearEvent& near) const {
  const RunningEvent* running = near.running;
  const double before = running != nullptr ? running->before : usual_viewers_;
  const double staying =
      lasting(*near.event, running != nullptr ? running->lasting : usual_viewers_);
  const SizeBelief belief = state_.events.size_of(*near.event, staying);
  near.log_size = belief.log_mean;
  near.spread = belief.spread;
  near.degrees = belief.degrees;
  near.telling = std::exp(belief.log_mean) >= kTellingShare * before;
  if (running != nullptr) {
    near.log_size += running->log_scale;
    near.spread *= std::sqrt(1 - running->certainty);
  }
  near.leaving = before - staying;
  near.size = beside(near.leaving, std::exp(near.log_size));
}

const NearEvent* Outlook::earlier(const model::StreamEvent& event) const {
  const Instant half = event.start + event.duration / 2;
  const NearEvent* found = nullptr;
  for (const NearEvent& near : events()) {
    if (near.running == nullptr || near.running->event_class == 0) continue;
    if (near.event->start >= event.start || near.event->end() > half) continue;
    if (found == nullptr || near.running->before < found->running->before) found = &near;
  }
  return found;
}

double Outlook::lasting(const model::StreamEvent& event, double before) const {
  const NearEvent* over = event.expected_peak ? earlier(event) : nullptr;
  return over != nullptr ? std::min<double>(before, over->running->before) : before;
}

Outlook::Sizes Outlook::high_sizes(double confidence) const {
  Sizes sizes{};
  for (std::size_t i = 0; i < count_; ++i) {
    const NearEvent& near = events_[i];
    const double tail = near.spread * student_t_quantile(confidence, near.degrees);
    sizes[i] = beside(near.leaving, std::exp(std::min(near.log_size + tail, kLargestLog)));
  }
  return sizes;
}

}  // namespace edgetide::forecast
