#pragma once

#include "edgetide/core/time.h"

namespace edgetide::model {

/// What a fleet took and what it left without a server, over a span of time.
struct FleetUse {
  double replica_seconds = 0;       ///< Of what was ordered, serving or not.
  double short_viewer_seconds = 0;  ///< Viewers above what Ready replicas carry when fully used.
  Seconds short_for{0};             ///< While there were such viewers.

  FleetUse& operator+=(const FleetUse& other) {
    replica_seconds += other.replica_seconds;
    short_viewer_seconds += other.short_viewer_seconds;
    short_for += other.short_for;
    return *this;
  }
  bool operator==(const FleetUse&) const = default;
};

/// What a dry run is worth: the fleet that stands beside the one that would, had every decision
/// been carried out. Only time in which demand and fleet were known is judged.
struct DryRunWorth {
  Seconds judged{0};
  FleetUse standing;
  FleetUse planned;

  DryRunWorth& operator+=(const DryRunWorth& other) {
    judged += other.judged;
    standing += other.standing;
    planned += other.planned;
    return *this;
  }
  bool operator==(const DryRunWorth&) const = default;
};

}  // namespace edgetide::model
