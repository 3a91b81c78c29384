#include "simulation/demand_shapes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace edgetide::simulation {
namespace {

/// Up to the highest point, which comes eight minutes in whatever the length.
constexpr std::array kArrival = {Corner{-20, 0}, Corner{-10, .04}, Corner{-5, .10}, Corner{-1, .22},
                                 Corner{0, .45}, Corner{2, .85},   Corner{8, 1.0}};
/// Of those who stay until the end, by minutes after it: most leave, and some have begun later.
constexpr double kStay = .88;
constexpr std::array kAfterwards = {Corner{0, 1},    Corner{4, .45},  Corner{15, .30},
                                    Corner{60, .18}, Corner{120, .1}, Corner{240, 0}};

constexpr double kRiseMinutes = 30;
constexpr double kFallMinutes = 60;
constexpr double kBetweenProgrammes = 5;  ///< Minutes on both sides of the change.
constexpr double kLooksAround = .2;       ///< The share of an evening's viewers that does.
/// Monday first; one on average.
constexpr std::array kEvenings = {.94, .93, .95, .96, 1.02, 1.06, 1.14};

constexpr double kLostMinutes = .5;
constexpr double kBackMinutes = 1;
constexpr double kTwiceMinutes = 10;

/// On the evening that begins on `day`.
double evening_share(const PrimeTime& prime_time, std::chrono::sys_days day, Instant at) {
  const double minute = minutes_of(at - (day + prime_time.start));
  const double lasts = minutes_of(prime_time.duration);
  if (minute <= -kRiseMinutes || minute >= lasts + kFallMinutes) return 0;
  const double part_of_week = kEvenings[std::chrono::weekday{day}.iso_encoding() - 1];
  if (minute < 0) return part_of_week * (minute + kRiseMinutes) / kRiseMinutes;
  if (minute >= lasts) return part_of_week * (1 - (minute - lasts) / kFallMinutes);
  const double programme = minutes_of(prime_time.programme);
  const double change = std::round(minute / programme) * programme;
  const double from_change = std::abs(minute - change);
  const bool within = change > 0 && change < lasts && from_change < kBetweenProgrammes;
  const double away = within ? kLooksAround * (1 - from_change / kBetweenProgrammes) : 0;
  return part_of_week * (1 - away);
}

}  // namespace

double along(std::span<const Corner> corners, double minute) {
  const auto right = std::ranges::find_if(corners, [&](Corner c) { return c.minute > minute; });
  if (right == corners.begin()) return corners.front().share;
  if (right == corners.end()) return corners.back().share;
  const Corner left = *(right - 1);
  return left.share +
         (right->share - left.share) * (minute - left.minute) / (right->minute - left.minute);
}

double premiere_share(Seconds since_start, Seconds duration) {
  const double minute = minutes_of(since_start);
  const double lasts = minutes_of(duration);
  if (minute <= kArrival.back().minute) return along(kArrival, minute);
  if (minute >= lasts) return kStay * along(kAfterwards, minute - lasts);
  return along(std::array{kArrival.back(), Corner{lasts, kStay}}, minute);
}

double prime_time_share(const PrimeTime& prime_time, Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  // An evening may end after midnight.
  return std::max(evening_share(prime_time, day, at),
                  evening_share(prime_time, day - std::chrono::days{1}, at));
}

double retry_factor(const RetryStorm& storm, Instant at) {
  const double share = storm.share.count();
  const double since = minutes_of(at - storm.start);
  const double lasts = minutes_of(storm.duration);
  if (since <= 0) return 1;
  if (since < lasts) return 1 - share * std::min(1.0, since / kLostMinutes);
  const double back = since - lasts;
  const double twice = share * (storm.times - 1);
  if (back < kBackMinutes) return 1 - share + (share + twice) * back / kBackMinutes;
  return 1 + twice * std::max(0.0, 1 - (back - kBackMinutes) / kTwiceMinutes);
}

}  // namespace edgetide::simulation
