#pragma once

#include <string>
#include <string_view>

#include "edgetide/core/quantity.h"

namespace edgetide::model {

/// Where a pool stands between viewers and content, the nearest to the viewers first.
enum class Tier { kGateway, kEdge, kShield, kOrigin };

/// The pool that this one draws from, and what a replica of this one fetches there.
struct Upstream {
  std::string name;  ///< In the pool's namespace.
  /// Of the bits that are served, those that are fetched first: one less the byte hit ratio.
  Ratio fill{0.05};
  /// Of live content each replica fetches each rendition once, whoever watches: the sum of the
  /// renditions' bit rates over all channels.
  BitsPerSecond live_fill{0};
  /// Fetched on top by a replica whose cache is still empty, for the pool's `warm_up`.
  BitsPerSecond cold_fill{0};
};

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

[[nodiscard]] std::string_view to_string(Tier tier);  ///< "Edge"

}  // namespace edgetide::model
