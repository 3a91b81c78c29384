#pragma once

#include "abrupt_change.h"

namespace edgetide::forecast {

/// Notes a rise that is faster than any audience comes, unless those come back who fell, and the
/// fall that ends it: one as large that comes later is another one.
void note_spike(Recent& recent, const Recent::Reading& reading);

/// Whether a fall by so much, then, ends a rise as sudden: such as of a number that was ten times
/// too high, and is right again.
[[nodiscard]] bool ends_a_spike(const Recent& recent, double depth, std::int64_t at);

}  // namespace edgetide::forecast
