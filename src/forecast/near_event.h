#pragma once

#include "edgetide/forecast/event_memory.h"

namespace edgetide::forecast {

/// An event that may bring viewers within reach.
struct NearEvent {
  const model::StreamEvent* event = nullptr;
  const RunningEvent* running = nullptr;  ///< Its record when it is followed.
  double minute = 0;                      ///< After its start, now.
  double log_size = 0;                    ///< ln of its peak uplift, as it runs so far,
  double size = 0;                        ///< and what of it comes beside who leaves for it.
  double leaving = 0;  ///< Who is there for an earlier event that is over by then.
  double spread = 0;
  int degrees = 2;
  bool telling = false;  ///< Large enough to set the evening's phase.
  double stands_at = 0;  ///< The minute from which it goes on,
  double reached = 0;    ///< and the share of its uplift that is there by then.
};

}  // namespace edgetide::forecast
