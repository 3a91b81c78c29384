#include "running_events.h"

#include <algorithm>
#include <cmath>

#include "abrupt_change.h"
#include "under_way.h"

namespace edgetide::forecast {
namespace {

/// Scale of an event under way: how much its shape says, and how slowly it is lowered.
constexpr double kTellingShape = 0.15;
constexpr double kShapeNoise = 0.3;
constexpr double kLoweringMinutes = 20;
constexpr double kMostScale = 2.3;
/// Who leaves after an event: after so long one of three is still there.
constexpr double kLeavingMinutes = 15;
/// An uplift of which more than that may be an earlier event's is not known.
constexpr double kMostHidden = 0.25;
/// A record with fewer bins seen is not learned from.
constexpr int kFewestBins = 20;

/// Readings may be farther apart than bins: between two of them, with so few bins at most, a
/// straight line is learned.
constexpr int kMostBetween = 4;

bool same_event(const RunningEvent& running, const model::StreamEvent& event) {
  return running.start == event.start.time_since_epoch().count() &&
         running.event_class == class_id(event.event_class);
}

double uplift_of(const RunningEvent& running, double viewers) {
  return std::max(0.0, viewers - running.before);
}

double minute_of(const RunningEvent& running, Instant at) {
  return static_cast<double>(at.time_since_epoch().count() - running.start) / 60;
}

/// A negative one stands for one that is not known.
void note_uplift(RunningEvent& running, double minute, double uplift) {
  const double position = (minute - EventMemory::kFirstMinute) / EventMemory::kBinMinutes;
  if (position >= 0 && position < EventMemory::kBins)
    running.uplift[static_cast<int>(position)] = static_cast<float>(uplift);
}

RunningEvent beginning(const model::StreamEvent& event, float before) {
  RunningEvent running{.start = event.start.time_since_epoch().count(),
                       .event_class = class_id(event.event_class),
                       .before = before,
                       .lasting = before};
  running.uplift.fill(-1);
  return running;
}

/// Of those who were there before an event it is noted as they leave who came for an earlier one:
/// not before half of them are seen to have left, since any event may take longer.
void let_leave(RunningEvent& running, const Outlook& outlook, const model::StreamEvent& event,
               double minutes) {
  const double viewers = outlook.viewers();
  if (running.lasting >= running.before) {
    const NearEvent* earlier = outlook.earlier(event);
    if (earlier == nullptr) return;
    const RunningEvent& other = *earlier->running;
    if (!event.expected_peak && other.before > kHalf * running.before) return;
    const float brought = std::max(0.0F, running.before - other.before);
    const bool is_over = earlier->minute >= minutes_of(earlier->event->duration);
    const float came = is_over ? std::max(brought, other.peak) : brought;
    if (viewers - other.before >= kHalf * came) return;
    running.lasting = std::min(running.before, other.before);
  }
  const double there = std::min<double>(running.before, viewers);
  const double leaving = std::max(0.0, there - running.lasting);
  running.before =
      running.lasting + static_cast<float>(leaving * std::exp(-minutes / kLeavingMinutes));
}

/// Begins to follow an event whose ramp begins, unless one with the same start is followed already.
void follow_new(RunningEvents& running, const NearEvent& near, double viewers) {
  if (near.running != nullptr || near.minute > 0) return;
  if (near.minute < -minutes_of(near.event->ramp())) return;
  const std::int64_t start = near.event->start.time_since_epoch().count();
  const auto taken = [&](const RunningEvent& r) { return r.event_class != 0 && r.start == start; };
  if (std::ranges::any_of(running, taken)) return;
  const auto place = std::ranges::find(running, 0U, &RunningEvent::event_class);
  if (place == running.end()) return;
  *place = beginning(*near.event, static_cast<float>(viewers));
}

/// Notes the uplift of this minute, and how the event compares with what was believed of it: raised
/// at once, lowered slowly; not before its start, unless its like were seen to have brought as many
/// by then. Where others may be leaving, it is raised by what it has brought at least, and lowered
/// by what at most.
void follow_running(RunningEvent& running, const EventMemory& memory, const Outlook& outlook,
                    const NearEvent& near, double minutes) {
  let_leave(running, outlook, *near.event, minutes);
  const double lasting = outlook.lasting(*near.event, running.lasting);
  const double least = uplift_of(running, outlook.viewers());
  const double most = std::max(0.0, outlook.viewers() - lasting);
  const bool known = running.before - lasting <= kMostHidden * most;
  if (known) running.peak = std::max(running.peak, static_cast<float>(least));
  note_uplift(running, near.minute, known ? least : -1);

  const double shape = memory.shape(near.minute, *near.event);
  if (shape < kTellingShape) return;
  if (outlook.not_begun(near)) return;
  const double believed = std::exp(near.log_size - running.log_scale);
  const double weight = shape * shape / (shape * shape + kShapeNoise * kShapeNoise);
  const auto scale_by = [&](double uplift) {
    const double seen = std::log(std::max(uplift / believed, 0.02) / shape);
    return static_cast<float>(weight * std::clamp(seen, -kMostScale, kMostScale));
  };
  running.log_scale = std::max(running.log_scale, scale_by(least));
  if (near.minute < 0 && memory.seen_of_class(*near.event) < kKnownCourse) return;
  const auto gain = static_cast<float>(std::min(1.0, minutes / kLoweringMinutes));
  running.log_scale += gain * std::min(0.0F, scale_by(most) - running.log_scale);
  if (known) running.certainty = std::max(running.certainty, static_cast<float>(weight));
}

/// Fills the bins that no reading fell into, as kMostBetween says.
void draw_between(std::array<float, EventMemory::kBins>& uplift) {
  int last = -1;
  for (int bin = 0; bin < EventMemory::kBins; ++bin) {
    if (uplift[bin] < 0) continue;
    const int steps = last < 0 ? 0 : bin - last;
    if (steps <= kMostBetween + 1) {
      for (int i = 1; i < steps; ++i)
        uplift[last + i] =
            std::lerp(uplift[last], uplift[bin], static_cast<float>(i) / static_cast<float>(steps));
    }
    last = bin;
  }
}

/// One that was moved or cancelled meanwhile is announced no more.
bool still_announced(const RunningEvent& running, const model::EventCalendar& calendar) {
  const Instant start{Seconds{running.start}};
  const auto events =
      std::ranges::equal_range(calendar.events(), start, {}, &model::StreamEvent::start);
  return std::ranges::any_of(events, [&](const auto& event) { return same_event(running, event); });
}

/// Learns what an event has brought. One that never came to be teaches nothing of its class.
void finish(ForecastState& state, RunningEvent& running, const Outlook& outlook,
            const model::EventCalendar& calendar) {
  const auto seen = std::ranges::count_if(running.uplift, [](float u) { return u >= 0; });
  draw_between(running.uplift);
  if (seen >= kFewestBins && still_announced(running, calendar))
    state.events.learn({.event_class = running.event_class,
                        .kind = outlook.kind_of(Instant{Seconds{running.start}}),
                        .peak = running.peak,
                        .before = running.before,
                        .uplift = running.uplift});
  running = RunningEvent{};
}

}  // namespace

void follow_events(ForecastState& state, const Outlook& outlook,
                   const model::EventCalendar& calendar, double minutes) {
  for (RunningEvent& running : state.running) {
    if (running.event_class == 0) continue;
    const auto near = std::ranges::find_if(outlook.events(), [&](const auto& candidate) {
      return same_event(running, *candidate.event);
    });
    if (near == outlook.events().end() || near->minute > EventMemory::kLastMinute) {
      finish(state, running, outlook, calendar);
    } else {
      follow_running(running, state.events, outlook, *near, minutes);
    }
  }
  for (const NearEvent& near : outlook.events()) follow_new(state.running, near, outlook.viewers());
}

void note_doubted_fall(RunningEvents& running, Instant at, double viewers) {
  for (RunningEvent& one : running) {
    if (one.event_class != 0) note_uplift(one, minute_of(one, at), uplift_of(one, viewers));
  }
}

void forget_doubted_fall(RunningEvents& running, Instant from, Instant to) {
  for (RunningEvent& one : running) {
    for (double minute = minute_of(one, from); minute < minute_of(one, to); minute += 1)
      note_uplift(one, minute, -1);
  }
}

void begin_anew(RunningEvents& running, const model::StreamEvent& event, float before) {
  for (RunningEvent& one : running) {
    if (!same_event(one, event)) continue;
    const float lasting = std::min(one.lasting, before);
    one = beginning(event, before);
    one.lasting = lasting;
  }
}

}  // namespace edgetide::forecast
