#include "spike.h"

#include <cmath>

#include "abrupt_change.h"
#include "outlook.h"
#include "running_events.h"

namespace edgetide::forecast {
namespace {

using Reading = Recent::Reading;

/// Of log demand a minute: threefold. Kick-offs double an audience in two.
const double kFastestRise = std::log(3.0);
/// So many times what is expected, or of those who fell, goes beyond it. Those who are told too
/// high are three times as many, at least, and those who come back after a loss as many as are
/// expected.
constexpr double kFarBeyond = 2;
/// A fall by as much as the rise was, give or take that factor, ends it,
const double kSameSize = std::log(1.5);
/// if it comes within so long.
constexpr std::int64_t kLongestSpike = 3 * 3600;
/// Who is there before an event is noted with the first minute of its ramp.
constexpr Seconds kRampBegins{60};

/// What comes back after a fall is no spike, unless the fall is doubted no more and far more come
/// than fell; what comes again after the end of one may be.
bool comes_back(const Recent& recent, const Reading& reading) {
  if (reading.at - recent.fell_at > kLongestSpike) return false;
  const std::int64_t doubted = std::max(recent.held_until, recent.fell_at + kDoubtSeconds);
  const bool is_over = reading.at - doubted > kComparedSeconds;
  if (is_over && reading.viewers > kFarBeyond * recent.held_viewers) return false;
  const bool ended_a_spike = recent.spike_ended_at == recent.fell_at;
  const bool rose_again = recent.rose_at > recent.fell_at;
  return !ended_a_spike && !rose_again;
}

/// Those whom habit and events were believed to bring by now, whatever was told of late. Nothing
/// where no habit is known yet.
std::optional<double> expected_viewers(const ForecastState& state, const Context& context,
                                       Instant at) {
  if (!state.habits.is_known()) return std::nullopt;
  const Outlook outlook(state, context, at, Seconds{0});
  double expected = outlook.usual_viewers();
  for (const NearEvent& near : outlook.events()) {
    const SizeBelief belief = state.events.size_of(*near.event, outlook.usual_viewers());
    expected += std::exp(belief.log_mean) * state.events.shape(near.minute, *near.event);
  }
  return expected;
}

/// What a part of the source that was lost tells again does not.
bool goes_far_beyond(const ForecastState& state, const Context& context, const Reading& reading) {
  const auto expected = expected_viewers(state, context, Instant{Seconds{reading.at}});
  return expected && reading.viewers > kFarBeyond * *expected;
}

/// Nobody saw how fast they fell, and it is not doubted; what comes back is no spike all the same.
void note_fall_in_silence(Recent& recent, const Reading& reading) {
  const bool doubted = reading.at <= recent.held_until;
  if (doubted || reading.at - recent.last.at <= kComparedSeconds) return;
  if (reading.viewers + recent.offset > kHalf * (recent.last.viewers + recent.offset)) return;
  recent.fell_at = reading.at;
  recent.held_viewers = recent.last.viewers;
}

/// A rise that nothing has ended yet.
bool may_be_a_spike(const Recent& recent, std::int64_t at) {
  return recent.spike_ended_at < recent.rose_at && at - recent.rose_at <= kLongestSpike;
}

void note_sudden_rise(ForecastState& state, const Reading& reading, const Context& context) {
  Recent& recent = state.recent;
  if (comes_back(recent, reading)) return;
  const Change rise = fastest_change(recent, reading, 1, kFastestRise);
  const bool goes_on =
      may_be_a_spike(recent, reading.at) && reading.at - recent.rose_at <= kComparedSeconds;
  if (rise.depth <= 0 || (goes_on && rise.depth <= recent.rise)) return;
  if (!goes_far_beyond(state, context, reading)) return;
  recent.rise = static_cast<float>(rise.depth);
  if (goes_on) return;
  recent.rose_at = reading.at;
  recent.rose_from = static_cast<float>(rise.from);
}

/// By how much log demand fell until this reading: suddenly, or since before a silence.
double fall_to(const Recent& recent, const Reading& reading) {
  if (reading.at - recent.last.at <= kComparedSeconds)
    return fastest_change(recent, reading, -1, kFastestFall).depth;
  return log_demand(recent, recent.last.viewers) - log_demand(recent, reading.viewers);
}

}  // namespace

void note_spike(ForecastState& state, const Reading& reading, const Context& context) {
  Recent& recent = state.recent;
  note_fall_in_silence(recent, reading);
  note_sudden_rise(state, reading, context);
  if (!may_be_a_spike(recent, reading.at)) return;
  if (std::abs(fall_to(recent, reading) - recent.rise) > kSameSize) return;
  recent.spike_ended_at = reading.at;
  const Instant rose{Seconds{recent.rose_at}};
  const Instant ended{Seconds{reading.at}};
  for (const model::StreamEvent* event : context.calendar.touching(rose, ended)) {
    const bool began_in_it = event->ramp_start() > rose - kRampBegins;
    if (began_in_it && event->end() > ended) begin_anew(state.running, *event, recent.rose_from);
  }
}

}  // namespace edgetide::forecast
