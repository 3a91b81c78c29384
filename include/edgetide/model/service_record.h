#pragma once

#include "edgetide/core/time.h"

namespace edgetide::model {

/// For how long demand was above what Ready replicas carry when fully used: what is left after all
/// forecasts, redundancy and guards. Only time in which demand and fleet were known is judged.
struct ServiceRecord {
  Instant last_look{};
  Seconds judged{0};
  Seconds short_for{0};
};

}  // namespace edgetide::model
