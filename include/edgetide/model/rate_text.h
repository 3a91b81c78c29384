#pragma once

#include <string>

#include "edgetide/core/quantity.h"

namespace edgetide::model {

/// "149.2 Gbit/s", "8 Gbit/s": to four digits, in the unit of which it is one at least and less
/// than a thousand, as far as bit/s, kbit/s, Mbit/s, Gbit/s and Tbit/s go; "?" when not finite.
[[nodiscard]] std::string rate_text(BitsPerSecond rate);

}  // namespace edgetide::model
