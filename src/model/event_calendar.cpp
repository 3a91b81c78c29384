#include "edgetide/model/event_calendar.h"

#include <algorithm>
#include <utility>

namespace edgetide::model {
namespace {

constexpr double kLeastShare = 0.01;

}  // namespace

void StreamEvent::follow(const KnownClass& known, double share) {
  if (!ramp_up) ramp_up = known.ramp_up;
  if (!overrun) overrun = known.overrun;
  if (known.prior) prior = known.prior->scaled(std::clamp(share, kLeastShare, 1.0));
}

EventCalendar::EventCalendar(std::vector<StreamEvent> events) {
  if (events.empty()) return;
  auto contents = std::make_shared<Contents>();
  contents->events = std::move(events);
  std::ranges::stable_sort(contents->events, [](const StreamEvent& a, const StreamEvent& b) {
    return a.start != b.start ? a.start < b.start : a.name < b.name;
  });
  auto& ends = contents->last_ends;
  ends.reserve(contents->events.size());
  for (const StreamEvent& event : contents->events) {
    ends.push_back(ends.empty() ? event.overrun_end() : std::max(ends.back(), event.overrun_end()));
    contents->longest_ramp = std::max(contents->longest_ramp, event.ramp());
  }
  contents_ = std::move(contents);
}

EventPointers EventCalendar::touching(Instant from, Instant to) const {
  EventPointers found;
  if (!contents_) return found;
  const auto& [events, last_ends, longest_ramp] = *contents_;
  const auto first = std::ranges::lower_bound(last_ends, from) - last_ends.begin();
  for (auto event = events.begin() + first; event != events.end(); ++event) {
    if (event->start - longest_ramp > to) break;
    if (event->ramp_start() <= to && event->overrun_end() >= from) found.push_back(&*event);
  }
  return found;
}

}  // namespace edgetide::model
