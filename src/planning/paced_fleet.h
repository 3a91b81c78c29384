#pragma once

#include "edgetide/model/edge_pool.h"

namespace edgetide::planning {

/// How large a fleet can be that is ordered from now on by a pool's rules for rising.
class PacedFleet {
 public:
  /// \pre `rules` outlive it
  PacedFleet(const model::ScalingRules& rules, Replicas standing)
      : rules_(rules), size_(standing) {}

  /// The most that may be ordered `since_now`; times never fall from call to call. Each policy
  /// counts whole periods, and lets its first change be made at once.
  [[nodiscard]] Replicas most_at(Seconds since_now) const;

  /// Notes that `size` is what is ordered until then.
  void order(Replicas size, Seconds since_now) {
    size_ = size;
    until_ = since_now;
    begun_ = true;
  }

 private:
  [[nodiscard]] Replicas most_by(const model::ScalingPolicy& policy, Seconds since_now) const;

  const model::ScalingRules& rules_;
  Replicas size_;
  Seconds until_{0};
  bool begun_ = false;
};

}  // namespace edgetide::planning
