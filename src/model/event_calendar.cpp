#include "edgetide/model/event_calendar.h"

#include <algorithm>
#include <utility>

namespace edgetide::model {
namespace {

constexpr double kLeastShare = 0.01;

}  // namespace

void StreamEvent::follow(const KnownClass& known, double share) {
  ramp_up = std::max(ramp_up, known.ramp_up);
  overrun = std::max(overrun, known.overrun);
  if (known.prior) prior = known.prior->scaled(std::clamp(share, kLeastShare, 1.0));
}

EventCalendar::EventCalendar(std::vector<StreamEvent> events) : events_(std::move(events)) {
  std::ranges::stable_sort(events_, [](const StreamEvent& a, const StreamEvent& b) {
    return a.start != b.start ? a.start < b.start : a.name < b.name;
  });
  last_ends_.reserve(events_.size());
  for (const StreamEvent& event : events_) {
    const Instant before = last_ends_.empty() ? event.overrun_end() : last_ends_.back();
    last_ends_.push_back(std::max(before, event.overrun_end()));
    longest_ramp_ = std::max(longest_ramp_, event.ramp_up);
  }
}

std::vector<const StreamEvent*> EventCalendar::touching(Instant from, Instant to) const {
  std::vector<const StreamEvent*> found;
  const auto first = std::ranges::lower_bound(last_ends_, from) - last_ends_.begin();
  for (auto event = events_.begin() + first; event != events_.end(); ++event) {
    if (event->start - longest_ramp_ > to) break;
    if (event->ramp_start() <= to && event->overrun_end() >= from) found.push_back(&*event);
  }
  return found;
}

}  // namespace edgetide::model
