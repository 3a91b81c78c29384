#include "edgetide/model/utc_offsets.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "edgetide/core/assert.h"

namespace edgetide::model {

UtcOffsets::UtcOffsets(std::vector<Change> changes) : changes_(std::move(changes)) {
  EDGETIDE_ASSERT(
      std::ranges::is_sorted(changes_, std::less_equal{}, &Change::from) || changes_.size() < 2,
      "offset changes must rise in time");
}

Seconds UtcOffsets::offset_at(Instant at) const {
  if (changes_.empty()) return Seconds{0};
  const auto after = std::ranges::upper_bound(changes_, at, {}, &Change::from);
  return after == changes_.begin() ? changes_.front().offset : std::prev(after)->offset;
}

Seconds UtcOffsets::local_time_of_week(Instant at) const {
  constexpr Seconds kWeek{std::chrono::weeks{1}};
  // The epoch was a Thursday, three days into its week.
  const Seconds since_monday =
      (at.time_since_epoch() + offset_at(at) + std::chrono::days{3}) % kWeek;
  return since_monday < Seconds{0} ? since_monday + kWeek : since_monday;
}

}  // namespace edgetide::model
