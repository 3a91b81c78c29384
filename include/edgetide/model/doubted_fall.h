#pragma once

#include <string>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::model {

/// Viewers fell faster than any audience leaves while an event was under way: the source is more
/// likely wrong than the audience gone.
struct DoubtedFall {
  Instant at;         ///< The reading that showed it.
  Viewers before;     ///< Who was there.
  Viewers believed;   ///< Who is by now, with those whom the event is expected to have brought.
  Instant until;      ///< It is doubted no longer than the event is expected to last.
  std::string event;  ///< The one under way that is expected to last longest.
};

}  // namespace edgetide::model
