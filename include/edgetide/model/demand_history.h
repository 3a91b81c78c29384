#pragma once

#include <span>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::model {

/// A demand that was really seen. What was not seen has no sample: a gap is never a zero.
struct DemandSample {
  Instant at;
  Viewers viewers;

  bool operator==(const DemandSample&) const = default;
};

/// Samples in strictly rising order of time.
class DemandHistory {
 public:
  DemandHistory() = default;
  /// Sorts; of several samples at one instant the last given stays; non-finite and negative ones
  /// are left out.
  explicit DemandHistory(std::vector<DemandSample> samples);

  /// Adds a newer sample; false, and nothing added, when it is not newer or not a finite number of
  /// at least zero.
  bool append(DemandSample sample);

  [[nodiscard]] std::span<const DemandSample> samples() const { return samples_; }
  [[nodiscard]] bool empty() const { return samples_.empty(); }

 private:
  std::vector<DemandSample> samples_;
};

}  // namespace edgetide::model
