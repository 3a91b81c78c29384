#pragma once

#include <cmath>
#include <numbers>

#include "edgetide/forecast/forecast_state.h"

namespace edgetide::forecast {

/// Of log demand a minute: halved. The steepest cliffs known, such as after a final whistle, take
/// four.
inline constexpr double kFastestFall = std::numbers::ln2;
/// Farther back nothing is compared.
inline constexpr std::int64_t kComparedSeconds = 6 * 60;
inline constexpr double kHalf = 0.5;
/// How long any abrupt fall is doubted, in seconds.
inline constexpr std::int64_t kDoubtSeconds = 15 * 60;

/// A change of log demand within the last minutes, and who was there before it.
struct Change {
  double from = 0;
  double depth = 0;
};

/// The largest one from one of the last readings to `reading`: downwards, with a `sign` of -1, or
/// upwards, with 1. Only what is faster than `fastest` counts, which a minute's worth stands for at
/// least; zero where nothing does. \param within so many seconds
[[nodiscard]] Change fastest_change(const Recent& recent, const Recent::Reading& reading, int sign,
                                    double fastest, std::int64_t within = kComparedSeconds);

/// What follows is compared with so many, and with nothing that was told before.
void forget_before(Recent& recent, double viewers);

}  // namespace edgetide::forecast
