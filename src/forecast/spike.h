#pragma once

#include "edgetide/forecast/demand_forecaster.h"

namespace edgetide::forecast {

/// Notes a rise that is faster than any audience comes, and to far more than habit and events
/// bring, unless those come back who fell, and the fall that ends it: such as of a number that was
/// ten times too high, and is right again. One as large that comes later is another one. What was
/// told meanwhile says nothing of who was there before an event whose ramp has begun in it.
void note_spike(ForecastState& state, const Recent::Reading& reading, const Context& context);

}  // namespace edgetide::forecast
