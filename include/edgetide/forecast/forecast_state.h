#pragma once

namespace edgetide::forecast {

/// What a pool has learned.
struct ForecastState {};

}  // namespace edgetide::forecast
