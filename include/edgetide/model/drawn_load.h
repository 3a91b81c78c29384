#pragma once

#include "edgetide/core/quantity.h"

namespace edgetide::model {

/// What pools fetch from the pool that they draw from, at the most within their planned window.
struct DrawnLoad {
  BitsPerSecond for_viewers;      ///< What their caches miss of that which is watched.
  BitsPerSecond for_live;         ///< Each replica fetches each rendition once, whoever watches.
  BitsPerSecond for_cold_caches;  ///< More, by replicas whose caches are still empty.

  [[nodiscard]] BitsPerSecond total() const { return for_viewers + for_live + for_cold_caches; }
  DrawnLoad& operator+=(const DrawnLoad& other) {
    for_viewers += other.for_viewers;
    for_live += other.for_live;
    for_cold_caches += other.for_cold_caches;
    return *this;
  }
  bool operator==(const DrawnLoad&) const = default;
};

}  // namespace edgetide::model
