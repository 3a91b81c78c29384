#include "spike.h"

#include <algorithm>
#include <cmath>

namespace edgetide::forecast {
namespace {

using Reading = Recent::Reading;

/// Of log demand a minute: threefold. Kick-offs double an audience in two.
const double kFastestRise = std::log(3.0);
/// A fall by as much as the rise was, give or take that factor, ends it,
const double kSameSize = std::log(1.5);
/// if it comes within so long.
constexpr std::int64_t kLongestSpike = 3 * 3600;

/// A rise whose spike ended then counts as one of so long ago that nothing ends it once no reading
/// is compared any more with one from before its end.
std::int64_t rose_at_of_ended(std::int64_t end) { return end + kComparedSeconds - kLongestSpike; }

/// What comes back after a fall is no spike; what comes again after the end of one may be.
bool comes_back(const Recent& recent, std::int64_t at) {
  if (at - recent.fell_at > kLongestSpike) return false;
  const bool ended_a_spike = recent.rose_at == rose_at_of_ended(recent.fell_at);
  const bool rose_again = recent.rose_at > recent.fell_at;
  return !ended_a_spike && !rose_again;
}

/// Nobody saw how fast they fell, and it is not doubted; what comes back is no spike all the same.
void note_fall_in_silence(Recent& recent, const Reading& reading) {
  const bool doubted = reading.at <= recent.held_until;
  if (doubted || reading.at - recent.last.at <= kComparedSeconds) return;
  if (reading.viewers + recent.offset <= kHalf * (recent.last.viewers + recent.offset))
    recent.fell_at = reading.at;
}

void note_sudden_rise(Recent& recent, const Reading& reading) {
  if (comes_back(recent, reading.at)) return;
  const double rise = fastest_change(recent, reading, 1, kFastestRise).depth;
  const bool goes_on = reading.at - recent.rose_at <= kComparedSeconds;
  if (rise <= 0 || (goes_on && rise <= recent.rise)) return;
  recent.rose_at = reading.at;
  recent.rise = static_cast<float>(rise);
}

void note_its_end(Recent& recent, const Reading& reading) {
  const double depth = fastest_change(recent, reading, -1, kFastestFall).depth;
  if (depth > 0 && ends_a_spike(recent, depth, reading.at))
    recent.rose_at = std::min(recent.rose_at, rose_at_of_ended(reading.at));
}

}  // namespace

bool ends_a_spike(const Recent& recent, double depth, std::int64_t at) {
  return at - recent.rose_at <= kLongestSpike && std::abs(depth - recent.rise) <= kSameSize;
}

void note_spike(Recent& recent, const Reading& reading) {
  note_fall_in_silence(recent, reading);
  note_sudden_rise(recent, reading);
  note_its_end(recent, reading);
}

}  // namespace edgetide::forecast
