#pragma once

#include <vector>

#include "edgetide/core/time.h"

namespace edgetide::model {

/// A time zone as the pure core knows it: from when which offset holds. The calendar adapter fills
/// it from the time zone database for the years that matter.
class UtcOffsets {
 public:
  struct Change {
    Instant from;
    Seconds offset;  ///< local = UTC + offset
  };

  /// UTC itself.
  UtcOffsets() = default;
  /// \pre `changes` rise in time. Before the first, its offset holds.
  explicit UtcOffsets(std::vector<Change> changes);

  [[nodiscard]] Seconds offset_at(Instant at) const;
  /// Seconds of the local week since Monday 00:00 on the wall clock, in [0, 604800).
  [[nodiscard]] Seconds local_time_of_week(Instant at) const;

 private:
  std::vector<Change> changes_;
};

}  // namespace edgetide::model
