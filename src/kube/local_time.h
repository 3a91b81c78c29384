#pragma once

#include <functional>
#include <string>

#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::kube {

/// Time zones, as functions, because this folder knows no time zone database.
struct LocalTime {
  /// The zone by its IANA name for the years that matter; kInvalid when there is no such zone.
  std::function<Result<model::UtcOffsets>(const std::string& zone)> offsets;
  /// The moment a wall clock in the zone shows `start` ("2026-12-05T20:00:00"), or the instant when
  /// `start` carries an offset of its own.
  std::function<Result<Instant>(const std::string& start, const std::string& zone)> moment;
};

}  // namespace edgetide::kube
